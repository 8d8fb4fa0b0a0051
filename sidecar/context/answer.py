"""What the context room answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Match = Literal["one", "many", "none", "guest", "no_identity", "pending"]


class CacheState(StrEnum):
    """Header ``X-Cache``: everything was fresh, something is an older copy, or something had to be loaded."""

    HIT = "HIT"
    STALE = "STALE"
    MISS = "MISS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextAnswer:
    """A finished answer.

    `body` is UTF-8 JSON, at most 60 KB. `etag` is a weak entity tag with its quotes (RFC 9110 section 8.8.1): it stays
    the same while the content does, whatever the reference and the time of writing. `match`, `customer_no` and
    `site_id` say who was shown, for the access log; `statuses` maps section to status, for metrics.
    """

    body: bytes = field(repr=False)
    etag: str
    cache: CacheState
    match: Match
    customer_no: str | None = None
    site_id: str | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """One full value, whose it is, and after how many seconds the panel hides it again."""

    value: str = field(repr=False)
    field: str
    customer_no: str | None = None
    site_id: str | None = None
    expires_in_s: int = 60
