"""Which code serves which path, for direct calls and for items of a batch alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from snow_app.emulator.errors import NotAcceptable, NotAllowed, PlatformError
from snow_app.emulator.instance import Instance
from snow_app.emulator.rest import attachment, batch, cmdb, markup, picker, scripted, services, stats, table, tinyurl
from snow_app.emulator.rest.request import Reply, Request

Handler = Callable[..., Reply]

_BASE = r"/api/now(?:/(?P<version>v\d))?"

ROUTES: Final[tuple[tuple[str, dict[str, Handler]], ...]] = (
    (rf"{_BASE}/table/(?P<name>[^/]+)", {"GET": table.listed, "POST": table.created}),
    (
        rf"{_BASE}/table/(?P<name>[^/]+)/(?P<sys_id>[^/]+)",
        {"GET": table.found, "PUT": table.updated, "PATCH": table.updated, "DELETE": table.deleted},
    ),
    (rf"{_BASE}/stats/(?P<name>[^/]+)", {"GET": stats.counted}),
    (rf"{_BASE}/attachment", {"GET": attachment.listed}),
    (rf"{_BASE}/attachment/file", {"POST": attachment.uploaded_raw}),
    (rf"{_BASE}/attachment/upload", {"POST": attachment.uploaded_form}),
    (
        rf"{_BASE}/attachment/(?P<sys_id>[^/]+)",
        {"GET": attachment.found, "PATCH": attachment.renamed, "DELETE": attachment.removed},
    ),
    (rf"{_BASE}/attachment/(?P<sys_id>[^/]+)/file", {"GET": attachment.downloaded}),
    (rf"{_BASE}/cmdb/instance/(?P<name>[^/]+)", {"GET": cmdb.listed, "POST": cmdb.created}),
    (
        rf"{_BASE}/cmdb/instance/(?P<name>[^/]+)/(?P<sys_id>[^/]+)",
        {"GET": cmdb.found, "PUT": cmdb.updated, "PATCH": cmdb.updated},
    ),
    (rf"{_BASE}/cmdb/instance/(?P<name>[^/]+)/(?P<sys_id>[^/]+)/relation", {"POST": cmdb.related}),
    (
        rf"{_BASE}/cmdb/instance/(?P<name>[^/]+)/(?P<sys_id>[^/]+)/relation/(?P<relation>[^/]+)",
        {"DELETE": cmdb.unrelated},
    ),
    (rf"{_BASE}/tinyurl", {"POST": tinyurl.created}),
    (rf"{_BASE}/ui/concoursepicker/application", {"GET": picker.listed, "PUT": picker.switched}),
    *services.SERVICES,
    *services.FILES,
)

_JSON_ONLY: Final = frozenset(
    {
        table.listed, table.found, table.created, table.updated, stats.counted,
        *(handler for _, handlers in services.SERVICES for handler in handlers.values()),
    }
)  # fmt: skip

_XML_TOO: Final = frozenset({table.listed, table.found, table.created, table.updated, table.deleted, stats.counted})

_COMPILED: Final = tuple((re.compile(pattern + r"/?$"), handlers) for pattern, handlers in ROUTES)
_BATCH: Final = re.compile(rf"{_BASE}/batch/?$")


def served(request: Request) -> Reply:
    """The answer to a request; what the platform refuses comes as its error document."""
    method = request.headers.get("X-HTTP-Method-Override").upper() or request.method
    try:
        return _handled(replace(request, method=method))
    except PlatformError as error:
        reply = Reply.error(error)
        return markup.marked_up(reply) if markup.wanted(request.headers.get("Accept")) else reply


def open_to_guests(instance: Instance, method: str, path: str) -> bool:
    """True when callers need not say who they are: a service is for everybody, or a scripted resource is public and
    nothing built in has its path."""
    if services.public(instance, path):
        return True
    built_in = _BATCH.match(path) or any(pattern.match(path) for pattern, _ in _COMPILED)
    return not built_in and scripted.public(instance, method, path)


def _handled(request: Request) -> Reply:
    if _BATCH.match(request.path):
        if request.method != "POST":
            raise NotAllowed
        return batch.batched(request, served)
    if "sysparm_tiny" in request.params:
        request = tinyurl.expanded(request)
    accepted = request.headers.get("Accept", "*/*").lower()
    for pattern, handlers in _COMPILED:
        found = pattern.match(request.path)
        if found is None:
            continue
        head = request.method == "HEAD"
        handler = handlers.get("GET" if head else request.method)
        if handler is None:
            raise NotAllowed
        xml = handler in _XML_TOO and markup.wanted(accepted)
        plain = any(kind in accepted for kind in ("json", "*/*", "application/*"))
        if handler in _JSON_ONLY and not plain and not xml:
            raise NotAcceptable
        reply = _called(handler, request, found.groupdict())
        reply = markup.marked_up(reply) if xml else reply
        return replace(reply, body=b"") if head else reply
    if request.method == "HEAD":
        return replace(scripted.served(replace(request, method="GET")), body=b"")
    return scripted.served(request)


def _called(handler: Handler, request: Request, parts: dict[str, str | None]) -> Reply:
    """Handlers take the request and what their path names; a list also learns its version, v1 being stricter."""
    arguments = [part for name, part in parts.items() if name != "version" and part is not None]
    if handler is table.listed:
        arguments.append(parts.get("version") or "")
    return handler(request, *arguments)
