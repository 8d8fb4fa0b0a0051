"""The sidecar's own access to cases in ServiceNow, for what only it can do.

It writes what an agent does in the panel page (on the case form the installed app does that itself), and it reads what
two insights need: the words of the case, and how many other cases name the same order.
"""

from __future__ import annotations

from datetime import timedelta

from sidecar.context import CaseFile, CaseRef
from sidecar.settings import SnowSettings
from snow_app import Query, SnowClient

CONTACT_DAYS = 14
_MOST_CONTACTS = 20


class CaseDesk:
    """Writes to cases of one instance. Thread-safe. Raises the errors of `snow_app.errors`."""

    def __init__(self, client: SnowClient, *, scope: str) -> None:
        self._client = client
        self._scope = scope

    def note(self, case: CaseRef, text: str) -> None:
        """Add a work note."""
        self._client.table(case.table).update(case.sys_id, {"work_notes": text})

    def link(self, case: CaseRef, *, customer_no: str = "", site_id: str = "", order_no: str = "") -> None:
        """Write what is given into the app's columns of the case."""
        columns = {"customer_no": customer_no, "site_id": site_id, "order_no": order_no}
        self._client.table(case.table).update(
            case.sys_id, {f"{self._scope}_{name}": value for name, value in columns.items() if value}
        )

    def of_case(
        self,
        case: CaseRef,
        *,
        order_no: str | None,
        deadline: float | None = None,
        correlation_id: str | None = None,  # noqa: ARG002 - ServiceNow keeps ids of its own
    ) -> CaseFile:
        """The context room's `CaseHistory`: two small reads within `deadline` seconds."""
        table = self._client.table(case.table)
        limit_s = deadline / 2 if deadline else None
        words = Query().where("sys_id", "=", case.sys_id)
        found = next(table.rows(words, fields=("short_description", "description"), limit=1, timeout_s=limit_s), None)
        text = f"{found['short_description']}\n{found['description']}" if found else ""
        if not order_no:
            return CaseFile(text=text)
        column, since = f"{self._scope}_order_no", self._client.clock.now() - timedelta(days=CONTACT_DAYS)
        same_order = Query().where(column, "=", order_no).where("sys_created_on", ">=", since)
        others = [
            row
            for row in table.rows(same_order, fields=(column,), limit=_MOST_CONTACTS, timeout_s=limit_s)
            # The platform drops a condition on a column it does not know, so each row is looked at again.
            if row[column] == order_no and row.sys_id != case.sys_id
        ]
        return CaseFile(text=text, earlier_contacts=len(others))

    def close(self) -> None:
        self._client.close()


def desk_of(settings: SnowSettings) -> CaseDesk | None:
    """The desk of the configured instance; None without an address or a way to sign in."""
    return CaseDesk(SnowClient(settings.instance()), scope=settings.scope) if settings.signs_in else None
