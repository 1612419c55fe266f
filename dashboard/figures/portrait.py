"""Charts of one enterprise: what its index is made of, and how it came there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboard.vocabulary import SUB_INDEXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from typing import Protocol

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

    class Part(Protocol):
        """What the waterfall needs of one factor."""

        @property
        def factor(self) -> str:
            """Its name."""

        @property
        def sub_index(self) -> str:
            """The sub-index that it feeds."""

        @property
        def points(self) -> Decimal:
            """Its points of the index."""

        @property
        def count(self) -> int:
            """Pieces of evidence."""


ROW, LEAST = 1.875, 7.5  # rem: one line of the waterfall, and how tall it is at least
MOST_LINES = 28
SYMBOLS = {"warning": "triangle-up", "case": "square", "evidence": "circle", "model": "line-ns"}
FLOORS = ("red", "orange", "yellow")


def waterfall_height(parts: Sequence[Part]) -> float:
    """Return how tall the waterfall is, in rem: a line for the total, each sub-index that has points, each factor."""
    return max(LEAST, ROW * (len(_lines(parts)) + 1))


def _lines(parts: Sequence[Part]) -> list[tuple[str, Part | None]]:
    """Return the lines from the top: each sub-index, then its factors, most points first; then the total."""
    lines: list[tuple[str, Part | None]] = []
    for sub in SUB_INDEXES:
        own = sorted((part for part in parts if part.sub_index == sub and part.points), key=lambda part: -part.points)
        lines += [(sub, None), *((sub, part) for part in own)] if own else []
    return [*lines[:MOST_LINES], ("", None)]


def contribution_waterfall(parts: Sequence[Part], *, grade: str, chosen: str, words: Words, look: Look) -> go.Figure:
    """Draw how the factors stack up to the index: sub-index, then its factors, each from where the last one ended.

    Points of the index, 0-100. A click's `customdata` is the factor, or for a sub-index its name; `chosen` is drawn
    full and the rest quiet.
    """
    figure = go.Figure(layout=look.layout(hovermode="closest"))
    bars = [_bar(line, parts, words) for line in _lines(parts)]
    type_ = {"color": look.palette.ink, "size": look.px(0.9375)}
    figure.add_bar(
        base=_begins(_lines(parts), parts),
        x=[width for _key, _name, width, _text in bars],
        y=list(range(len(bars))),
        width=[0.62 if name.startswith("<b>") else 0.44 for _key, name, _width, _text in bars],
        orientation="h",
        marker={
            "color": [_colour(key, chosen, grade, look, strong="<b>" in name) for key, name, _width, _text in bars]
        },
        customdata=[key for key, _name, _width, _text in bars],
        text=[text for _key, _name, _width, text in bars],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        textfont=type_,
        hoverinfo="none",  # not "skip", which would swallow clicks as well
    )
    figure.update_yaxes(
        tickvals=list(range(len(bars))),
        ticktext=[name for _key, name, _width, _text in bars],
        autorange="reversed",
        side="left",
        showgrid=False,
        automargin=True,
        ticklabelstandoff=round(look.px(0.5)),
        rangemode="normal",
        tickfont=type_,
    )
    figure.update_xaxes(range=[0, max(bars[-1][2] * 1.32, 1.0)], showgrid=False, showticklabels=False)
    figure.update_layout(margin={"l": look.px(0.5), "r": look.px(0.5), "t": look.px(0.25), "b": look.px(0.25)})
    return figure


def _bar(line: tuple[str, Part | None], parts: Sequence[Part], words: Words) -> tuple[str, str, float, str]:
    """Return what a click on a line says, its name, its points and what stands at its end."""
    sub, part = line
    if part is not None:
        points = float(part.points)
        return (
            part.factor,
            words.factor(part.factor),
            points,
            f"{words.number(points, 2)} · {_pieces(part.count, words)}",
        )
    points = float(sum(one.points for one in parts if sub in {"", one.sub_index}))
    name = words.sub_index(sub) if sub else words("Smoke Index")
    return sub, f"<b>{name}</b>", points, f"<b>{words.number(points, 2)}</b>"


def _begins(lines: Sequence[tuple[str, Part | None]], parts: Sequence[Part]) -> list[float]:
    """Return where each line begins: a sub-index where the one before ended, its factors one after the other."""
    begins, at, inner = [], 0.0, 0.0
    for sub, part in lines:
        if part is not None:
            begins.append(inner)
            inner += float(part.points)
        else:
            begins.append(at if sub else 0.0)
            inner, at = at, at + float(sum(one.points for one in parts if one.sub_index == sub))
    return begins


def _pieces(count: int, words: Words) -> str:
    return words("%(n)s pieces", n=count) if count > 1 else words("1 piece")


def _colour(key: str, chosen: str, grade: str, look: Look, *, strong: bool) -> str:
    if not key:
        return str(getattr(look.palette, grade, look.palette.accent))
    if chosen and key != chosen:
        return look.palette.rule
    return look.palette.accent if strong or key == chosen else look.palette.faint


def index_history(
    weeks: Sequence[Mapping[str, Any]],
    floors: Mapping[str, float],
    marks: Sequence[tuple[date, str, str]],
    *,
    as_of: date,
    words: Words,
    look: Look,
) -> go.Figure:
    """Draw the index by week (0-100), oldest first, with the thresholds and what happened.

    `floors` is {grade: threshold}. `marks` are (day, kind, words): a warning or a case stands on the line, a model's
    change is an upright line. The last week ends on `as_of`.
    """
    figure = go.Figure(layout=look.layout(hovermode="closest"))
    if not weeks:
        return figure
    days = [week["week_on"] for week in weeks]
    values = [float(week["smoke_index"]) for week in weeks]
    _draw_floors(figure, floors, words, look)
    figure.add_scatter(
        x=days,
        y=values,
        mode="lines" if len(days) > 1 else "markers",
        line={"color": look.palette.ink, "width": look.px(2 / 16)},
        customdata=[words.grade(week["grade"]) for week in weeks],
        hovertemplate="%{x|%Y-%m-%d} · %{y:.2f} · %{customdata}<extra></extra>",
        name="index",
    )
    _draw_marks(figure, days, values, marks, look)
    _draw_last(figure, days[-1], values[-1], words, look)
    _draw_months(figure, days, as_of, look)
    figure.update_yaxes(range=[0, 100], tickvals=[0, 100], side="left", rangemode="normal")
    figure.update_layout(margin={"l": look.px(5.5), "r": look.px(3.5), "t": look.px(0.75), "b": look.px(2.25)})
    return figure


def _draw_months(figure: go.Figure, days: Sequence[date], as_of: date, look: Look) -> None:
    ticks = [day for at, day in enumerate(days) if day.day <= 7 and (at == 0 or len(days) < 20 or day.month % 3 == 0)]  # noqa: PLR2004 - first week of a month; quarters once there are many
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[f"{day:%Y-%m}" for day in ticks],
        range=[min(days[0], as_of), as_of],
        showgrid=False,
        ticklabelstandoff=round(look.px(0.375)),
    )


def _draw_last(figure: go.Figure, day: date, value: float, words: Words, look: Look) -> None:
    figure.add_annotation(
        x=day,
        y=value,
        text=f"<b>{words.number(value, 1)}</b>",
        showarrow=False,
        xanchor="left",
        xshift=look.px(0.625),
        font={"size": look.px(1.125)},
    )


def _draw_floors(figure: go.Figure, floors: Mapping[str, float], words: Words, look: Look) -> None:
    for grade in FLOORS:
        if grade not in floors:
            continue
        colour = getattr(look.palette, grade)
        figure.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=floors[grade],
            y1=floors[grade],
            line={"color": colour, "width": look.px(1 / 16), "dash": "dot"},
        )
        figure.add_annotation(
            xref="paper",
            x=0,
            xshift=-look.px(0.5),
            y=floors[grade],
            text=f"{words.grade(grade)} {words.number(floors[grade])}",
            showarrow=False,
            xanchor="right",
            yanchor="middle",
            font={"color": look.palette.dim, "size": look.px(0.9375)},
        )


def _draw_marks(
    figure: go.Figure, days: Sequence[date], values: Sequence[float], marks: Sequence[tuple[date, str, str]], look: Look
) -> None:
    """Put each event on the line at its week; events before the first week have no place on it."""
    for kind, symbol in SYMBOLS.items():
        own = [mark for mark in marks if mark[1] == kind and mark[0] >= days[0]]
        if not own:
            continue
        if kind == "model":
            for day, _kind, text in own:
                figure.add_vline(x=day, line={"color": look.palette.faint, "width": look.px(1 / 16), "dash": "dash"})
                figure.add_annotation(
                    x=day,
                    yref="paper",
                    y=1,
                    text=text,
                    showarrow=False,
                    xanchor="right",
                    yanchor="top",
                    xshift=-look.px(0.25),
                    font={"color": look.palette.dim, "size": look.px(0.9375)},
                )
            continue
        heights = [values[max(at for at, first in enumerate(days) if first <= day)] for day, _kind, _text in own]
        figure.add_scatter(
            x=[day for day, _kind, _text in own],
            y=heights,
            mode="markers",
            name=kind,
            marker={
                "symbol": symbol,
                "size": look.px(0.5 if kind == "evidence" else 0.75),
                "color": look.palette.orange if kind == "warning" else look.palette.accent,
                "line": {"color": look.palette.panel, "width": look.px(1 / 16)},
            },
            customdata=[text for _day, _kind, text in own],
            hovertemplate="%{x|%Y-%m-%d} · %{customdata}<extra></extra>",
        )
