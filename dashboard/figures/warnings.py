"""Charts of the warning series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Protocol

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

    class WarningWeek(Protocol):
        """What the chart needs of one week."""

        @property
        def week_on(self) -> date:
            """Its Monday."""

        @property
        def warnings(self) -> int:
            """Warnings raised in it."""

        @property
        def expected(self) -> float | None:
            """How many were to be expected; None: too little data."""

        @property
        def upper(self) -> float | None:
            """The bound above which it is unusual; None: too little data."""


LABEL_WEEKS = 14  # how many weeks the bound's label spans: it is set above whatever is drawn there


def weekly_warnings_line(weeks: Sequence[WarningWeek], *, running: bool, words: Words, look: Look) -> go.Figure:
    """Draw warnings per week against their expected number and upper bound, oldest week first.

    `running`: the last week is not over, so it is drawn as an open dot on a dashed line. Weeks above their bound get a
    triangle. Weeks without a bound (too little data) simply have none.
    """
    figure = go.Figure(layout=look.layout())
    weeks = weeks[1:]  # a warning is a rise since the week before, so the first week on record cannot have any
    if not weeks:
        return figure
    _draw_bound(figure, weeks, words, look)
    _draw_counts(figure, weeks, running=running, words=words, look=look)
    _draw_alarms(figure, weeks, look)
    ticks = [week.week_on for week in weeks if week.week_on.day <= 7 and week.week_on.month % 3 == 0]  # noqa: PLR2004 - first week of a quarter's month
    figure.update_xaxes(tickvals=ticks, ticktext=[words.month(day) for day in ticks], showgrid=False)
    return figure


def _draw_bound(figure: go.Figure, weeks: Sequence[WarningWeek], words: Words, look: Look) -> None:
    bounded = [week for week in weeks if week.upper is not None]
    if not bounded:
        return
    days = [week.week_on for week in bounded]
    figure.add_scatter(
        x=days,
        y=[week.upper for week in bounded],
        name=words("Upper bound"),
        mode="lines",
        line={"width": 0},
        fill="tozeroy",
        fillcolor=look.palette.rule,
        hovertemplate="%{y:.0f}",
    )
    figure.add_scatter(
        x=days,
        y=[week.expected for week in bounded],
        name=words("Expected"),
        mode="lines",
        line={"width": look.px(1 / 16), "dash": "dot", "color": look.palette.faint},
        hovertemplate="%{y:.0f}",
    )
    near = weeks[weeks.index(bounded[0]) :][:LABEL_WEEKS]
    figure.add_annotation(
        x=bounded[0].week_on,
        y=max(max(week.upper or 0, week.warnings) for week in near),
        text=words("Upper bound"),
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        font={"color": look.palette.dim, "size": look.px(0.9375)},
    )


def _draw_counts(figure: go.Figure, weeks: Sequence[WarningWeek], *, running: bool, words: Words, look: Look) -> None:
    whole = weeks[:-1] if running else weeks
    line = {"width": look.px(2 / 16), "color": look.palette.ink}
    figure.add_scatter(
        x=[week.week_on for week in whole],
        y=[week.warnings for week in whole],
        name=words("New warnings"),
        mode="lines",
        line=line,
    )
    last = weeks[-1]
    if running and whole:
        figure.add_scatter(
            x=[whole[-1].week_on, last.week_on],
            y=[whole[-1].warnings, last.warnings],
            mode="lines+markers",
            line={**line, "dash": "dot"},
            marker={"symbol": "circle-open", "size": [0, look.px(0.625)], "color": look.palette.ink},
            name=words("This week so far"),
        )
    unfinished = words("so far") if running else ""
    note = f'<br><span style="font-size:{look.px(0.9375)}px">{unfinished}</span>' if unfinished else ""
    figure.add_annotation(
        x=last.week_on,
        y=last.warnings,
        text=f"<b>{words.number(last.warnings)}</b>{note}",
        showarrow=False,
        align="left",
        xanchor="left",
        xshift=look.px(0.5),
        font={"size": look.px(1.25)},
    )


def _draw_alarms(figure: go.Figure, weeks: Sequence[WarningWeek], look: Look) -> None:
    alarms = [week for week in weeks if week.upper is not None and week.warnings > week.upper]
    figure.add_scatter(
        x=[week.week_on for week in alarms],
        y=[week.warnings for week in alarms],
        mode="markers",
        marker={"symbol": "triangle-up", "size": look.px(0.875), "color": look.palette.orange},
        hoverinfo="skip",
    )
