"""Looking into component trees: what a person reads, and the components themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

if TYPE_CHECKING:
    from collections.abc import Iterator


def parts(tree: Any) -> Iterator[Any]:  # noqa: ANN401 - children are components, texts, numbers or lists of them
    """Yield everything in a tree, depth first: components and texts."""
    if isinstance(tree, list | tuple):
        for child in tree:
            yield from parts(child)
    elif tree is not None:
        yield tree
        if isinstance(tree, Component):
            yield from parts(getattr(tree, "children", None))


def said(tree: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the texts of a tree in reading order."""
    return [part for part in parts(tree) if isinstance(part, str)]


def of_class(tree: Any, name: str) -> list[Any]:  # noqa: ANN401 - as above
    """Return the components that carry a CSS class."""
    return [part for part in parts(tree) if name in (getattr(part, "className", None) or "").split()]


def ids(tree: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the ids of a tree."""
    return [part.id for part in parts(tree) if isinstance(getattr(part, "id", None), str)]


def walk(answer: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield every value inside a JSON document, depth first."""
    if isinstance(answer, dict):
        for value in answer.values():
            yield from walk(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from walk(value)
    else:
        yield answer


def prop(component: Any, name: str) -> Any:  # noqa: ANN401 - as above
    """Return a property; Dash makes a component's properties as it runs, so its types know none of them."""
    return getattr(component, name)


def class_of(component: Any) -> str:  # noqa: ANN401 - as above
    """Return a component's CSS classes."""
    return str(component.className)
