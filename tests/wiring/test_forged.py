"""Every value that a callback reads, forged: refused in our own words, or answered; never an error in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layouts import shell
from tests.wiring.test_access import path_for
from tests.wiring.visitor import request_of

if TYPE_CHECKING:
    import pytest

    from tests.wiring.visitor import Visitor

SEARCH, PATHNAME = f"{shell.LOCATION}.search", f"{shell.LOCATION}.pathname"
FORGED: tuple[object, ...] = (
    None,
    10**30,
    float("nan"),
    "\x00",
    "\ud800",
    "@" + "9" * 5000,
    "?region=330106&open=%00&at=%00&node=%00&text=%00",
    ["x"] * 1000,
    {"points": 5},
    {"startRow": 10**30, "endRow": 10**30 + 5},
    {"uscc": ["913301060000000001"], "warnings": [["913301060000000001", "2026-11-16", 10**30]], "entry": [10**30, 1]},
    {"version": [], "thresholds": 5, "weights": {"lending": 5}},
)
REFUSED = {200, 204, 400, 403, 404, 409, 422}


def test_no_forged_value_becomes_an_error_of_the_program(
    visitors: dict[str, Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    visitor = visitors["leader"]
    for output in visitor.on_server():
        known = visitor.known[output]
        honest: dict[str, object] = {f"{one['id']}.n_clicks": 1 for one in known["inputs"]}
        honest |= {PATHNAME: path_for(known), SEARCH: ""}
        for one in (*known["inputs"], *known["state"]):
            for value in FORGED:
                name = f"{one['id']}.{one['property']}"
                answer = visitor.post(request_of(known, honest | {name: value}))
                assert answer.status_code in REFUSED, (output, name, str(value)[:80])
    assert not [entry.getMessage() for entry in caplog.records if "callback failed" in entry.getMessage()]
