"""What surrounds `data` on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields

from sidecar.events.wire import Strict, count, line, moment, one_of

SITE = r"[A-Za-z0-9_-]{1,32}"
ORGANIZATION = "Sites-Site"
"""The site of what belongs to none: Commerce's own name for its organization level."""
EVENT_ID = r"[!-~]{1,255}"
AHEAD = timedelta(days=1)
"""How far in the future an event may say it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    realm: str
    instance: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One event as sent; `data` is not looked at yet."""

    id: str
    type: str
    specversion: str
    time: datetime
    source: Source
    schema_version: int
    data: Mapping[str, Any]
    dedup_key: str = ""


class SourceSchema(Strict):
    MADE = Source

    realm = line(32, r"[A-Za-z0-9_-]+", required=True)
    instance = line(64, r"[A-Za-z0-9._-]+", required=True)
    site = line(32, SITE, required=True)


class EventSchema(Strict):
    MADE = Envelope

    id = line(255, EVENT_ID, required=True)
    type = line(80, r"[a-z0-9_.]+", required=True)
    specversion = one_of("1.0", required=True)
    time = moment(required=True)
    source = fields.Nested(SourceSchema, required=True)
    dedup_key = line(200, data_key="dedupKey")
    schema_version = count(1000, required=True, data_key="schemaVersion")
    data = fields.Dict(keys=fields.String(), required=True)


def not_ahead(time: datetime, now: datetime) -> None:
    if time > now + AHEAD:
        raise ValidationError({"time": ["Lies more than a day ahead."]})
