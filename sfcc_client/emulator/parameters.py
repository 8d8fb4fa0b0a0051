"""Query parameters, read the way Commerce reads them: defaults, bounds, comma lists, repeated parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import unquote

from flask import request

from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.world import world

DEPTH = 10_000
_LOCALE = re.compile(r"default|[a-z]{2}(-[A-Z]{2})?")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    limit: int
    offset: int

    def of(self, rows: Sequence[Row]) -> Sequence[Row]:
        return rows[self.offset : self.offset + self.limit]


def site() -> SiteRecord:
    """The site named by `siteId`, which is required."""
    site_id = required("siteId")
    found = world().site(site_id)
    if found is None:
        raise Problem("site-not-found", siteId=site_id)
    return found


def locale(own: SiteRecord) -> str:
    """The locale asked for, the site's when none is."""
    return locale_code(own.locale)


def locale_code(default: str) -> str:
    wanted = request.args.get("locale", default)
    if not _LOCALE.fullmatch(wanted):
        raise Problem("invalid-locale", locale=wanted)
    return wanted


def required(name: str) -> str:
    value = request.args.get(name)
    if not value:
        raise Problem("missing-query-parameter", parameter=name)
    return value


def page(*, default: int, maximum: int, depth: int | None = DEPTH) -> Page:
    """`limit` and `offset`; both together reach `depth` rows deep at most."""
    limit = whole("limit", default, 1, maximum)
    return Page(limit, whole("offset", 0, 0, None if depth is None else depth - limit))


def listed(name: str, allowed: Iterable[str] | None = None, maximum: int | None = None) -> tuple[str, ...]:
    """The values of a parameter given as a comma list (raw or encoded, once or twice), repeatedly, or both."""
    values = tuple(
        value.strip() for given in request.args.getlist(name) for value in unquote(given).split(",") if value.strip()
    )
    if maximum is not None and len(values) > maximum:
        raise Problem("out-of-bounds", parameter=name, expected=f"0..{maximum}")
    refused = next((value for value in values if allowed is not None and value not in allowed), None)
    if refused is not None:
        raise Problem("bad-request", detail=f"The value '{refused}' of the parameter '{name}' is unknown.")
    return values


def one_of(name: str, allowed: Iterable[str], default: str | None = None) -> str | None:
    value = request.args.get(name)
    if value is None:
        return default
    if value not in allowed:
        raise Problem("bad-request", detail=f"The value '{value}' of the parameter '{name}' is unknown.")
    return value


def expands(*allowed: str) -> frozenset[str]:
    """What `expand` names; anything else is refused."""
    values = listed("expand")
    for value in values:
        if value not in allowed:
            raise Problem("invalid-expand", param=value)
    return frozenset(values)


def moment(name: str) -> str | None:
    """A date-time parameter in the form the store compares: UTC with milliseconds."""
    value = request.args.get(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Problem("wrong-type", path=f"$.{name}", expected="date-time") from None
    return iso(at if at.tzinfo else at.replace(tzinfo=UTC))


def whole(name: str, default: int, least: int, most: int | None) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError:
        raise Problem("wrong-type", path=f"$.{name}", expected="integer") from None
    if value < least or (most is not None and value > most):
        raise Problem("out-of-bounds", parameter=name, expected=f"{least}..{'' if most is None else most}")
    return value
