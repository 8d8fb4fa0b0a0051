"""The shopper of a case as the instance knows people: a contact or consumer on cases, a caller on incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snow_app import errors
from snow_app.query import Query

if TYPE_CHECKING:
    from snow_app.client import SnowClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """A person's record, and the column of a case that points at it."""

    column: str
    table: str
    sys_id: str


class Shoppers:
    """People of one instance, known by their e-mail address, which is compared without case."""

    def __init__(self, client: SnowClient) -> None:
        self._client = client

    def of_case(self, email: str, *, name: str = "") -> Shopper | None:
        """The contact with this address, else the consumer, else a new consumer; one, however many ask at once.

        None for an address that cannot be asked for.
        """
        address = email.casefold()
        found = self._known("contact", "customer_contact", address) or self._known("consumer", "csm_consumer", address)
        if found is not None or not _askable(address):
            return found
        first, _, last = (name or address.partition("@")[0]).strip().rpartition(" ")
        values = {"first_name": first[:50], "last_name": last[:50], "name": f"{first} {last}".strip()[:151]}
        made = self._client.table("csm_consumer").upsert(values, correlation_id=address, column="email")
        return Shopper(column="consumer", table="csm_consumer", sys_id=made.sys_id)

    def of_incident(self, email: str) -> Shopper | None:
        """The user with this address, if there is one; none is ever made."""
        return self._known("caller_id", "sys_user", email.casefold())

    def _known(self, column: str, table: str, address: str) -> Shopper | None:
        """The oldest that fits. The platform drops a condition it does not know, so each row is compared again."""
        if not _askable(address):
            return None
        query = Query().where("email", "=", address).ordered_by("sys_created_on")
        rows = self._client.table(table).rows(query, fields=("email",), limit=20)
        found = next((row for row in rows if row["email"].casefold() == address), None)
        return Shopper(column=column, table=table, sys_id=found.sys_id) if found else None


def _askable(address: str) -> bool:
    try:
        Query().where("email", "=", address)
    except errors.UnsafeQuery:
        return False
    return len(address) <= 100  # the length of both columns
