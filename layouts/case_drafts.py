"""Case page: drafts. Each form of the page has a mark that says when its draft was restored, and discards it.

assets/18_case.js watches the forms, has the server keep what is typed, and puts it back when the page opens again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.clock import local, now
from dashboard.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.drafts import Draft

FOUND = "case--drafts"
"""Store: the drafts that the server has for this case, as the page opened."""
KEEP = "case--drafts-keep"
"""Store: what the page asks the server to keep or to drop, one form at a time."""
KEPT = "case--drafts-kept"
"""Store: which of its requests the server has answered."""
TURN = "case--drafts-turn"
FIELDS = "case--drafts-fields"
"""Store: the components of each form by field."""

Forms = dict[str, dict[str, str]]


def stores(forms: Forms) -> list[dcc.Store]:
    """Return the stores by which page and server speak about drafts."""
    return [*(dcc.Store(id=one) for one in (FOUND, KEEP, KEPT, TURN)), dcc.Store(id=FIELDS, data=forms)]


def mark_id(form: str) -> str:
    """Return the id of a form's mark."""
    return f"case--draft-{form}"


def told_id(form: str) -> str:
    """Return the id of what a form's mark says."""
    return f"case--draft-{form}-told"


def discard_id(form: str) -> str:
    """Return the id of the button that discards a form's draft."""
    return f"case--draft-{form}-discard"


def put_marks(panels: Sequence[Component], forms: Forms, words: Words) -> list[html.Div]:
    """Put each form's mark above its fields, under the title of a fold; return the marks of forms without a frame."""
    frames = [one for panel in panels for one in _walk(panel) if _is_frame(one)]
    left = []
    for form, fields in forms.items():
        ids = set(fields.values())
        within = next((one for one in frames if ids & {getattr(part, "id", None) for part in _walk(one)}), None)
        if within is None:
            left.append(_mark(form, words))
        else:
            within.children.insert(int(isinstance(within, html.Details)), _mark(form, words))
    return left


def _is_frame(component: Component) -> bool:
    """Tell whether fields stand in this as in one form: a fold (found before what is in it), or a bare form."""
    bare = "form" in str(getattr(component, "className", "")).split()
    return (isinstance(component, html.Details) or bare) and isinstance(getattr(component, "children", None), list)


def _walk(component: Any) -> Iterator[Component]:  # noqa: ANN401 - a component, a list of them, or a text
    if isinstance(component, list | tuple):
        for one in component:
            yield from _walk(one)
    elif hasattr(component, "to_plotly_json"):
        yield component
        yield from _walk(getattr(component, "children", None))


def _mark(form: str, words: Words) -> html.Div:
    button = html.Button(words("Discard the draft"), id=discard_id(form), className="case-draft__discard")
    return html.Div(
        [html.Span(id=told_id(form)), button], id=mark_id(form), className="case-draft", role="status", hidden=True
    )


def found(number: str, drafts: Mapping[str, Draft], words: Words, timezone: str) -> dict[str, Any]:
    """Return what the page is told of a case's drafts."""
    forms = {
        form: {"held": dict(one.held), "told": _told(one.kept_at, words, timezone)} for form, one in drafts.items()
    }
    return {"number": number, "forms": forms}


def _told(kept_at: datetime, words: Words, timezone: str) -> str:
    at = local(kept_at, timezone)
    today = at.date() == local(now(), timezone).date()
    return words("Draft restored %(at)s", at=f"{at:%H:%M}" if today else words.instant(kept_at, timezone))


def asked(given: Any, forms: Forms) -> tuple[str, str, dict[str, Any] | None, int]:  # noqa: ANN401 - JSON of a client
    """Return number, form, what to keep (None: drop it) and the request's turn; Invalid for what no page sends."""
    try:
        number, form, held, turn = given["number"], given["form"], given["held"], given["turn"]
        fields = forms[form]
        if not (isinstance(number, str) and type(turn) is int and (held is None or set(held) <= set(fields))):
            raise Invalid("that is no draft of a form")
    except (LookupError, TypeError) as error:
        raise Invalid("that is no draft of a form") from error
    return number, form, held if isinstance(held, dict) else None, turn
