"""Who the case is about: one shopper, several to choose from, a guest, or nobody. Never a guess.

The keys are tried in the order of how much they prove: customer number, e-mail address, order number, guest orders.
The first that finds somebody decides; a later key may only narrow what an ambiguous address left open, because that is
evidence and not a guess. A match is `exact` when the strongest key of the case found it and every place was searched;
otherwise it is `probable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, TypeVar

from sfcc_client import Site
from sfcc_client.errors import NotConfigured
from sfcc_client.models import Customer, Order
from sidecar.cache import Outcome, Reading
from sidecar.context import lookups
from sidecar.context.answer import Match
from sidecar.context.keys import Keys, same_address
from sidecar.context.masking import clean, masked_email
from sidecar.context.reader import Question, Reader
from sidecar.context.request import Identity

V = TypeVar("V")

Confidence = Literal["exact", "probable"]


class _Found(NamedTuple):
    """An order on a site, and the reading it came with."""

    site: Site
    reading: Reading[Any]
    order: Order

    def placed(self) -> float:
        return self.order.placed_at.timestamp() if self.order.placed_at else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """One person on one site: a registered customer, or a guest known by the address of their orders.

    `profile` is the reading they were found with: it holds their profile too, and says how old it is.
    """

    site: Site
    customer: Customer | None = None
    profile: Reading[Any]
    email: str | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)
    order: Order | None = field(default=None, repr=False)

    def subjects(self, keys: Keys) -> tuple[str, ...]:
        """The tags by which everything kept about this person can be erased."""
        if self.customer is not None:
            return lookups.people_of_customers(keys, (self.customer,))
        return (keys.email(self.email),) if self.email else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be meant, and why; `profile` as in Shopper."""

    customer: Customer
    site: Site
    evidence: str
    profile: Reading[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The outcome. `shopper` is set for ``one`` and ``guest``, `candidates` for ``many``; `error` says why ``pending``
    when upstream was asked. `by` are the keys that decided, `searched` what was looked for and `sites` where."""

    match: Match
    by: tuple[str, ...] = ()
    confidence: Confidence = "exact"
    shopper: Shopper | None = None
    candidates: tuple[Candidate, ...] = ()
    searched: tuple[Mapping[str, str], ...] = ()
    sites: tuple[Site, ...] = ()
    error: BaseException | None = None


def resolved(identity: Identity, reader: Reader, sites: tuple[Site, ...]) -> Resolution:
    """Who `identity` means among the customers of `sites`; asks upstream as far as `reader` may."""
    return _Search(identity, reader, sites).outcome()


class _Search:
    """One search; `unsure` remembers that a place could not be searched, `error` why."""

    def __init__(self, identity: Identity, reader: Reader, sites: tuple[Site, ...]) -> None:
        self._identity = identity
        self._reader = reader
        self._sites = sites
        self._lists = list({site.customer_list_id: site for site in sites}.values())
        self._unsure = False
        self._error: BaseException | None = None
        self._missed: list[str] = []

    def outcome(self) -> Resolution:
        found = self._found()
        return replace(
            found,
            searched=tuple(_searched(self._identity)),
            sites=self._sites,
            confidence="probable" if self._unsure or self._missed else found.confidence,
        )

    def _found(self) -> Resolution:
        identity = self._identity
        if not (identity.customer_no or identity.email or identity.order_no):
            return Resolution(match="no_identity")
        for search in (self._by_number, self._by_email, self._by_order):
            candidates = search()
            if candidates:
                return self._decided(candidates)
        return self._guest() or self._nobody()

    def _decided(self, candidates: list[Candidate]) -> Resolution:
        by = [key for key in ("customer_no", "email", "order_no") if getattr(self._identity, key)]
        by = [key for key in by if key not in self._missed][:1]
        if len(candidates) > 1 and self._identity.order_no and by != ["order_no"]:
            buyers = [one for one in candidates if self._placed_the_order(one)]
            if len(buyers) == 1:
                candidates, by = buyers, [*by, "order_no"]
        if len(candidates) > 1:
            return Resolution(match="many", by=tuple(by), candidates=tuple(candidates))
        (only,) = candidates
        email, theirs = self._identity.email, only.customer.email
        contradicts = False
        if by == ["customer_no"] and email and theirs:
            contradicts = same_address(email) != same_address(theirs)
            by += [] if contradicts else ["email"]
        return Resolution(
            match="one",
            by=tuple(by),
            confidence="probable" if contradicts else "exact",
            shopper=Shopper(site=only.site, customer=only.customer, profile=only.profile),
        )

    def _by_number(self) -> list[Candidate]:
        number = self._identity.customer_no
        if not number:
            return []
        asked = [
            (site, self._reader.ask(lookups.customer(self._reader.upstream, number, site))) for site in self._lists
        ]
        found = [
            self._candidate(customer, site, "Same customer number", reading)
            for site, reading in self._settled(asked)
            if (customer := _value(reading)) is not None
        ]
        return found or self._missing("customer_no")

    def _by_email(self) -> list[Candidate]:
        email = self._identity.email
        if not email:
            return []
        upstream = self._reader.upstream
        asked = [(site, self._reader.ask(lookups.customers_with_email(upstream, email, site))) for site in self._lists]
        found = [
            self._candidate(customer, site, "Same e-mail", reading)
            for site, reading in self._settled(asked)
            for customer in _value(reading) or ()
        ]
        return found or self._missing("email")

    def _by_order(self) -> list[Candidate]:
        if self._identity.order_no and self._identity.email:
            # The order may turn out to be a guest's: their other orders load meanwhile.
            for site in self._sites:
                self._reader.ask(lookups.orders_of_guest(self._reader.upstream, self._identity.email, site.site_id))
        buyers = {
            (found.site.customer_list_id, found.order.customer_no): found.site
            for found in self._orders()
            if _is_registered(found.order)
        }
        asked = [
            (site, self._reader.ask(lookups.customer(self._reader.upstream, number, site)))
            for (_, number), site in buyers.items()
            if number
        ]
        return [
            Candidate(customer=customer, site=site, evidence=f"Placed order {self._identity.order_no}", profile=reading)
            for site, reading in self._settled(asked)
            if (customer := _value(reading)) is not None
        ]

    def _guest(self) -> Resolution | None:
        """Somebody without an account: the newest of their orders says on which site they shop."""
        orders = [found for found in self._orders() if not _is_registered(found.order)]
        email = self._identity.email
        address = next((found.order.email for found in orders if found.order.email), None)
        by: tuple[str, ...] = ("order_no",) if orders else ("email",)
        if email and address and same_address(email) == same_address(address):
            by = ("email", "order_no")
        address = address if orders else email
        places = [found.site for found in orders] or list(self._sites)
        shown = (self._guest_orders(address, places) if address else []) or orders
        if not shown:
            return None
        if "email" in by:
            self._missed.remove("email")
        newest = max(shown, key=_Found.placed)
        shopper = Shopper(
            site=newest.site,
            profile=newest.reading,
            email=address,
            name=clean(newest.order.customer_name),
            order=next((found.order for found in orders if found.site == newest.site), None),
        )
        return Resolution(match="guest", by=by, shopper=shopper)

    def _guest_orders(self, email: str, places: list[Site]) -> list[_Found]:
        """The newest guest order with this address in each place."""
        upstream = self._reader.upstream
        asked = [(site, self._reader.ask(lookups.orders_of_guest(upstream, email, site.site_id))) for site in places]
        return [
            _Found(site, reading, page.orders[0])
            for site, reading in self._settled(asked)
            if (page := _value(reading)) is not None and page.orders
        ]

    def _nobody(self) -> Resolution:
        if not self._unsure:
            return Resolution(match="none")
        # Somebody may well be there: "nobody" would be a claim that was not checked.
        return Resolution(match="pending", error=self._error)

    def _orders(self) -> list[_Found]:
        """The order named in the case, on every site that has one of that number."""
        number = self._identity.order_no
        if not number:
            return []
        upstream = self._reader.upstream
        asked = [(site, self._reader.ask(lookups.order(upstream, number, site.site_id))) for site in self._sites]
        return [
            _Found(site, reading, order)
            for site, reading in self._settled(asked)
            if (order := _value(reading)) is not None
        ]

    def _placed_the_order(self, candidate: Candidate) -> bool:
        return any(
            found.order.customer_no == candidate.customer.customer_no
            and found.site.customer_list_id == candidate.site.customer_list_id
            for found in self._orders()
        )

    def _candidate(self, customer: Customer, site: Site, evidence: str, reading: Reading[Any]) -> Candidate:
        return Candidate(customer=customer, site=self._home(customer, site), evidence=evidence, profile=reading)

    def _home(self, customer: Customer, found_on: Site) -> Site:
        """The site of a shared customer list where this shopper shops, as far as their language tells."""
        siblings = [site for site in self._sites if site.customer_list_id == found_on.customer_list_id]
        wanted = (customer.locale or "").replace("_", "-").lower()
        return next((site for site in siblings if site.locale.replace("_", "-").lower() == wanted), siblings[0])

    def _missing(self, key: str) -> list[Candidate]:
        if key not in self._missed:
            self._missed.append(key)
        return []

    def _settled(self, asked: Iterable[tuple[Site, Question[V]]]) -> list[tuple[Site, Reading[V]]]:
        readings = [(site, question.reading()) for site, question in asked]
        for _, reading in readings:
            # A place the settings leave out is not a place that failed to answer.
            if reading.outcome in (Outcome.FAILED, Outcome.PENDING) and not isinstance(reading.error, NotConfigured):
                self._unsure = True
                self._error = self._error or reading.error
        return readings


def _value(reading: Reading[V]) -> V | None:
    return None if reading.entry is None else reading.entry.value


def _is_registered(order: Order) -> bool:
    return not order.guest and bool(order.customer_no)


def _searched(identity: Identity) -> Iterator[Mapping[str, str]]:
    if identity.customer_no:
        yield {"kind": "customer_no", "masked": clean(identity.customer_no)}
    if identity.email:
        yield {"kind": "email", "masked": masked_email(identity.email)}
    if identity.order_no:
        yield {"kind": "order_no", "masked": clean(identity.order_no)}
