"""What a wall moves over the wire, as Chromium counts it: compressed bytes with headers."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import CDPSession, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard.access.gate import CALLBACKS
from dashboard.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.settings import Settings

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AREAS = 300  # drawn areas from which the national map is there


@dataclass(frozen=True)
class Weight:
    """Bytes over the wire of a first load, a refresh and an idle refresh; bytes of JavaScript heap."""

    first: int
    refresh: int
    idle: int
    heap: int


class Scale:
    """Adds up what the network brings, headers included."""

    def __init__(self, page: Page) -> None:
        """Start counting on a page."""
        self.bytes: dict[str, int] = {}
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        # An answer of 304 whose body nobody reads never counts as finished: its headers are what it weighs.
        self.session.on("Network.responseReceived", lambda event: self._add(event, event["response"]))
        self.session.on("Network.loadingFinished", lambda event: self._add(event, event))

    def _add(self, event: dict[str, Any], weighed: dict[str, Any]) -> None:
        self.bytes[event["requestId"]] = int(weighed["encodedDataLength"])

    def reading(self) -> list[int]:
        """Return the bytes of each answer since the last reading."""
        read, self.bytes = list(self.bytes.values()), {}
        return read


def weigh_wall(settings: Settings, token: str, publish: Callable[[], None]) -> Weight:
    """Open the wall in Chromium and weigh it; `publish` makes a new generation go live while it is open."""
    settings = settings.model_copy(update={"clock_seconds": 2})
    server = make_server("127.0.0.1", 0, create_app(settings).server, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        return _weigh(f"http://127.0.0.1:{server.server_port}", token, publish)
    finally:
        server.shutdown()
        thread.join()


def _weigh(base: str, token: str, publish: Callable[[], None]) -> Weight:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        scale = Scale(page)
        page.goto(f"{base}/wall/{token}")
        page.locator(".leaflet-interactive").nth(AREAS).wait_for(state="attached", timeout=60_000)
        page.locator(".main-svg").first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        first = sum(scale.reading())
        _one_clock(page)  # the first has no ETag to compare yet
        scale.reading()
        _one_clock(page)
        idle = max(scale.reading())
        with page.expect_response(lambda answer: CALLBACKS in answer.url, timeout=600_000):
            publish()
            scale.reading()
        page.wait_for_load_state("networkidle")
        refresh = sum(scale.reading())
        scale.session.send("HeapProfiler.collectGarbage")
        heap = int(scale.session.send("Runtime.getHeapUsage")["usedSize"])
        browser.close()
    return Weight(first, refresh, idle, heap)


def _one_clock(page: Page) -> None:
    """Wait for one answer of the clock."""
    with page.expect_response(lambda answer: answer.url.endswith("/clock")):
        pass


class Quiet(WSGIRequestHandler):
    """A handler that keeps its requests to itself."""

    def log_request(self, *_: object, **__: object) -> None:
        """Say nothing."""
