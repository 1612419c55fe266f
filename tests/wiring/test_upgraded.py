"""The first start after an upgrade: the live generation is an older program's, and the next run has not come yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from dashboard.app import create_app
from dashboard.i18n import words_for
from dashboard.queries.population import OLDER
from dashboard.settings import Settings
from etl.index.model import load_model
from layouts import models, models_editor, network, portrait, shell, watchlist
from layouts.links import portrait_href
from layouts.models_editor import flat
from tests.builders import LEADER
from tests.generations import enterprise
from tests.wiring.test_app import private
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from pathlib import Path

CODE = str(enterprise(1, 5)["uscc"])
OLD = ["uscc", "smoke_index", "risk_type", "grade"]


@pytest.fixture
def upgraded(installation: Settings, tmp_path: Path) -> Visitor:
    """Return the leader's browser where a generation's folder holds an old file of scores and nothing else."""
    office = private(installation, tmp_path / "var")
    for folder in (office.var_dir / "generations").iterdir():
        scores = pq.read_table(folder / "scores.parquet", columns=OLD)
        for file in folder.glob("*.parquet"):
            file.unlink()
        pq.write_table(scores, folder / "scores.parquet")
        for file in (folder / "search").iterdir():
            file.unlink()
        (folder / "search").rmdir()
    visitor = Visitor(create_app(office).server.test_client())
    visitor.sign_in(LEADER)
    return visitor


def ask(visitor: Visitor, component: str, path: str, search: str = "", **values: object) -> str:
    """Return what the callback that writes to a component answers: text, with every character as it is."""
    given = {f"{shell.LOCATION}.pathname": path, f"{shell.LOCATION}.search": search} | values
    answer = visitor.post(request_of(visitor.known[visitor.writing(component)], given))
    assert answer.status_code == 200
    return str(answer.get_json())


def test_a_portrait_and_a_network_say_that_the_next_run_brings_them(upgraded: Visitor) -> None:
    said = words_for("zh_CN")(OLDER)
    assert said in ask(upgraded, shell.CONTENT, portrait_href(CODE))
    assert said in ask(upgraded, portrait.HEAD, portrait_href(CODE))
    assert said in ask(upgraded, network.SIDE, "/network", f"?node={CODE}")


def test_the_other_new_screens_show_what_there_is(upgraded: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    for component in (network.COMMUNITIES, models.GOOD, watchlist.COUNTS):
        assert "response" in ask(upgraded, component, "/overview")
    values: dict[str, object] = {
        f"{one}.value": value for one, value in zip(models_editor.THRESHOLDS.values(), (80, 60, 40), strict=True)
    }
    weights = flat(load_model(Settings().model_file).weights)
    values |= {f"{one}.value": weights[name] for name, one in models_editor.WEIGHTS.items()}
    tried = ask(upgraded, models_editor.RESULT, "/models", "", **values, **{f"{models.BASE}.data": {"weights": 1}})
    assert words_for("zh_CN")("The scores of this generation are not at hand") in tried
    assert "callback failed" not in caplog.text
