"""Charts of how cases come and go week by week, where the backlog is heading, and how regions differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

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


MOST_CHILDREN = 16
TICKS = 5  # dates under a chart
LEAST_GAP = 0.08  # of the height: direct labels nearer than this would lie on each other


def weekly_lines(weeks: Sequence[FlowWeek], words: Words, look: Look) -> go.Figure:
    """Draw the cases opened, closed and returned per week, oldest first, each named at its end."""
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
        ends.append((values[-1] if values else 0, f"{name} {words.number(values[-1] if values else 0)}", colour))
    top = max((max(week.opened, week.closed, week.returned) for week in weeks), default=0) or 1
    _name_ends(figure, weeks[-1].ends_on if weeks else None, _apart(ends, top), look)
    _ticks(figure, [week.ends_on for week in weeks], words)
    return figure


def _apart(ends: Sequence[tuple[float, str, str]], top: float) -> list[tuple[float, str, str]]:
    """Return the labels in the order of their height, moved up where one would lie on the one below."""
    moved: list[tuple[float, str, str]] = []
    for y, text, colour in sorted(ends):
        least = moved[-1][0] + LEAST_GAP * 1.6 * top if moved else y
        moved.append((max(y, least), text, colour))
    return moved


def _name_ends(
    figure: go.Figure, day: date | None, ends: Sequence[tuple[float, str, str]], look: Look, *, bold: bool = False
) -> None:
    for y, text, colour in ends:
        figure.add_annotation(
            x=day,
            y=y,
            text=f"<b>{text}</b>" if bold else text,
            showarrow=False,
            xanchor="left",
            xshift=look.px(0.5),
            font={"color": colour, "size": look.px(0.9375)},
        )


def backlog_line(weeks: Sequence[FlowWeek], forecast: Sequence[ForecastWeek], words: Words, look: Look) -> go.Figure:
    """Draw the open cases at the end of each week, and dashed with its span what is to be expected."""
    figure = go.Figure(layout=look.layout(margin=_margin(look, 4)))
    if not weeks:
        return figure
    last, ink = weeks[-1], look.palette
    if forecast:
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
        _name_ends(figure, end.ends_on, [(end.expected, f"≈{words.number(end.expected)}", ink.dim)], look)
    figure.add_scatter(
        x=[week.ends_on for week in weeks],
        y=[week.backlog for week in weeks],
        mode="lines",
        line={"color": ink.ink, "width": look.px(2 / 16)},
        name=words("open"),
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
    _ticks(figure, [*(week.ends_on for week in weeks), *(week.ends_on for week in forecast)], words)
    return figure


def child_bars(rows: Sequence[ChildRegion], names: Sequence[str], words: Words, look: Look) -> go.Figure:
    """Draw three small charts side by side over the same regions: open cases, share overdue, median age in days."""
    titles = (words("open"), words("overdue"), words("median age, days"))
    figure = make_subplots(rows=1, cols=3, shared_yaxes=True, horizontal_spacing=0.06, subplot_titles=titles)
    measures = (
        [float(row.cases) for row in rows],
        [row.overdue / row.cases for row in rows],
        [row.age for row in rows],
    )
    texts = (
        [words.number(row.cases) for row in rows],
        [words.percent(row.overdue / row.cases) for row in rows],
        [words.number(row.age) for row in rows],
    )
    colours = (look.palette.accent, look.palette.red, look.palette.faint)
    for at, kind in enumerate(("open", "overdue", "open")):
        figure.add_bar(
            x=measures[at],
            y=list(range(len(rows))),
            orientation="h",
            width=0.6,
            marker={"color": colours[at]},
            text=texts[at],
            textposition="outside",
            constraintext="none",
            cliponaxis=False,
            textfont={"color": look.palette.ink, "size": look.px(0.9375)},
            customdata=[f"child:{row.code}.{kind}" for row in rows],
            hoverinfo="none",
            row=1,
            col=at + 1,
        )
        figure.update_xaxes(range=[0, (max(measures[at], default=0) or 1) * 1.4], row=1, col=at + 1)
    _dress_multiples(figure, names, look)
    return figure


def _dress_multiples(figure: go.Figure, names: Sequence[str], look: Look) -> None:
    base = look.layout(hovermode="closest", margin={"l": look.px(0.25), "r": look.px(0.25), "t": look.px(1.5), "b": 0})
    figure.update_layout(**{key: value for key, value in base.items() if key not in {"xaxis", "yaxis"}})
    small = {"color": look.palette.dim, "size": look.px(0.9375)}
    figure.update_annotations(font=small)
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
    return {"l": look.px(0.5), "r": look.px(right), "t": look.px(0.75), "b": look.px(1.75)}


def _ticks(figure: go.Figure, days: Sequence[date], words: Words) -> None:
    chosen = days[:: -max(1, len(days) // TICKS)]
    figure.update_xaxes(tickvals=list(chosen), ticktext=[words.date(day) for day in chosen], showgrid=False)
    figure.update_yaxes(side="left", automargin=True)
