"""The cases an agent finds in the demo: one per thing worth seeing in the panel.

Each case is written through the SDK like any other record. Its contact holds the e-mail address, its columns the order
and site, so that the panel finds the shopper the way it does in production.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from snow_app import Query, SnowClient

Samples = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """One case: which sample shopper wrote it, what it says, and what to look at once it is open."""

    sample: str
    short_description: str
    priority: str
    look_at: str
    with_order: bool = False
    name: tuple[str, str] | None = None


CASES = (
    DemoCase(
        sample="registered",
        short_description="Where is my parcel? Order {order_no} was promised days ago",
        priority="2",
        look_at="a late order on top, a cart at risk, masked e-mail with a logged reveal",
        with_order=True,
    ),
    DemoCase(
        sample="guest",
        short_description="I ordered without an account, order {order_no}",
        priority="3",
        look_at="a guest: orders found by e-mail, no profile",
        with_order=True,
    ),
    DemoCase(
        sample="ambiguous",
        short_description="Please change the delivery address",
        priority="3",
        look_at="two customers share this e-mail: nobody's data is shown until you choose",
    ),
    DemoCase(
        sample="unknown",
        short_description="Question about a gift card",
        priority="4",
        look_at="no customer: what was searched, and a search by order number",
        name=("Noa", "Brandt"),
    ),
    DemoCase(
        sample="opted_out",
        short_description="Which size fits me?",
        priority="4",
        look_at="recent activity is withheld: the shopper opted out of tracking",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededCase:
    """A case as written; `identity` is what the ready file says of its shopper."""

    case: DemoCase
    number: str
    sys_id: str
    identity: Mapping[str, str] = field(repr=False)


def seeded_cases(client: SnowClient, *, scope: str, table: str, samples: Samples) -> tuple[SeededCase, ...]:
    """Write the demo's contacts and cases; a case that is there already is found again, not written twice."""
    return tuple(
        _seeded(client, scope=scope, table=table, case=case, sample=samples[case.sample])
        for case in CASES
        if samples.get(case.sample)
    )


def _seeded(client: SnowClient, *, scope: str, table: str, case: DemoCase, sample: Mapping[str, Any]) -> SeededCase:
    contact = _contact(client, table=table, case=case, sample=sample)
    correlation = f"sfcc-snow-demo-{case.sample}"
    values = {
        "short_description": case.short_description.format(order_no=sample.get("order_no", "")).strip(),
        "priority": case.priority,
        "correlation_id": correlation,
        f"{scope}_site_id": str(sample.get("site_id", "")),
        **({f"{scope}_order_no": str(sample["order_no"])} if case.with_order and "order_no" in sample else {}),
        ("contact" if table == "sn_customerservice_case" else "caller_id"): contact,
    }
    rows = client.table(table)
    known = rows.first(Query().where("correlation_id", "=", correlation), fields=("number", "correlation_id"))
    record = known if known and known["correlation_id"] == correlation else rows.insert(values)
    return SeededCase(
        case=case,
        number=record["number"],
        sys_id=record.sys_id,
        identity={name: str(sample[name]) for name in ("customer_no", "email", "order_no") if name in sample},
    )


def _contact(client: SnowClient, *, table: str, case: DemoCase, sample: Mapping[str, Any]) -> str:
    people = client.table("customer_contact" if table == "sn_customerservice_case" else "sys_user")
    email = str(sample["email"])
    known = people.first(Query().where("email", "=", email), fields=("email",))
    if known and known["email"] == email:
        return known.sys_id
    own = (str(sample.get("first_name") or ""), str(sample.get("last_name") or ""))
    first, last = own if any(own) else case.name or _name_in(email)
    return people.insert({"first_name": first, "last_name": last, "email": email}).sys_id


def _name_in(email: str) -> tuple[str, str]:
    """First and last name, as far as an address like ``first.last@example.com`` tells them."""
    first, _, last = email.partition("@")[0].partition(".")
    return first.title(), last.title() or first.title()
