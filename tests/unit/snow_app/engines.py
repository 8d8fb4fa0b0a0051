"""One call of a server script under rhino and in the local ServiceNow, and what can be compared of both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sfcc_client.emulator.loopback import LoopbackServer
from snow_app.app import AppParameters, Facts, application, scoped_app
from snow_app.emulator.instance import Instance, Session
from snow_app.emulator.scripts import Place, ScriptEngine, attach
from snow_app.records import Registry

from .conftest import CASE_ID, LOG, SCOPE, Outcome, World

PERSON = "b" * 32
USER = "agent1"
PLACE = Place(table="sys_script_fix", sys_id="0" * 32, name="same results")
LEVELS = {"0": "info", "1": "warn", "2": "error"}
REMEMBERED = [f"{SCOPE}_{name}" for name in ("customer_no", "site_id", "order_no")]
# What the panel reads of a call, and what is sent besides the body.
HEADERS = ("Content-Type", "Accept", "X-Correlation-Id")
UNREACHABLE = "http://127.0.0.1:9"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What can be compared: moments, references and sys_ids of new records are left out or made the same."""

    answer: Any
    calls: list[dict[str, Any]]
    case: dict[str, str]
    notes: list[str]
    log: list[dict[str, str]]
    lines: list[str]


def settled(value: Any) -> Any:
    """References are made at random; a viewer is known to each engine under a sys_id of its own."""
    return json.loads(re.sub(r"c360-[0-9a-f]{12}", "c360-ref", json.dumps(value)))


def logged(row: dict[str, Any]) -> dict[str, str]:
    names = ("user", "action", "customer_no", "site_id", "case_table", "case_id", "field", "reason", "insight")
    return {name: str(row.get(name) or "") for name in (*names, "reference", "result")}


def under_rhino(outcome: Outcome, world: World, answered: int) -> Seen:
    """What happened in the stub's world; a call that nobody answers is one that nobody sees."""
    happened = outcome.happened
    changed = [(row, written) for table, row, written in happened["updated"] if table == "incident"]
    row = changed[-1][0] if changed else world.case
    calls = [
        {
            "path": urlsplit(sent["url"]).path,
            "headers": {name: sent["headers"].get(name) for name in HEADERS},
            "body": sent["body"],
        }
        for sent in happened["http"][:answered]
    ]
    return Seen(
        answer=settled(outcome.answer),
        calls=settled(calls),
        case={name: row[name] for name in REMEMBERED if row.get(name)},
        notes=[written["work_notes"] for _, written in changed if "work_notes" in written],
        log=settled([logged(one) for one in outcome.logged]),
        lines=settled(happened["log"]),
    )


@dataclass
class Sidecar:
    """Answers in turn what the world's sidecar answers, and keeps what was asked."""

    world: World
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        names = {name: "CONTENT_TYPE" if name == "Content-Type" else _variable(name) for name in HEADERS}
        headers = {name: environ.get(variable) for name, variable in names.items()}
        self.asked.append({"path": environ["PATH_INFO"], "headers": headers, "body": json.loads(body)})
        answer = self.world.answers.pop(0)
        sent = answer["text"] if "text" in answer else json.dumps(answer["body"])
        start(
            f"{answer['status']} X", [*answer.get("headers", {}).items(), ("Content-Length", str(len(sent.encode())))]
        )
        return [sent.encode()]


def _variable(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


def in_emulator(instance: Instance, world: World, call: tuple[Any, ...], parameters: dict[str, str]) -> Seen:
    """What happens on a new instance with the app, the case and the people of the world."""
    engine, sidecar = attach(instance), Sidecar(world)
    with LoopbackServer(sidecar) as server:
        admin = installed(instance, server.url if world.answers else UNREACHABLE, world)
        answer = called(engine, instance.session(USER), call, parameters)
        instance.run_pending()
    case = admin.get("incident", CASE_ID) or {}
    mine = [row for row in admin.query(LOG, "ORDERBYsys_created_on", acl=False) if row["user"]]
    return Seen(
        answer=settled(answer),
        calls=settled(sidecar.asked),
        case={name: case[name] for name in REMEMBERED if case[name]},
        notes=[row["value"] for row in admin.query("sys_journal_field", f"element_id={CASE_ID}", acl=False)],
        log=settled([logged(row) for row in mine]),
        lines=settled([f"{LEVELS[row['level']]} {row['message']}" for row in instance.records.all("syslog")]),
    )


def installed(instance: Instance, address: str, world: World) -> Session:
    """Put the app, the case, its contact and the agent there; the administrator's session."""
    admin = instance.session("admin")
    instance.records.update("sys_properties", _property(admin, "glide.appcreator.company.code"), {"value": "test"})
    instance.forget_properties()
    parameters = AppParameters(scope=SCOPE, sidecar_url=address, token_id="t", token_secret="s")
    (own,) = Registry(SCOPE, [application(parameters)]).rows()
    admin.insert("sys_app", {**own.values, **own.initial, "sys_id": own.sys_id})
    inside = admin.within(own.sys_id)
    for row in scoped_app(parameters, Facts(csm=False)).rows():
        inside.insert(row.table, {**row.values, **row.initial, **row.secret, "sys_id": row.sys_id}, acl=False)
    for name, value in world.properties.items():
        if not name.endswith("sidecar.url"):
            instance.records.update("sys_properties", _property(admin, name), {"value": value})
    instance.forget_properties()
    person = {"sys_id": USER, "user_name": USER, "active": "true", "preferred_language": "pt_BR"}
    instance.records.insert("sys_user", {**person, "time_zone": "Europe/Berlin"})
    for role in (*world.roles, "itil"):
        (known,) = admin.query("sys_user_role", f"name={role}", acl=False)
        admin.insert("sys_user_has_role", {"user": USER, "role": known["sys_id"], "state": "active"}, acl=False)
    admin.insert("sys_user", {"user_name": "contact", **world.contact}, acl=False)
    admin.insert("incident", {"short_description": "Late", **world.case}, acl=False)
    for row in world.log:
        admin.insert(LOG, row, acl=False, workflow=False)
    instance.run_pending()
    return admin


def _property(session: Session, name: str) -> str:
    (row,) = session.query("sys_properties", f"name={name}", acl=False)
    return row["sys_id"]


def called(engine: ScriptEngine, session: Session, call: tuple[Any, ...], parameters: dict[str, str]) -> Any:
    """As the panel calls a client-callable include, or as markup in the scope calls any other."""
    include, method, *arguments = call
    with engine.transaction(session, interactive=True) as transaction:
        if include == "ContextAjax":
            sent = {**parameters, "sysparm_name": method}
            return engine.client_call(transaction, f"{SCOPE}.{include}", sent)["answer"]
        given = ", ".join(_written(argument) for argument in arguments)
        source = f"JSON.stringify(new {include}().{method}({given}))"
        return json.loads(transaction.script(source, PLACE, SCOPE)["value"])


def _written(argument: Any) -> str:
    if not isinstance(argument, dict):
        return json.dumps(argument)
    table, sys_id = argument["$record"]
    return f"(function () {{ var one = new GlideRecord('{table}'); one.get('{sys_id}'); return one; }})()"
