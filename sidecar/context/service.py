"""The one door of the context room."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from sfcc_client import Clock, Site, SystemClock
from sfcc_client.models import OrderPage
from sidecar.cache import Made, Memo, ReadThrough, Store
from sidecar.context.answer import CacheState, ContextAnswer, Revealed
from sidecar.context.assemble import Assembly, Wrapper, finished, single
from sidecar.context.cursor import position_of
from sidecar.context.failure import failure_of
from sidecar.context.gather import SOURCES, Wish, gathered, order_counts
from sidecar.context.identity import Candidate, Resolution, Shopper, resolved
from sidecar.context.keys import Keys
from sidecar.context.links import Links
from sidecar.context.masking import clean
from sidecar.context.moment import Moment
from sidecar.context.part import Part
from sidecar.context.permissions import Grant, grant_of
from sidecar.context.policy import ContextPolicy
from sidecar.context.pool import LoadPool
from sidecar.context.ports import AccessAudit, AccessRecord, CaseHistory, Commerce
from sidecar.context.reader import Reader
from sidecar.context.request import (
    LOADED_SECTIONS,
    SECTIONS,
    ContextRequest,
    Identity,
    RevealRequest,
    SectionRequest,
    Viewer,
)
from sidecar.context.sections import profile
from sidecar.context.upstream import Upstream
from sidecar.context.view import View
from sidecar.context.wording import instant, zone
from sidecar.errors import (
    Ambiguous,
    AuditUnavailable,
    InvalidRequest,
    NotFound,
    NotPermitted,
    SidecarError,
    UnknownSite,
    UpstreamFailed,
    UpstreamTimeout,
)
from sidecar.observe import Metrics

VERSION = 1


class ContextService:
    """Reads a shopper's context; thread-safe. `close()` ends its threads.

    `key` is the secret of cache keys and cursors (one of this process by default; give several processes the same one,
    and cursors work in all of them). `references` makes the reference of a request that came without one.
    """

    def __init__(
        self,
        commerce: Commerce,
        *,
        audit: AccessAudit,
        policy: ContextPolicy | None = None,
        cases: CaseHistory | None = None,
        metrics: Metrics | None = None,
        clock: Clock | None = None,
        key: bytes | None = None,
        references: Callable[[], str] | None = None,
    ) -> None:
        self._policy = policy or ContextPolicy()
        self._clock = clock or SystemClock()
        self._metrics = metrics or Metrics()
        self._audit = audit
        self._keys = Keys(key)
        self._links = Links(self._policy.links)
        self._references = references or (lambda: f"c360-{secrets.token_hex(4)}")
        self._sites = commerce.sites
        self._pool = LoadPool(self._policy.cold_readers)
        for_memo = int(self._policy.cache_bytes * self._policy.memo_share)
        self._facts = Store(self._policy.cache_bytes - for_memo, self._clock)
        self._cache = ReadThrough(self._facts, self._pool.run, self._clock)
        self._memo: Memo[ContextAnswer] = Memo(for_memo, self._facts, self._clock)
        self._upstream = Upstream(
            commerce, policy=self._policy, keys=self._keys, metrics=self._metrics, clock=self._clock, cases=cases
        )
        self._show_sizes()

    def read_raw(self, raw_body: bytes, principal_key: str) -> ContextAnswer | None:
        """The finished answer to these exact bytes, when it still holds; None: parse them and call `read`.

        `principal_key` stands for the caller and everything the caller's own rights let into the answer.
        """
        answer = self._memo.get(self._memo_key(raw_body, principal_key))
        if answer is not None:
            self._count(answer, "memo")
        return answer

    def read(self, request: ContextRequest, *, raw_body: bytes | None = None, principal_key: str = "") -> ContextAnswer:
        """The envelope. With `raw_body` the answer is remembered for `read_raw`.

        Raises InvalidRequest, UnknownSite, BadCursor. Upstream failures never raise: they cost their section.
        """
        names = _names(request.sections)
        position = position_of(request.cursor, self._keys)
        sites = self._sites_of(request.identity)
        reader = self._reader(request.ref, live=request.mode == "live")
        view = self._view(reader, request.viewer, request.identity.order_no, position)
        found = resolved(request.identity, reader, sites)
        sections = self._sections(request, names, reader, view, found)
        passing = {"v": VERSION, "req": reader.ref, "generated_at": instant(reader.now), "mode": request.mode}
        stable = {
            "customer": self._customer(reader, found, view.grant),
            "viewer": _viewer(request.viewer, view),
            "links": self._links_of(found.shopper, view.grant),
        }
        body, etag = finished(passing, stable, sections, self._policy.limits.answer_bytes)
        answer = ContextAnswer(
            body=body,
            etag=etag,
            cache=reader.cache_state,
            match=found.match,
            customer_no=_number(found.shopper),
            site_id=found.shopper.site.site_id if found.shopper else request.identity.site_id,
            statuses={name: wrapper.status for name, wrapper in sections.items()},
        )
        self._count(answer, request.mode)
        if raw_body is not None:
            self._remember(self._memo_key(raw_body, principal_key), answer, reader)
        return answer

    def section(self, request: SectionRequest) -> ContextAnswer:
        """One section wrapper of one customer.

        Raises NotFound, Ambiguous, UnknownSite, BadCursor, UpstreamFailed, UpstreamTimeout (customer not resolvable).
        """
        if request.section not in LOADED_SECTIONS:
            raise InvalidRequest(f"There is no section {clean(request.section, 40)}.")
        position = position_of(request.cursor, self._keys)
        identity = Identity(customer_no=request.customer_no, site_id=request.site_id)
        reader = self._reader(request.ref, live=True)
        view = self._view(reader, None, None, position)
        found = resolved(identity, reader, self._sites_of(identity))
        shopper = self._only(found, reader)
        wish = Wish(sections=frozenset({request.section}), position=position)
        wrapper = self._assembly(view, reader).sections((request.section,), shopper, gathered(reader, shopper, wish))
        body, etag = single(wrapper[request.section])
        return ContextAnswer(
            body=body,
            etag=etag,
            cache=reader.cache_state,
            match=found.match,
            customer_no=_number(shopper),
            site_id=shopper.site.site_id,
            statuses={request.section: wrapper[request.section].status},
        )

    def reveal(self, request: RevealRequest) -> Revealed:
        """The full value of a masked field, after the access log took note.

        Raises NotPermitted, NotFound, Ambiguous, AuditUnavailable, UpstreamFailed, UpstreamTimeout.
        """
        try:
            revealed = self._revealed(request)
        except SidecarError as error:
            self._metrics.reveals.labels(request.field, error.code).inc()
            raise
        self._metrics.reveals.labels(request.field, "shown").inc()
        return revealed

    def erase(self, *, customer_no: str | None = None, email: str | None = None) -> int:
        """Drop every cached trace of a shopper; the number of entries dropped.

        What is being loaded meanwhile is not kept either. Finished answers are all dropped: they are quickly remade.
        """
        subjects = {self._keys.customer(customer_no)} if customer_no else set()
        subjects |= {self._keys.email(email)} if email else set()
        dropped = self._facts.erase(subjects) if subjects else 0
        self._memo.clear()
        return dropped

    def open_circuits(self) -> tuple[str, ...]:
        """The upstream capabilities that are left alone at the moment."""
        return tuple(name for name, breaker in self._upstream.breakers.items() if breaker.is_open)

    def close(self) -> None:
        """Stop the threads: waiting loads are dropped, running ones finish first."""
        self._pool.close()

    def _reader(self, ref: str | None, *, live: bool) -> Reader:
        return Reader(self._cache, self._upstream, self._metrics, self._clock, live=live, ref=ref or self._references())

    def _view(self, reader: Reader, viewer: Viewer | None, order_no: str | None, position: int) -> View:
        policy = self._policy
        moment = Moment(
            now=reader.now,
            thresholds=policy.thresholds,
            zone=zone(viewer.tz if viewer else "UTC"),
            locale=viewer.locale if viewer else "en-GB",
        )
        return View(
            moment=moment,
            grant=grant_of(viewer),
            limits=policy.limits,
            links=self._links,
            keys=self._keys,
            attribute_names=policy.attribute_names,
            order_attributes=policy.order_attributes,
            order_no=order_no,
            position=position,
            orders_loaded=policy.orders_loaded,
            orders_window=policy.orders_window,
        )

    def _assembly(self, view: View, reader: Reader) -> Assembly:
        return Assembly(view=view, policy=self._policy, ref=reader.ref)

    def _sites_of(self, identity: Identity) -> tuple[Site, ...]:
        if identity.site_id is None:
            return tuple(self._sites.values())
        site = self._sites.get(identity.site_id)
        if site is None:
            raise UnknownSite(f"No storefront {clean(identity.site_id, 40)} is configured; check the case's site.")
        return (site,)

    def _sections(
        self, request: ContextRequest, names: tuple[str, ...], reader: Reader, view: View, found: Resolution
    ) -> dict[str, Wrapper]:
        assembly = self._assembly(view, reader)
        if found.match == "pending":
            return assembly.unresolved(names, found.error)
        if found.shopper is None:
            return {}
        wish = Wish(
            sections=_sources(names) & view.grant.sections,
            case=request.case if "insights" in names else None,
            order_no=request.identity.order_no,
            position=view.position,
        )
        return assembly.sections(names, found.shopper, gathered(reader, found.shopper, wish))

    def _customer(self, reader: Reader, found: Resolution, grant: Grant) -> dict[str, Any]:
        shown = found.candidates[: self._policy.limits.candidates] if "profile" in grant.sections else ()
        pages = order_counts(reader, shown) if "orders" in grant.sections else [Part[OrderPage]() for _ in shown]
        matched = found.match in ("one", "guest")
        document: dict[str, Any] = {
            "match": found.match,
            "by": list(found.by),
            "confidence": found.confidence if matched else None,
            "candidates": [_candidate(one, page) for one, page in zip(shown, pages, strict=True)],
            "searched": [dict(item) for item in found.searched],
            "sites": [site.label or site.site_id for site in found.sites],
        }
        if found.error is not None:
            document["error"] = failure_of(found.error).wire(reader.ref)
        return document

    def _links_of(self, shopper: Shopper | None, grant: Grant) -> dict[str, str | None]:
        number, site_id = _number(shopper), shopper.site.site_id if shopper else ""
        if shopper is None or "profile" not in grant.sections:
            return {"bm_customer": None, "bm_orders": None}
        return {
            "bm_customer": self._links.customer(site_id, number) if number else None,
            "bm_orders": self._links.orders(site_id, number),
        }

    def _only(self, found: Resolution, reader: Reader) -> Shopper:
        """The one shopper that was found, or the error that says why there is none."""
        if found.shopper is not None:
            return found.shopper
        if found.match == "many":
            raise Ambiguous("Several customers fit; choose one of them first.", request_id=reader.ref)
        if found.match != "pending":
            raise NotFound("There is no such customer; check the number and the site.", request_id=reader.ref)
        failure = failure_of(found.error) if found.error is not None else None
        kind = UpstreamTimeout if failure is None or failure.code == "UPSTREAM_TIMEOUT" else UpstreamFailed
        raise kind(
            "Commerce did not say who the customer is; try again in a moment.",
            request_id=reader.ref,
            retry_after=failure.retry_after_s if failure else None,
        )

    def _revealed(self, request: RevealRequest) -> Revealed:
        if request.field not in grant_of(request.viewer).reveal:
            raise NotPermitted(f"Your role does not allow to reveal the {request.field}; ask for the role agent.")
        reader = self._reader(request.ref, live=True)
        shopper = self._only(resolved(request.identity, reader, self._sites_of(request.identity)), reader)
        customer = profile.part(reader, shopper, profile.question(reader, shopper)).value
        values = {"email": customer.email if customer else shopper.email, "phone": customer.phone if customer else None}
        value = clean(values[request.field], 320)
        if not value:
            raise NotFound(f"Commerce holds no {request.field} of this shopper.", request_id=reader.ref)
        record = AccessRecord(
            at=reader.now,
            user=request.viewer.user,
            action="reveal",
            field=request.field,
            reason=request.reason,
            customer_no=_number(shopper),
            site_id=shopper.site.site_id,
            case=request.case,
            reference=reader.ref,
        )
        try:
            self._audit.record(record)
        except SidecarError:
            raise
        except Exception as error:
            raise AuditUnavailable(
                "The access log cannot be written, so nothing is revealed; tell your administrator.",
                request_id=reader.ref,
            ) from error
        return Revealed(field=request.field, value=value, customer_no=record.customer_no, site_id=record.site_id)

    def _remember(self, key: str, answer: ContextAnswer, reader: Reader) -> None:
        """Keep an answer made of fresh copies alone: made of anything else it would be worth asking again."""
        valid_s = min(self._policy.memo_s, reader.reusable_s())
        if valid_s > 0 and answer.cache is not CacheState.MISS:
            made = Made(answer=answer, marks=reader.marks)
            self._memo.put(key, made, valid_s=valid_s, size=len(answer.body) + 1024, subjects=reader.subjects)

    def _memo_key(self, raw_body: bytes, principal_key: str) -> str:
        return self._keys.of_bytes(principal_key.encode() + b"\x00" + raw_body)

    def _count(self, answer: ContextAnswer, mode: str) -> None:
        self._metrics.reads.labels(mode, answer.match, answer.cache.value).inc()
        if mode != "memo":
            for name, status in answer.statuses.items():
                self._metrics.sections.labels(name, status).inc()

    def _show_sizes(self) -> None:
        held: Mapping[str, Store | Memo[ContextAnswer]] = {"facts": self._facts, "answers": self._memo}
        for name, store in held.items():
            self._metrics.cache_bytes.labels(name).set_function(lambda store=store: store.bytes_held)  # type: ignore[misc]
            self._metrics.cache_entries.labels(name).set_function(lambda store=store: len(store))  # type: ignore[misc]


def _names(asked: tuple[str, ...] | None) -> tuple[str, ...]:
    if asked is None:
        return SECTIONS
    unknown = sorted(set(asked) - set(SECTIONS))
    if unknown:
        raise InvalidRequest(f"There is no section {clean(unknown[0], 40)}; there are {', '.join(SECTIONS)}.")
    return tuple(name for name in SECTIONS if name in asked)


def _sources(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in names if name not in SOURCES).union(*(SOURCES.get(name, ()) for name in names))


def _number(shopper: Shopper | None) -> str | None:
    return shopper.customer.customer_no if shopper is not None and shopper.customer is not None else None


def _viewer(viewer: Viewer | None, view: View) -> dict[str, Any]:
    grant = view.grant
    return {
        "locale": viewer.locale if viewer else "en",
        "tz": viewer.tz if viewer else "UTC",
        "can": {"reveal": sorted(grant.reveal), "note": grant.note, "refresh": grant.refresh},
    }


def _candidate(candidate: Candidate, part: Part[OrderPage]) -> dict[str, Any]:
    page = part.value
    return {
        "customer_no": clean(candidate.customer.customer_no),
        "name": clean(candidate.customer.name) or f"Customer {clean(candidate.customer.customer_no)}",
        "site": {"id": candidate.site.site_id, "label": candidate.site.label or candidate.site.site_id},
        "evidence": candidate.evidence,
        "orders": page.total if page is not None else None,
        "last_order_at": instant(profile.last_order_at(page)),
    }
