"""What a callback is given: settings, sessions, cache; `reading`, one consistent read; `clicking`, who acts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dash import ctx
from dash.exceptions import PreventUpdate

from dashboard import clock
from dashboard.access.session import current_viewer
from dashboard.cache import cached_query
from dashboard.i18n import Words, words_for
from dashboard.models.revision import current_revision
from dashboard.queries.generations import Live, live_generation
from dashboard.queries.population import Population

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask_caching import Cache
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.permissions import Permission
    from dashboard.access.scope import Scope
    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

Rows = TypeVar("Rows")


@dataclass(frozen=True)
class Services:
    """The application's shared parts, made once by create_app."""

    settings: Settings
    sessions: sessionmaker[Session]
    cache: Cache


@dataclass(frozen=True)
class Reading:
    """One viewer's read of one generation; everything that one callback shows comes through it."""

    services: Services
    session: Session
    viewer: Viewer
    scope: Scope
    words: Words
    live: Live

    @property
    def population(self) -> Population:
        """The full population's files of the live generation."""
        return Population(self.services.settings.var_dir / "generations", self.live.generation)

    def of_population(self, query: Callable[..., Rows], *arguments: str | int) -> Rows:
        """Return `query(population, scope, *arguments)`, cached as `rows` is."""
        return self._cached(query, arguments, lambda: query(self.population, self.scope, *arguments))

    def rows(self, query: Callable[..., Rows], *arguments: str | int) -> Rows:
        """Return `query(session, scope, generation, *arguments)`, from the cache where it was asked before.

        The key is the query's name, the scope, the generation and the arguments: nothing needs to be invalidated.
        """
        generation = self.live.generation
        return self._cached(query, arguments, lambda: query(self.session, self.scope, generation, *arguments))

    def until_changed(self, name: str, arguments: tuple[str | int, ...], compute: Callable[[], Rows]) -> Rows:
        """Return what `compute()` reads of people's own work, kept until somebody changes some of it, or for a day.

        `name` and `arguments` say everything beside the scope that the answer depends on.
        """
        today = clock.today(self.services.settings.timezone).isoformat()
        key = (*arguments, today, current_revision(self.session))
        return cached_query(self.services.cache, name, self.scope.prefix, 0, key, compute)

    def _cached(
        self, query: Callable[..., Rows], arguments: tuple[str | int, ...], compute: Callable[[], Rows]
    ) -> Rows:
        name = f"{query.__module__}.{query.__name__}"
        return cached_query(self.services.cache, name, self.scope.prefix, self.live.generation, arguments, compute)


@contextmanager
def reading(services: Services, permission: Permission) -> Iterator[Reading]:
    """Open the current viewer's read of the live generation.

    Raises NotAllowed when the viewer lacks `permission`; PreventUpdate before the first generation is published, so
    that every panel keeps saying that it is loading while the header says why.
    """
    viewer = current_viewer()
    scope = viewer.scope(permission)
    with services.sessions() as session:
        live = live_generation(session)
        if live is None:
            raise PreventUpdate
        yield Reading(services, session, viewer, scope, words_for(viewer.locale), live)


def clicking(permission: Permission) -> Viewer:
    """Return who clicked, inside a callback; PreventUpdate where nobody did: Dash also calls when a screen appears.

    Raises NotAllowed when the viewer lacks `permission`.
    """
    viewer = current_viewer()
    viewer.scope(permission)
    if not any(one["value"] for one in ctx.triggered):
        raise PreventUpdate
    return viewer
