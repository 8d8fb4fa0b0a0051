"""What may be asked of the context room. The HTTP edge validates; these records only carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["live", "cached"]
RevealField = Literal["email", "phone"]

SECTIONS = ("profile", "insights", "kpis", "orders", "cart", "loyalty", "activity")
"""Every section of the panel, in the order of the answer."""

LOADED_SECTIONS = ("profile", "orders", "cart", "loyalty", "activity")
"""The sections that come from upstream; insights and key figures are derived from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is meant: any of these, as the case says it. Nothing at all is a valid question (`no_identity`)."""

    customer_no: str | None = None
    email: str | None = field(default=None, repr=False)
    order_no: str | None = None
    site_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """The ServiceNow record the agent has open."""

    table: str
    sys_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: ServiceNow user id, roles (`agent`, `lead`, `fraud`, `auditor`), BCP 47 locale, IANA time zone."""

    user: str
    roles: tuple[str, ...] = ()
    locale: str = "en"
    tz: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextRequest:
    """One read of the panel.

    `mode` ``cached`` never calls upstream. `sections` None means all of them. `viewer` None means an integration, which
    sees every section but reveals nothing. `cursor` is the `next` of an earlier orders section. `ref` is the reference
    of this request, quoted in the answer and in the log; one is made when missing.
    """

    identity: Identity
    mode: Mode = "live"
    sections: tuple[str, ...] | None = None
    case: CaseRef | None = None
    viewer: Viewer | None = None
    cursor: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRequest:
    """One section of one customer, for flows. `section` is one of LOADED_SECTIONS."""

    customer_no: str
    section: str
    site_id: str | None = None
    cursor: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealRequest:
    """The full value of one masked field, for the viewer of one case; `reason` goes to the access log."""

    identity: Identity
    field: RevealField
    viewer: Viewer
    case: CaseRef | None = None
    reason: str | None = None
    ref: str | None = None
