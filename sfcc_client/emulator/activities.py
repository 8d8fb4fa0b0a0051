"""What shoppers did, as the product's cartridge keeps it: one custom object per customer and site.

Mirrors ``activity.js`` and ``consent.js`` of the cartridge; tests/unit/cartridge compares the two. An entry is
``{"at", "kind", "text", "productId"?, "results"?, "count"}``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.custom_objects import CustomObjects, CustomType

TYPE: Final = CustomType(id="ServiceNowActivity", key="customerNo", per_site=True)
MOST: Final = 50
"""The most entries that are kept of a customer on a site."""

_SAME = ("kind", "text", "productId")
Entry = Mapping[str, Any]


class Activities:
    """A reading of the custom objects of `TYPE`; iteration gives every entry with whose and where it is. Thread-safe.

    `oldest` is always the moment, as Commerce writes it, before which an entry counts as forgotten.
    """

    def __init__(self, objects: CustomObjects) -> None:
        self._objects = objects.objects
        self._lock = threading.Lock()

    def of(self, site_id: str, customer: Document, oldest: str = "") -> list[Entry]:
        """The entries of a customer, newest first; none of a former owner of the same number."""
        kept = self._kept(site_id, customer["customerNo"])
        return _fresh(kept, oldest) if kept and kept.get("c_customerId") == customer["customerId"] else []

    def record(self, site_id: str, customer: Document, deed: Entry, *, at: str, oldest: str) -> Entry:
        """The entry a deed became: the same deed again raises the count of the one before."""
        with self._lock:
            entries = self.of(site_id, customer, oldest)
            before = next((row for row in entries if all(row.get(name) == deed.get(name) for name in _SAME)), None)
            entry = {"at": at, **deed, "count": 1 if before is None else before["count"] + 1}
            self._keep(site_id, customer, [entry, *(row for row in entries if row is not before)], at)
        return entry

    def fill(self, site_id: str, customer: Document, entries: Iterable[Entry], at: str) -> None:
        """Put these entries, in any order, in the place of what was kept of a customer."""
        newest = sorted(entries, key=lambda row: str(row["at"]), reverse=True)
        with self._lock:
            self._keep(site_id, customer, newest, at)

    def forget(self, customer_no: str, *, site_id: str, oldest: str | None = None) -> int:
        """Remove what is older than `oldest`, or everything; how many entries went."""
        with self._lock:
            kept = self._kept(site_id, customer_no)
            if kept is None:
                return 0
            before, left = len(_entries(kept)), [] if oldest is None else _fresh(kept, oldest)
            if not left:
                self._objects.drop((site_id, TYPE.id, customer_no))
            elif len(left) < before:
                self._objects.save({**kept, "c_entries": _written(left)})
            return before - len(left)

    def kept(self) -> list[Document]:
        """The custom objects behind all this."""
        return [row for row in self._objects.find("type", TYPE.id) if row["siteId"] is not None]

    def __iter__(self) -> Iterator[Entry]:
        for kept in self.kept():
            whose = {"siteId": kept["siteId"], "customerNo": kept["key"], "customerId": kept.get("c_customerId", "")}
            yield from ({**whose, **entry} for entry in _entries(kept))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _kept(self, site_id: str, customer_no: str) -> Document | None:
        return self._objects.get((site_id, TYPE.id, customer_no))

    def _keep(self, site_id: str, customer: Document, entries: list[Entry], at: str) -> None:
        number = customer["customerNo"]
        old = self._kept(site_id, number) or {
            **{"siteId": site_id, "objectType": TYPE.id, "key": number},
            "creationDate": at,
        }
        attributes = {"c_customerId": customer["customerId"], "c_entries": _written(entries[:MOST])}
        self._objects.save({**old, **attributes, "lastModified": at})


def consent_of(customer: Document | None) -> dict[str, Any]:
    """``{"tracking", "changedAt"}``: a customer consents until they refuse; nobody knows whether a stranger does."""
    if customer is None:
        return {"tracking": False, "changedAt": None}
    refused = customer.get("c_trackingOptOut")
    changed = f"{refused}T00:00:00.000Z" if refused and "T" not in str(refused) else refused
    return {"tracking": not refused, "changedAt": changed or customer.get("creationDate")}


def _entries(kept: Document) -> list[Entry]:
    """What can be read of the list; somebody else may have written over it."""
    try:
        entries = json.loads(kept.get("c_entries") or "[]")
    except (TypeError, ValueError):
        return []
    return [row for row in entries if isinstance(row, dict)] if isinstance(entries, list) else []


def _fresh(kept: Document, oldest: str) -> list[Entry]:
    young = (row for row in _entries(kept) if str(row.get("at", "")) >= oldest)
    return sorted(young, key=lambda row: str(row["at"]), reverse=True)


def _written(entries: list[Entry]) -> str:
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
