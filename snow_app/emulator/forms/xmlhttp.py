"""``POST /xmlhttp.do``: the server end of GlideAjax.

Form fields: ``sysparm_processor`` (scoped name of a client-callable script include), ``sysparm_name`` (its function),
``sysparm_scope``, ``sysparm_want_session_messages`` and the call's own parameters. The answer is an XML document whose
root carries the attribute ``answer``; without an answer (unknown include or function, no access, script failure) the
attribute is missing and the status still 200, as on the platform. Only a missing session is 401.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import flask
from lxml import etree

from snow_app.emulator.scripts.errors import ScriptFailed
from snow_app.emulator.scripts.transaction import Transaction

from .visitors import Visitor, is_genuine

if TYPE_CHECKING:
    from snow_app.emulator.instance import Session
    from snow_app.emulator.scripts import ScriptEngine

_ECHOED = ("sysparm_max", "sysparm_name", "sysparm_processor")
# What XML 1.0 cannot carry, even as a character reference.
_UNSENDABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def answered(scripts: ScriptEngine, visitor: Visitor | None) -> flask.Response:
    """The response to the current request."""
    if visitor is None:
        return _refused("User Not Authenticated")
    form = dict(flask.request.values.items())
    if not is_genuine(visitor, flask.request.headers.get("X-UserToken", "") or form.get("sysparm_ck", "")):
        return _refused("Security constraints prevent access to the requested page")
    root = etree.Element("xml", {name: _sendable(form[name]) for name in _ECHOED if name in form})
    with scripts.transaction(
        visitor.session, interactive=True, token=visitor.token, client_data=flask.session.get("client_data", {})
    ) as transaction:
        answer = _called(scripts, transaction, form)
        _fill(root, answer)
        if form.get("sysparm_want_session_messages") == "true":
            _add_messages(root, transaction)
        if transaction.client_data:
            flask.session["client_data"] = transaction.client_data
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    response = flask.Response(body, content_type="text/xml;charset=UTF-8")
    response.headers["X-SessionLoggedIn"] = "true"
    response.headers["Cache-Control"] = "no-store"
    return response


def _called(scripts: ScriptEngine, transaction: Transaction, form: Mapping[str, str]) -> dict[str, Any]:
    name = form.get("sysparm_processor", "")
    if "." not in name and form.get("sysparm_scope", "global") not in ("", "global"):
        name = f"{form['sysparm_scope']}.{name}"
    session = transaction.session
    if not may_execute(scripts, session, name):
        scripts.log(session, level="1", source="AJAXProcessor", message=f"Access to {name} denied by ACL")
        return {"answer": None, "error": "Access denied"}
    try:
        answer = scripts.client_call(transaction, name, form)
    except ScriptFailed as failure:
        return {"answer": None, "error": "" if failure.place else f"{name} is not client callable"}
    if answer["unknown"]:
        scripts.log(session, level="1", source="AJAXProcessor", message=f"{name} has no function {answer['unknown']}")
    return answer


def may_execute(scripts: ScriptEngine, session: Session, api_name: str) -> bool:
    """Whether the ACLs (client_callable_script_include, execute) let this user call it; without ACLs everybody may."""
    rules = [
        row
        for row in scripts.instance.records.all("sys_security_acl", name=api_name, active="true")
        if row["type"] == "client_callable_script_include" and row["operation"] == "execute"
    ]
    return not rules or any(_passes(scripts, session, rule) for rule in rules)


def _passes(scripts: ScriptEngine, session: Session, rule: Mapping[str, str]) -> bool:
    if session.has_role("admin") and rule.get("admin_overrides", "true") != "false":
        return True
    links = scripts.instance.records.all("sys_security_acl_role", sys_security_acl=rule["sys_id"])
    names = [session.value("sys_security_acl_role", link, "sys_user_role.name") for link in links]
    if names and not any(session.has_role(name) for name in names):
        return False
    if rule.get("advanced") == "true" and rule.get("script", "").strip():
        return scripts.evaluate(rule["script"], "", {}, session) == "true"
    return bool(names) or rule.get("advanced") == "true"


def _fill(root: etree._Element, answer: Mapping[str, Any]) -> None:
    if answer.get("answer") is not None:
        root.set("answer", _sendable(answer["answer"]))
    if answer.get("error"):
        root.set("error", answer["error"])
    for item in answer.get("items", ()):
        etree.SubElement(root, "item", {name: _sendable(value) for name, value in item["attributes"].items()})


def _add_messages(root: etree._Element, transaction: Transaction) -> None:
    """What the transaction said to the person, for the client to show: a node per message."""
    holder = etree.SubElement(root, "ui_notifications")
    for message in transaction.messages:
        etree.SubElement(holder, "span", {"data-type": message.level, "data-text": _sendable(message.text)})


def _sendable(text: str) -> str:
    return text.translate(_UNSENDABLE).encode("utf-8", "replace").decode()


def _refused(reason: str) -> flask.Response:
    root = etree.Element("xml", {"error": reason})
    response = flask.Response(etree.tostring(root), status=401, content_type="text/xml;charset=UTF-8")
    response.headers["X-SessionLoggedIn"] = "false"
    return response
