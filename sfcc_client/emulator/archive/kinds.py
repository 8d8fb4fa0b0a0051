"""The documents of a site export that mean something to the emulator, told by their first element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sfcc_client.emulator.archive.markup import Root
from sfcc_client.emulator.archive.refusal import BadArchive

_IMPEX = "http://www.demandware.com/xml/impex/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`records` are read one by one. `schema` is the official file that describes them; kinds without one are read by
    their documented shape, in any version of their `family`, and what is not known in them is passed over.

    `whole`: the schema knows the document only as a whole, so it is parsed at once; such documents are small.
    """

    root: str
    family: str
    version: str = "2006-10-31"
    schema: str | None = None
    records: tuple[str, ...]
    whole: bool = False

    def fits(self, namespace: str) -> bool:
        return namespace == self.namespace or (
            self.schema is None and namespace.startswith(f"{_IMPEX}{self.family}") and namespace.count("/") == 6
        )

    @property
    def namespace(self) -> str:
        return f"{_IMPEX}{self.family}/{self.version}"


# In the order in which they are read: what others refer to comes first.
KINDS: Mapping[str, Kind] = {
    kind.root: kind
    for kind in (
        Kind(root="metadata", family="metadata", schema="metadata.xsd", records=("type-extension", "custom-type")),
        Kind(root="site", family="site", version="2007-04-30", records=("name", "currency")),
        Kind(
            root="preferences",
            family="preferences",
            version="2007-03-31",
            schema="preferences.xsd",
            records=("preference",),
            whole=True,
        ),
        Kind(root="customer-list", family="customerlist", version="2010-06-30", records=("customer",)),
        Kind(
            root="customers",
            family="customer",
            schema="customer.xsd",
            records=("customer", "group-assignment"),
        ),
        Kind(root="pricebooks", family="pricebook", records=("header", "price-table")),
        Kind(root="inventory", family="inventory", version="2007-05-31", records=("record",)),
        Kind(
            root="catalog",
            family="catalog",
            records=("header", "product", "category", "category-assignment", "recommendation"),
        ),
        Kind(root="library", family="library", schema="library.xsd", records=("header", "folder", "content")),
        Kind(root="custom-objects", family="customobject", schema="customobject.xsd", records=("custom-object",)),
        Kind(root="orders", family="order", schema="order.xsd", records=("order",)),
    )
}
_BY_NAMESPACE = {kind.namespace: kind for kind in KINDS.values()}


def kind_of(root: Root, document: str) -> Kind | None:
    """The kind of a document; None for one the emulator has no use for. Raises BadArchive for a wrong namespace."""
    kind = KINDS.get(root.name)
    if kind is None:
        expected = _BY_NAMESPACE.get(root.namespace)
        if expected is None:
            return None
        raise BadArchive(f"{document}: its root is <{root.name}>, but '{root.namespace}' needs <{expected.root}>.")
    if not kind.fits(root.namespace):
        raise BadArchive(
            f"{document}: <{root.name}> has the wrong namespace '{root.namespace}'; '{kind.namespace}' is expected."
        )
    return kind
