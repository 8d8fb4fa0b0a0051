"""Custom objects: records of types a tenant defines for itself, for the whole instance or for each site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sfcc_client.emulator.collection import Collection


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomType:
    """`key` names the attribute that identifies an object; `per_site` objects belong to one site each."""

    id: str
    key: str
    key_kind: Literal["string", "integer"] = "string"
    per_site: bool = False

    def fits(self, key: str) -> bool:
        """Whether a text can be the key of such an object."""
        return self.key_kind == "string" or key.removeprefix("-").isdecimal()


class CustomObjects:
    """Types by id, and objects by (site id or None, type, key); documents hold ``c_…`` members and their dates."""

    def __init__(self, types: Iterable[CustomType] = ()) -> None:
        self.types = {kind.id: kind for kind in types}
        self.objects = Collection(
            lambda row: (row["siteId"], row["objectType"], row["key"]), type=lambda row: (row["objectType"],)
        )

    def define(self, kind: CustomType) -> None:
        self.types[kind.id] = kind
