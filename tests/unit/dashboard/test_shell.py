"""The frame around every screen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from dash import dcc, html

from dashboard.access.scope import Scope
from dashboard.i18n import words_for
from dashboard.queries.generations import Live
from dashboard.settings import Settings
from layouts import shell
from layouts.links import Place
from layouts.registry import SCREENS, screen_at
from tests.builders import ADMINISTRATOR, LEADER, PROVINCE, STRANGER, WALL, WORKER
from tests.trees import ids, of_class, parts, prop, said

if TYPE_CHECKING:
    from dashboard.access.viewer import Viewer

EN, ZH = words_for("en"), words_for("zh_CN")
SETTINGS = Settings(environment="development", clock_seconds=7, stale_hours=36)
LIVE = Live(
    generation=12,
    run_id="run",
    as_of=date(2026, 11, 22),
    published_at=datetime(2026, 11, 21, 22, 0, tzinfo=UTC),
    data_until=date(2026, 11, 21),
    model_version="2026.1",
    sources_read=4,
    sources_expected=5,
    rows_in=1000,
    rows_staged=987,
    rows_quarantined=13,
    enterprises=900,
)


def test_the_header_says_what_data_is_shown() -> None:
    english = said(shell.meta(EN, SETTINGS, LIVE))
    assert english == ["Data of 21 Nov", "Generation 12", "Sources 4/5", "98.7% of rows usable"]
    assert said(shell.meta(ZH, SETTINGS, LIVE))[0].endswith("11-21")


def test_the_header_carries_the_instant_for_the_pages_own_clock() -> None:
    (until,) = of_class(shell.meta(EN, SETTINGS, LIVE), "meta__until")
    instant = datetime.fromisoformat(getattr(until, "data-instant"))
    assert instant == datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Shanghai"))  # the data's last day is over


def test_before_the_first_generation_the_header_says_why_nothing_is_shown() -> None:
    assert said(shell.meta(EN, SETTINGS, None)) == ["No generation has been published yet"]


@pytest.mark.parametrize(
    ("person", "screens"),
    [
        (LEADER, {"overview", "riskmap", "runs"}),
        (ADMINISTRATOR, {"overview", "riskmap", "runs"}),
        (WORKER, {"overview", "riskmap"}),
        (WALL, {"overview", "riskmap"}),
        (PROVINCE, {"overview", "riskmap"}),  # landing files carry the whole installation
        (STRANGER, set()),
    ],
)
def test_navigation_offers_what_a_viewer_may_see(person: Viewer, screens: set[str]) -> None:
    offered = shell.nav(EN, person, None, "", "0")
    known = {screen.stem for screen in SCREENS} & {"overview", "riskmap", "runs"}
    assert {prop(link, "href").removeprefix("/") for link in offered} & known == screens


def test_navigation_keeps_the_region_and_marks_where_one_is() -> None:
    offered = shell.nav(ZH, LEADER, screen_at("/riskmap"), "?region=33", "0")
    here = [part for part in offered if isinstance(part, html.Span)]
    assert [getattr(part, "aria-current") for part in here] == ["page"]
    assert all(prop(link, "href").endswith("?region=33") for link in offered if isinstance(link, dcc.Link))


def frame(viewer: Viewer | None, words: Any = EN) -> html.Div:  # noqa: ANN401 - Words
    return shell.layout(words, SETTINGS, viewer, {"generation": 12, "revision": 3, "app": "abc"})


def test_the_frame_tells_the_page_what_its_clock_needs() -> None:
    (config,) = [part for part in parts(frame(LEADER)) if getattr(part, "id", None) == shell.CONFIG]
    told = {name.removeprefix("data-"): value for name, value in config.to_plotly_json()["props"].items()}
    expected = {"clock-seconds": "7", "stale-hours": "36", "generation": "12", "revision": "3", "locale": "en"}
    assert expected.items() <= told.items()
    assert "{hours}" in told["age-words"]
    assert "{time}" in told["offline-words"]


@pytest.mark.parametrize(("words", "other", "to"), [(EN, "中文", "to=zh_CN"), (ZH, "English", "to=en")])
def test_the_frame_offers_the_other_language_where_the_server_listens(words: Any, other: str, to: str) -> None:  # noqa: ANN401 - Words
    (link,) = [part for part in parts(frame(LEADER, words)) if getattr(part, "children", None) == other]
    assert link.href == f"/language?{to}&next=%2F"
    assert shell.language_href(words, "/riskmap?region=33") == f"/language?{to}&next=%2Friskmap%3Fregion%3D33"


def test_the_frame_has_the_same_ids_with_and_without_a_viewer() -> None:
    assert ids(frame(LEADER)) == ids(frame(None))
    assert len(set(ids(frame(None)))) == len(ids(frame(None)))


def test_a_title_names_the_screen_the_product_and_the_wall() -> None:
    assert shell.title_of(EN, "/overview", screen_at("/overview"), SETTINGS) == "Overview · 冒烟指数"
    assert shell.title_of(EN, "/wall/overview", screen_at("/wall/overview"), SETTINGS).endswith("Wall")
    assert shell.title_of(EN, "/nowhere", None, SETTINGS) == "冒烟指数"


def test_a_notice_is_announced_and_leads_back() -> None:
    shown = shell.notice(EN, "Title", "Sentence.")
    assert prop(shown, "role") == "alert"
    assert [prop(part, "href") for part in parts(shown) if isinstance(part, html.A)] == ["/overview"]


def links(tree: Any) -> dict[str, str]:  # noqa: ANN401 - a component
    return {prop(part, "children"): prop(part, "href") for part in parts(tree) if isinstance(part, dcc.Link)}


def test_breadcrumbs_lead_up_to_the_top_of_the_jurisdiction() -> None:
    way = shell.crumbs(Place("330106", "high"), Scope("33"), ZH, "/riskmap", "图")
    assert said(way) == ["浙江省", "杭州市", "西湖区", "图"]
    assert links(way) == {
        "浙江省": "/riskmap?region=33&measure=high",
        "杭州市": "/riskmap?region=3301&measure=high",
    }


def test_breadcrumbs_of_a_filtered_screen_keep_its_filters() -> None:
    kept = "?grade=red.orange&region=330106&sort=due"
    way = shell.crumbs(Place("330106"), Scope("3301"), ZH, "/watchlist", "单", kept)
    assert links(way) == {"杭州市": "/watchlist?grade=red.orange&region=3301&sort=due"}
    assert links(shell.crumbs(Place("330106"), Scope("3301"), ZH, "/watchlist", "单", "")) == {
        "杭州市": "/watchlist?region=3301"
    }


def test_breadcrumbs_skip_what_is_only_a_bracket_of_the_coding() -> None:
    assert said(shell.crumbs(Place("110105"), Scope("0"), ZH, "/riskmap", "图")) == ["全国", "北京市", "朝阳区", "图"]


def test_breadcrumbs_of_a_county_officer_are_the_county_alone() -> None:
    way = shell.crumbs(Place("330106"), Scope("330106"), ZH, "/riskmap", "图")
    assert said(way) == ["西湖区", "图"]
    assert links(way) == {}
