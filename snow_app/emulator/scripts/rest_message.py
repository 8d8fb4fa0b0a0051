"""Outbound REST messages: installed ``sys_rest_message`` records and the requests they describe.

Source: platform documentation, "Outbound REST web service" and RESTMessageV2. Requests are real HTTP, but leave the
machine never: any host that is not loopback is answered like an unknown host.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from .realm import HostRefused

if TYPE_CHECKING:
    from snow_app.emulator.instance import Session
    from snow_app.emulator.model import Row

DEFAULT_TIMEOUT_MS = 175_000  # glide.http.timeout
_VARIABLE = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One request, ready to send. `timeout` is in seconds."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: str | None = field(default=None, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)
    timeout: float = DEFAULT_TIMEOUT_MS / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An installed message with one of its functions, all rows already read."""

    message: Row
    function: Row
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...]

    @property
    def endpoint(self) -> str:
        return self.function.get("rest_endpoint") or self.message.get("rest_endpoint", "")

    @property
    def method(self) -> str:
        return self.function.get("http_method", "get")


def installed(session: Session, name: str, function: str) -> Message:
    """Raises HostRefused when there is no such message or function."""
    message = _one(session, "sys_rest_message", f"name={name}")
    if message is None:
        raise HostRefused(f"REST message '{name}' not found")
    found = _one(session, "sys_rest_message_fn", f"rest_message={message['sys_id']}^function_name={function}")
    if found is None:
        raise HostRefused(f"REST message '{name}' has no function '{function}'")
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for table, owner in (
        ("sys_rest_message_headers", f"rest_message={message['sys_id']}"),
        ("sys_rest_message_fn_headers", f"rest_message_function={found['sys_id']}"),
    ):
        for row in session.query(table, owner, acl=False):
            headers[row["name"]] = row.get("value", "")
    definitions = f"rest_message_function={found['sys_id']}^ORDERBYorder"
    query = tuple(
        (row["name"], row.get("value", ""))
        for row in session.query("sys_rest_message_fn_param_defs", definitions, acl=False)
    )
    return Message(message=message, function=found, headers=dict(headers.items()), query=query)


def outbound(session: Session, request: Mapping[str, Any]) -> Outbound:
    """What a script asked for (rest.js) laid over the installed message it names."""
    stored = installed(session, request["name"], request["fn"]) if request["name"] else None
    variables: Mapping[str, str] = request["variables"]

    def filled(text: str) -> str:
        return _VARIABLE.sub(lambda match: variables.get(match[1], ""), text)

    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    if stored:
        headers.update({name: filled(value) for name, value in stored.headers.items()})
    headers.update(request["headers"])
    query = {name: filled(value) for name, value in stored.query} if stored else {}
    query.update(request["query"])
    body = request["body"]
    if body is None and stored and stored.function.get("content"):
        body = filled(stored.function["content"])
    endpoint = filled(request["endpoint"] or "")
    if not endpoint:
        raise HostRefused("No endpoint: call setEndpoint or name an installed REST message")
    timeout = float(request["timeout"] or DEFAULT_TIMEOUT_MS) / 1000
    return Outbound(
        method=(request["method"] or "get").upper(),
        url=endpoint,
        headers=dict(headers.items()),
        query=tuple(query.items()),
        body=body,
        auth=_credentials(session, request, stored),
        timeout=max(0.001, timeout),
    )


def _credentials(session: Session, request: Mapping[str, Any], stored: Message | None) -> tuple[str, str] | None:
    if request["basic"]:
        return request["basic"][0], request["basic"][1]
    profile = request["profile"][1] if request["profile"] and request["profile"][0] == "basic" else ""
    if not profile and stored:
        own = stored.function.get("authentication_type") or "inherit_from_parent"
        holder = stored.message if own == "inherit_from_parent" else stored.function
        if holder.get("authentication_type") == "basic":
            profile = holder.get("basic_auth_profile", "")
    if not profile:
        return None
    row = session.get("sys_auth_profile_basic", profile, acl=False)
    if row is None:
        raise HostRefused(f"Basic auth profile {profile} not found")
    return row.get("username", ""), row.get("password", "")


def answered(request: Outbound) -> dict[str, Any]:
    """Send it: ``{"status", "body", "headers", "error", "path", "query"}``; status 0 and a text when it never came."""
    parts = urlsplit(request.url)
    answer: dict[str, Any] = {"status": 0, "body": "", "headers": {}, "error": None, "path": parts.path, "query": ""}
    if parts.scheme not in ("http", "https") or not _is_loopback(parts.hostname or ""):
        return {**answer, "error": f"Unknown host: {parts.hostname}"}
    try:
        with requests.Session() as http:
            http.trust_env = False
            with http.request(
                request.method,
                request.url,
                params=list(request.query),
                data=None if request.body is None else request.body.encode(),
                headers=dict(request.headers),
                auth=request.auth,
                timeout=request.timeout,
                allow_redirects=False,
            ) as response:
                answer["status"] = response.status_code
                answer["body"] = response.content.decode(response.encoding or "utf-8", "replace")
                answer["headers"] = {name.lower(): value for name, value in response.headers.items()}
                answer["query"] = urlsplit(response.url).query
    except requests.Timeout:
        answer["error"] = f"Request not sent to uri= {parts.path} : java.net.SocketTimeoutException: Read timed out"
    except (requests.RequestException, OSError) as error:
        answer["error"] = f"Request not sent to uri= {parts.path} : {type(error).__name__}: Connection refused"
    return answer


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one(session: Session, table: str, encoded: str) -> Row | None:
    rows = session.query(table, encoded, limit=1, acl=False)
    return rows[0] if rows else None
