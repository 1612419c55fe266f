"""The figures' colours are the pages' colours."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from dashboard.figures.theme import DARK, FONT, LIGHT, Look, Palette
from dashboard.settings import HOUSE

TOKENS = (HOUSE / "assets" / "00_tokens.css").read_text(encoding="utf-8")


def declared(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))


def blocks() -> dict[str, dict[str, str]]:
    dark, light = TOKENS.split("@media (prefers-color-scheme: light)")
    return {"dark": declared(dark), "light": declared(light.split("\n}\n")[0])}


def luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("block", "palette"), [("dark", DARK), ("light", LIGHT)])
def test_palettes_repeat_the_tokens(block: str, palette: Palette) -> None:
    css = blocks()[block]
    assert asdict(palette) == {name: css[name] for name in asdict(palette)}


def test_figures_are_set_in_the_pages_type() -> None:
    assert blocks()["dark"]["font"] == FONT


@pytest.mark.parametrize("block", ["dark", "light"])
@pytest.mark.parametrize("name", ["ink", "dim", "accent", "red-text", "orange-text", "yellow-text", "blue-text"])
@pytest.mark.parametrize("behind", ["ground", "panel"])
def test_words_can_be_read_on_the_ground_and_on_panels(block: str, name: str, behind: str) -> None:
    css = blocks()[block]
    assert contrast(css[name], css[behind]) >= 4.5


def test_a_look_is_what_the_page_said_of_its_display() -> None:
    look = Look.of({"rem": 32, "theme": "light"})
    assert (look.palette, look.px(0.5)) == (LIGHT, 16.0)


@pytest.mark.parametrize("said", [None, {}, {"rem": "32"}, {"rem": 0}, {"rem": 1e9}, {"rem": None, "theme": 7}])
def test_what_makes_no_sense_gives_the_walls_look(said: dict[str, object] | None) -> None:
    assert Look.of(said) == Look(DARK, 16.0)
