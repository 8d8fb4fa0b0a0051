"""Everything the pure mapping functions look at besides the facts themselves."""

from __future__ import annotations

from dataclasses import dataclass

from sfcc_client import AttributeNames
from sidecar.context.keys import Keys
from sidecar.context.links import Links
from sidecar.context.moment import Moment
from sidecar.context.permissions import Grant
from sidecar.context.policy import Limits, OrderAttributes


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who looks, when, at which case, and how much may be shown. `order_no` is the order named in the case.

    `position` is where the list of orders goes on, `orders_loaded` how many of them one load brings.
    """

    moment: Moment
    grant: Grant
    limits: Limits
    links: Links
    keys: Keys
    attribute_names: AttributeNames
    order_attributes: OrderAttributes
    order_no: str | None = None
    position: int = 0
    orders_loaded: int = 50
    orders_window: str | None = None
