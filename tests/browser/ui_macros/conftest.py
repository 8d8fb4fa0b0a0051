"""A stage for the panel: one browser, one loopback site with both host pages, and scripted answers.

`stage.frame(state)` opens the sidecar's iframe page, `stage.form(state)` a Core UI case form with the real Prototype
and Bootstrap. Both get their data from `fixtures/<state>.json`. When a test ends, the stage fails it if the page logged
an error or asked anything but the loopback.
"""

from __future__ import annotations

import copy
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import quoteattr

import pytest
from jinja2 import Environment
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

import ui_macros
from sfcc_client.emulator.loopback import LoopbackServer

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node_modules"
CHROMIUM = Path("/usr/bin/chromium")
PROTOTYPE = Path("/usr/share/javascript/prototype/prototype.js")
NOW = "2026-11-22T10:15:02Z"
SCOPE = "x_acme_sfcc"
CASE = "a" * 32
WIDE, TALL = 1240, 900
SECTIONS = ("profile", "insights", "kpis", "orders", "cart", "loyalty", "activity")
_NEEDED = (CHROMIUM, PROTOTYPE, NODE_MODULES / "axe-core", NODE_MODULES / "bootstrap")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
)
POLICY = (
    "default-src 'none'; script-src 'nonce-test'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors {ancestors}"
)


# ---- states ----


def merged(document: Any, change: Any) -> Any:
    """A JSON merge patch applied (RFC 7396)."""
    if not isinstance(change, dict):
        return copy.deepcopy(change)
    known = dict(document) if isinstance(document, dict) else {}
    for name, value in change.items():
        if value is None:
            known.pop(name, None)
        else:
            known[name] = merged(known.get(name), value)
    return known


@dataclass(frozen=True, kw_only=True)
class State:
    """One fixture: an envelope, the words to see and not to see, and how the server answers."""

    name: str
    envelope: dict[str, Any]
    expect: list[str]
    absent: list[str]
    answers: dict[str, Any]
    host: str
    boot: bool


@cache
def state(name: str) -> State:
    document = json.loads((HERE / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))
    envelope = document.get("envelope") or state(document["like"]).envelope
    return State(
        name=name,
        envelope=merged(envelope, document.get("change", {})),
        expect=document["expect"],
        absent=document.get("absent", []),
        answers=document.get("answers", {}),
        host=document.get("host", "frame"),
        boot=document.get("boot", True),
    )


STATES = sorted(path.stem for path in (HERE / "fixtures").glob("*.json"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `state_name` runs once for every fixture file."""
    if "state_name" in metafunc.fixturenames:
        metafunc.parametrize("state_name", STATES)


# ---- the server ----


@dataclass(kw_only=True)
class Desk:
    """What the server answers, by operation, and what it was asked.

    An answer is ``{"body": …}``, ``{"status": 500}``, ``{"text": "<malformed>"}`` or ``"never"``; a list answers one
    call after the other, its last entry for good.
    """

    envelope: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def operations(self) -> list[str]:
        return [operation for operation, _, _ in self.asked]

    def answer(self, operation: str, params: dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
        self.asked.append((operation, params, headers))
        planned = self.answers.get(operation, {"body": self._usual(operation)})
        if isinstance(planned, list):
            planned = planned.pop(0) if len(planned) > 1 else planned[0]
        if planned == "never":
            self.over.wait(30)
            return 503, ""
        return planned.get("status", 200), planned.get("text", json.dumps(planned.get("body", {})))

    def _usual(self, operation: str) -> dict[str, Any]:
        if operation in ("note", "dismiss"):
            return {"ok": True}
        return self.envelope


class Site:
    """The WSGI application: host pages, assets and the two ways to the data. One scenario at a time."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.pages: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        self.assets = {
            "/assets/panel.js": (ui_macros.text("panel.js"), "text/javascript; charset=utf-8"),
            "/assets/embed.css": (ui_macros.text("embed.css"), "text/css; charset=utf-8"),
            "/prototype.js": (PROTOTYPE.read_text(encoding="utf-8"), "text/javascript; charset=utf-8"),
            "/bootstrap.css": (_node("bootstrap/dist/css/bootstrap.min.css"), "text/css"),
            "/glide.js": ((HERE / "harness" / "glide.js").read_text(encoding="utf-8"), "text/javascript"),
            "/hostile.css": ((HERE / "harness" / "hostile.css").read_text(encoding="utf-8"), "text/css"),
            f"/{SCOPE}.panel.jsdbx": (ui_macros.text("panel.js"), "text/javascript; charset=utf-8"),
        }

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        sent = {name[5:].lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
        if path == "/xmlhttp.do":
            params = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            status, text = self.desk.answer(params["sysparm_name"], params, sent)
            answer = f'<?xml version="1.0" encoding="UTF-8"?><xml answer={quoteattr(text)} sysparm_max="15"/>'
            return _respond(start, status, answer, "text/xml; charset=utf-8")
        if path.startswith("/panel/"):
            status, text = self.desk.answer(path.removeprefix("/panel/"), json.loads(body), sent)
            return _respond(start, status, text, "application/json")
        if path in self.assets:
            return _respond(start, 200, *self.assets[path])
        if path == "/favicon.ico":
            return _respond(start, 204, "", "image/x-icon")
        html, headers = self.pages[path]
        return _respond(start, 200, html, "text/html; charset=utf-8", headers)


def _respond(
    start: Any, status: int, text: str, kind: str, headers: list[tuple[str, str]] | None = None
) -> list[bytes]:
    start(f"{status} Status", [("Content-Type", kind), *(headers or [])])
    return [text.encode()]


def _node(path: str) -> str:
    return (NODE_MODULES / path).read_text(encoding="utf-8")


# ---- the pages ----


def frame_html(envelope: dict[str, Any] | None, theme: str, **boot: Any) -> str:
    """The sidecar's page, rendered from the shipped template."""
    data = {"token": "page-token", "locale": "en-IE", "tz": "Europe/Berlin", **boot}
    if envelope is not None:
        data["envelope"] = envelope
    template = Environment(autoescape=True).from_string(ui_macros.text("embed.html"))
    return template.render(lang="en", theme=theme, title="Commerce customer", nonce="test", assets="/assets", boot=data)


def macro_html(config: dict[str, str]) -> str:
    """The shipped Jelly macro as phase 2 would print it for `config`."""
    root = etree.fromstring(ui_macros.text("case_panel.xml").encode())
    parts: list[str] = []
    for node in root.find("{null}if"):
        if node.tag == "{glide}requires":
            parts.append(f'<script src="/{node.get("name")}?{_filled(node.get("params"), config)}"></script>')
        else:
            etree.cleanup_namespaces(node)
            parts.append(_filled(etree.tostring(node, encoding="unicode", method="html", with_tail=False), config))
    return "".join(parts)


def _filled(text: str, config: dict[str, str]) -> str:
    text = text.replace("$[gs.getMessage('Loading commerce data')]", "Loading commerce data")
    for name, value in config.items():
        text = text.replace(f"$[jvar_c360.{name}]", value)
    assert "$[" not in text, text
    return text


def form_html(*, theme: str = "light", before: str = "", head: str = "", macros: int = 1, **config: str) -> str:
    """A Core UI form with the macro in it: Prototype and Bootstrap first, the load events after everything."""
    known = {"case_id": CASE, "table": "sn_customerservice_case", "locale": "en-IE", "tz": "Europe/Berlin", "rev": "1"}
    dark = '<link rel="stylesheet" href="/assets/embed.css">' if theme == "dark" else ""
    return (
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Case</title>'
        f'<link rel="stylesheet" href="/bootstrap.css">{dark}{head}<script src="/prototype.js"></script>'
        '<script src="/glide.js"></script></head><body><main class="container-fluid"><h1>Case CS0010234</h1>'
        f'<label>Contact <input id="contact" value="Mara"></label>{before}'
        f"{macro_html({**known, **config}) * macros}<p id='below'>Activities of the case</p></main></body></html>"
    )


# ---- the stage ----


@dataclass
class Stage:
    """Opens pages for one test and watches them."""

    site: Site
    url: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    expected_errors: tuple[str, ...] = ()

    @property
    def desk(self) -> Desk:
        return self.site.desk

    def open(self, name: str, **how: Any) -> Page:
        """The state on the host its fixture names."""
        return self.form(name, **how) if state(name).host == "form" else self.frame(name, **how)

    def frame(
        self, name: str = "ok", *, answers: dict[str, Any] | None = None, boot: dict[str, Any] | None = None, **how: Any
    ) -> Page:
        """The iframe's page, opened by itself."""
        self.plan(name, answers)
        self.serve_frame(name, theme=how.pop("theme", "light"), **(boot or {}))
        return self.shown(self.url + "/page?t=link-token", **how)

    def serve_frame(self, name: str, *, theme: str = "light", ancestors: str = "'self'", **boot: Any) -> None:
        found = state(name)
        html = frame_html(found.envelope if found.boot else None, theme, **boot)
        self.site.pages["/page"] = (html, [("Content-Security-Policy", POLICY.format(ancestors=ancestors))])

    def form(
        self,
        name: str = "ok",
        *,
        loaded: bool = True,
        answers: dict[str, Any] | None = None,
        page: dict[str, Any] | None = None,
        **how: Any,
    ) -> Page:
        """A case form; with `loaded` False the platform's load events and g_form are still to come."""
        self.plan(name, answers)
        html = form_html(**{"theme": how.pop("theme", "light"), **(page or {})})
        self.site.pages["/case.do"] = (html, [])
        shown = self.shown(self.url + "/case.do", **how)
        if loaded:
            shown.evaluate("makeForm(); finishLoading()")
        return shown

    def plan(self, name: str, answers: dict[str, Any] | None = None) -> None:
        """From now on the server answers as the state says, or as `answers` does for some operations."""
        self.site.desk.over.set()
        found = state(name)
        self.site.desk = Desk(envelope=found.envelope, answers={**copy.deepcopy(found.answers), **(answers or {})})

    def context(self, **options: Any) -> BrowserContext:
        """A fresh browser profile that is watched; `options` as Playwright's."""
        usual = {"locale": "en-IE", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
        context = self.browser.new_context(**{**usual, **options})
        context.set_default_timeout(8000)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", self._requested)
        self.contexts.append(context)
        return context

    def shown(self, url: str, *, width: int = WIDE, now: str | None = NOW, init: str = "", **options: Any) -> Page:
        context = self.context(viewport={"width": width, "height": TALL}, **options)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        if now:
            page.clock.install(time=now)
        page.goto(url)
        page.locator("sfcc-c360 h2, sfcc-c360 h3").first.wait_for(state="attached")
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused answer is logged by the browser itself; that it is handled is what the tests look at.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def _requested(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost", None) and not request.url.startswith(
            "data:"
        ):
            self.foreign.append(request.url)

    def close(self) -> None:
        self.desk.over.set()
        for context in self.contexts:
            context.close()
        assert self.foreign == []
        assert [error for error in self.errors if not error.startswith(self.expected_errors or ("\0",))] == []


def _words(page: Page) -> str:
    """What the panel says: its text as an agent sees it, white space as single spaces."""
    return " ".join(page.locator("sfcc-c360 .panel").first.inner_text().split())


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    missing = [str(path) for path in _NEEDED if not path.exists()]
    if missing:
        if os.environ.get("SFCC_SNOW_NO_BROWSER") == "1":
            pytest.skip(f"SFCC_SNOW_NO_BROWSER=1, and there is no {missing[0]}")
        pytest.fail(f"the browser tests need {', '.join(missing)}: `make test` installs them", pytrace=False)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    launched = _playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_FLAGS))
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def _server(_playwright: Playwright) -> Iterator[tuple[Site, str]]:
    site = Site()
    with LoopbackServer(site) as server:
        yield site, server.url


@pytest.fixture
def stage(browser: Browser, _server: tuple[Site, str]) -> Iterator[Stage]:
    site, url = _server
    opened = Stage(site=site, url=url, browser=browser)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return _node("axe-core/axe.min.js")


@pytest.fixture(scope="session")
def state_of() -> Callable[[str], State]:
    """The fixture of a state, by name."""
    return state


@pytest.fixture(scope="session")
def words() -> Callable[[Page], str]:
    """What the panel of a page says."""
    return _words
