"""A document's beginning, and its records one after the other, without entities, network or a tree of the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# Expat is only shown the beginning, and stops at a document type, before anything could expand.
from xml.parsers import expat

from lxml import etree

from sfcc_client.emulator.archive.container import Unpacked
from sfcc_client.emulator.archive.refusal import BadArchive

Element = etree._Element
ENCODINGS = frozenset({"UTF-8", "UTF-16", "ISO-8859-1", "US-ASCII"})
_PROLOG = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The first element of a document."""

    name: str
    namespace: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class _Prolog:
    """What expat says of a document up to its first element."""

    def __init__(self, document: str) -> None:
        self.root: Root | None = None
        self._document = document
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._typed
        parser.StartElementHandler = self._started
        self._parser = parser

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError as error:
            if self.root is None:
                reason = expat.ErrorString(error.code)
                raise BadArchive(f"{self._document} line {error.lineno} is not XML: {reason}.") from error

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in ENCODINGS:
            raise BadArchive(f"{self._document} is in the unknown encoding '{encoding[:40]}'; exports are in UTF-8.")

    def _typed(self, *_: Any) -> None:
        raise BadArchive(
            f"{self._document} line {self._parser.CurrentLineNumber} has a document type (DOCTYPE); exports have none."
        )

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        if self.root is None:
            namespace, _, local = name.rpartition(" ")
            self.root = Root(name=local, namespace=namespace, attributes=attributes)


def root_of(source: Unpacked) -> Root:
    """The document's first element. Refuses document types, so that there is nothing to expand later on."""
    prolog, seen = _Prolog(source.name), 0
    while prolog.root is None:
        piece = source.read(4096)
        seen += len(piece)
        prolog.feed(piece)
        if prolog.root is None and (not piece or seen > _PROLOG):
            raise BadArchive(f"{source.name} has no element; it is empty or cut short.")
    return prolog.root


def records(source: Unpacked, namespace: str, names: Collection[str]) -> Iterator[Element]:
    """Every element with one of the names, whole, in order; it is emptied once the next is asked for."""
    tags = [f"{{{namespace}}}{name}" for name in names]
    found = etree.iterparse(
        source,
        events=("end",),
        tag=tags,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in found:
            yield element
            source.settle()
            element.clear()
            parent = element.getparent()
            while parent is not None and (earlier := element.getprevious()) is not None:
                parent.remove(earlier)
    except etree.XMLSyntaxError as error:
        # What the parser logged first is the cause; what it raises may only be that the document ended there.
        line, message = next(((entry.line, entry.message) for entry in found.error_log), (error.lineno, error.msg))
        raise BadArchive(f"{source.name} line {line} is not XML: {(message or 'unreadable').rstrip('.')}.") from error
