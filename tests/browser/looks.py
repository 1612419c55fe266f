"""What a person does at a map and sees on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

AREAS = ".leaflet-overlay-pane path.leaflet-interactive"

ATTEMPTS = 60  # each takes a quarter of a second: the map's layer is fetched, drawn and fitted meanwhile

INSIDE = """
async ([map, url, code]) => {
  const features = (await (await fetch(url)).json()).features;
  const at = features.findIndex((feature) => feature.properties.c === code && !("k" in feature.properties));
  const path = document.querySelectorAll(map + " AREAS")[at];
  if (!path) return null;
  const box = path.getBoundingClientRect();
  await new Promise((later) => setTimeout(later, 250)); // a map that is still being fitted moves under the pointer
  const now = path.getBoundingClientRect();
  if (!path.isConnected || now.left !== box.left || now.top !== box.top || now.width !== box.width) return null;
  const back = path.getScreenCTM().inverse();
  for (let part = 2; part < 40; part += 1) {
    for (let step = 1; step < part; step += 1) {
      for (let row = 1; row < part; row += 1) {
        const x = box.left + (box.width * step) / part;
        const y = box.top + (box.height * row) / part;
        if (path.isPointInFill(new DOMPoint(x, y).matrixTransform(back)) && document.elementFromPoint(x, y) === path)
          return [x, y];
      }
    }
  }
  return null;
}
""".replace("AREAS", AREAS)

SMALL = """
(least) => {
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const found = new Set();
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const size = parseFloat(getComputedStyle(one).fontSize);
    const name = one.className.baseVal ?? one.className;
    if (own && shown(one) && size < least) found.add(`${size} ${name} ${one.textContent}`);
  }
  return [...found];
}
"""

OVERFLOW = """
() => {
  const bars = [];
  for (const one of document.querySelectorAll("html, body, body *")) {
    const style = getComputedStyle(one);
    const scrolls = (how) => how === "auto" || how === "scroll";
    const wide = one.scrollWidth > one.clientWidth + 1 && scrolls(style.overflowX);
    const tall = one.scrollHeight > one.clientHeight + 1 && scrolls(style.overflowY);
    if (wide || tall) bars.push(one.className || one.tagName);
  }
  const page = document.documentElement;
  if (page.scrollHeight > window.innerHeight || page.scrollWidth > window.innerWidth) bars.push("page");
  return bars;
}
"""


def point_in(page: Page, map_id: str, url: str, code: str) -> tuple[float, float]:
    """Return a point of the screen inside an area; the area's layer is at `url`, once it is drawn."""
    areas = page.locator(f"#{map_id} {AREAS}")
    expect(areas.first).to_be_visible()
    for _ in range(ATTEMPTS):
        found: Any = page.evaluate(INSIDE.strip(), [f"#{map_id}", url, code])
        if found:
            return found[0], found[1]
    raise AssertionError(f"no point of {code} is free on {map_id}")


def click_area(page: Page, map_id: str, url: str, code: str) -> None:
    """Click an area of a map."""
    page.mouse.click(*point_in(page, map_id, url, code))


def fills(page: Page, map_id: str) -> set[str]:
    """Return the colours of a map's areas."""
    found: list[str] = page.locator(f"#{map_id} {AREAS}").evaluate_all(
        "all => all.map(one => one.getAttribute('fill'))"
    )
    return set(found)


def settled(page: Page) -> None:
    """Wait until every panel has its first answer and nothing is on its way."""
    expect(page.locator("#shell--content > *").first).to_be_visible()
    expect(page.locator(".state--loading")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def texts(found: Locator) -> list[str]:
    """Return what the elements say."""
    return [text.strip() for text in found.all_inner_texts()]
