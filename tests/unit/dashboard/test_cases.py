"""The cases screen's pure parts: figures, the forecast, the address, what a click means, rows in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import Invalid
from dashboard.figures.case_flow import backlog_line, child_bars, weekly_lines
from dashboard.figures.case_steps import step_sankey
from dashboard.figures.cases import age_bars, reached_funnel, stage_ranges
from dashboard.figures.theme import DARK, Look, faded
from dashboard.i18n import words_for
from dashboard.queries.case_filters import (
    ALL_PHASES,
    OPEN,
    OUTSIDE,
    REACHES,
    RETURNED,
    SORTS,
    STEP_ENDS,
    CaseFilters,
    Stay,
    Step,
)
from dashboard.queries.case_flow import BASE_WEEKS, DayMoves, FlowWeek, backlog_forecast, weekly_flow
from dashboard.queries.case_pages import CaseCounts, ListedCase
from dashboard.queries.cases import ChildRegion, Glance, OpenPhase, StageTime
from dashboard.vocabulary import CASE_SOURCES, CLOCKS, OPEN_PHASES, PHASES
from layouts.cases_filters import TABS, CasesView, cases_in, cases_in_words, cases_search
from layouts.cases_links import clicked_code, search_behind
from layouts.cases_told import board_columns, case_record
from layouts.overview_cases import cases_funnel, cases_note
from tests.trees import of_class, parts, prop, said

TODAY = date(2026, 11, 22)
EN, ZH, LOOK = words_for("en"), words_for("zh_CN"), Look()
SINCE = TODAY - timedelta(days=83)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
ROW = ListedCase(
    id=7,
    number="330106-2026-0007",
    uscc="913301060000000007",
    name="禾青案例7号",
    region_code="330106109",
    handler_code="3301",
    owner="",
    owner_unit="",
    risk_type="lending",
    grade="red",
    workflow="default",
    workflow_version="2026.1",
    stage="verification",
    phase="verification",
    opened_on=TODAY - timedelta(days=9),
    entered_on=TODAY - timedelta(days=8),
    due_on=TODAY - timedelta(days=2),
    suspended_on=None,
    days_left=None,
    clock="overdue",
    outcome="",
    closed_on=None,
)


def steady(weeks: int = 12, opened: int = 10, closed: int = 8, backlog: int = 100) -> list[FlowWeek]:
    days = [TODAY - timedelta(days=7 * back) for back in range(weeks)][::-1]
    return [FlowWeek(day, opened, closed, 1, backlog) for day in days]


def test_the_funnel_names_every_phase_and_says_its_share() -> None:
    reached = dict.fromkeys(PHASES, 0) | {"intake": 200, "verification": 150}
    (bars,) = reached_funnel(200, reached, EN, LOOK).data
    assert list(bars.text)[:2] == ["200 · 100%", "150 · 75%"]
    assert list(bars.customdata)[:2] == ["reached:intake", "reached:verification"]
    assert list(bars.y) == list(PHASES[:8])  # nothing was archived


def test_new_cases_flow_in_and_a_return_flows_out_in_its_own_colour() -> None:
    flows = [("", "intake", 9), ("intake", "verification", 8), ("verification", "intake", 2), ("closed", "disposal", 1)]
    figure = step_sankey(flows, ZH, LOOK)
    (sankey,), (below,) = figure.data, figure.layout.annotations
    assert below.text == "↩ 退回受理 2 · ↩ 退回处置 1"
    assert list(sankey.link.customdata) == [
        "step:start.intake",
        "step:intake.verification",
        "step:verification.intake",
        "step:closed.disposal",
    ]
    labels = [sankey.node.label[at] for at in sankey.link.target]
    assert labels == ["受理 9", "初步核查 8", "", ""]  # those that go back are named below
    assert sankey.node.label[sankey.link.source[0]] == "新立案件 9"
    came, onwards, back, reopened = sankey.link.color
    assert came == onwards != back == reopened
    assert list(sankey.link.value) == [9, 8, 2, 1]


@given(
    flows=st.lists(
        st.tuples(st.sampled_from(("", *ALL_PHASES)), st.sampled_from(ALL_PHASES), st.integers(0, 9)), max_size=20
    )
)
def test_a_flow_never_goes_round_in_a_circle(flows: list[tuple[str, str, int]]) -> None:
    figure = step_sankey(flows, EN, LOOK)
    for sankey in figure.data:  # the nodes stand in the order of the phases, and every link leads on in it
        assert all(source < target for source, target in zip(sankey.link.source, sankey.link.target, strict=True))
        assert min(sankey.link.value) > 0
        assert sum(sankey.link.value) == sum(cases for *_, cases in flows)
    assert bool(figure.data) is any(cases for *_, cases in flows)


def test_a_chart_without_anything_to_draw_says_so() -> None:
    nothing = [OpenPhase(phase, 0, {}, (0, 0, 0, 0, 0)) for phase in OPEN_PHASES]
    still = steady(opened=0, closed=0, backlog=0)
    charts = [
        reached_funnel(0, dict.fromkeys(PHASES, 0), EN, LOOK),
        step_sankey([], EN, LOOK),
        age_bars(nothing, ["a", "b", "c", "d", "e"], EN, LOOK),
        stage_ranges([], EN, LOOK),
        weekly_lines([replace(week, returned=0) for week in still], EN, LOOK),
        backlog_line(still, [], EN, LOOK),
        child_bars([], [], EN, LOOK),
    ]
    for chart in charts:
        assert chart.data == ()
        (sentence,) = chart.layout.annotations
        assert "<br>No " in sentence.text
        assert chart.layout.xaxis.visible is False


def test_ages_stack_up_and_say_their_sum() -> None:
    phases = [OpenPhase("intake", 6, {}, (3, 2, 1, 0, 0)), OpenPhase("disposal", 1, {}, (0, 0, 0, 0, 1))]
    figure = age_bars(phases, ["a", "b", "c", "d", "e"], EN, LOOK)
    assert [list(bar.x) for bar in figure.data] == [[3, 0], [2, 0], [1, 0], [0, 0], [0, 1]]
    assert figure.data[4].customdata[1] == "age:disposal.4"
    assert [note.text for note in figure.layout.annotations] == ["6", "1"]


def test_times_stand_against_their_deadline() -> None:
    times = [StageTime("intake", 9, 1, 2, 4, 2, 0.25), StageTime("closed", 3, 1, 1, 1, None, None)]
    figure = stage_ranges(times, EN, LOOK)
    assert [list(one.x) for one in figure.data] == [[1, 4], [1, 1], [2, 1], [2]]
    assert [note.text for note in figure.layout.annotations] == ["25% of 9 late", "no deadline"]
    assert list(figure.data[3].customdata) == ["late:intake"]


def test_lines_and_places_are_named_where_they_end() -> None:
    figure = weekly_lines(steady(), EN, LOOK)
    assert sorted(note.text for note in figure.layout.annotations) == ["closed 8", "opened 10", "returned 1"]
    assert figure.data[0].customdata[-1] == "week:opened.2026-11-22"
    rows = [ChildRegion("330106", 40, 10, 30.0), ChildRegion("330105", 4, 1, 9.0), ChildRegion("3301", 1, 0, 5.0)]
    places = child_bars(rows, ["西湖", "拱墅", "不详"], EN, LOOK)
    assert [list(bar.text) for bar in places.data] == [["40", "4", "1"], ["25% · 10", "25% · 1", "0"], ["30", "9", "5"]]
    many, few, _none = places.data[1].marker.color
    assert many == faded(DARK.red, 1) != few
    assert places.data[1].customdata[0] == "child:330106.overdue"


def test_the_backlog_is_forecast_dashed_inside_its_band() -> None:
    weeks = steady()
    ahead = backlog_forecast(weeks, TODAY - timedelta(days=400))
    figure = backlog_line(weeks, ahead, EN, LOOK)
    assert [one.line.dash for one in figure.data] == [None, None, "dash", None]
    assert figure.data[2].y[-1] == pytest.approx(100 + 8 * 2)
    assert len(backlog_line(weeks, [], EN, LOOK).data) == 1


def test_a_forecast_needs_enough_weeks_and_enough_moves() -> None:
    long_ago = TODAY - timedelta(days=400)
    assert backlog_forecast(steady(), long_ago)
    assert backlog_forecast(steady(BASE_WEEKS - 1), long_ago) == []
    assert backlog_forecast(steady(opened=1, closed=1), long_ago) == []
    assert backlog_forecast(steady(), None) == []
    assert backlog_forecast(steady(), TODAY - timedelta(days=BASE_WEEKS * 7 - 2)) == []
    assert backlog_forecast(steady(), TODAY - timedelta(days=BASE_WEEKS * 7 - 1))


@given(
    flows=st.lists(st.tuples(st.integers(3, 40), st.integers(3, 40)), min_size=12, max_size=30),
    backlog=st.integers(0, 500),
)
def test_a_forecasts_span_holds_what_it_expects_and_widens(flows: list[tuple[int, int]], backlog: int) -> None:
    days = [TODAY - timedelta(days=7 * back) for back in range(len(flows))][::-1]
    weeks = [FlowWeek(day, *flow, 0, backlog) for day, flow in zip(days, flows, strict=True)]
    ahead = backlog_forecast(weeks, TODAY - timedelta(days=900))
    assert len(ahead) == 8
    assert all(0 <= week.lower <= week.expected <= week.upper for week in ahead)
    tops = [week.upper - week.expected for week in ahead if week.expected > 0]
    assert tops == sorted(tops)


def test_weeks_end_today_and_the_backlog_is_reckoned_back() -> None:
    moves = [
        DayMoves(TODAY, "", "intake", 5),
        DayMoves(TODAY - timedelta(days=6), "disposal", "closed", 2),
        DayMoves(TODAY - timedelta(days=7), "verification", "intake", 1),
        DayMoves(TODAY - timedelta(days=7), "closed", "archived", 9),
        DayMoves(TODAY - timedelta(days=7), "closed", "disposal", 1),
    ]
    before, last = weekly_flow(moves, 20, TODAY, 2)
    assert (last.ends_on, last.opened, last.closed, last.backlog) == (TODAY, 5, 2, 20)
    assert (before.opened, before.closed, before.returned, before.backlog) == (1, 0, 1, 17)


STEPS = st.builds(Step, st.sampled_from((RETURNED, *STEP_ENDS)), st.sampled_from(STEP_ENDS), DAYS, DAYS)
ASKED = st.builds(
    CaseFilters,
    phase=st.sampled_from(("", OPEN, *ALL_PHASES)),
    clock=st.sampled_from(("", *CLOCKS)),
    grade=st.sampled_from(("", "red", "none")),
    who=st.sampled_from(("", "mine", "department", "nobody", "17")),
    source=st.sampled_from(("", *CASE_SOURCES)),
    reach=st.sampled_from(("", *REACHES)),
    text=st.sampled_from(("", "禾青 7", "any", "a&b=%")),
    opened_from=st.none() | DAYS,
    opened_to=st.none() | DAYS,
    reached=st.sampled_from(("", *ALL_PHASES)),
    step=st.none() | STEPS,
    stay=st.none() | st.builds(Stay, st.sampled_from(OPEN_PHASES), st.booleans(), DAYS, DAYS),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
)


@given(view=st.builds(CasesView, st.sampled_from(TABS), st.sampled_from((4, 12, 26, 52)), ASKED))
def test_an_address_says_all_of_a_view(view: CasesView) -> None:
    assert cases_in(cases_search("330106", view)) == view
    for words in (EN, ZH):
        assert cases_in_words(view.filters, words, "somebody")


@pytest.mark.parametrize(
    "search",
    [
        "?tab=wall",
        "?weeks=5",
        "?phase=x",
        "?clock=x",
        "?who=x",
        "?grade=purple",
        "?from=2026-13-01",
        "?step=a.b",
        "?step=.intake.2026-01-01.2026-01-02",
        "?step=intake.x.2026-01-01.2026-01-02",
        "?stay=closed.late.2026-01-01.2026-01-02",
        "?stay=intake.x.2026-01-01.2026-01-02",
        "?sort=uscc",
        "?text=" + "x" * 40,
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(search: str) -> None:
    with pytest.raises(Invalid):
        cases_in(search)


MEANT = {
    "reached:disposal": CaseFilters(
        reached="disposal", opened_from=SINCE, opened_to=TODAY, sort="opened", descending=True
    ),
    "step:start.intake": CaseFilters(step=Step("start", "intake", SINCE, TODAY)),
    "step:intake.closed": CaseFilters(step=Step("intake", "closed", SINCE, TODAY)),
    "age:intake.0": CaseFilters(phase="intake", opened_from=TODAY - timedelta(days=30), sort="opened"),
    "age:intake.4": CaseFilters(phase="intake", opened_to=TODAY - timedelta(days=181), sort="opened"),
    "stay:intake": CaseFilters(stay=Stay("intake", late=False, first=SINCE, last=TODAY)),
    "late:intake": CaseFilters(stay=Stay("intake", late=True, first=SINCE, last=TODAY)),
    "week:opened.2026-11-15": CaseFilters(step=Step(OUTSIDE, OPEN, date(2026, 11, 9), date(2026, 11, 15))),
    "week:returned.2026-11-15": CaseFilters(step=Step(RETURNED, OPEN, date(2026, 11, 9), date(2026, 11, 15))),
    "child:330106.overdue": CaseFilters(phase=OPEN, clock="overdue"),
}


@pytest.mark.parametrize("code", MEANT)
def test_a_mark_leads_to_the_cases_that_it_counts(code: str) -> None:
    found = cases_in(search := search_behind(code, "33", CasesView(), TODAY))
    assert (found.tab, found.filters) == ("list", replace(MEANT[code], reach="place"))
    assert ("region=330106" in search) is code.startswith("child")


def test_the_row_without_a_finer_place_leads_to_just_those() -> None:
    for region in ("33", "0"):
        search = search_behind(f"child:{region}.open", region, CasesView(), TODAY)
        assert cases_in(search).filters == CaseFilters(phase=OPEN, reach="unplaced")


@pytest.mark.parametrize(
    "code", ["x", "x:y", "age:intake.9", "age:intake", "step:a.b", "late:closed", "week:x.2026-11-15", "child:99.open"]
)
def test_a_mark_that_there_is_not_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        search_behind(code, "33", CasesView(), TODAY)
    with pytest.raises(Invalid):
        clicked_code({"points": [{"customdata": [code]}]})
    assert clicked_code({"points": [{}]}) == ""


def test_a_row_says_where_it_stands_and_how_late_it_is() -> None:
    record = case_record(ROW, TODAY, EN)
    assert record["due"] == {"first": "20 Nov", "second": "2 days overdue", "tone": "is-overdue"}
    assert record["name"]["href"] == "/case/330106-2026-0007"
    assert record["owner"]["second"] == "nobody in charge"
    stopped = case_record(replace(ROW, clock="stopped", due_on=None, suspended_on=TODAY), TODAY, EN)
    assert stopped["due"] == {"first": "Suspended", "second": "since 22 Nov"}
    ended = case_record(replace(ROW, phase="merged", stage="merged", outcome="", closed_on=TODAY), TODAY, EN)
    assert ended["due"]["first"] == "22 Nov"
    assert ended["stage"]["first"] == "Merged"
    assert case_record(replace(ROW, clock="none", due_on=None), TODAY, EN)["due"] == {"first": "—"}


def test_a_column_of_the_board_links_to_what_it_leaves_out() -> None:
    counts = CaseCounts(5, dict.fromkeys(ALL_PHASES, 0) | {"verification": 5}, dict.fromkeys(CLOCKS, 0))
    columns = {"intake": [], "verification": [ROW]}
    empty, full = board_columns("33", CasesView("board"), columns, counts, (TODAY, EN))
    assert "No case" in said(empty)
    assert len(of_class(full, "is-late")) == 1
    (more,) = of_class(full, "board__more")
    assert said(more) == ["4 more"]
    assert prop(more, "href") == "/cases?region=33&tab=list&phase=verification"


def test_the_overview_tells_the_overdue_in_red_and_links_for_those_who_may() -> None:
    glance = Glance(dict.fromkeys(OPEN_PHASES, (0, 0)) | {"disposal": (40, 3)}, 7, 91.0)
    shown = cases_funnel(glance, "33", EN, lists=True)
    links = [part for part in parts(shown) if isinstance(part, dcc.Link)]
    assert [prop(link, "href").split("&phase=")[1] for link in links] == [
        "disposal&reach=place",
        "disposal&clock=overdue&reach=place",
    ]
    assert [said(one) for one in of_class(shown, "glance__late") if said(one) != [""]] == [["overdue 3"]]
    overdue, rest = of_class(shown, "glance__part")
    assert "is-overdue" in prop(overdue, "className")
    assert [prop(one, "style")["width"] for one in (overdue, rest)] == ["6.2%", "75.8%"]
    assert not [part for part in parts(cases_funnel(glance, "33", EN, lists=False)) if isinstance(part, dcc.Link)]
    note = html.Span(cases_note(glance, "33", EN, lists=True))
    assert "".join(said(note)) == "open 40 · overdue 3 · closed in 4 weeks: 7 · median 91 days"
    assert [prop(link, "href").split("&", 2)[2] for link in parts(note) if isinstance(link, dcc.Link)] == [
        "phase=open&reach=place",
        "phase=open&clock=overdue&reach=place",
    ]
    quiet = replace(glance, open_now=dict.fromkeys(OPEN_PHASES, (1, 0)), closed=0, days=None)
    plain = html.Span(cases_note(quiet, "33", EN, lists=False))
    assert "".join(said(plain)) == "open 7 · closed in 4 weeks: 0"
    assert not [part for part in parts(plain) if isinstance(part, dcc.Link)]
    assert said(cases_funnel(None, "33", EN, lists=True)) == ["No case has been opened here yet"]
    assert cases_note(None, "33", EN, lists=True) == []
