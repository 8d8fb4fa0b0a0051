"""What we installed, kept on the instance itself as private properties of the app.

Per row: a fingerprint of the columns that are ours, as they were read back after the last apply. It tells a row that
somebody changed from one whose declaration changed, and it is the list of what an uninstall takes away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from snow_app.batch import BatchItem
from snow_app.client import TABLE_API
from snow_app.records.identity import sys_id
from snow_app.row import Record

_CHUNK = 3800
_VERSION = 1
PREFIX = "install."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One installed row. `adopted` when it existed before us: then it is never deleted."""

    table: str
    sys_id: str
    columns: tuple[str, ...]
    fingerprint: str
    adopted: bool = False

    def unchanged(self, stored: Record) -> bool:
        """Whether the columns that are ours still hold what was read back then."""
        return fingerprint(stored, self.columns) == self.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Every installed row by (table, sys_id); `pages` are the sys_ids of the properties that hold it now."""

    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict)
    pages: tuple[str, ...] = ()

    def entry(self, table: str, row_id: str) -> Entry | None:
        return self.entries.get((table, row_id))


def fingerprint(stored: Record, columns: Iterable[str]) -> str:
    """A short hash of some columns of a stored row."""
    values = {column: stored[column].replace("\r\n", "\n").rstrip() for column in sorted(columns)}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]


def journal_of(properties: Iterable[Record], scope: str) -> Journal:
    """The journal in the app's properties; empty when there is none or somebody broke it."""
    start = f"{scope}.{PREFIX}journal."
    pages = sorted(
        (row for row in properties if row["name"].startswith(start) and row["name"][len(start) :].isdigit()),
        key=lambda row: int(row["name"][len(start) :]),
    )
    ids = tuple(row.sys_id for row in pages)
    try:
        return Journal(entries=_parsed("".join(row["value"] for row in pages)), pages=ids)
    except (ValueError, KeyError, TypeError, IndexError):
        return Journal(pages=ids)


def writing(journal: Journal, entries: Iterable[Entry], scope: str) -> tuple[BatchItem, ...]:
    """The batch items that replace `journal` by one with these entries."""
    text = _written(entries)
    chunks = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    names = [f"{scope}.{PREFIX}journal.{number}" for number in range(1, len(chunks) + 1)]
    ids = [sys_id(scope, "sys_properties", name) for name in names]
    items = [
        _page(name, page_id, chunk, known=page_id in journal.pages)
        for name, page_id, chunk in zip(names, ids, chunks, strict=True)
    ]
    return (*items, *removal(tuple(page for page in journal.pages if page not in ids)))


def removal(pages: tuple[str, ...]) -> tuple[BatchItem, ...]:
    """The batch items that take these pages away."""
    return tuple(BatchItem(method="DELETE", path=f"{TABLE_API}/sys_properties/{page}") for page in pages)


def _page(name: str, page_id: str, chunk: str, *, known: bool) -> BatchItem:
    if known:
        return BatchItem(method="PATCH", path=f"{TABLE_API}/sys_properties/{page_id}", values={"value": chunk})
    values = {
        "sys_id": page_id,
        "name": name,
        "suffix": name.split(".", 1)[1],
        "type": "string",
        "description": "What the installer put here. Written by the installer.",
        "is_private": "true",
        "ignore_cache": "true",
        "value": chunk,
    }
    return BatchItem(method="POST", path=f"{TABLE_API}/sys_properties", values=values)


def _written(entries: Iterable[Entry]) -> str:
    """Compact JSON: column lists once each, rows by table."""
    lists: list[list[str]] = []
    rows: dict[str, dict[str, list[str | int]]] = {}
    for entry in sorted(entries, key=lambda one: (one.table, one.sys_id)):
        columns = sorted(entry.columns)
        if columns not in lists:
            lists.append(columns)
        rows.setdefault(entry.table, {})[entry.sys_id] = [entry.fingerprint, lists.index(columns), int(entry.adopted)]
    return json.dumps({"v": _VERSION, "columns": lists, "rows": rows}, separators=(",", ":"))


def _parsed(text: str) -> dict[tuple[str, str], Entry]:
    if not text:
        return {}
    parsed = json.loads(text)
    return {
        (table, row_id): Entry(
            table=table,
            sys_id=row_id,
            fingerprint=str(mark),
            columns=tuple(parsed["columns"][columns]),
            adopted=bool(adopted),
        )
        for table, rows in parsed["rows"].items()
        for row_id, (mark, columns, adopted) in rows.items()
    }
