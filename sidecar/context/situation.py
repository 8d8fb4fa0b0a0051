"""The facts an insight rule looks at, and what it may find in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sfcc_client.models import Activity, Basket, Customer, Loyalty, Order, OrderPage
from sidecar.context.identity import Shopper
from sidecar.context.ports import CaseFile
from sidecar.context.view import View

SEVERITIES = ("critical", "warning", "moderate", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All the facts a rule may look at; `known` names the sections whose values can be trusted."""

    view: View
    shopper: Shopper
    known: frozenset[str]
    customer: Customer | None = None
    orders: OrderPage | None = None
    case_order: Order | None = None
    basket: Basket | None = None
    loyalty: Loyalty | None = None
    activity: Activity | None = None
    case_file: CaseFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found; `facts` are the numbers behind the sentence, `key` the record to jump to."""

    severity: str
    title: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
