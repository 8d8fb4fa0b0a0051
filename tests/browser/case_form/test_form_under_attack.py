"""Hostile data and a broken sidecar: the form stays whole, runs no script, and no personal data strays."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MARKUP = "\"><img src=x onerror='window.hacked=1'><script>window.hacked=1</script>${window.hacked=1}"
TEXTS = {"markup": MARKUP, "right to left": "\u202eמרא קובלסקי\u2066", "one long word": "W" * 120}
# What finds and orders documents; everything else that is text may be anything.
_KEPT = {"at", "status", "currency", "email", "login", "kind", "strategy"}
_ENDINGS = ("No", "Id", "Date", "Time", "Modified", "Status", "Since", "At", "Out", "On", "Code")


def spoiled(value, text, name=""):
    """A copy of a document with `text` in the place of every other text."""
    if isinstance(value, dict):
        return {key: spoiled(inner, text, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [spoiled(inner, text, name) for inner in value]
    kept = not isinstance(value, str) or name in _KEPT or name.endswith(_ENDINGS)
    return value if kept else text


def strangers(world):
    """Shoppers with orders whom no case of the demo speaks of; each has an address of their own."""
    state, taken = world._commerce.state, {seeded.identity.get("email") for seeded in world.cases}
    for customer in state.customers:
        orders = state.orders.find("customer", customer["customerId"])
        if customer.get("email") not in taken and len(orders) > 2:
            yield customer, orders


def opened(page, world, email):
    """The form of a new case of the contact with this address."""
    session = world._servicenow.instance.session("admin")
    contact = session.insert("customer_contact", {"first_name": "T", "last_name": "U", "email": email})
    values = {"short_description": "Question", "contact": contact["sys_id"]}
    case = session.insert(world.case_table, values)
    page.goto(f"{world._servicenow.url}/{world.case_table}.do?sys_id={case['sys_id']}")
    panel = page.locator("sfcc-c360")
    panel.scroll_into_view_if_needed()
    return panel


@pytest.fixture
def stranger(world):
    """One shopper nobody of these tests has looked at yet."""
    asked = {row["customer_no"] for row in _access_log(world)}
    return next(pair for pair in strangers(world) if pair[0]["customerNo"] not in asked)


def _access_log(world):
    return world._servicenow.instance.session("admin").query(f"{world.options.scope}_context_access", "")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_text_of_commerce_breaks_the_form(page, world, stranger, text):
    customer, orders = stranger
    state = world._commerce.state
    state.customers.save(spoiled(customer, text))
    for order in orders:
        state.orders.save(spoiled(order, text))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    panel = opened(page, world, customer["email"])
    panel.get_by_text(customer["customerNo"]).wait_for()
    panel.get_by_text("Updated just now").wait_for()
    assert page.evaluate("window.hacked") is None
    assert [url for url in asked if not url.startswith((world._servicenow.url, "data:"))] == []
    assert "\u202e" not in page.evaluate("document.querySelector('sfcc-c360').shadowRoot.textContent")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ANSWERS = {
    "an error page": (500, "<h1>Internal Server Error</h1>"),
    "a page with status 200": (200, "<html><script>window.hacked=1</script></html>"),
    "JSON cut off": (200, '{"v": 1, "customer": {'),
    "a list": (200, "[1, 2]"),
    "nothing": (200, ""),
    "a refusal": (401, '{"code": "unauthorized"}'),
    "too much": (200, json.dumps({"v": 1, "x": "y" * 3_000_000})),
}


@contextmanager
def sidecar_at(world, url):
    """The instance asks this address instead of the sidecar."""
    session = world._servicenow.instance.session("admin")
    (row,) = session.query("sys_properties", f"name={world.options.scope}.sidecar.url")
    session.update("sys_properties", row["sys_id"], {"value": url})
    try:
        yield
    finally:
        session.update("sys_properties", row["sys_id"], {"value": row["value"]})


@pytest.fixture
def impostor():
    """A server that answers every request as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = server.answer
            raw = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(server):
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_sidecar_that_answers_nonsense_costs_the_panel_only(page, world, impostor, answer, late):
    impostor.answer = answer
    with sidecar_at(world, address(impostor)):
        page.goto(world.form_url(world.case_of("registered")))
        panel = page.locator("sfcc-c360")
        panel.scroll_into_view_if_needed()
        panel.get_by_role("heading", name="Commerce data is not available").wait_for()
        panel.get_by_role("button", name="Try again").wait_for()
    assert page.evaluate("window.hacked") is None
    field = page.get_by_label("Short description")
    field.fill("still works")
    expect(field).to_have_value("still works")
    panel.get_by_role("button", name="Try again").click()
    panel.get_by_text(late).first.wait_for()


def test_a_sidecar_that_stops_while_the_form_is_open_is_said_so(page, world, impostor, late):
    page.goto(world.form_url(world.case_of("registered")))
    panel = page.locator("sfcc-c360")
    panel.scroll_into_view_if_needed()
    panel.get_by_text(late).first.wait_for()
    closed = address(impostor)
    impostor.server_close()
    with sidecar_at(world, closed):
        panel.get_by_role("button", name="Refresh").click()
        panel.get_by_text("What was loaded before stays").wait_for()
        assert panel.get_by_text(late).count()
        panel.get_by_role("button", name="Reveal e-mail").click()
        panel.get_by_text("The e-mail could not be shown").first.wait_for()


def test_servicenow_keeps_no_trace_of_a_person(page, world, stranger):
    customer, _ = stranger
    canaries = {
        "email": "canary.4d1@shop.example",
        "firstName": "Firstcanary",
        "lastName": "Lastcanary",
        "phoneMobile": "+49 151 4455667",
    }
    key = (customer["customerListId"], customer["customerNo"])
    world._commerce.state.customers.change(key, **canaries)
    panel = opened(page, world, canaries["email"])
    panel.get_by_role("heading", name="Lastcanary").wait_for()
    panel.get_by_role("button", name="Reveal e-mail").click()
    panel.get_by_text(canaries["email"]).wait_for()
    world._commerce.faults.add(status=500, body=json.dumps(canaries), times=2)
    try:
        with page.expect_response("**/xmlhttp.do"):
            panel.get_by_role("button", name="Refresh").click()
    finally:
        world._commerce.faults.clear()
    kept = [
        *world._servicenow.instance.session("admin").query("syslog", ""),
        *_access_log(world),
        *world._servicenow.requests,
        *world._commerce.requests,
    ]
    assert len(kept) > 3
    written = "\n".join(map(str, kept))
    assert [
        canary for canary in (*canaries.values(), "4455667", world._token.partition(".")[2]) if canary in written
    ] == []
