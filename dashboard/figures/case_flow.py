"""Charts of how cases come and go week by week, where the backlog is heading, and how regions differ."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.empty import empty_chart
from dashboard.figures.theme import faded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Protocol

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

    class FlowWeek(Protocol):
        """What the lines need of seven days."""

        @property
        def ends_on(self) -> date:
            """Their last day."""

        @property
        def opened(self) -> int:
            """Cases that came in."""

        @property
        def closed(self) -> int:
            """Cases that went out."""

        @property
        def returned(self) -> int:
            """Cases that were sent back."""

        @property
        def backlog(self) -> int:
            """Open cases in the evening of the last day."""

    class ForecastWeek(Protocol):
        """What the band needs of a week to come."""

        @property
        def ends_on(self) -> date:
            """Its last day."""

        @property
        def expected(self) -> float:
            """Open cases to be expected."""

        @property
        def lower(self) -> float:
            """Lower end of the span."""

        @property
        def upper(self) -> float:
            """Upper end of the span."""

    class ChildRegion(Protocol):
        """What the small multiples need of a region."""

        @property
        def code(self) -> str:
            """Its code."""

        @property
        def cases(self) -> int:
            """Open cases."""

        @property
        def overdue(self) -> int:
            """Those of them that are overdue."""

        @property
        def age(self) -> float:
            """Their median age in days."""


MOST_CHILDREN = 13
FEW_CASES = 10  # below which a share is drawn faintly, and an axis counts one by one
TICKS = 4  # dates under a chart
LEAST_GAP = 0.08  # of the height: direct labels nearer than this would lie on each other


def weekly_lines(weeks: Sequence[FlowWeek], words: Words, look: Look) -> go.Figure:
    """Draw the cases opened, closed and returned per week, oldest first, each named at its end."""
    top = max((max(week.opened, week.closed, week.returned) for week in weeks), default=0)
    if not top:
        return empty_chart(words("No case came in, was closed or was returned in the period"), look)
    figure = go.Figure(layout=look.layout(margin=_margin(look, 6)))
    ink = look.palette
    lines = (
        ("opened", words("opened"), ink.ink, "solid"),
        ("closed", words("closed"), ink.accent, "solid"),
        ("returned", words("returned"), ink.orange, "dot"),
    )
    ends: list[tuple[float, str, str]] = []
    for kind, name, colour, dash in lines:
        values = [getattr(week, kind) for week in weeks]
        figure.add_scatter(
            x=[week.ends_on for week in weeks],
            y=values,
            mode="lines+markers",
            line={"color": colour, "width": look.px(2 / 16), "dash": dash},
            marker={"size": look.px(0.375), "color": colour},
            name=name,
            customdata=[f"week:{kind}.{week.ends_on.isoformat()}" for week in weeks],
        )
        ends.append((values[-1], f"{name} {words.number(values[-1])}", colour))
    _name_ends(figure, weeks[-1].ends_on, _apart(ends, top), look)
    _ticks(figure, [week.ends_on for week in weeks], words, look)
    _whole(figure, top)
    return figure


def _apart(ends: Sequence[tuple[float, str, str]], top: float) -> list[tuple[float, str, str]]:
    """Return the labels in the order of their height, moved up where one would lie on the one below."""
    moved: list[tuple[float, str, str]] = []
    for y, text, colour in sorted(ends):
        least = moved[-1][0] + LEAST_GAP * 1.6 * top if moved else y
        moved.append((max(y, least), text, colour))
    return moved


def _name_ends(figure: go.Figure, day: date, ends: Sequence[tuple[float, str, str]], look: Look) -> None:
    for y, text, colour in ends:
        figure.add_annotation(
            x=day,
            y=y,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=look.px(0.5),
            font={"color": colour, "size": look.px(0.9375)},
        )


def backlog_line(weeks: Sequence[FlowWeek], forecast: Sequence[ForecastWeek], words: Words, look: Look) -> go.Figure:
    """Draw the open cases at the end of each week, and dashed with its span what is to be expected."""
    if not any(week.backlog for week in weeks):
        return empty_chart(words("No case was open in the period"), look)
    figure = go.Figure(layout=look.layout(margin=_margin(look, 7 if forecast else 2)))
    last, ink = weeks[-1], look.palette
    if forecast:
        _draw_forecast(figure, last, forecast, words, look)
    figure.add_scatter(
        x=[week.ends_on for week in weeks],
        y=[week.backlog for week in weeks],
        mode="lines",
        line={"color": ink.ink, "width": look.px(2 / 16)},
        name=words("Open cases"),
    )
    figure.add_annotation(
        x=last.ends_on,
        y=last.backlog,
        text=f"<b>{words.number(last.backlog)}</b>",
        showarrow=False,
        yanchor="bottom",
        yshift=look.px(0.25),
        font={"color": ink.ink, "size": look.px(1.0)},
    )
    _ticks(figure, [*(week.ends_on for week in weeks), *(week.ends_on for week in forecast)], words, look)
    _whole(figure, max([*(week.backlog for week in weeks), *(week.upper for week in forecast)]))
    return figure


def _draw_forecast(
    figure: go.Figure, last: FlowWeek, forecast: Sequence[ForecastWeek], words: Words, look: Look
) -> None:
    ink = look.palette
    days = [last.ends_on, *(week.ends_on for week in forecast)]
    hidden: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "hovertemplate": "%{y:.0f}"}
    figure.add_scatter(x=days, y=[last.backlog, *(week.lower for week in forecast)], name=words("from"), **hidden)
    figure.add_scatter(
        x=days,
        y=[last.backlog, *(week.upper for week in forecast)],
        name=words("to"),
        fill="tonexty",
        fillcolor=ink.rule,
        **hidden,
    )
    figure.add_scatter(
        x=days,
        y=[last.backlog, *(week.expected for week in forecast)],
        mode="lines",
        line={"color": ink.dim, "width": look.px(2 / 16), "dash": "dash"},
        name=words("expected"),
        hovertemplate="%{y:.0f}",
    )
    end = forecast[-1]
    told = f"≈{words.number(end.expected)} ({words.number(end.lower)}–{words.number(end.upper)})"
    _name_ends(figure, end.ends_on, [(end.expected, told, ink.dim)], look)


def child_bars(rows: Sequence[ChildRegion], names: Sequence[str], words: Words, look: Look) -> go.Figure:
    """Draw three small charts side by side over the same regions: open cases, share overdue, median age in days.

    A share of fewer than FEW_CASES is drawn faintly: one late case of two is no finding about a place.
    """
    if not rows:
        return empty_chart(words("No case is open in a finer place"), look)
    titles = (words("Open cases"), words("Overdue, share and cases"), words("median age, days"))
    figure = make_subplots(rows=1, cols=3, shared_yaxes=True, horizontal_spacing=0.04, subplot_titles=titles)
    shares = [row.overdue / row.cases for row in rows]
    red = [faded(look.palette.red, 1 if row.cases >= FEW_CASES else 0.45) for row in rows]
    columns = (
        ("open", [float(row.cases) for row in rows], [words.number(row.cases) for row in rows], look.palette.accent),
        ("overdue", shares, [_share(row, words) for row in rows], red),
        ("open", [row.age for row in rows], [words.number(row.age) for row in rows], look.palette.faint),
    )
    for at, (kind, values, texts, colour) in enumerate(columns, start=1):
        figure.add_bar(
            x=values,
            y=list(range(len(rows))),
            orientation="h",
            width=0.6,
            marker={"color": colour},
            text=texts,
            textposition="outside",
            constraintext="none",
            cliponaxis=False,
            textfont={"color": look.palette.ink, "size": look.px(0.9375)},
            customdata=[f"child:{row.code}.{kind}" for row in rows],
            hoverinfo="none",
            row=1,
            col=at,
        )
        figure.update_xaxes(range=[0, (max(values) or 1) * 1.4], row=1, col=at)
    _dress_multiples(figure, names, look)
    return figure


def _share(row: ChildRegion, words: Words) -> str:
    return f"{words.percent(row.overdue / row.cases)} · {words.number(row.overdue)}" if row.overdue else "0"


def _dress_multiples(figure: go.Figure, names: Sequence[str], look: Look) -> None:
    base = look.layout(hovermode="closest", margin={"l": look.px(0.25), "r": look.px(0.25), "t": look.px(1.5), "b": 0})
    figure.update_layout(**{key: value for key, value in base.items() if key not in {"xaxis", "yaxis"}})
    small = {"color": look.palette.dim, "size": look.px(0.9375)}
    for at, title in enumerate(figure.layout.annotations, start=1):  # each above the foot of its own bars
        title.update(font=small, x=figure.layout[f"xaxis{at if at > 1 else ''}"].domain[0], xanchor="left")
    figure.update_xaxes(showgrid=False, zeroline=False, showticklabels=False, fixedrange=True)
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=list(names),
        autorange="reversed",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=True,
        ticklabelstandoff=round(look.px(0.5)),
        tickfont={**small, "color": look.palette.ink},
    )


def _margin(look: Look, right: float) -> dict[str, float]:
    return {"l": look.px(0.5), "r": look.px(right), "t": look.px(0.75), "b": look.px(2)}


def _ticks(figure: go.Figure, days: Sequence[date], words: Words, look: Look) -> None:
    chosen = days[:: -max(1, ceil(len(days) / TICKS))]
    below = round(look.px(0.375))
    figure.update_xaxes(
        tickvals=list(chosen),
        ticktext=[words.date(day) for day in chosen],
        tickangle=0,  # Plotly turns dates that come close, and the foot of the chart cuts them off
        ticklabelstandoff=below,
        showgrid=False,
    )
    figure.update_yaxes(side="left", automargin=True, ticklabelstandoff=below)


def _whole(figure: go.Figure, top: float) -> None:
    """Let an axis of counts have only whole numbers, and room above the highest for its label."""
    figure.update_yaxes(range=[0, top * 1.12], tickformat=",d")
    if top < FEW_CASES:
        figure.update_yaxes(dtick=max(1, round(top / 3)))
