"""Changes of orders: read, check, write, read again.

Commerce keeps no version of an order (no ETag, no If-Match), so that whoever writes last wins. Each change therefore
says which state it is for; another state is a StateConflict. A change that is there already is not written again, so
that a repeated call answers the same; and a write without an answer is settled by reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sfcc_client.errors import Rejected, StateConflict, Transient
from sfcc_client.gateway import Gateway
from sfcc_client.models import Order, OrderUpdate
from sfcc_client.request import Call, Request, named
from sfcc_client.resources.oms_events import OmsAdjustment, OmsFulfillment, event_document
from sfcc_client.resources.orders import ADMIN_API, Orders
from sfcc_client.resources.read_back import Scalar, conflict, json_values, outcome_unknown, says, settled

SCOPE: Final = "sfcc.orders.rw"
LONGEST_EXTERNAL: Final = 256

StatusKind = Literal["status", "confirmation", "export", "external", "payment", "shipping"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    """One status of an order: the resource it is put to, the field of `Order` it is read from, what it may be."""

    resource: str
    operation_id: str
    member: str
    values: frozenset[str] | None = None


def _status(name: str, *values: str) -> _Status:
    return _Status(
        resource=f"{name}-status",
        operation_id=f"updateOrder{name.capitalize()}Status",
        member=f"{name}_status",
        values=frozenset(values) or None,
    )


STATUSES: Final[Mapping[StatusKind, _Status]] = {
    "status": _Status(
        resource="status",
        operation_id="updateOrderStatus",
        member="status",
        values=frozenset({"created", "new", "completed", "cancelled", "failed", "failed_with_reopen"}),
    ),
    "confirmation": _status("confirmation", "confirmed", "not_confirmed"),
    "export": _status("export", "exported", "not_exported", "ready", "failed"),
    "external": _status("external"),
    "payment": _status("payment", "paid", "part_paid", "not_paid"),
    "shipping": _status("shipping", "shipped", "part_shipped", "not_shipped"),
}

_METHODS: Final = {"updateOrder": "PATCH", "createOmsStatusEvent": "POST"}

# What an order reads as after this was written.
_READS_AS: Final = {"failed_with_reopen": "failed"}


class OrderUpdates:
    """Changes of orders of a site. Raises any CommerceError; of them NotFound for no such order and Forbidden when the
    client lacks sfcc.orders.rw, which is asked for only here."""

    def __init__(self, gateway: Gateway, orders: Orders) -> None:
        self._gateway, self._orders = gateway, orders
        self._tokens = gateway.admin(SCOPE)

    def set_status(
        self,
        order_no: str,
        value: str,
        *,
        kind: StatusKind = "status",
        expected: Collection[str | None],
        site_id: str,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> OrderUpdate:
        """Set one of the six statuses of an order that is in one of the `expected` states (None: has none yet).

        Orders API, updateOrderStatus, updateOrderConfirmationStatus, …ExportStatus, …ExternalStatus, …PaymentStatus and
        …ShippingStatus; scope sfcc.orders.rw. `value` is one of the description's; an external status is any text of 1
        to 256 characters. Cancelling releases inventory and coupons. Raises Rejected for a value that is none,
        StateConflict for another state (`found`) and for a transition Commerce does not know (409).
        """
        call = self._gateway.calls.start("order_updates.set_status", deadline, correlation_id)
        status = STATUSES[_kind(kind)]
        if (status.values is not None and value not in status.values) or not 1 <= len(value) <= LONGEST_EXTERNAL:
            raise Rejected(f"This is no {kind} an order can have.", operation=call.operation)
        wanted = _READS_AS.get(value, value)
        request = self._request(status.operation_id, order_no, status.resource, site_id, {"status": value})

        def state(order: Order) -> Any:
            return getattr(order, status.member)

        before = self._orders.read(order_no, site_id, call)
        if state(before) == wanted:
            return OrderUpdate(order=before, changed=False)
        if state(before) not in expected:
            raise _conflict(order_no, kind, state(before), call)
        after, done = self._written(request, order_no, site_id, call, lambda order: state(order) == wanted)
        if not done:
            raise _conflict(order_no, kind, state(after), call)
        return OrderUpdate(order=after, changed=True)

    def set_attributes(
        self,
        order_no: str,
        attributes: Mapping[str, Scalar],
        *,
        expected: Mapping[str, Scalar],
        site_id: str,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> OrderUpdate:
        """Set custom attributes (``c_…``) of an order on which those in `expected` have these values (None: absent).

        Orders API, updateOrder; scope sfcc.orders.rw. A value of None removes the attribute. Commerce accepts no other
        member, and only attributes that are defined there (400, Rejected). Raises StateConflict when the order says
        something else than expected, unless it says already what is wanted.
        """
        call = self._gateway.calls.start("order_updates.set_attributes", deadline, correlation_id)
        if not attributes or any(not name.startswith("c_") for name in (*attributes, *expected)):
            raise Rejected("Only attributes whose names begin with c_ can be changed.", operation=call.operation)
        request = self._request("updateOrder", order_no, "", site_id, dict(json_values(attributes)))
        before = self._orders.read(order_no, site_id, call)
        if says(before.custom, attributes):
            return OrderUpdate(order=before, changed=False)
        differing = sorted(name for name in expected if not says(before.custom, {name: expected[name]}))
        if differing:
            raise _conflict(order_no, ", ".join(differing), None, call)
        # Dates and numbers may read otherwise than they were written: the answer is what the order says now.
        after, _ = self._written(request, order_no, site_id, call, lambda order: says(order.custom, attributes))
        return OrderUpdate(order=after, changed=True)

    def report(
        self,
        order_no: str,
        event: OmsAdjustment | OmsFulfillment,
        *,
        site_id: str,
        oms_order_id: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> None:
        """Tell Commerce what an order management system of yours did with an order: shipped, returned, refunded.

        Orders API, createOmsStatusEvent; scope sfcc.orders.rw; answered with 202 and worked on later. It cannot be read
        back, so that it is sent once: raises OutcomeUnknown when no answer came, and it is for you to decide whether
        the event with this `id` may be sent again. Raises Rejected for what the description does not allow.
        """
        call = self._gateway.calls.start("order_updates.report", deadline, correlation_id)
        document = event_document(event, oms_order_id)
        request = self._request("createOmsStatusEvent", order_no, "oms-status-events", site_id, document)
        self._tokens.token(call)  # what fails here was not sent
        try:
            self._gateway.sent(request, call, self._tokens)
        except Transient as error:
            if error.status == 429:
                raise
            raise outcome_unknown(request, error, call) from None

    def _written(
        self, request: Request, order_no: str, site_id: str, call: Call, done: Callable[[Order], bool]
    ) -> tuple[Order, bool]:
        return settled(
            request,
            call,
            send=lambda: self._gateway.sent(request, call, self._tokens),
            read=lambda: self._orders.read(order_no, site_id, call),
            done=done,
        )

    def _request(
        self, operation_id: str, order_no: str, resource: str, site_id: str, document: dict[str, Any]
    ) -> Request:
        self._gateway.site(site_id)
        segments = filter(None, ("orders", order_no, resource))
        return Request(
            family="scapi",
            method=_METHODS.get(operation_id, "PUT"),
            path=self._gateway.organization_path(ADMIN_API, *segments),
            operation_id=operation_id,
            subject=named("order", order_no),
            query={"siteId": site_id},
            json=document,
        )


def _kind(kind: StatusKind) -> StatusKind:
    if kind not in get_args(StatusKind):
        raise ValueError(f"kind is one of {', '.join(get_args(StatusKind))}")
    return kind


def _conflict(order_no: str, what: str, found: str | None, call: Call) -> StateConflict:
    return conflict(named("order", order_no), what, found, call)
