"""One event about an order, understood: what it says, who says it, and what Commerce knows of the order."""

from __future__ import annotations

from dataclasses import dataclass, field

from sfcc_client.models import Order
from sidecar.flows.order_issues import notes
from sidecar.flows.order_issues.casebook import Claim
from sidecar.flows.order_issues.events import Failed, Item, Message, Reported
from sidecar.flows.order_issues.photos import Photo
from sidecar.flows.order_issues.topics import doubt

Proof = str
"""How the reporter proved that the order is theirs: "email", "sign_in", "shop" (the shop itself speaks), or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`order` is None unless it was proved to be the reporter's. `words` are the shopper's own; `light` when they are
    all there is to add to an open case."""

    claim: Claim
    title: str
    order: Order | None
    proof: Proof
    email: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    items: tuple[Item, ...] = ()
    photos: tuple[Photo, ...] = field(default=(), repr=False)
    contact: str = ""
    review: str = ""
    failure: str = ""
    urgent: bool = False
    light: bool = False

    @property
    def summary(self) -> str:
        """The matter without personal data."""
        items = notes.items_line(self.items, self.order)
        parts = (
            self.title,
            notes.order_line(self.order, self.claim.order_no),
            items and f"Items: {items}",
            self.failure,
        )
        return "\n".join(part for part in parts if part)

    @property
    def story(self) -> str:
        """For customer service: the shopper's words, and where to answer someone who could not be linked."""
        where = "" if self.proof else f"Reported by {self.email}, not verified."
        return "\n\n".join(part for part in (self.words, where, self.summary) if part)


def proof_of(order: Order | None, *, email: str, customer_no: str = "") -> Proof:
    """An address that is the order's, letter by letter but for their case, or the shop's word for who is signed in."""
    if order is None:
        return ""
    if customer_no and order.customer_no == customer_no:
        return "sign_in"
    return "email" if order.email and order.email.strip().casefold() == email.strip().casefold() else ""


def reported(site_id: str, said: Reported, order: Order | None, *, stranger: str, urgent: frozenset[str]) -> Matter:
    """`stranger` stands for the address, where it proves nothing."""
    proof = proof_of(order, email=said.email, customer_no=said.customer_no)
    shown = order if proof else None
    return Matter(
        claim=Claim(
            site_id=site_id,
            order_no=said.order_no,
            topic=said.topic,
            reporter="" if proof else stranger,
            lines=tuple(dict.fromkeys(item.item_id for item in said.items)),
        ),
        title=notes.title(said.topic, said.order_no),
        order=shown,
        proof=proof,
        email=said.email,
        words=notes.plain(said.comment),
        items=said.items,
        photos=said.photos,
        contact=said.preferred_contact,
        review=doubt(shown, said.topic) if shown else "",
        urgent=bool(proof) and said.topic in urgent,
    )


def message(site_id: str, said: Message, order: Order | None, topic: str, *, stranger: str) -> Matter:
    """`topic` is the one of the case that the message goes to; `stranger` as in `reported`."""
    proof = proof_of(order, email=said.email, customer_no=said.customer_no)
    return Matter(
        claim=Claim(
            site_id=site_id,
            order_no=said.order_no,
            topic=topic,
            reporter="" if proof else stranger,
        ),
        title=notes.title(topic, said.order_no),
        order=order if proof else None,
        proof=proof,
        email=said.email,
        words=notes.plain(said.message),
        light=True,
    )


def failure(site_id: str, failed: Failed, order: Order, *, charged: bool) -> Matter:
    """What is known of the shopper comes from the order itself."""
    topic = "payment" if charged or failed.stage in ("payment_auth", "") else "other"
    return Matter(
        claim=Claim(site_id=site_id, order_no=failed.order_no, topic=topic),
        title=notes.failure_title(failed, charged=charged),
        order=order,
        proof="shop",
        email=order.email or "",
        failure=notes.failure_line(failed),
        review="The order is paid but failed: money was taken for nothing." if charged else "",
        urgent=charged,
    )
