"""The server scripts, asked the same under rhino and in the local ServiceNow, give the same results, make the same
calls, write the same records and log the same lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from snow_app.emulator.bootstrap import image
from snow_app.emulator.instance import Instance
from snow_app.emulator.scripts import attach
from snow_app.emulator.scripts.errors import ScriptFailed
from snow_app.emulator.store import Store

from .conftest import CASE_ID, SCOPE, World
from .engines import PERSON, PLACE, in_emulator, under_rhino

pytestmark = pytest.mark.rhino


@pytest.fixture
def instance() -> Iterator[Instance]:
    made = Instance(Store(image=image(False)))
    yield made
    made.close()


def served(body: Any, status: int = 200, **headers: str) -> dict[str, Any]:
    return {"status": status, "body": body, "headers": headers}


MATCHED = {
    "customer": {"match": "one"},
    "sections": {
        "profile": {"data": {"customer_no": "00004711", "site": {"id": "RefArchDE"}}},
        "insights": {"data": [{"id": "late_order"}, {"id": "cart_at_risk"}]},
    },
}
MANY = {"customer": {"match": "many", "candidates": [{"customer_no": "7", "site": {"id": "FR"}}]}, "sections": {}}
GUEST = {"customer": {"match": "guest"}, "sections": {}}
REVEALED = {"field": "email", "value": "ü@example.com", "expires_in_s": 60, "customer_no": "1", "site_id": "FR"}
LINK = {"url": "https://sidecar.test/panel?t=x", "expires_in_s": 60}
DISMISSED = {"case_id": CASE_ID, "action": "dismiss", "insight": "late_order"}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is called, what the sidecar answers, and what is different in the world."""

    call: tuple[Any, ...]
    answers: tuple[dict[str, Any], ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    change: Callable[[World], None] = lambda world: None


def ajax(operation: str, *answers: dict[str, Any], change: Any = lambda world: None, **parameters: str) -> Scenario:
    named = {"table": "incident", "sys_id": CASE_ID, **parameters}
    return Scenario(
        call=("ContextAjax", operation),
        answers=answers,
        parameters={f"sysparm_{name}": value for name, value in named.items()},
        change=change,
    )


def remembers(world: World) -> None:
    world.case |= {f"{SCOPE}_customer_no": "42", f"{SCOPE}_site_id": "FR", f"{SCOPE}_order_no": "0009"}


SCENARIOS = {
    "summary": ajax("summary", served(MATCHED)),
    "summary of a remembered customer": ajax("summary", served(MATCHED), change=remembers),
    "dismissed insights": ajax("summary", served(MATCHED), change=lambda world: world.log.append(dict(DISMISSED))),
    "no contact": ajax("summary", served(GUEST), change=lambda world: world.case.pop("caller_id")),
    "no address": ajax("summary", served(GUEST), change=lambda world: world.contact.update(email="two@@example.com")),
    "live": ajax("live", served(MATCHED), sections="orders,cart", cursor="next-page", change=remembers),
    "reveal": ajax("reveal", served(REVEALED), field="email", reason="Rückruf"),
    "reveal refused": ajax("reveal", served({"code": "x", "ref": "c360-77"}, 403), field="phone"),
    "reveal without reason": ajax(
        "reveal",
        field="email",
        change=lambda world: world.properties.update({f"{SCOPE}.panel.reveal_reason_required": "true"}),
    ),
    "choose": ajax("choose", served(MANY), served(MATCHED), customer_no="7", site_id="FR"),
    "choose a stranger": ajax("choose", served(MANY), customer_no="8", site_id="FR"),
    "search": ajax("search", served(GUEST), order_no="0009"),
    "note": ajax("note", order_no="0009", text='Order 0009 is late.\n"Ünïcode" ✓'),
    "note too long": ajax("note", text="x" * 4001),
    "dismiss": ajax("dismiss", insight="late_order"),
    "no role": ajax("summary", change=lambda world: world.roles.clear()),
    "two roles": ajax(
        "summary", served(GUEST), change=lambda world: world.roles.extend([f"{SCOPE}.lead", f"{SCOPE}.auditor"])
    ),
    "switched off": ajax("summary", change=lambda world: world.properties.update({f"{SCOPE}.panel.enabled": "false"})),
    "unknown case": ajax("summary", sys_id="d" * 32),
    "other table": ajax("summary", table="sys_user"),
    "hostile table": ajax("summary", table="incident^x"),
    "unreachable": ajax("live"),
    "not signed in": ajax("live", served({}, 401)),
    "busy": ajax("live", served({}, 429, **{"Retry-After": "20"})),
    "broken": ajax("live", {"status": 503, "text": "<html>ü@example.com</html>"}),
    "refused": ajax("live", served({"detail": "ü@example.com"}, 422)),
    "no JSON": ajax("live", {"status": 200, "text": "<html>ü@example.com</html>"}),
    "no object": ajax("live", {"status": 200, "text": "7"}),
    "form": Scenario(call=("ContextMacro", "config", {"$record": ["incident", CASE_ID]})),
    "form without role": Scenario(
        call=("ContextMacro", "config", {"$record": ["incident", CASE_ID]}), change=lambda world: world.roles.clear()
    ),
    "link": Scenario(call=("ContextMacro", "link", "incident", CASE_ID), answers=(served(LINK, 201),)),
    "hostile link": Scenario(
        call=("ContextMacro", "link", "incident", CASE_ID), answers=(served({"url": "javascript:alert(1)"}, 201),)
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_both_engines_do_the_same(world, rhino, instance, name):
    scenario = SCENARIOS[name]
    world.case["caller_id"] = world.contact["sys_id"] = PERSON
    scenario.change(world)
    world.answers = [dict(answer) for answer in scenario.answers]
    by_rhino = under_rhino(rhino(*scenario.call, **scenario.parameters), world, len(scenario.answers))
    world.answers = [dict(answer) for answer in scenario.answers]
    assert in_emulator(instance, world, scenario.call, scenario.parameters) == by_rhino
    assert by_rhino.answer


# The line, and what each engine says of it.
PLANTED = {
    "gs.log('x');": ("Cannot find function log", "log"),
    "new GlideRecord('incident').inser();": ("Cannot find function inser", "TypeError"),
    "alert('x');": ('"alert" is not defined', "alert"),
}


@pytest.mark.parametrize("line", PLANTED)
def test_both_engines_refuse_what_the_platform_lacks(world, rhino, scripts, instance, tmp_path, line):
    by_rhino, in_snow = PLANTED[line]
    path = tmp_path / "Planted.js"
    path.write_text(f"var Planted = function () {{}}; Planted.prototype.run = function () {{ {line} }};")
    scripts.append(str(path))
    try:
        with pytest.raises(AssertionError, match=by_rhino):
            rhino("Planted", "run")
    finally:
        scripts.pop()
    engine, admin = attach(instance), instance.session("admin")
    with engine.transaction(admin) as transaction, pytest.raises(ScriptFailed, match=in_snow):
        transaction.script(line, PLACE, SCOPE)
