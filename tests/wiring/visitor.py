"""Somebody at a browser without a browser: signs in, opens pages, and runs callbacks as Dash's own script would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dashboard.access.gate import CALLBACKS, CSRF_COOKIE, CSRF_HEADER
from tests.builders import PASSWORD

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from dashboard.access.viewer import Viewer

BROWSER = {"Accept": "text/html"}


@dataclass(frozen=True)
class Visitor:
    """One browser: `client` keeps its cookies, `known` maps each output to what /_dash-dependencies says of it."""

    client: FlaskClient
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sign_in(self, person: Viewer) -> None:
        """Type name and password into the form, then open a page as a browser does."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.open("/sign-in").text)
        assert token
        sent = {"username": person.name, "password": PASSWORD, "csrf_token": token[1]}
        assert self.client.post("/sign-in", data=sent).status_code == 303
        self.start("/overview")

    def start(self, path: str) -> None:
        """Open a page and learn its callbacks."""
        assert self.open(path).status_code in {200, 302}
        self.open("/overview")
        self.known.update({one["output"]: one for one in self.client.get("/_dash-dependencies").get_json()})

    def open(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers=BROWSER)

    def on_server(self) -> list[str]:
        """Return the outputs of the callbacks that run on the server."""
        return [output for output, one in self.known.items() if not one["clientside_function"]]

    def post(self, body: dict[str, Any], **headers: str) -> TestResponse:
        """Send a callback's request with the CSRF token that the page was given."""
        token = self.client.get_cookie(CSRF_COOKIE)
        given = {CSRF_HEADER: token.value} if token else {}
        return self.client.post(CALLBACKS, json=body, headers=given | headers)

    def run(self, output: str, **values: object) -> TestResponse:
        """Run the callback with `output`; values are given by id and property, riskmap__layer__n_clicks=1."""
        return self.post(request_of(self.known[output], values))

    def listening(self, component: str) -> list[str]:
        """Return the outputs of the server's callbacks that a component sets off."""
        known = ((output, self.known[output]["inputs"]) for output in self.on_server())
        return [output for output, inputs in known if component in {one["id"] for one in inputs}]

    def writing(self, component: str) -> str:
        """Return the output of the callback that writes to a component."""
        (output,) = [output for output in self.on_server() if re.search(rf"(^|\.){re.escape(component)}\.", output)]
        return output


def request_of(callback: dict[str, Any], values: dict[str, object]) -> dict[str, Any]:
    """Return the body that Dash's script sends."""

    def given(one: dict[str, str]) -> dict[str, object]:
        return {**one, "value": values.get(f"{one['id']}.{one['property']}")}

    output = callback["output"]
    texts = output[2:-2].split("...") if output.startswith("..") else [output]
    outputs = [dict(zip(("id", "property"), text.rsplit(".", 1), strict=True)) for text in texts]
    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [given(one) for one in callback["inputs"]],
        "state": [given(one) for one in callback["state"]],
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in callback["inputs"]],
    }
