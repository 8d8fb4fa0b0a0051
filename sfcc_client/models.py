"""What the SDK answers with: frozen records, amounts as exact decimals, moments as aware UTC datetimes.

A missing upstream value is None (or an empty tuple), never an invented default. Enumerations stay plain text, because
tenants and releases add values. Personal data is left out of every `repr`, so that logging a record is safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

Stock = Literal["ok", "low", "out"]
ActivityKind = Literal["search", "view", "page"]
OrderSource = Literal["shopper_token", "ocapi_search", "index"]
CheckState = Literal["ok", "failed", "off"]

UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)  # it happened, but nobody wrote down when


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An exact amount in major units of an ISO 4217 currency (JPY has no decimals, BHD three)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A registered customer of one customer list (Customers API, schema Customer).

    `customer_no` is the number people read, `customer_id` the opaque id shopper paths use. `custom` holds every
    attribute named ``c_*`` by its upstream name.
    """

    customer_no: str
    customer_id: str | None = None
    customer_list_id: str | None = None
    login: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    locale: str | None = None
    created_at: datetime | None = None
    last_login_at: datetime | None = None
    enabled: bool | None = None
    company: str | None = field(default=None, repr=False)
    custom: Mapping[str, Any] = field(default_factory=_nothing, repr=False)

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One product line; `price` is of the whole line after its own discounts, `returned` a number of pieces."""

    item_id: str | None = None
    product_id: str | None = None
    name: str | None = None
    quantity: Decimal = Decimal(1)
    price: Money | None = None
    returned: int = 0
    variant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One shipment; `status` is `not_shipped`, `shipped` or what an order management system says."""

    shipment_id: str | None = None
    tracking_number: str | None = None
    carrier: str | None = None
    tracking_url: str | None = None
    status: str | None = None
    method: str | None = None
    promised_at: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment; the label holds at most the card type and its last four digits."""

    label: str
    status: str | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order (Orders API, Shopper Orders API, or OCAPI Shop order document)."""

    order_no: str
    site_id: str | None = None
    status: str | None = None
    confirmation_status: str | None = None
    export_status: str | None = None
    payment_status: str | None = None
    shipping_status: str | None = None
    customer_no: str | None = None
    customer_name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    guest: bool = False
    placed_at: datetime | None = None
    total: Money | None = None
    currency: str | None = None
    lines: tuple[OrderLine, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    payments: tuple[Payment, ...] = ()
    promised_at: date | None = None
    delivered_at: datetime | None = None
    last_modified: datetime | None = None
    cancel_description: str | None = field(default=None, repr=False)
    external_status: str | None = None
    custom: Mapping[str, Any] = field(default_factory=_nothing, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """Some orders, newest first; `total` counts all of them, `source` says which strategy answered."""

    orders: tuple[Order, ...]
    total: int
    source: OrderSource


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVersion:
    """One state an order was seen in.

    `version` is the moment of its last change and a hash of everything it says, so that two changes in one second are
    two versions. `key` names this state of this order: what has to happen once for each state can be kept under it.
    """

    order: Order
    version: str
    modified_at: datetime
    created_at: datetime

    @property
    def key(self) -> str:
        return f"{self.order.order_no}:{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """The order after a change; `changed` is False where it said so already and nothing was written."""

    order: Order
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on an order; only people behind the shop see it."""

    note_id: str | None = None
    subject: str = field(repr=False)
    text: str = field(repr=False)
    created_by: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """One line of a basket; `price` is of the whole line. `stock` is filled from the product when asked for."""

    item_id: str | None = None
    product_id: str | None = None
    name: str | None = None
    quantity: Decimal = Decimal(1)
    price: Money | None = None
    variant: str | None = None
    stock: Stock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A coupon in a basket: `effect` is the text or the amount of what it does, None when it does nothing."""

    code: str
    valid: bool | None = None
    effect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """The one open basket of a shopper; `total` is None until Commerce has calculated it."""

    basket_id: str
    total: Money | None = None
    currency: str | None = None
    lines: tuple[BasketLine, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    changed_at: datetime | None = None
    payment_failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What a product is called and whether it can be bought now."""

    product_id: str
    name: str | None = None
    variant: str | None = None
    image_url: str | None = None
    orderable: bool | None = None
    stock: Stock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loyalty:
    """Membership in a loyalty programme; points are whole, `progress_pct` 0 to 100 towards `next_tier`."""

    member_since: date | None = None
    tier: str | None = None
    points: int | None = None
    next_tier: str | None = None
    points_to_next: int | None = None
    progress_pct: int | None = None
    expiring_points: int | None = None
    expiring_on: date | None = None
    vouchers: int | None = None
    voucher_total: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityItem:
    """One search, product view or page view; `at` is None when the source keeps no time (Einstein)."""

    at: datetime | None = None
    kind: ActivityKind
    text: str = field(repr=False)
    results: int | None = None
    count: int = 1
    product_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Recent storefront activity, newest first.

    `opted_out_at` is set when the shopper refused tracking (`UNDATED` when the date is not kept); then there are no
    items. `window` is how far back the
    source remembers, None when it does not say.
    """

    items: tuple[ActivityItem, ...] = ()
    opted_out_at: datetime | None = None
    window: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The outcome of trying one capability; `message` is for people, `code` the slug of the error."""

    name: str
    state: CheckState
    message: str
    code: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The last load signal seen on an answer (headers `sfdc_load`, `sfdc_load_status`, `sfdc_maintenance`)."""

    percent: int | None = None
    status: str | None = None
    maintenance: str | None = None
    seen_at: datetime | None = None
