"""The emulated instance's memory: documents in the shape of the Admin APIs, each found through an index.

Documents are never changed in place; saving one replaces it, so a reader that still holds the old one keeps a whole
document and nothing has to be copied. Everything here may be called from any thread.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from sfcc_client.emulator.activities import TYPE, Activities
from sfcc_client.emulator.attributes import Attributes
from sfcc_client.emulator.collection import Collection, Document, Values
from sfcc_client.emulator.custom_objects import CustomObjects
from sfcc_client.emulator.library import Libraries

__all__ = ("Collection", "Document", "SiteRecord", "State", "encrypted_id_of", "guest_id_of", "opaque_id", "usid_of")
_USIDS = uuid.UUID("6d1f0f5e-8a0c-4a51-9c55-2c7f6d0b7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecord:
    """One storefront; several sites may share a customer list."""

    site_id: str
    customer_list_id: str
    label: str
    locale: str
    currency: str


def _owner(document: Document) -> tuple[Hashable, ...]:
    return (document["customerId"],) if document.get("customerId") else ()


def _buyer(document: Document) -> tuple[Hashable, ...]:
    customer_id = document.get("customerInfo", {}).get("customerId")
    return (customer_id,) if customer_id else ()


def _login(customer: Document) -> tuple[Hashable, ...]:
    login = customer.get("credentials", {}).get("login")
    return ((customer["customerListId"], login.casefold()),) if login else ()


def _listed(field: str) -> Values:
    return lambda customer: ((customer["customerListId"], customer[field].casefold()),) if customer.get(field) else ()


def _products(documents: Iterable[Document] = ()) -> Collection:
    products = Collection(
        lambda product: product["id"],
        master=lambda product: (product["masterId"],) if product.get("masterId") else (),
    )
    for document in documents:
        products.save(document)
    return products


class State:
    """All that one instance holds. Tests and demos read and change it through its collections::

        shop.state.customers.change(("RefArch", "00004711"), phoneMobile="+49 151 0000042")
        shop.state.orders.drop("00031204")

    ================  ===========================================  ==========================================
    collection        key                                          indexes
    ================  ===========================================  ==========================================
    customers         (customer list id, customer number)          id, login, email, number, list, session
    orders            order number                                 site, customer, email, number
    customer_groups   (site id, group id)                          site
    coupons           (site id, code)
    shipping_methods  (site id, method id)                         site
    oms_events        (order number, running number)               order
    baskets           basket id                                    customer
    products          product id                                   master
    pages             (site id, page id)                           aspect = (site id, aspect type id)
    ================  ===========================================  ==========================================

    `libraries` holds content, see `sfcc_client.emulator.library`; `attributes` the definitions of custom attributes;
    `custom_objects` types of one's own and their objects, of which `activities` reads those of the product's cartridge.
    The back office reads and writes `edited_products`, the same as `products` unless the instance is staged (`stage`).
    Whoever writes several documents that belong together holds `writing` meanwhile.
    `login`, `email` and `number` are indexed with the list they belong to, case-folded. `load` (percent) and
    `maintenance` (None, ``system`` or ``site``) are what every SCAPI answer's headers say.
    `oms_active` says whether order management takes cancellations and returns.
    """

    def __init__(self, organization_id: str, sites: Iterable[SiteRecord], *, retention_days: int = 30) -> None:
        self.organization_id = organization_id
        self.sites = {site.site_id: site for site in sites}
        self.libraries = Libraries(self.sites)
        self.attributes = Attributes()
        self.custom_objects = CustomObjects([TYPE])
        self.activities = Activities(self.custom_objects)
        self.writing = threading.RLock()
        self.retention_days = retention_days
        self.load = 7
        self.oms_active = True
        self.maintenance: str | None = None
        self.customers = Collection(
            lambda customer: (customer["customerListId"], customer["customerNo"]),
            id=_owner,
            login=_login,
            email=_listed("email"),
            number=_listed("customerNo"),
            list=lambda customer: (customer["customerListId"],),
            session=lambda customer: (usid_of(customer["customerId"]), encrypted_id_of(customer["customerId"])),
        )
        self.orders = Collection(
            lambda order: order["orderNo"],
            site=lambda order: (order["siteId"],),
            customer=_buyer,
            email=lambda order: (email.casefold(),) if (email := order["customerInfo"].get("email")) else (),
            number=lambda order: (number,) if (number := order["customerInfo"].get("customerNo")) else (),
        )
        self.customer_groups = Collection(
            lambda group: (group["siteId"], group["id"]), site=lambda group: (group["siteId"],)
        )
        self.coupons = Collection(lambda coupon: (coupon["siteId"], coupon["code"]))
        self.shipping_methods = Collection(
            lambda method: (method["siteId"], method["id"]), site=lambda method: (method["siteId"],)
        )
        self.oms_events = Collection(
            lambda event: (event["orderNo"], event["number"]), order=lambda event: (event["orderNo"],)
        )
        self.baskets = Collection(lambda basket: basket["basketId"], customer=_buyer)
        self.products = self.edited_products = _products()
        self.pages = Collection(
            lambda page: (page["siteId"], page["id"]),
            aspect=lambda page: ((page["siteId"], page["aspectTypeId"]),) if page.get("aspectTypeId") else (),
        )

    def stage(self) -> None:
        """Make this a staging instance: what shoppers read stays as it is now until something is published."""
        self.libraries.stage()
        with self.writing:
            if self.edited_products is self.products:
                self.edited_products = _products(self.products)

    @property
    def tenant_id(self) -> str:
        return self.organization_id.removeprefix("f_ecom_")

    @property
    def realm(self) -> str:
        return self.tenant_id.split("_")[0]

    @property
    def customer_lists(self) -> frozenset[str]:
        return frozenset(site.customer_list_id for site in self.sites.values())

    def customer_of_id(self, customer_id: str) -> Document | None:
        return next(iter(self.customers.find("id", customer_id)), None)

    def customer_of_login(self, list_id: str, login: str) -> Document | None:
        return next(iter(self.customers.find("login", (list_id, login.casefold()))), None)

    def next_order_no(self) -> str:
        """One more than the highest number so far, in eight digits. Hold `writing` until the order is saved."""
        numbers = (int(order["orderNo"]) for order in self.orders if str(order["orderNo"]).isdecimal())
        return f"{max(numbers, default=0) + 1:08d}"

    def basket_of(self, customer_id: str, site_id: str) -> Document | None:
        baskets = self.baskets.find("customer", customer_id)
        return next((basket for basket in baskets if basket["siteId"] == site_id), None)


def opaque_id(prefix: str, *parts: str, length: int = 26) -> str:
    """An id in the look of Commerce ids, always the same for the same parts."""
    digest = hashlib.sha256("\x1f".join((prefix, *parts)).encode()).digest()
    number, text = int.from_bytes(digest, "big"), ""
    while len(text) < length - len(prefix):
        number, rest = divmod(number, 62)
        text += "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rest]
    return prefix + text


def usid_of(customer_id: str) -> str:
    """The session id a registered shopper has; always the same for the same customer."""
    return str(uuid.uuid5(_USIDS, customer_id))


def encrypted_id_of(customer_id: str) -> str:
    """What SLAS calls `enc_user_id` and Einstein `userId`."""
    return hashlib.md5(customer_id.encode(), usedforsecurity=False).hexdigest().upper()


def guest_id_of(usid: str) -> str:
    """The customer id a guest session gets; the same usid is always the same guest."""
    return opaque_id("bc", "guest", usid)
