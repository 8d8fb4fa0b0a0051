"""The events of the flow: what a shopper said, what people changed in ServiceNow, and when to look again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from marshmallow import fields, validate

from sidecar.events.event import EventType
from sidecar.events.wire import ID, ORDER_NO, Strict, count, email, line, moment, one_of, text
from sidecar.flows.feedback.ladder import place_of

CATEGORIES: Final = ("product", "delivery", "checkout", "service", "website", "other")
RELEASE: Final = r"[A-Za-z0-9._-]{1,50}(@[A-Za-z0-9._-]{1,40})?"
"""A cartridge, or a cartridge and its version: ``app_storefront@24.11.2``."""
SUBMITTED, CHANGED, DUE = "feedback.submitted", "feedback.record_changed", "feedback.recurrence_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What a shopper said. `rating` is 1 (worst) to 5, `nps` 0 to 10, `consent`: may be contacted about it.

    The last members are evidence for the root cause, where the shop knows them.
    """

    text: str = field(repr=False)
    locale: str
    submitted_at: datetime
    category: str = "other"
    rating: int | None = None
    nps: int | None = None
    product_id: str = ""
    page_id: str = ""
    order_no: str = ""
    customer_no: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    consent: bool = False
    releases: tuple[str, ...] = ()
    carrier: str = ""
    warehouse: str = ""
    supplier: str = ""
    payment_method: str = ""
    device: str = ""


class SubmittedSchema(Strict):
    MADE = Submitted

    text = text(4000, required=True)
    locale = line(20, r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*|default", required=True)
    submittedAt = moment(required=True)
    category = one_of(*CATEGORIES)
    rating = fields.Integer(strict=True, validate=validate.Range(1, 5))
    nps = count(10)
    productId = line(100, ID)
    pageId = line(100, ID)
    orderNo = line(50, ORDER_NO)
    customerNo = line(100, ID)
    email = email()
    consent = fields.Boolean(truthy={True}, falsy={False})
    releases = fields.List(line(91, RELEASE), validate=validate.Length(max=20))
    carrier = line(60)
    warehouse = line(60)
    supplier = line(60)
    paymentMethod = line(60)
    device = line(60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A record of this flow was changed in ServiceNow. The record itself is read: this is only the doorbell."""

    table: str
    sys_id: str
    correlation_id: str
    updated_at: datetime | None = None
    site_id: str = ""
    order_no: str = ""


class ChangedSchema(Strict):
    MADE = Changed

    table = line(80, r"[a-z0-9_]+", required=True)
    sysId = line(32, r"[0-9a-f]{32}", required=True)
    correlationId = line(100, required=True)
    updatedAt = moment()
    siteId = line(32)
    orderNo = line(50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """It is time to see whether recurrence stopped; `problem` is the problem's correlation id, `round` counts looks."""

    problem: str
    round: int


class DueSchema(Strict):
    MADE = Due

    problem = line(100, required=True)
    round = count(1000, required=True)


def correlation(*parts: str) -> str:
    """The correlation id of a record of this flow, from its business key."""
    return "feedback:" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:40]


def _key(site_id: str, data: Submitted) -> str:
    """What belongs to one cluster stays in order; it is the correlation id of the cluster's record."""
    return correlation(site_id, place_of(data).key)


def _subjects(data: Submitted) -> tuple[tuple[str, str], ...]:
    named = (("email", data.email.casefold()), ("customer_no", data.customer_no), ("order_no", data.order_no))
    return tuple((kind, value) for kind, value in named if value)


TYPES: Final = (
    EventType(
        name=SUBMITTED,
        summary="A shopper gave feedback: a review, a survey answer or a message",
        schema=SubmittedSchema,
        key=_key,
        subjects=_subjects,
        example={
            "text": "The zip broke after two days.",
            "locale": "en-GB",
            "submittedAt": "2026-03-02T09:30:00Z",
            "category": "product",
            "rating": 1,
            "nps": 2,
            "productId": "25752986M",
            "orderNo": "00012345",
            "customerNo": "00004711",
            "email": "mara@example.com",
            "consent": True,
            "releases": ["app_storefront@24.11.2"],
            "carrier": "DPX",
            "warehouse": "HAM1",
            "supplier": "Norrland Textil",
            "paymentMethod": "CREDIT_CARD",
            "device": "phone",
        },
    ),
    EventType(
        name=CHANGED,
        summary="People changed a problem or a link of the feedback flow",
        schema=ChangedSchema,
        key=lambda _site, data: data.correlation_id,
        example={"table": "problem", "sysId": "0" * 32, "correlationId": correlation("RefArchUK", "example")},
        sender="servicenow",
    ),
    EventType(
        name=DUE,
        summary="Time to see whether a recurring complaint stopped",
        schema=DueSchema,
        key=lambda _site, data: data.problem,
        example={"problem": correlation("RefArchUK", "example"), "round": 1},
        sender="internal",
    ),
)
