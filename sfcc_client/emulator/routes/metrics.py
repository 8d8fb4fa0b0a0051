"""Metrics 1.0.0 (observability/metrics): what this instance can count about itself.

There is neither an eCDN nor a Managed Runtime here, no third parties, hooks or controllers: those categories are
answered as not available, which the description foresees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import SCAPI_PATHS, answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.metrics import Window, requests, sales
from sfcc_client.emulator.office.traffic import Call
from sfcc_client.emulator.world import world

blueprint = Blueprint("metrics", __name__, url_prefix="/observability/metrics/v1/organizations/<organization_id>")
DAY = 24 * 60 * 60
RETENTION_DAYS = 30
_UNAVAILABLE = frozenset({"ecdn", "third-party", "scapi-hooks", "mrt", "controller"})
_FAMILIES = frozenset(path.strip("/") for path in SCAPI_PATHS)
_QUERY = ("from", "to", "apiFamily", "apiName", "ocapiCategory", "ocapiApi", "thirdPartyServiceId")


@blueprint.get("/metrics/<category>")
@admin("sfcc.metrics", query=_QUERY)
def metrics(category: str) -> Response:
    counted = _CATEGORIES.get(category)
    if counted is None and category not in _UNAVAILABLE:
        raise Problem("resource-not-found")
    if not world().office.metrics_available:
        raise Problem("metrics-not-available", organizationId=world().state.organization_id)
    window = _window()
    if counted is None:
        raise Problem("category-not-found", category=category, organizationId=world().state.organization_id)
    return answer({"data": counted(window)})


def _window() -> Window:
    """The last hour unless said otherwise; at most 24 hours, not older than 30 days."""
    now = int(world().clock.now().timestamp())
    end = _second("to", now)
    start = _second("from", end - 3600)
    if not start < end <= start + DAY or start < now - RETENTION_DAYS * DAY:
        raise Problem("invalid-time-range", fromValue=start, toValue=end)
    return Window(start=start, end=end)


def _second(name: str, default: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not 1 <= int(text) < 2**53:
        raise Problem("invalid-time-parameter", parameter=name)
    return int(text)


def _sales(window: Window) -> list[dict[str, Any]]:
    return sales(world().state, window)


def _overall(window: Window) -> list[dict[str, Any]]:
    return requests(world().office.traffic, window, lambda _: True)


def _scapi(window: Window) -> list[dict[str, Any]]:
    family, api = _filter("apiFamily", _FAMILIES), _filter("apiName")
    fits = _named(family, api)
    return requests(world().office.traffic, window, lambda call: call.family in _FAMILIES and fits(call))


def _ocapi(window: Window) -> list[dict[str, Any]]:
    """OCAPI knows two categories, ``shop`` and ``data``; an API is the first segment after the version."""
    category, api = _filter("ocapiCategory", frozenset({"shop", "data"})), _filter("ocapiApi")
    in_api: Callable[[Call], bool] = lambda call: api is None or f"/{api}" in call.path  # noqa: E731
    return requests(
        world().office.traffic,
        window,
        lambda call: call.family == "ocapi" and _named(None, category)(call) and in_api(call),
    )


def _filter(name: str, known: frozenset[str] | None = None) -> str | None:
    value = request.args.get(name)
    if value is not None and (not 1 <= len(value) <= 100 or (known is not None and value not in known)):
        raise Problem("invalid-api-filter", filterName=name, filterValue=value[:100])
    return value


def _named(family: str | None, api: str | None) -> Callable[[Call], bool]:
    return lambda call: family in (None, call.family) and api in (None, call.api)


_CATEGORIES: dict[str, Callable[[Window], list[dict[str, Any]]]] = {
    "overall": _overall,
    "sales": _sales,
    "scapi": _scapi,
    "ocapi": _ocapi,
}
