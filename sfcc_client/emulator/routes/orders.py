"""Orders (Admin) 1.5.2: the list, which knows neither a customer filter nor a total, and one order."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer_rows, answer_text
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import listed, moment, one_of, page, site
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

blueprint = Blueprint("orders", __name__, url_prefix="/checkout/orders/v1/organizations/<organization_id>")
_READ = ("sfcc.orders", "sfcc.orders.rw")
_SORTS = {"creation_date": "creationDate", "last_modified_date": "lastModified"}
# parameter: (member of the order, values allowed, how many at most)
_FILTERS: dict[str, tuple[str, tuple[str, ...] | None, int]] = {
    "status": ("status", ("new", "completed", "cancelled"), 2),
    "exportStatus": ("exportStatus", ("not_exported", "exported", "ready", "failed"), 3),
    "paymentStatus": ("paymentStatus", ("not_paid", "part_paid", "paid"), 3),
    "shippingStatus": ("shippingStatus", ("not_shipped", "part_shipped", "shipped"), 3),
    "confirmationStatus": ("confirmationStatus", ("confirmed", "not_confirmed"), 1),
    "externalStatus": ("externalOrderStatus", None, 1),
}
_WINDOWS = {"creationDate": "creationDate", "lastModifiedDate": "lastModified"}
_QUERY = (
    *("siteId", "limit", "offset", "sortBy", "sortOrder"),
    *_FILTERS,
    *(f"{window}{end}" for window in _WINDOWS for end in ("From", "To")),
)


@blueprint.get("/orders")
@admin(*_READ, query=_QUERY)
def orders() -> Response:
    site_id = site().site_id
    wanted = page(default=100, maximum=200)
    sort_by = _SORTS[one_of("sortBy", _SORTS, "creation_date") or "creation_date"]
    descending = one_of("sortOrder", ("asc", "desc"), "desc") == "desc"
    tests = [*_status_tests(), *_window_tests()]
    rows = [order for order in world().state.orders.find("site", site_id) if all(test(order) for test in tests)]
    rows.sort(key=lambda order: (order[sort_by], order["orderNo"]), reverse=descending)
    return answer_rows(world().orders.admin.of(order) for order in wanted.of(rows))


@blueprint.get("/orders/<order_no>")
@admin(*_READ, query=("siteId",))
def order(order_no: str) -> Response:
    return answer_text(world().orders.admin.of(found(order_no)))


def found(order_no: str) -> Document:
    """The order of this number on the site of `siteId`."""
    site_id = site().site_id
    order = world().state.orders.get(order_no)
    if order is None or order["siteId"] != site_id:
        raise Problem("order-not-found", order_no=order_no)
    return order


def _status_tests() -> list[Callable[[Document], bool]]:
    tests: list[Callable[[Document], bool]] = []
    for name, (member, allowed, maximum) in _FILTERS.items():
        if name in request.args:
            values = frozenset(listed(name, allowed, maximum))
            tests.append(lambda order, member=member, values=values: order.get(member) in values)  # type: ignore[misc]
    return tests


def _window_tests() -> list[Callable[[Document], bool]]:
    """From is inclusive, To is exclusive."""
    tests: list[Callable[[Document], bool]] = []
    for name, member in _WINDOWS.items():
        start, end = moment(f"{name}From"), moment(f"{name}To")
        if start is not None:
            tests.append(lambda order, member=member, start=start: order[member] >= start)  # type: ignore[misc]
        if end is not None:
            tests.append(lambda order, member=member, end=end: order[member] < end)  # type: ignore[misc]
    return tests
