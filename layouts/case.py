"""Case page: one case, who has it, what the next step lacks, and everything that is in its file.

Four areas of one grid: the stepper across the top (`case__path`), the file at the left (`case__file`), the work in the
middle (`case__work`), and at the right what to do (`case__act`), which stays in sight while the rest scrolls. A part's
panels stand where its module usually stands, or in the area that a panel names among its classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.i18n import N_
from layouts import case_drafts, case_findings, case_joins, case_orders, case_steps, case_work
from layouts.case_forms import SEEN
from layouts.case_head import HEAD, enterprise_panel
from layouts.case_timeline import timeline_panel
from layouts.panels import aria, loading

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

JUMPS = "case--jumps"
PARTS = (case_steps, case_orders, case_work, case_findings, case_joins)
AREAS = {
    "case__path": N_("Stages"),
    "case__file": N_("Case file"),
    "case__work": N_("Work"),
    "case__act": N_("What to do"),
}
"""Each area's class and what it is called; its id is the same with `--` (case--path)."""
USUAL = {
    case_steps: "case__act",
    case_orders: "case__act",
    case_joins: "case__file",
    case_findings: "case__file",
    case_work: "case__work",
}


FORMS: case_drafts.Forms = {form.replace("_", "-"): fields for module in PARTS for form, fields in module.FORMS.items()}
"""The forms of all parts, under the names that their drafts have."""


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    placed = _placed(words)
    marks = case_drafts.put_marks([panel for panels in placed.values() for panel in panels], FORMS, words)
    placed["case__act"][:0] = marks
    return html.Div(
        [
            dcc.Store(id=SEEN),
            *case_drafts.stores(FORMS),
            html.Section(html.Div(loading(words), id=HEAD), className="panel case__head", **aria(label=words("Case"))),
            html.Nav(_jumps(words), id=JUMPS, className="case__jumps", **aria(label=words("Sections"))),
            *(_area(area, placed[area], words) for area in AREAS),
        ],
        className="case",
    )


def _placed(words: Words) -> dict[str, list[Component]]:
    """Return the panels of all parts by the area in which they stand; the page's own are the first and the last."""
    placed: dict[str, list[Component]] = {area: [] for area in AREAS}
    placed["case__file"].append(enterprise_panel(words))
    for module in PARTS:
        for part in module.parts(words):
            classes = str(getattr(part, "className", "")).split()
            placed[next((one for one in classes if one in AREAS), USUAL[module])].append(part)
    placed["case__work"].append(timeline_panel(words))
    return placed


def _area(area: str, panels: list[Component], words: Words) -> html.Div:
    return html.Div(
        panels,
        id=area.replace("__", "--"),
        className=f"case__area case__area--{area.removeprefix('case__')}",
        role="region",
        tabIndex="-1",
        **aria(label=words(AREAS[area])),
    )


def _jumps(words: Words) -> list[html.A]:
    """Return a link to each area; assets/18_case.js gives each its digit as a key."""
    return [
        html.A(
            [html.Kbd(str(digit), **aria(hidden="true")), words(name)],
            href=f"#{area.replace('__', '--')}",
            **aria(keyshortcuts=str(digit)),
        )
        for digit, (area, name) in enumerate(AREAS.items(), start=1)
    ]
