"""Who the shopper is: name, number, masked addresses, language, flags, and how they shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sfcc_client.models import Customer, OrderPage
from sidecar.context import lookups
from sidecar.context.identity import Shopper
from sidecar.context.masking import clean, masked_email, masked_phone
from sidecar.context.part import Part, part_of
from sidecar.context.reader import Question, Reader
from sidecar.context.view import View
from sidecar.context.wording import instant

NAME = "profile"
_LAPSED_AFTER = timedelta(days=365)


def question(reader: Reader, shopper: Shopper) -> Question[Customer | None] | None:
    """Asks for the profile anew when the copy the shopper was found with is no longer fresh enough."""
    found = shopper.profile.entry
    if shopper.customer is None or not reader.live or found is None:
        return None
    if found.age_s(reader.started) < reader.upstream.policy.sections[NAME].fresh_s:
        return None
    return reader.ask(lookups.customer(reader.upstream, shopper.customer.customer_no, shopper.site))


def part(reader: Reader, shopper: Shopper, asked: Question[Customer | None] | None) -> Part[Customer]:
    """The newest copy of the profile: asked for anew, kept by number, or the one the shopper was found with.

    A guest has no customer record: the part is as old as the orders they were found by, and its value stays None.
    """
    if shopper.customer is None:
        return part_of(shopper.profile, reader.started, without_value=True)
    found: Part[Customer] = part_of(shopper.profile, reader.started, shopper.customer)
    if asked is not None:
        reading = asked.reading(reader.upstream.policy.sections[NAME].deadline_s)
        if reading.error is not None:
            return found.but_failed(reading.error)
    else:
        reading = reader.known(lookups.customer(reader.upstream, shopper.customer.customer_no, shopper.site))
    if reading.entry is None or reading.entry.value is None:
        return found
    kept: Part[Customer] = part_of(reading, reader.started)
    return kept if kept.age_s <= found.age_s else found


def document(customer: Customer | None, shopper: Shopper, orders: OrderPage | None, view: View) -> dict[str, Any]:
    """The profile on the wire. `orders` None: not known, then `last_order_at` and `segment` are null."""
    if customer is None:
        return _guest(shopper, orders, view)
    since = customer.created_at
    return {
        "name": clean(customer.name) or clean(customer.company) or f"Customer {clean(customer.customer_no)}",
        "customer_no": clean(customer.customer_no),
        "site": site(shopper),
        "email": _masked(masked_email(customer.email), "email", view),
        "phone": _masked(masked_phone(customer.phone), "phone", view),
        "language": clean(customer.locale, 35).replace("_", "-") or None,
        "since": view.moment.day_of(since).isoformat() if since else None,
        "last_order_at": instant(last_order_at(orders)),
        "segment": _segment(orders, view),
        "flags": list(_flags(customer, view)),
    }


def site(shopper: Shopper) -> dict[str, str]:
    """``{"id","label"}``."""
    return {"id": shopper.site.site_id, "label": shopper.site.label or shopper.site.site_id}


def last_order_at(orders: OrderPage | None) -> datetime | None:
    return max((order.placed_at for order in orders.orders if order.placed_at), default=None) if orders else None


def is_true(value: object) -> bool:
    """A custom attribute that stands for yes, however the tenant typed it."""
    return value is True or str(value).strip().lower() in ("true", "yes", "1")


def opted_out_since(customer: Customer, attribute: str) -> tuple[bool, date | None]:
    """Whether the shopper refused tracking, and since when if `attribute` says so."""
    value = customer.custom.get(attribute) if attribute else None
    if isinstance(value, datetime):
        return True, value.date()
    if isinstance(value, date):
        return True, value
    text = str(value or "").strip()
    if not text or text.lower() in ("false", "no", "0", "none"):
        return False, None
    try:
        return True, date.fromisoformat(text[:10])
    except ValueError:
        return True, None


def _guest(shopper: Shopper, orders: OrderPage | None, view: View) -> dict[str, Any]:
    return {
        "name": shopper.name or "Guest shopper",
        "guest": True,
        "customer_no": None,
        "site": site(shopper),
        "email": _masked(masked_email(shopper.email), "email", view),
        "phone": None,
        "language": None,
        "since": None,
        "last_order_at": instant(last_order_at(orders)),
        "segment": None,
        "flags": [{"code": "guest", "label": "Guest", "tone": "neutral"}],
    }


def _masked(mask: str, field: str, view: View) -> dict[str, Any] | None:
    return {"masked": mask, "revealable": field in view.grant.reveal} if mask else None


def _segment(orders: OrderPage | None, view: View) -> str | None:
    if orders is None:
        return None
    last = last_order_at(orders)
    if last is not None and view.moment.now - last > _LAPSED_AFTER:
        return "lapsed"
    return "repeat" if orders.total > 1 else "new"


def _flags(customer: Customer, view: View) -> Iterator[dict[str, str]]:
    names = view.attribute_names
    if customer.enabled is False:
        yield {"code": "blocked", "label": "Blocked", "tone": "critical"}
    if is_true(customer.custom.get(names.vip)):
        yield {"code": "vip", "label": "VIP", "tone": "moderate"}
    if is_true(customer.custom.get(names.employee)):
        yield {"code": "employee", "label": "Employee", "tone": "info"}
