"""Scripted REST: `sys_ws_definition` and `sys_ws_operation` rows that serve ``/api/{namespace}/[v1/]{service}{path}``.

Source: product documentation of scripted REST APIs, t_WbSvcRqACL and t_WbSvcOpRqACL. A resource that does not require
authentication is open to everybody; else one of its REST_Endpoint access controls must let the user in, those of the
service where it names none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from snow_app.emulator.access import ADMIN, Control
from snow_app.emulator.errors import AccessDenied, BadRequest, NotAllowed, NotSignedIn
from snow_app.emulator.instance import GUEST, Instance, Row, Session
from snow_app.emulator.rest.request import JSON, Reply, Request

_PATH = re.compile(r"/api/([^/]+)(?:/(v\d+))?/([^/]+)(/.*)?$")
_BLANK = re.compile(r"\{(\w+)\}")
_LITERAL = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource that serves a path, with the values its path holds."""

    service: Row
    operation: Row
    values: dict[str, str]


def resource(instance: Instance, method: str, path: str) -> Resource | None:
    """The active resource for a path, the one with most literal text first; None when no service has it.

    Raises NotAllowed when the path is served, but not for this method.
    """
    found = _PATH.match(path)
    if found is None:
        return None
    namespace, version, service_id, rest = found.groups()
    matching = []
    for service in instance.records.all("sys_ws_definition", namespace=namespace, service_id=service_id, active="true"):
        for row in instance.records.all("sys_ws_operation", web_service_definition=service["sys_id"], active="true"):
            values = _values(row["relative_path"], rest or "/")
            if values is not None and _serves(instance, service, row, version or ""):
                matching.append(Resource(service=service, operation=row, values=values))
    matching.sort(key=lambda one: -len(_BLANK.sub("", one.operation["relative_path"])))
    for one in matching:
        if one.operation["http_method"] == method:
            return one
    if matching:
        raise NotAllowed
    return None


def _values(template: str, path: str) -> dict[str, str] | None:
    """What the path holds where the template has names in braces; None when it is another path."""
    names = _BLANK.findall(template)
    pattern = "([^/]+)".join(map(re.escape, _LITERAL.split(template.rstrip("/"))))
    found = re.fullmatch(f"{pattern}/?", path)
    return dict(zip(names, map(unquote, found.groups()), strict=True)) if found else None


def _serves(instance: Instance, service: Row, operation: Row, version: str) -> bool:
    """Whether a resource belongs to the version asked for; without one the default version serves."""
    if service["is_versioned"] != "true":
        return not version
    row = instance.records.get("sys_ws_version", operation["web_service_version"])
    if row is None or row["active"] != "true":
        return False
    return row["version_id"] == version if version else row["is_default"] == "true"


def public(instance: Instance, method: str, path: str) -> bool:
    """True when the path is served to callers who do not say who they are."""
    try:
        found = resource(instance, method, path)
    except NotAllowed:
        return False
    return found is not None and found.operation["requires_authentication"] != "true"


def served(request: Request) -> Reply:
    """The answer of a resource's script. Raises BadRequest when no resource has the path, NotAllowed, AccessDenied."""
    instance = request.session.instance
    found = resource(instance, request.method, request.path)
    if found is None or instance.scripts is None:
        raise BadRequest("Requested URI does not represent any resource")
    if found.operation["requires_authentication"] == "true":
        _admit(request.session, found)
    answer = instance.scripts.web_service(found.operation, _document(request, found), request.session)
    headers = {name.lower(): (name, value) for name, value in answer.headers.items()}
    _, kind = headers.pop("content-type", ("", JSON))
    if answer.text is not None:
        body = answer.text.encode()
    else:
        body = b"" if answer.status == 204 else json.dumps(answer.body, ensure_ascii=False).encode()
    return Reply(status=answer.status, body=body, headers=tuple(headers.values()), content_type=kind)


def _admit(session: Session, found: Resource) -> None:
    """Raises NotSignedIn or AccessDenied unless this user may call the resource."""
    if session.user.user_name == GUEST:
        raise NotSignedIn
    if found.operation["requires_snc_internal_role"] == "true" and "snc_internal" not in session.user.roles:
        raise AccessDenied
    if found.operation["requires_acl_authorization"] != "true":
        return
    named = found.operation["enforce_acl"] or found.service["enforce_acl"]
    controls = [_control(session.instance, sys_id) for sys_id in named.split(",") if sys_id]
    if named and not any(control and _admits(session, control) for control in controls):
        raise AccessDenied


def _control(instance: Instance, sys_id: str) -> Control | None:
    row = instance.records.get("sys_security_acl", sys_id)
    if row is None or row["active"] == "false" or row["type"] != "REST_Endpoint":
        return None
    roles = [
        instance.records.get("sys_user_role", link["sys_user_role"])
        for link in instance.records.all("sys_security_acl_role", sys_security_acl=sys_id)
    ]
    return Control(
        sys_id=sys_id,
        name=row["name"],
        roles=frozenset(role["name"] for role in roles if role),
        condition="",
        script=row["script"] if row["advanced"] == "true" else "",
        admin_overrides=row["admin_overrides"] == "true",
    )


def _admits(session: Session, control: Control) -> bool:
    if not control.admits(session.user):
        return False
    if not control.script or (ADMIN in session.user.roles and control.admin_overrides):
        return True
    scripts = session.instance.scripts
    return scripts is not None and scripts.evaluate(control.script, "", {}, session) == "true"


def _document(request: Request, found: Resource) -> dict[str, Any]:
    """What the script's `request` is made of. Raises BadRequest for a JSON body that is none."""
    text = request.body.decode("utf-8", "replace")
    data: Any = {}
    if text.strip() and "json" in request.headers.get("Content-Type", "json").lower():
        try:
            data = json.loads(text)
        except ValueError:
            raise BadRequest("Exception while reading request", "The payload is not valid JSON.") from None
    queried: dict[str, list[str]] = {}
    for name, value in request.pairs:
        queried.setdefault(name, []).append(value)
    return {
        "body": {"data": data, "text": text},
        "headers": dict(request.headers),
        "pathParams": found.values,
        "queryParams": queried,
        "queryString": request.query_string,
        "uri": request.path,
        "url": f"{request.session.instance.base_url}{request.path}",
    }
