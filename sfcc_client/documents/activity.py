"""Storefront activity: the answer of the custom API ``shopper-activity``, and Einstein's recently viewed products."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, cast

from marshmallow import fields

from sfcc_client.documents import values
from sfcc_client.documents.schema import Document, Flag, Moment, Text, Whole
from sfcc_client.documents.values import tolerant
from sfcc_client.models import UNDATED, Activity, ActivityItem, ActivityKind

KINDS: Final = frozenset({"search", "view", "page"})


class _Consent(Document):
    tracking = Flag()
    changed_at = Moment()


class Entry(Document):
    """One recorded deed; the answer of the custom API to recording it."""

    at = Moment()
    kind = Text()
    text = Text()
    product_id = Text()
    results = Whole()
    count = Whole()


class ShopperActivity(Document):
    """Answer of the custom API."""

    consent = fields.Nested(_Consent)
    retention_days = Whole()
    data = fields.List(fields.Nested(Entry))


class _Recommendation(Document):
    id = Text(required=True)
    product_name = Text(data_key="product_name")


class Recommendations(Document):
    """Answer of an Einstein recommender."""

    recs = fields.List(fields.Nested(_Recommendation))


class _Recommender(Document):
    name = Text()
    recommender_type = Text()


class Recommenders(Document):
    """Answer of Einstein's list of recommenders."""

    recommenders = fields.List(fields.Nested(_Recommender))


SHOPPER_ACTIVITY = ShopperActivity()
ENTRY = Entry()
RECOMMENDATIONS = Recommendations()
RECOMMENDERS = Recommenders()


def activity_from(loaded: dict[str, Any], limit: int) -> Activity:
    """What the custom API remembers, newest first."""
    consent = loaded["consent"] or {}
    days = loaded["retention_days"]
    window = timedelta(days=days) if days is not None and 0 < days < 10_000 else None
    if consent.get("tracking") is False:
        return Activity(opted_out_at=consent["changed_at"] or UNDATED, window=window)
    items = sorted(_items(loaded["data"] or []), key=lambda item: item.at or UNDATED, reverse=True)
    return Activity(items=tuple(items[:limit]), window=window)


def _items(rows: Iterable[dict[str, Any]]) -> Iterable[ActivityItem]:
    """The rows of a kind this SDK knows; a newer one is passed over."""
    return (item_from(row) for row in rows if row["kind"] in KINDS)


def item_from(row: dict[str, Any]) -> ActivityItem:
    return ActivityItem(
        at=row["at"],
        kind=cast(ActivityKind, row["kind"]),
        text=row["text"] or row["product_id"] or "",
        results=row["results"],
        count=row["count"] or 1,
        product_id=row["product_id"] or None,
    )


def refusal_in(value: Any) -> datetime | None:
    """When the shopper refused tracking, by a customer attribute. Whatever is set and is no plain "no" is a refusal:
    a tenant may keep a flag instead of a date, and the doubt is the shopper's."""
    if value in (None, "", False, 0, "false"):
        return None
    return tolerant(values.moment, value) or UNDATED
