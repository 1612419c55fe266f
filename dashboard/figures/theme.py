"""Colours and type of the figures; the same values as assets/00_tokens.css, which a test holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'

SMALLEST_REM, LARGEST_REM = 4, 200  # CSS pixels; from a phone to a video wall


@dataclass(frozen=True)
class Palette:
    """One set of tokens; names are those of the CSS variables."""

    ground: str
    panel: str
    rule: str
    ink: str
    dim: str
    faint: str
    accent: str
    red: str
    orange: str
    yellow: str
    blue: str


DARK = Palette(
    ground="#0a0e13",
    panel="#10161d",
    rule="#1e2731",
    ink="#e8edf2",
    dim="#9aa7b4",
    faint="#74818e",
    accent="#8fb8de",
    red="#e5484d",
    orange="#f0883e",
    yellow="#e3b341",
    blue="#4c8dff",
)
LIGHT = Palette(
    ground="#eef1f4",
    panel="#ffffff",
    rule="#d8dee5",
    ink="#17202a",
    dim="#4d5a67",
    faint="#66727e",
    accent="#2f6ea8",
    red="#c62a2f",
    orange="#c4590a",
    yellow="#9a6b00",
    blue="#2563c9",
)


@dataclass(frozen=True)
class Look:
    """How a viewer's screen draws: the palette, and the size of one rem in CSS pixels (16 on a 1080-line wall)."""

    palette: Palette = DARK
    rem: float = 16.0

    @classmethod
    def of(cls, display: dict[str, Any] | None) -> Look:
        """Return the look for what a page said of its display; anything unusable gives the wall's own."""
        given = display if isinstance(display, dict) else {}
        rem = given.get("rem")
        usable = float(rem) if isinstance(rem, int | float) and SMALLEST_REM <= rem <= LARGEST_REM else 16.0
        return cls(LIGHT if given.get("theme") == "light" else DARK, usable)

    def px(self, rems: float) -> float:
        """Return a length given in rem as CSS pixels."""
        return round(rems * self.rem, 1)

    def layout(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - Plotly's layout is an open dictionary
        """Return the layout every chart starts from: no boxes, quiet grid, the house's type."""
        ink = self.palette
        axis = {
            "gridcolor": ink.rule,
            "gridwidth": self.px(1 / 16),
            "zeroline": False,
            "tickfont": {"color": ink.dim, "size": self.px(0.9375)},
            "fixedrange": True,
        }
        return {
            "template": "none",  # Plotly's own would travel along with every chart: seven kilobytes to be overridden
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "color": ink.ink, "size": self.px(0.9375)},
            "margin": {"l": self.px(0.25), "r": self.px(3), "t": self.px(0.75), "b": self.px(1.75)},
            "showlegend": False,
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": ink.panel, "bordercolor": ink.rule, "font": {"size": self.px(0.9375)}},
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "side": "right", "rangemode": "tozero", "nticks": 4},
            **changes,
        }


def faded(colour: str, strength: float) -> str:
    """Return a colour of a palette, #rrggbb, at a strength between 0 (not to be seen) and 1 as CSS has it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength})"
