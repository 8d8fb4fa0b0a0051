"""What the context room needs from others, as protocols: Commerce, the access log, and the case's own history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sfcc_client import Site
from sfcc_client.models import Activity, Basket, Customer, Loyalty, Order, OrderPage
from sidecar.context.request import CaseRef


class Customers(Protocol):
    def by_number(
        self, customer_no: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Customer: ...

    def by_email(
        self, email: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> tuple[Customer, ...]: ...


class Orders(Protocol):
    def of_customer(
        self,
        customer: Customer,
        *,
        site_id: str,
        limit: int = 25,
        offset: int = 0,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> OrderPage: ...

    def of_guest(
        self,
        email: str,
        *,
        site_id: str,
        limit: int = 25,
        offset: int = 0,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> OrderPage: ...

    def by_number(
        self, order_no: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Order: ...


class Baskets(Protocol):
    def of_customer(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Basket | None: ...


class LoyaltyProgramme(Protocol):
    @property
    def configured(self) -> bool: ...

    def of_customer(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Loyalty | None: ...


class ActivityHistory(Protocol):
    @property
    def configured(self) -> bool: ...

    def of_customer(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Activity: ...


class Commerce(Protocol):
    """The part of `sfcc_client.CommerceClient` that is used here."""

    @property
    def customers(self) -> Customers: ...

    @property
    def orders(self) -> Orders: ...

    @property
    def baskets(self) -> Baskets: ...

    @property
    def loyalty(self) -> LoyaltyProgramme: ...

    @property
    def activity(self) -> ActivityHistory: ...

    @property
    def sites(self) -> Mapping[str, Site]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRecord:
    """One look at personal data; `at` is aware UTC. It never holds the value that was shown."""

    at: datetime
    user: str
    action: str
    field: str
    reason: str | None
    customer_no: str | None
    site_id: str | None
    case: CaseRef | None
    reference: str


class AccessAudit(Protocol):
    """The access log. A record that cannot be written must raise: then nothing is revealed."""

    def record(self, record: AccessRecord) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What the open case is about: its words, and how many other cases named the same order in the last 14 days."""

    text: str = ""
    earlier_contacts: int = 0


class CaseHistory(Protocol):
    """Cases as ServiceNow keeps them; optional. `order_no` is the order named in the case, when there is one."""

    def of_case(
        self,
        case: CaseRef,
        *,
        order_no: str | None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> CaseFile: ...
