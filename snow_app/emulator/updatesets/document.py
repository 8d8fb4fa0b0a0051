"""Reading the platform's export files: ``<unload>`` with whole records, and the ``<record_update>`` of one update.

Files come from strangers: no entity is expanded, no DTD is read, nothing is fetched, and depth and lengths have bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.model import Row

LARGEST = 64 * 1024 * 1024
"""Bytes of a file."""

DELETE = "DELETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of a file. `keys` are the attributes of a column's element: they name a reference's target by other
    columns than its sys_id."""

    table: str
    action: str
    values: Row
    keys: Mapping[str, Mapping[str, str]]

    @property
    def sys_id(self) -> str:
        return self.values.get("sys_id", "")


def unloaded(document: bytes) -> tuple[Entry, ...]:
    """The records of an export file. Raises BadRequest with one line when it is none."""
    root = _root(document, "The file")
    if root.tag != "unload":
        raise _wrong(f"The file is no export of records: it starts with <{_tag(root)}> instead of <unload>.")
    return tuple(map(_entry, _records(root)))


def recorded(payload: str) -> tuple[Entry, ...]:
    """The records of one update, most often one. Raises BadRequest."""
    root = _root(payload.encode(), "A payload of the set")
    if root.tag != "record_update":
        raise _wrong(f"A payload of the set starts with <{_tag(root)}>, not with <record_update>.")
    return tuple(map(_entry, _records(root)))


def _root(document: bytes, what: str) -> etree._Element:
    if len(document) > LARGEST:
        raise _wrong(f"{what} is larger than {LARGEST // 1024 // 1024} MB.")
    # What was decoded once keeps its declaration of another encoding: the bytes are UTF-8 whatever it says.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        reason = str(broken).partition(" (<string>")[0] or "it is empty"
        raise _wrong(f"{what} is no XML that can be read: {reason}.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _wrong(f"{what} declares a document type; export files have none.")
    return root


def _records(parent: etree._Element) -> Iterator[etree._Element]:
    """Elements that are records, those inside a wrapper (a choice set around its choices) included."""
    for element in parent.iterchildren(etree.Element):
        if element.find("sys_id") is not None or element.get("action") == DELETE:
            yield element
        else:
            yield from (child for child in element.iterchildren(etree.Element) if child.find("sys_id") is not None)


def _entry(element: etree._Element) -> Entry:
    columns = list(element.iterchildren(etree.Element))
    return Entry(
        table=_tag(element),
        action=element.get("action", ""),
        values={_tag(column): "".join(map(str, column.itertext())) for column in columns},
        keys={
            _tag(column): {str(name): str(value) for name, value in column.attrib.items()}
            for column in columns
            if column.attrib
        },
    )


def _tag(element: etree._Element) -> str:
    return str(element.tag)


def _wrong(reason: str) -> BadRequest:
    return BadRequest("The update set was not imported", reason)
