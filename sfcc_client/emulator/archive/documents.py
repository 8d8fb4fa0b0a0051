"""The documents of an archive: what each is, and whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sfcc_client.emulator.archive.container import Container
from sfcc_client.emulator.archive.kinds import Kind, kind_of
from sfcc_client.emulator.archive.layout import Owner, owner_of
from sfcc_client.emulator.archive.markup import root_of
from sfcc_client.emulator.archive.refusal import BadArchive


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One XML file of the archive, as its place and its first element tell."""

    name: str
    kind: Kind
    owner: Owner
    namespace: str
    attributes: Mapping[str, str]

    @property
    def site_id(self) -> str:
        own = self.attributes.get("site-id", "") if self.kind.root == "site" else ""
        return own or self.owner.site_id

    @property
    def list_id(self) -> str:
        own = self.attributes.get("list-id", "") if self.kind.root == "customer-list" else ""
        return own or self.owner.list_id


def documents_of(container: Container, archive: str) -> list[Document]:
    """By name; those the emulator has no use for are left out. Raises BadArchive when none is left."""
    found = []
    for name in sorted(container.names):
        with container.opened(name) as source:
            root = root_of(source)
        kind = kind_of(root, name)
        if kind is not None:
            owner, namespace = owner_of(name), root.namespace
            found.append(Document(name=name, kind=kind, owner=owner, namespace=namespace, attributes=root.attributes))
    if not found:
        raise BadArchive(f"{archive} holds no document of a site export that the emulator knows.")
    return found
