"""Makes the envelope of the panel out of what was gathered (the wire contract shared with the panel, version 1).

What changes from reading to reading without the content changing, such as the reference, the time of writing and
whether a section came from the cache, is kept apart from the rest: the entity tag is a digest of the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import structlog

from sidecar.cache import Outcome
from sidecar.context import insights, kpis
from sidecar.context.failure import INTERNAL, Failure, failure_of
from sidecar.context.gather import Gathered
from sidecar.context.identity import Shopper
from sidecar.context.part import Part, absent
from sidecar.context.permissions import role_for
from sidecar.context.policy import ContextPolicy
from sidecar.context.sections import activity, cart, loyalty, orders, profile
from sidecar.context.situation import Situation
from sidecar.context.view import View
from sidecar.context.wording import instant

_log = structlog.get_logger(__name__)

Document = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapper:
    """One section on the wire: `stable` counts for the entity tag, `passing` does not."""

    stable: dict[str, Any]
    passing: dict[str, Any]

    @property
    def status(self) -> str:
        return str(self.stable["status"])

    def wire(self) -> dict[str, Any]:
        return {**self.stable, **self.passing}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What every wrapper needs to know."""

    view: View
    policy: ContextPolicy
    ref: str

    def sections(self, names: tuple[str, ...], shopper: Shopper, found: Gathered) -> dict[str, Wrapper]:
        """The wrappers of `names`, in that order. A section the viewer may not see says which role may."""
        permitted = self.view.grant.sections
        return {
            name: self._section(name, shopper, found) if name in permitted else self.forbidden(name) for name in names
        }

    def forbidden(self, name: str) -> Wrapper:
        return Wrapper(stable={"status": "forbidden", "data": None, "role": role_for(name)}, passing={})

    def unresolved(self, names: tuple[str, ...], error: BaseException | None) -> dict[str, Wrapper]:
        """Wrappers for a shopper who is not known yet: pending, or the failure that kept them unknown."""
        outcome = Outcome.PENDING if error is None else Outcome.FAILED
        part: Part[Any] = Part(outcome=outcome, error=error)
        permitted = self.view.grant.sections
        return {name: self._wrapped(name, part, None) if name in permitted else self.forbidden(name) for name in names}

    def _section(self, name: str, shopper: Shopper, found: Gathered) -> Wrapper:
        part, document = self._contents(name, shopper, found)
        try:
            data = document() if part.is_known else part.value
        except Exception as error:  # noqa: BLE001 - a mistake of ours costs the section, not the panel
            _log.error("section_failed", section=name, ref=self.ref, error=type(error).__name__)
            return self._failed(INTERNAL)
        return self._wrapped(name, part, data)

    def _contents(self, name: str, shopper: Shopper, found: Gathered) -> tuple[Part[Any], Document]:
        view = self.view
        recent = found.recent.value if "orders" in view.grant.sections else None
        contents: Mapping[str, tuple[Part[Any], Document]] = {
            "profile": (found.profile, lambda: profile.document(found.profile.value, shopper, recent, view)),
            "insights": (_oldest(found, view), lambda: insights.document(_situation(found, shopper, view)) or None),
            "kpis": (found.recent, lambda: _kpis(found, shopper, view)),
            "orders": (found.orders, lambda: _orders(found, shopper, view)),
            "cart": (found.cart, lambda: cart.document(found.cart.value, view)),
            "loyalty": (found.loyalty, lambda: loyalty.document(found.loyalty.value)),
            "activity": (_activity(found.activity), lambda: activity.document(found.activity.value, view)),
        }
        return contents[name]

    def _wrapped(self, name: str, part: Part[Any], data: Any) -> Wrapper:
        if part.absent is not None:
            return Wrapper(stable={"status": part.absent, "data": data}, passing={})
        if not part.is_known:
            return self._failed(failure_of(part.error)) if part.error is not None else _PENDING
        policy = self.policy.sections.get(name) or self.policy.sections["orders"]
        failed = part.error is not None
        stale = failed or part.age_s > policy.stale_after_s
        passing: dict[str, Any] = {"source": "live" if part.outcome is Outcome.MISS else "cache"}
        if stale:
            passing["age_s"] = int(part.age_s)
        if part.error is not None:
            passing["error"] = failure_of(part.error).wire(self.ref)
        stable = {
            "status": "stale" if stale else "empty" if data is None else "ok",
            "as_of": instant(part.as_of),
            "stale_after_s": int(policy.stale_after_s),
            "data": data,
        }
        return Wrapper(stable=stable, passing=passing)

    def _failed(self, failure: Failure) -> Wrapper:
        return Wrapper(
            stable={"status": "error", "data": None, "code": failure.code}, passing={"error": failure.wire(self.ref)}
        )


_PENDING = Wrapper(stable={"status": "pending", "data": None}, passing={})


def finished(
    passing: Mapping[str, Any], stable: Mapping[str, Any], sections: Mapping[str, Wrapper], most_bytes: int
) -> tuple[bytes, str]:
    """The body and its weak entity tag; product lines and activity are cut as far as it takes to fit `most_bytes`."""
    for limit in (None, 8, 3, 1):
        if limit is not None:
            for wrapper in sections.values():
                _shorten(wrapper.stable["data"], limit)
        fixed = _json({**stable, "sections": {name: wrapper.stable for name, wrapper in sections.items()}})
        body = _json({**passing, **stable, "sections": {name: wrapper.wire() for name, wrapper in sections.items()}})
        if len(body) <= most_bytes:
            break
    return body, f'W/"{blake2b(fixed, digest_size=12).hexdigest()}"'


def single(wrapper: Wrapper) -> tuple[bytes, str]:
    """One wrapper as a body of its own."""
    return _json(wrapper.wire()), f'W/"{blake2b(_json(wrapper.stable), digest_size=12).hexdigest()}"'


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _shorten(data: Any, limit: int) -> None:
    holders = [data, *data.get("items", ())] if isinstance(data, dict) else []
    for holder in holders:
        if isinstance(holder.get("lines"), list):
            holder["more_lines"] = holder.get("more_lines", 0) + max(0, len(holder["lines"]) - limit)
        for name in ("lines", "coupons", "shipments", "payment"):
            if isinstance(holder.get(name), list):
                del holder[name][limit:]
    if isinstance(data, dict) and "shown" not in data and isinstance(data.get("items"), list):
        del data["items"][limit:]


def _orders(found: Gathered, shopper: Shopper, view: View) -> dict[str, Any] | None:
    page = found.orders.value
    if page is None or (not page.orders and found.pinned is None and view.position == 0):
        return None
    return orders.document(page, found.pinned, shopper, view)


def _kpis(found: Gathered, shopper: Shopper, view: View) -> list[dict[str, Any]] | None:
    page = found.recent.value
    return None if page is None else kpis.document(page, shopper, view) or None


def _activity(part: Part[Any]) -> Part[Any]:
    if part.value is None or part.absent is not None or part.value.opted_out_at is None:
        return part
    return absent("opted_out", {"since": part.value.opted_out_at.date().isoformat()})


def _sources(found: Gathered, view: View) -> dict[str, Part[Any]]:
    """What insights may be made of: loaded sections this viewer may see."""
    named: dict[str, Part[Any]] = {
        "profile": found.profile,
        "orders": found.recent,
        "cart": found.cart,
        "loyalty": found.loyalty,
        "activity": _activity(found.activity),
    }
    return {name: part for name, part in named.items() if name in view.grant.sections}


def _oldest(found: Gathered, view: View) -> Part[Any]:
    """How old the insights are: as old as the oldest section they come from; a failed one just does not count."""
    parts = [part for part in _sources(found, view).values() if part.absent is None]
    known = [part for part in parts if part.is_known]
    if not known:
        return next((part for part in parts if part.error is not None), Part())
    oldest = max(known, key=lambda part: part.age_s)
    outcomes = {part.outcome for part in known}
    live = Outcome.MISS if Outcome.MISS in outcomes else Outcome.HIT
    return Part(value=(), outcome=live, as_of=oldest.as_of, age_s=0.0)


def _situation(found: Gathered, shopper: Shopper, view: View) -> Situation:
    known = {name: part.value for name, part in _sources(found, view).items() if part.is_known}
    if found.case_file.is_known:
        known["case_file"] = found.case_file.value
    return Situation(
        view=view,
        shopper=shopper,
        known=frozenset(known),
        customer=known.get("profile"),
        orders=known.get("orders"),
        case_order=found.pinned if "orders" in known else None,
        basket=known.get("cart"),
        loyalty=known.get("loyalty"),
        activity=known.get("activity"),
        case_file=known.get("case_file"),
    )
