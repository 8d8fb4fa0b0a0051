"""Orders by the moment of their last change: one page of a window, as a sweep reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sfcc_client.documents.order import ORDER, STAMPS, order_from, version_of
from sfcc_client.documents.schema import loaded
from sfcc_client.gateway import Gateway
from sfcc_client.models import OrderVersion
from sfcc_client.request import Answer, Request
from sfcc_client.resources.orders import ADMIN_API, LAST_RESULT, SCOPE
from sfcc_client.transport import bad_answer

PAGE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Orders changed from `since` up to, but not at, `until`; where both are given, also created in such a span."""

    since: datetime
    until: datetime
    created_since: datetime | None = None
    created_until: datetime | None = None
    sorted_by: Literal["last_modified_date", "creation_date"] = "last_modified_date"

    @property
    def query(self) -> dict[str, str]:
        bounds = {
            "lastModifiedDateFrom": self.since,
            "lastModifiedDateTo": self.until,
            "creationDateFrom": self.created_since,
            "creationDateTo": self.created_until,
        }
        return {
            **{name: _written(moment) for name, moment in bounds.items() if moment is not None},
            "sortBy": self.sorted_by,
            "sortOrder": "asc",
        }


class OrderChanges:
    """Pages of changed orders. Raises any CommerceError."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._tokens = gateway.admin(SCOPE)

    def page(
        self,
        window: Window,
        *,
        site_id: str,
        offset: int = 0,
        limit: int = PAGE,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> tuple[OrderVersion, ...]:
        """Some orders of a window, the earliest first (Orders API, getOrders; scope sfcc.orders).

        `limit` is 1 to 200, `offset + limit` at most 10,000 (ValueError). The answer carries no total: a page shorter
        than `limit` is the last one.
        """
        if not 1 <= limit <= PAGE or offset < 0 or offset + limit > LAST_RESULT:
            raise ValueError("limit must be 1 to 200, offset 0 or more, their sum at most 10,000")
        call = self._gateway.calls.start("order_changes.page", deadline, correlation_id)
        self._gateway.site(site_id)
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(ADMIN_API, "orders"),
            operation_id="getOrders",
            subject=f"orders of site {site_id}",
            query={"siteId": site_id, "limit": str(limit), "offset": str(offset), **window.query},
        )
        answer = self._gateway.sent(request, call, self._tokens)
        rows = answer.document.get("data") if isinstance(answer.document, dict) else None
        if not isinstance(rows, list):
            raise bad_answer(request, "unreadable: data", answer.status, answer.request_id)
        return tuple(self._version(row, site_id, answer, request) for row in rows)

    def _version(self, document: Any, site_id: str, answer: Answer, request: Request) -> OrderVersion:
        stamps = loaded(STAMPS, document, answer, request)
        order = order_from(loaded(ORDER, document, answer, request), site_id, self._gateway.settings.attribute_names)
        return OrderVersion(
            order=order,
            version=version_of(document, stamps),
            modified_at=stamps["last_modified"],
            created_at=stamps["creation_date"],
        )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
