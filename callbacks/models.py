"""The wiring of the models screen: one refresh, the editor with its preview, proposals and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from dash import Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.actions.index_models import DecideModel, ProposeModel, Verdict, decide_model, propose_model
from dashboard.clock import now
from dashboard.errors import Invalid, NotFound, SmokeError
from dashboard.figures.theme import Look
from dashboard.i18n import N_
from dashboard.queries import performance
from dashboard.queries.index_models import model_of, model_text, model_versions, version_in_force
from dashboard.queries.preview import numbers_of, preview
from dashboard.services import reading
from etl.index.draft import differences, moved, written
from layouts import models, models_card, models_editor, models_measures, shell
from layouts import models_versions as versions
from layouts.panels import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.queries.index_models import VersionRow
    from dashboard.services import Reading, Services
    from etl.index.model import Model

LIST = {
    "card": Output(models.CARD, "children", allow_duplicate=True),
    "list": Output(versions.LIST, "children", allow_duplicate=True),
    "pending": Output(versions.PENDING, "options", allow_duplicate=True),
    "chosen": Output(versions.PENDING, "value", allow_duplicate=True),
    "name": Output(models_editor.VERSION, "value", allow_duplicate=True),
    **{
        part: Output(part, "hidden", allow_duplicate=True)
        for part in (versions.DECIDE, versions.APPROVE, versions.REJECT, versions.WITHDRAW)
    },
}
"""What a proposal or a decision changes at once; the clock's refresh changes it for everybody else."""
SCREEN = {
    "learned": Output(models.LEARNED, "children"),
    "good": Output(models.GOOD, "children"),
    "precision": Output(models.PRECISION, "children"),
    "recall": Output(models.RECALL, "children"),
    "reliability": Output(models.RELIABILITY, "children"),
    "drift": Output(models.DRIFT, "children"),
    "cuts": {cut: Output(component, "children") for cut, component in models.CUT.items()},
    "base": Output(models.BASE, "data"),
    "form": Output(models_editor.FORM, "hidden"),
    "versions": {name: Output(output.component_id, output.component_property) for name, output in LIST.items()},
}
UNFIT = N_("Thresholds must descend from red to yellow, and the weights of each risk type must sum to 1")
VERDICTS = dict(zip((versions.APPROVE, versions.REJECT, versions.WITHDRAW), get_args(Verdict), strict=True))
ID_DIGITS = 9  # of a revision: no version is decided more often


def values(kind: type[Input | State | Output]) -> dict[str, Any]:
    """Return the editor's numbers as a callback's inputs, state or outputs."""
    parts = {"thresholds": models_editor.THRESHOLDS, "weights": models_editor.WEIGHTS}
    return {part: {name: kind(one, "value") for name, one in ids.items()} for part, ids in parts.items()}


def register(app: Dash, services: Services) -> None:
    """Wire the screen of one application."""
    _register_trial(app, services)
    _register_versions(app, services)

    @app.callback(
        output=SCREEN,
        inputs={"_moved": Input(shell.CLOCK, "data"), "display": Input(shell.DISPLAY, "data")},
        state={"base": State(models.BASE, "data"), "name": State(models_editor.VERSION, "value")},
    )
    def refresh_models(_moved: object, display: dict[str, Any] | None, base: object, name: object) -> dict[str, Any]:
        with reading(services, Permission.MODEL_READ) as read:
            return _model(read, base, name) | _measures(read, Look.of(display))


def _register_trial(app: Dash, services: Services) -> None:
    """Wire the editor and its preview."""

    @app.callback(
        output=values(Output),
        inputs={
            "base": Input(models.BASE, "data"),
            "_reset": Input(models_editor.RESET, "n_clicks"),
            "_rebalance": Input(models_editor.REBALANCE, "n_clicks"),
        },
        state={"given": values(State)},
    )
    def refresh_editor(base: Any, given: dict[str, Any], **_clicks: object) -> dict[str, Any]:  # noqa: ANN401 - a store
        if not models_editor.is_ground(base):
            raise PreventUpdate
        if ctx.triggered_id != models_editor.REBALANCE:
            return {"thresholds": base["thresholds"], "weights": models_editor.flat(base["weights"])}
        return {
            "thresholds": given["thresholds"],
            "weights": models_editor.flat(models_editor.even(base["weights"], given["weights"])),
        }

    @app.callback(
        output={"result": Output(models_editor.RESULT, "children"), "sums": Output(models_editor.SUMS, "children")},
        inputs={"given": values(Input), "base": Input(models.BASE, "data")},
    )
    def refresh_preview(given: dict[str, Any], base: dict[str, Any] | None) -> dict[str, Any]:
        if not base or all(value is None for value in given["thresholds"].values()):
            raise PreventUpdate
        with reading(services, Permission.MODEL_READ) as read:
            sums = models_editor.sums(models_editor.deep(given["weights"]), read.words)
            return {"result": _tried(read, given), "sums": sums}


def _register_versions(app: Dash, services: Services) -> None:
    """Wire the forms that propose and decide."""

    @app.callback(
        output={"said": Output(models_editor.SAID, "children"), "list": LIST},
        inputs={"clicks": Input(models_editor.PROPOSE, "n_clicks")},
        state={
            "given": values(State),
            "name": State(models_editor.VERSION, "value"),
            "note": State(models_editor.NOTE, "value"),
        },
        prevent_initial_call=True,
    )
    def submit_proposal(clicks: int | None, given: dict[str, Any], name: object, note: object) -> dict[str, Any]:
        if not clicks:
            raise PreventUpdate
        with reading(services, Permission.MODEL_READ) as read:
            return _proposed(read, given, str(name or "").strip(), str(note or ""))

    @app.callback(
        output={"said": Output(versions.DECIDED, "children"), "list": LIST},
        inputs={"clicks": {button: Input(button, "n_clicks") for button in VERDICTS}},
        state={"chosen": State(versions.PENDING, "value"), "reason": State(versions.REASON, "value")},
        prevent_initial_call=True,
    )
    def submit_decision(clicks: dict[str, int | None], chosen: object, reason: object) -> dict[str, Any]:
        if not any(clicks.values()) or ctx.triggered_id not in VERDICTS:
            raise PreventUpdate
        with reading(services, Permission.MODEL_READ) as read:
            return _decided(read, VERDICTS[ctx.triggered_id], str(chosen or ""), str(reason or ""))


def _model(read: Reading, base: object, name: object) -> dict[str, Any]:
    """Return the card, the editor's ground and the versions; the ground is sent only when it is another one."""
    live = _live(read)
    rows = model_versions(read.session, read.viewer, versions.MOST)
    ground: dict[str, Any] = {"version": read.live.model_version, "thresholds": {}, "weights": {}}
    if not isinstance(live, str):
        force = _in_force(read, live)
        ground = {
            "version": force.version,
            "thresholds": force.thresholds.model_dump(),
            "weights": force.weights,
        }
    return {
        "base": no_update if base == ground else ground,
        "form": not _may(read, Permission.MODEL_PROPOSE),
        "versions": _list(read, live, rows, name),
    }


def _card(read: Reading, live: Model | str, rows: Sequence[VersionRow]) -> Component | list[Component]:
    if isinstance(live, str):
        return state("error", live)
    row = next((row for row in rows if row.version == live.version), None)
    force = version_in_force(read.session, read.viewer)
    return models_card.card(live, row, force, read.words, read.services.settings.timezone)


def _measures(read: Reading, look: Look) -> dict[str, Any]:
    """Return everything that says how good the index and the learned model were found to be."""
    words, rows = read.words, read.rows
    return {
        **models_measures.measures(rows(performance.measures), words, look),
        "learned": models_measures.learned(rows(performance.learned_model), words, look),
        "reliability": models_measures.reliability(rows(performance.reliability), words, look),
        "drift": models_measures.drift(rows(performance.drift), words, look),
    }


def _live(read: Reading) -> Model | str:
    """Return the live generation's model, or the sentence that says why it cannot be read."""
    try:
        return _model_of(read, read.live.model_version)
    except NotFound:
        return read.words("The live generation's model is not among the versions that are known")
    except SmokeError:
        return read.words("The live generation's model cannot be read by this program version")


def _model_of(read: Reading, version: str) -> Model:
    return model_of(read.session, read.viewer, version, read.services.settings.model_file)


def _in_force(read: Reading, live: Model) -> Model:
    """Return what a proposal changes: what was approved last, which the next run computes with, else the live one."""
    try:
        return _model_of(read, version_in_force(read.session, read.viewer) or live.version)
    except SmokeError:  # approved under another program version, which no run of this one can compute with either
        return live


def _list(read: Reading, live: Model | str, rows: Sequence[VersionRow], name: object) -> dict[str, Any]:
    """Return the versions with their differences, and what of the decision's form the viewer may see."""
    changed: dict[str, versions.Differences | None] = {}
    for row in rows:
        try:
            changed[row.version] = differences(_model_of(read, row.based_on), _model_of(read, row.version))
        except SmokeError:
            changed[row.version] = None
    folder = read.services.settings.model_file.parent
    taken = [read.live.model_version, *(row.version for row in rows), *(file.stem for file in folder.glob("*.toml"))]
    pending = versions.choices(rows)
    hidden = versions.may_decide(
        read.viewer, rows, approves=_may(read, Permission.MODEL_APPROVE), proposes=_may(read, Permission.MODEL_PROPOSE)
    )
    return {
        "card": _card(read, live, rows),
        "list": versions.version_table(rows, changed, read.words, read.services.settings.timezone),
        "pending": pending,
        "chosen": pending[0]["value"] if pending else None,
        "name": name if name and name not in taken else versions.suggested(read.live.model_version, taken),
        **hidden,
    }


def _may(read: Reading, permission: Permission) -> bool:
    """Return whether the viewer may do something for the whole installation."""
    return read.viewer.may(permission) and read.scope.covers(read.services.settings.home_region)


def _draft(read: Reading, given: dict[str, Any]) -> tuple[Model, Model]:
    """Return the live model, and what the editor's numbers make of that in force; SmokeError when there is none."""
    live = _live(read)
    if isinstance(live, str):
        raise NotFound(live)
    try:
        return live, moved(_in_force(read, live), given["thresholds"], models_editor.deep(given["weights"]))
    except Invalid as error:
        raise Invalid(UNFIT) from error


def _tried(read: Reading, given: dict[str, Any]) -> Component | list[Component]:
    words = read.words
    try:
        live, draft = _draft(read, given)
    except SmokeError as refusal:
        return models_editor.unfit(words(str(refusal)))
    try:
        found = read.of_population(preview, numbers_of(draft, live))
    except NotFound:
        return state("none", words("The scores of this generation are not at hand"))
    return models_editor.result(found, words)


def _proposed(read: Reading, given: dict[str, Any], name: str, note: str) -> dict[str, Any]:
    """Write the proposal and return what is said, with the list as it stands then."""
    words, settings = read.words, read.services.settings
    try:
        _, draft = _draft(read, given)
        base = draft.version
        if not differences(_model_of(read, base), draft):
            raise Invalid(N_("Nothing was moved: these are the numbers of the version in force"))
        text = model_text(read.session, read.viewer, base, settings.model_file)
        wanted = draft.model_copy(update={"version": name})
        command = ProposeModel(name, base, written(text, wanted, settings.model_file.parent), note)
        propose_model(read.session, read.viewer, command, settings.model_file, settings.home_region, now())
        said = words("%(version)s is proposed; a second person decides", version=name)
    except SmokeError as refusal:
        return {"said": words(str(refusal)), "list": dict.fromkeys(LIST, no_update)}
    return {"said": said, "list": _again(read)}


def _decided(read: Reading, verdict: Verdict, chosen: str, reason: str) -> dict[str, Any]:
    """Write the decision and return what is said, with the list as it stands then."""
    words = read.words
    version, _, revision = chosen.rpartition("@")
    try:
        command = DecideModel(
            version, int(revision) if revision.isdecimal() and len(revision) <= ID_DIGITS else 0, verdict, reason
        )
        decide_model(read.session, read.viewer, command, read.services.settings.home_region, now())
        said = f"{version}: {versions.state_words(verdict, words)}"
    except SmokeError as refusal:
        return {"said": words(str(refusal)), "list": _again(read)}
    return {"said": said, "list": _again(read)}


def _again(read: Reading) -> dict[str, Any]:
    return _list(read, _live(read), model_versions(read.session, read.viewer, versions.MOST), None)
