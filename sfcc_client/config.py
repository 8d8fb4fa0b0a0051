"""Where Commerce is, who we are there, and what the tenant calls its attributes."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sfcc_client.errors import InvalidSettings

LoyaltyProvider = Literal["attributes", "custom_api", "none"]
ActivityProvider = Literal["custom_api", "einstein", "none"]

_ORGANIZATION = re.compile(r"[A-Za-z0-9_]{1,32}")
_PREFIX = "f_ecom_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One storefront. `customer_list_id` is usually the site id; `locale` and `currency` are its defaults."""

    site_id: str
    customer_list_id: str
    label: str = ""
    locale: str = "default"
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeNames:
    """The custom attributes the SDK reads; every tenant names its own. An empty name means: not kept."""

    order_promised: str = "c_promisedDeliveryDate"
    order_delivered: str = "c_deliveredDate"
    order_carrier: str = "c_carrier"
    order_tracking_url: str = "c_trackingUrl"
    line_returned: str = "c_returnedQuantity"
    basket_payment_failures: str = "c_paymentFailures"
    loyalty_tier: str = "c_loyaltyTier"
    loyalty_points: str = "c_loyaltyPoints"
    loyalty_next_tier: str = "c_loyaltyNextTier"
    loyalty_points_to_next: str = "c_loyaltyPointsToNext"
    loyalty_expiring_points: str = "c_loyaltyExpiringPoints"
    loyalty_expiring_on: str = "c_loyaltyExpiringOn"
    loyalty_voucher_count: str = "c_loyaltyVoucherCount"
    loyalty_voucher_total: str = "c_loyaltyVoucherTotal"
    loyalty_since: str = "c_loyaltySince"
    vip: str = "c_vip"
    employee: str = "c_employee"
    tracking_opt_out: str = "c_trackingOptOut"
    address_changed_at: str = "c_addressChangedAt"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommerceSettings:
    """Everything needed to reach one tenant.

    `scapi_url` is ``https://{shortCode}.api.commercecloud.salesforce.com``, `account_manager_url` normally
    ``https://account.demandware.com``, `instance_url` the storefront or Business Manager host (OCAPI), `einstein_url`
    normally ``https://api.cquotient.com``. The `bm_*` fields are optional: without them guests' orders cannot be
    searched; `ocapi_client_id` and its secret default to the Account Manager client. `order_management`
    says that Salesforce Order Management is active, so that shipments carry its tracking. `loyalty_scope` and
    `activity_scope` are the custom scopes the tenant gave its custom APIs. Plain http is for loopback hosts only.

    Raises InvalidSettings with every problem at once.
    """

    scapi_url: str
    account_manager_url: str
    instance_url: str
    organization_id: str
    client_id: str
    client_secret: str = field(repr=False)
    slas_client_id: str
    slas_client_secret: str = field(repr=False)
    sites: tuple[Site, ...]
    einstein_url: str = ""
    einstein_client_id: str = ""
    einstein_realm: str = ""
    einstein_instance_type: str = "prd"
    einstein_recommender: str = ""
    ocapi_client_id: str = ""
    ocapi_client_secret: str = field(default="", repr=False)
    ocapi_version: str = "v24_5"
    bm_user: str = field(default="", repr=False)
    bm_password: str = field(default="", repr=False)
    order_management: bool = False
    loyalty: LoyaltyProvider = "attributes"
    activity: ActivityProvider = "none"
    loyalty_scope: str = "c_loyalty_info"
    activity_scope: str = "c_shopper_activity"
    attribute_names: AttributeNames = AttributeNames()
    connect_timeout_s: float = 3.05
    read_timeout_s: float = 10.0
    pool_size: int = 32
    ca_bundle: str = ""
    client_certificate: str = ""

    def __post_init__(self) -> None:
        problems = [*self._url_problems(), *self._name_problems(), *self._number_problems(), *self._file_problems()]
        if problems:
            raise InvalidSettings("The Commerce settings cannot work: " + "; ".join(problems) + ".")

    @property
    def tenant_id(self) -> str:
        """The tenant as the Account Manager scope names it, such as ``zzrf_001``."""
        return self.organization_id.removeprefix(_PREFIX)

    @property
    def ocapi_configured(self) -> bool:
        """Whether OCAPI Shop can be asked: it needs a Business Manager user."""
        return bool(self.bm_user and self.bm_password)

    def _url_problems(self) -> list[str]:
        named = {name: getattr(self, name) for name in ("scapi_url", "account_manager_url", "instance_url")}
        if self.activity == "einstein":
            named["einstein_url"] = self.einstein_url
        return [f"{name} {problem}" for name, url in named.items() if (problem := _url_problem(url))]

    def _name_problems(self) -> list[str]:
        problems = [
            f"{name} is empty"
            for name in ("client_id", "client_secret", "slas_client_id", "slas_client_secret")
            if not getattr(self, name)
        ]
        if not _ORGANIZATION.fullmatch(self.organization_id):
            problems.append("organization_id is not like f_ecom_zzrf_001")
        if not self.sites:
            problems.append("sites is empty")
        if len({site.site_id for site in self.sites}) != len(self.sites):
            problems.append("sites names one site twice")
        if any(not 1 <= len(value) <= 32 for site in self.sites for value in (site.site_id, site.customer_list_id)):
            problems.append("sites holds a site_id or customer_list_id that is not 1 to 32 characters long")
        if self.loyalty not in ("attributes", "custom_api", "none"):
            problems.append("loyalty is none of attributes, custom_api, none")
        if self.activity not in ("custom_api", "einstein", "none"):
            problems.append("activity is none of custom_api, einstein, none")
        if self.activity == "einstein" and not self.einstein_client_id:
            problems.append("einstein_client_id is empty although activity is einstein")
        return problems

    def _file_problems(self) -> list[str]:
        names = ("ca_bundle", "client_certificate")
        return [f"{name} is not a file" for name in names if (path := getattr(self, name)) and not Path(path).exists()]

    def _number_problems(self) -> list[str]:
        names = ("connect_timeout_s", "read_timeout_s", "pool_size")
        return [f"{name} is not above 0" for name in names if not getattr(self, name) > 0]


def _url_problem(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is not a URL"
    if not host or parts.username or parts.query or parts.fragment:
        return "is not a plain URL with a host"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return None
    return "must start with https:// (plain http is for loopback hosts only)"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
