"""What the shop and the instance say about orders that went wrong: the events of the flow and their data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from sidecar.events import EventType
from sidecar.events.wire import (
    ID,
    ORDER_NO,
    Money,
    MoneySchema,
    Strict,
    count,
    email,
    line,
    moment,
    one_of,
    text,
)
from sidecar.flows.order_issues.photos import MOST_PHOTOS, Photo, PhotoSchema

FLOW = "order_issues"
TOPICS = ("payment", "missing", "damaged", "cancel", "wrong_item", "other")
STAGES = ("payment_auth", "fraud", "placement", "inventory", "address")
MOST_ITEMS = 50
_LOCALE = r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*"
_SITE = r"[A-Za-z0-9._-]{1,32}"
_SYS_ID = r"[0-9A-Za-z]{32}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An order that was not placed: where it stopped (`stage`) and what the processor answered (`decline_code`, never
    its text). `attempt` counts the shopper's tries, 0 when unknown: a sweep does not know."""

    order_no: str
    stage: str = ""
    processor: str = ""
    decline_code: str = ""
    attempt: int = 0
    status: str = ""
    basket_reopened: bool = False
    channel: str = ""
    locale: str = ""
    total: Money | None = None
    item_count: int = 0
    customer_no: str = ""
    email: str = field(default="", repr=False)
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    item_id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a shopper says is wrong. `customer_no` is set by the shop when the shopper is signed in."""

    topic: str
    order_no: str
    email: str = field(repr=False)
    comment: str = field(default="", repr=False)
    items: tuple[Item, ...] = ()
    preferred_contact: str = "email"
    photos: tuple[Photo, ...] = field(default=(), repr=False)
    consent: bool = False
    locale: str = ""
    customer_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the shopper says later. Without a topic it belongs to the case that was opened last."""

    order_no: str
    email: str = field(repr=False)
    message: str = field(repr=False)
    topic: str = ""
    locale: str = ""
    customer_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChanged:
    """A record of the flow changed in ServiceNow: what it says now has to be read there."""

    table: str
    sys_id: str
    updated_at: datetime
    correlation_id: str = ""
    site_id: str = ""
    order_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureDue:
    """A failed order that Commerce still showed in the making: to be looked at again."""

    order_no: str
    stage: str = ""
    processor: str = ""
    decline_code: str = ""
    attempt: int = 0
    looks: int = 1


class FailedSchema(Strict):
    MADE = Failed

    order_no = line(50, ORDER_NO, required=True, data_key="orderNo")
    stage = one_of(*STAGES)
    processor = line(60)
    decline_code = line(60, data_key="declineCode")
    attempt = count(1000)
    status = line(40)
    basket_reopened = fields.Boolean(data_key="basketReopened")
    channel = line(40)
    locale = line(35, _LOCALE)
    total = fields.Nested(MoneySchema)
    item_count = count(10_000, data_key="itemCount")
    customer_no = line(100, ID, data_key="customerNo")
    email = email()
    request_id = line(100, data_key="requestId")


class ItemSchema(Strict):
    MADE = Item

    item_id = line(100, ID, required=True, data_key="itemId")
    quantity = count(9999)


class ReportedSchema(Strict):
    MADE = Reported

    topic = one_of(*TOPICS, required=True)
    order_no = line(50, ORDER_NO, required=True, data_key="orderNo")
    email = email(required=True)
    comment = text(4000)
    items = fields.List(fields.Nested(ItemSchema), validate=validate.Length(max=MOST_ITEMS))
    preferred_contact = one_of("email", "phone", "chat", data_key="preferredContact")
    photos = fields.List(fields.Nested(PhotoSchema), validate=validate.Length(max=MOST_PHOTOS))
    consent = fields.Boolean()
    locale = line(35, _LOCALE)
    customer_no = line(100, ID, data_key="customerNo")

    @post_load
    def made(self, values: Mapping[str, Any], **_: Any) -> Reported:
        if values.get("photos") and not values.get("consent"):
            raise ValidationError("Photos need the shopper's consent.", "consent")
        return Strict.made(self, values)  # type: ignore[no-any-return]


class MessageSchema(Strict):
    MADE = Message

    order_no = line(50, ORDER_NO, required=True, data_key="orderNo")
    email = email(required=True)
    message = text(4000, required=True)
    topic = one_of(*TOPICS)
    locale = line(35, _LOCALE)
    customer_no = line(100, ID, data_key="customerNo")


class RecordChangedSchema(Strict):
    MADE = RecordChanged

    table = line(80, r"[a-z0-9_]+", required=True)
    sys_id = line(32, _SYS_ID, required=True, data_key="sysId")
    updated_at = moment(required=True, data_key="updatedAt")
    correlation_id = line(100, data_key="correlationId")
    site_id = line(32, _SITE, data_key="siteId")
    order_no = line(50, ORDER_NO, data_key="orderNo")


class FailureDueSchema(Strict):
    MADE = FailureDue

    order_no = line(50, ORDER_NO, required=True, data_key="orderNo")
    stage = one_of(*STAGES)
    processor = line(60)
    decline_code = line(60, data_key="declineCode")
    attempt = count(1000)
    looks = count(100)


def _of_order(site_id: str, data: Any) -> str:
    return f"{FLOW}:{site_id}:{data.order_no}"


def _of_record(site_id: str, changed: RecordChanged) -> str:
    """In line with the events of its order, or of its own where it names none."""
    if changed.order_no:
        return f"{FLOW}:{changed.site_id or site_id}:{changed.order_no}"
    return f"{FLOW}:{changed.table}:{changed.sys_id}"


def _people(data: Any) -> tuple[tuple[str, str], ...]:
    named = (("email", data.email), ("customer_no", data.customer_no), ("order_no", data.order_no))
    return tuple((kind, value) for kind, value in named if value)


ORDER_FAILED = EventType(
    name="order.failed",
    summary="An order could not be placed.",
    schema=FailedSchema,
    key=_of_order,
    subjects=_people,
    example={
        "orderNo": "00012345",
        "stage": "payment_auth",
        "processor": "PSP_CARD",
        "declineCode": "insufficient_funds",
        "attempt": 1,
        "basketReopened": True,
        "channel": "storefront",
        "locale": "de_DE",
        "total": {"amount": "129.90", "currency": "EUR"},
        "itemCount": 3,
        "email": "mara.lindqvist@example.com",
        "requestId": "b5c1d8e2f0",
    },
)
ISSUE_REPORTED = EventType(
    name="order.issue_reported",
    summary="A shopper reports that something is wrong with an order.",
    schema=ReportedSchema,
    key=_of_order,
    subjects=_people,
    example={
        "topic": "damaged",
        "orderNo": "00012345",
        "email": "mara.lindqvist@example.com",
        "items": [{"itemId": "b1c2d3", "quantity": 1}],
        "comment": "The heel of the left shoe is broken.",
        "preferredContact": "email",
        "consent": True,
        "locale": "de_DE",
    },
)
MESSAGE_ADDED = EventType(
    name="order.message_added",
    summary="A shopper adds something to what was reported.",
    schema=MessageSchema,
    key=_of_order,
    subjects=_people,
    example={
        "orderNo": "00012345",
        "email": "mara.lindqvist@example.com",
        "topic": "damaged",
        "message": "The right one as well.",
        "locale": "de_DE",
    },
)
RECORD_CHANGED = EventType(
    name=f"{FLOW}.record_changed",
    summary="A case of this flow changed in ServiceNow.",
    schema=RecordChangedSchema,
    key=_of_record,
    subjects=lambda data: (("order_no", data.order_no),) if data.order_no else (),
    example={
        "table": "sn_customerservice_case",
        "sysId": "0123456789abcdef0123456789abcdef",
        "updatedAt": "2026-03-02T09:00:00Z",
        "correlationId": f"{FLOW}:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "siteId": "RefArch",
        "orderNo": "00012345",
    },
    sender="servicenow",
)
FAILURE_DUE = EventType(
    name=f"{FLOW}.failure_due",
    summary="A failed order is looked at again.",
    schema=FailureDueSchema,
    key=_of_order,
    example={"orderNo": "00012345", "stage": "payment_auth", "attempt": 1, "looks": 1},
    sender="internal",
)
TYPES = (ORDER_FAILED, ISSUE_REPORTED, MESSAGE_ADDED, RECORD_CHANGED, FAILURE_DUE)
