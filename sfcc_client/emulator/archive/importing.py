"""From a site export to a dataset: every document once, in the order in which one refers to another, record by record.

A refused archive leaves nothing behind, because the store is filled only from a whole dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from sfcc_client.emulator.activities import TYPE as ACTIVITY
from sfcc_client.emulator.archive.catalog import Assortment
from sfcc_client.emulator.archive.container import Container, Limits, container
from sfcc_client.emulator.archive.content import Content
from sfcc_client.emulator.archive.custom import declared, definitions
from sfcc_client.emulator.archive.custom_objects import custom_object, custom_type, undeclared
from sfcc_client.emulator.archive.customer import customer_document
from sfcc_client.emulator.archive.documents import Document, documents_of
from sfcc_client.emulator.archive.fields import Place
from sfcc_client.emulator.archive.kinds import KINDS
from sfcc_client.emulator.archive.layout import site_named_after
from sfcc_client.emulator.archive.markup import Element, records
from sfcc_client.emulator.archive.order import Buyers, order_document
from sfcc_client.emulator.archive.refusal import BadArchive
from sfcc_client.emulator.archive.schemas import Schemas
from sfcc_client.emulator.archive.sites import Site, Sites

Progress = Callable[[int, int, str], None]
"""Bytes read, bytes altogether, and the document being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteExport:
    """A whole export: the `dataset` of it; `skipped` names documents the emulator has no use for."""

    dataset: Mapping[str, Any]
    skipped: tuple[str, ...] = ()


def imported(
    path: str | PathLike[str],
    *,
    schemas: str | PathLike[str] | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> SiteExport:
    """The export in a zip file. `schemas` is a folder with the official xsd files. Raises BadArchive."""
    with container(path, limits or Limits()) as opened:
        return _Import(opened, Schemas(schemas), progress or _quiet, Path(path).name).export()


def _quiet(_done: int, _total: int, _document: str) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class _Import:
    container: Container
    schemas: Schemas
    progress: Progress
    archive: str
    done: int = 0
    sites: Sites = field(default_factory=Sites)
    types: dict[tuple[str, str], str] = field(default_factory=dict)
    assortment: Assortment = field(default_factory=Assortment)
    customers: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    libraries: dict[str, Content] = field(default_factory=dict)
    custom_types: dict[str, dict[str, Any]] = field(default_factory=dict)
    custom_objects: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def export(self) -> SiteExport:
        documents = documents_of(self.container, self.archive)
        found = {document.name for document in documents}
        self._mention_sites(documents)
        in_order = sorted(documents, key=lambda document: list(KINDS).index(document.kind.root))
        for document in in_order:
            if document.kind.root in _SETTINGS:
                self._read(document)
        self.sites.settle_lists(sorted({document.list_id for document in documents if document.list_id}))
        for document in in_order:
            if document.kind.root not in _SETTINGS:
                self._read(document)
        for library_id, content in self.libraries.items():
            if (stray := content.stray()) is not None:
                raise BadArchive(f"In the library '{library_id}' {stray}, which the archive does not hold.")
        return SiteExport(
            dataset={
                "sites": self.sites.documents(),
                "products": self.assortment.products(),
                "customers": list(self.customers.values()),
                "orders": list(self.orders.values()),
                "libraries": self.sites.libraries(self.libraries),
                "contentFolders": [
                    folder for library in self.libraries.values() for folder in library.folders.values()
                ],
                "contentAssets": [asset for library in self.libraries.values() for asset in library.assets.values()],
                "attributeDefinitions": definitions(self.types),
                "customTypes": list(self.custom_types.values()),
                "customObjects": list(self.custom_objects.values()),
            },
            skipped=tuple(name for name in self.container.names if name not in found),
        )

    def _mention_sites(self, documents: list[Document]) -> None:
        for document in documents:
            if document.site_id:
                site = self.sites.mention(document.site_id, document.name)
                site.described |= document.kind.root in ("site", "preferences")
        for document in documents:
            if document.owner.site_id:
                self.sites.known(document.owner.site_id, document.name)
        if not list(self.sites):
            self.sites.mention(site_named_after(self.archive), self.archive)

    def _read(self, document: Document) -> None:
        take = getattr(self, _RECORDS[document.kind.root])(document)
        place = Place(document=document.name, namespace=document.namespace, types=self.types)
        schema = document.kind.schema

        def reading(size: int) -> None:
            self.done += size
            self.progress(min(self.done, self.container.total), self.container.total, document.name)

        with self.container.opened(document.name, reading) as source:
            checked_whole = document.kind.whole and schema is not None
            names = [document.kind.root] if checked_whole else document.kind.records
            for element in records(source, document.namespace, names):
                if schema is not None:
                    self.schemas.check(document.name, element, schema)
                if not checked_whole:
                    take(element, place)
                    continue
                for name in document.kind.records:
                    for record in element.iter(f"{{{document.namespace}}}{name}"):
                        take(record, place)

    # One method for each root: given the document, it gives what takes a record.

    def _metadata(self, _: Document) -> Any:
        def take(element: Element, place: Place) -> None:
            self.types.update(declared(element, place))
            if place.name(element) == "custom-type":
                kind = custom_type(element, place)
                self.custom_types[kind["id"]] = kind

        return take

    def _site(self, document: Document) -> Any:
        site = self._site_of(document, "settings")

        def take(element: Element, place: Place) -> None:
            parent = element.getparent()
            if parent is not None and parent.getparent() is None:
                member = {"name": "label", "currency": "currency"}[place.name(element)]
                setattr(site, member, (element.text or "").strip())

        return take

    def _preferences(self, document: Document) -> Any:
        if not document.owner.site_id:
            return lambda *_: None  # of the whole instance
        site = self._site_of(document, "preferences")
        return lambda element, place: self.sites.prefer(
            site, place.attribute(element, "preference-id"), element.text or ""
        )

    def _customers(self, document: Document) -> Any:
        list_id = document.list_id or self._site_of(document, "customers").list_id

        def take(element: Element, place: Place) -> None:
            if place.name(element) != "customer" or element.get("mode") == "delete":
                return
            customer = customer_document(element, place, list_id)
            key = (list_id, customer["customerNo"])
            if key in self.customers:
                place.bad(element, f"{key[1]} is in the customer list '{list_id}' twice")
            self.customers[key] = customer

        return take

    def _assortment(self, _: Document) -> Any:
        return self.assortment.take

    def _library(self, document: Document) -> Any:
        owner = document.owner
        library_id = document.attributes.get("library-id") or owner.library_id or owner.site_id
        if not library_id:
            library_id = self._site_of(document, "contents").site_id
        content = self.libraries.setdefault(library_id, Content(library_id=library_id))
        return lambda element, place: content.take(element, place, self.sites.known)

    def _custom_objects(self, document: Document) -> Any:
        def take(element: Element, place: Place) -> None:
            if element.get("mode") == "delete":
                return
            row = custom_object(element, place)
            type_id, object_id = row["objectType"], row["key"]
            # What nothing declares is what its place says.
            kind = self.custom_types.setdefault(type_id, undeclared(type_id, per_site=bool(document.owner.site_id)))
            if kind["keyKind"] == "integer" and not object_id.removeprefix("-").isdecimal():
                place.bad(
                    element, f"{object_id} of type {type_id} is no whole number, as the metadata declares its key"
                )
            site_id = self._site_of(document, "custom objects").site_id if kind["perSite"] else ""
            if (site_id, type_id, object_id) in self.custom_objects:
                place.bad(element, f"{object_id} of type {type_id} is in the archive twice")
            customer = (
                self.customers.get((self.sites.known(site_id, document.name).list_id, object_id)) if site_id else None
            )
            if type_id == ACTIVITY.id and customer is not None:
                # Exports do not tell the ids of customers; what is stored with them has the one that stands in for it.
                row["c_customerId"] = customer["customerId"]
            self.custom_objects[site_id, type_id, object_id] = {**({"siteId": site_id} if site_id else {}), **row}

        return take

    def _orders(self, document: Document) -> Any:
        site = self._site_of(document, "orders")
        numbers = frozenset(number for list_id, number in self.customers if list_id == site.list_id)
        buyers = Buyers(site_id=site.site_id, list_id=site.list_id, registered=numbers)

        def take(element: Element, place: Place) -> None:
            if element.get("mode") == "delete":
                return
            order = order_document(element, place, buyers)
            if order["orderNo"] in self.orders:
                place.bad(element, f"{order['orderNo']} is in the archive twice")
            self.orders[order["orderNo"]] = order
            site.currency = site.currency or order.get("currency", "")
            site.locale = site.locale or order.get("customerLocale", "")

        return take

    def _site_of(self, document: Document, kind: str) -> Site:
        if not document.site_id:
            return self.sites.only(document.name, kind)
        return self.sites.known(document.site_id, document.name)


# What sites are like must be known before anything is read that belongs to one.
_SETTINGS = frozenset({"metadata", "site", "preferences"})
_RECORDS = {
    "metadata": "_metadata",
    "site": "_site",
    "preferences": "_preferences",
    "customer-list": "_customers",
    "customers": "_customers",
    "pricebooks": "_assortment",
    "inventory": "_assortment",
    "catalog": "_assortment",
    "library": "_library",
    "custom-objects": "_custom_objects",
    "orders": "_orders",
}
