"""Short addresses for requests whose own would be too long: POST one, then ask with ``sysparm_tiny`` instead.

Not documented; as clients use it: ``POST {"url": …}`` answers ``x_list.do?sysparm_tiny=ID``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.tiny_urls import kept, kept_query

_TABLE = re.compile(r"/table/(\w+)|/(\w+?)(?:_list)?\.do")


def created(request: Request) -> Reply:
    """Keep an address. Raises BadRequest without one."""
    url = str(request.document().get("url") or "")
    if not url:
        raise BadRequest("Exception while reading request", "url is missing")
    named = _TABLE.search(url.partition("?")[0])
    table = next(filter(None, named.groups()), "x") if named else "x"
    return Reply.result(200, f"{table}_list.do?sysparm_tiny={kept(request.session, url)}")


def expanded(request: Request) -> Request:
    """The request with the parameters of the kept address; what the caller wrote besides wins. Raises BadRequest."""
    query = kept_query(request.session.instance, request.params["sysparm_tiny"])
    if query is None:
        raise BadRequest("Invalid tiny URL", f"No address is kept as {request.params['sysparm_tiny'][:32]}")
    own = tuple(pair for pair in request.pairs if pair[0] != "sysparm_tiny")
    pairs = (*parse_qsl(query, keep_blank_values=True), *own)
    return replace(request, query_string=query, pairs=pairs, params=dict(pairs))
