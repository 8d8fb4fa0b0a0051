"""The front door: one client for one tenant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Self

from sfcc_client.clock import Clock, SystemClock
from sfcc_client.config import CommerceSettings, Site
from sfcc_client.gateway import Gateway
from sfcc_client.models import Check, Load
from sfcc_client.order_index import OrderIndex
from sfcc_client.request import Calls
from sfcc_client.resources.activity import ShopperActivity
from sfcc_client.resources.baskets import Baskets
from sfcc_client.resources.checks import checks
from sfcc_client.resources.content import Content
from sfcc_client.resources.custom_objects import CustomObjects
from sfcc_client.resources.customers import Customers
from sfcc_client.resources.loyalty import LoyaltyProgram
from sfcc_client.resources.order_changes import OrderChanges
from sfcc_client.resources.order_notes import OrderNotes
from sfcc_client.resources.order_updates import OrderUpdates
from sfcc_client.resources.orders import Orders
from sfcc_client.resources.product_updates import ProductUpdates
from sfcc_client.resources.products import Products
from sfcc_client.resources.releases import Releases
from sfcc_client.resources.signals import Signals
from sfcc_client.resources.sweep import OVERLAP, OrderSweep
from sfcc_client.sweep_store import SweepStore
from sfcc_client.transport import Transport


class CommerceClient:
    """Salesforce B2C Commerce for a service desk: customers, orders, baskets, products, loyalty, activity.

    Thread-safe; close it, or use it as a context manager. Every method takes `deadline`, the seconds the whole call may
    take, sign-in and repeats included (three read timeouts unless given), and `correlation_id`, which travels to
    Commerce. Every failure is a `sfcc_client.errors.CommerceError`.

    `order_index`, fed by a sweep, finds the orders of guests without OCAPI. `clock` and `new_id` are injected in tests.
    """

    def __init__(
        self,
        settings: CommerceSettings,
        *,
        order_index: OrderIndex | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self._clock = clock = clock or SystemClock()
        self._transport = Transport(settings, clock)
        calls = Calls(clock, default_deadline_s=3 * settings.read_timeout_s, new_id=new_id)
        self._gateway = Gateway(settings, clock, self._transport, calls)
        self.customers = Customers(self._gateway)
        self.orders = Orders(self._gateway, order_index)
        self.order_changes = OrderChanges(self._gateway)
        self.order_updates = OrderUpdates(self._gateway, self.orders)
        self.order_notes = OrderNotes(self._gateway)
        self.content = Content(self._gateway)
        self.custom_objects = CustomObjects(self._gateway)
        self.releases = Releases(self._gateway)
        self.signals = Signals(self._gateway, self.releases)
        self.products = Products(self._gateway)
        self.product_updates = ProductUpdates(self._gateway)
        self.baskets = Baskets(self._gateway, self.products)
        self.loyalty = LoyaltyProgram(self._gateway)
        self.activity = ShopperActivity(self._gateway, self.products)

    @property
    def sites(self) -> Mapping[str, Site]:
        """The configured sites by id."""
        return self._gateway.sites

    @property
    def load(self) -> Load:
        """The last load signal Commerce gave; empty until it gives one."""
        return self._transport.load

    def sweep(self, store: SweepStore, *, overlap: timedelta = OVERLAP) -> OrderSweep:
        """A delta sweep of orders that remembers in `store` how far it got."""
        return OrderSweep(self.order_changes, store, self._clock, overlap=overlap)

    def ping(self, *, deadline: float | None = None) -> list[Check]:
        """Tries every configured capability once per site and says what works; reads no customer's data.

        `deadline` holds for each check. Never raises a CommerceError: failures are the answer.
        """
        return list(checks(self, self._gateway, deadline))

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
