"""What the flow is told: alerts from outside, and its own timers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from marshmallow import fields, validate

from sidecar.events.wire import ID, Money, MoneySchema, Strict, line, moment, one_of, text
from sidecar.events.wire import count as number

State = Literal["firing", "resolved"]
SIGNALS: Final = {
    "checkout_failures": "Checkouts fail",
    "payment_failures": "Payments fail",
    "order_rate_drop": "Orders drop",
    "api_timeout": "API calls time out",
    "api_errors": "API calls fail",
    "hook_circuit_open": "Hook circuit breaker is open",
    "load_shedding": "Platform sheds load",
    "quota": "Quota is nearly used up",
    "slas_rate": "Shopper login limit is reached",
    "job_failed": "Job failed",
    "replication_failed": "Replication failed",
    "error_rate": "Errors in the storefront code",
    "page_slow": "Pages are slow",
    "cdn": "Content delivery network is unhealthy",
}
"""What the storefront can suffer from, and how people call it."""
SEVERITIES: Final = ("info", "warning", "error", "critical")
METRICS: Final = ("LCP", "INP", "CLS", "TTFB")
CHECK_DUE, SLA_DUE = (f"storefront_alerts.{name}_due" for name in ("check", "sla"))
FLOW: Final = "storefront_alerts"
WHOLE: Final = "*"
"""The site of what concerns the whole instance: its jobs, its load, its APIs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time an alert speaks of."""

    from_: datetime
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    id: str
    limit: int | None = None
    warn: int | None = None
    max_actual: int | None = None
    exceeded_times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdn:
    zone: str = ""
    rule: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How fast pages of a type were: `p75` in ms, for CLS a plain number."""

    type: str
    metric: str
    p75: Decimal
    device: str = ""
    sample_size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert. `count`, `failed_checkouts` and `revenue_at_risk` are those of its window, never running totals."""

    signal: str
    state: State
    severity: str
    message: str
    count: int
    window: Window
    monitor: str = ""
    logger: str = ""
    node: str = ""
    cartridge_path: str = ""
    exception: str = ""
    api: str = ""
    http_status: int | None = None
    service: str = ""
    hook: str = ""
    job: str = ""
    replication: str = ""
    quota: Quota | None = None
    cdn: Cdn | None = None
    page: Page | None = None
    sample_size: int | None = None
    value: Decimal | None = None
    threshold: Decimal | None = None
    failed_checkouts: int | None = None
    revenue_at_risk: Money | None = None
    locales: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()
    correlation_id: str = ""
    request_id: str = ""
    release: str = ""
    top_process: str = ""


class WindowSchema(Strict):
    MADE = Window

    from_ = moment(data_key="from", required=True)
    to = moment(required=True)


class QuotaSchema(Strict):
    MADE = Quota

    id = line(200, required=True)
    limit = number(10**15)
    warn = number(10**15)
    maxActual = number(10**15)
    exceededTimes = number()


class CdnSchema(Strict):
    MADE = Cdn

    zone = line(253)
    rule = line(200)
    kind = line(100)


class PageSchema(Strict):
    MADE = Page

    type = line(100, required=True)
    metric = one_of(*METRICS, required=True)
    p75 = fields.Decimal(required=True, allow_nan=False, validate=validate.Range(0, 10_000_000))
    device = line(40)
    sampleSize = number()


class AlertSchema(Strict):
    MADE = Alert

    signal = one_of(*SIGNALS, required=True)
    state = one_of("firing", "resolved", required=True)
    severity = one_of(*SEVERITIES, required=True)
    message = text(2000, required=True)
    count = number(required=True)
    window = fields.Nested(WindowSchema, required=True)
    monitor = line(200)
    logger = line(200)
    node = line(200)
    cartridgePath = line(500)
    exception = line(300)
    api = line(500)
    httpStatus = fields.Integer(strict=True, validate=validate.Range(100, 599))
    service = line(200)
    hook = line(200)
    job = line(256)
    replication = line(200)
    quota = fields.Nested(QuotaSchema)
    cdn = fields.Nested(CdnSchema)
    page = fields.Nested(PageSchema)
    sampleSize = number()
    value = fields.Decimal(allow_nan=False)
    threshold = fields.Decimal(allow_nan=False)
    failedCheckouts = number()
    revenueAtRisk = fields.Nested(MoneySchema)
    locales = fields.List(line(20), validate=validate.Length(max=100))
    paymentMethods = fields.List(line(100), validate=validate.Length(max=100))
    correlationId = line(100, ID)
    requestId = line(100, ID)
    release = line(256)
    topProcess = line(200)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDue:
    """It is time to look at a group."""

    group: str


class GroupDueSchema(Strict):
    MADE = GroupDue

    group = line(40, r"[0-9a-f]{40}", required=True)


EXAMPLE: Final = {
    "signal": "payment_failures",
    "state": "firing",
    "severity": "critical",
    "message": "Authorization at adyen.payment failed: connect timed out after 3000 ms",
    "count": 42,
    "window": {"from": "2026-03-02T08:55:00+00:00", "to": "2026-03-02T09:00:00+00:00"},
    "monitor": "Payment authorization failures",
    "service": "adyen.payment",
    "sampleSize": 180,
    "failedCheckouts": 42,
    "revenueAtRisk": {"amount": "5140.00", "currency": "EUR"},
    "locales": ["de_DE", "de_AT"],
    "paymentMethods": ["CREDIT_CARD"],
    "correlationId": "0f8b4d0e-5a52-4f0e-8a55-6a4be12b6f0c",
    "release": "2026.9.1",
}
