"""The official import schemas, when they are at hand. They are not ours to ship."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path

from lxml import etree

from sfcc_client.emulator.archive.markup import Element
from sfcc_client.emulator.archive.refusal import BadArchive

_BESIDE_THE_CHECKOUT = Path(__file__).parents[4] / "shared" / "specs" / "sfcc" / "xsd"
_QUOTED = re.compile(r"(:) '.*' is not", re.DOTALL)


class Schemas:
    """Checks records against the schemas of a folder (``order.xsd``, …, with ``xml.xsd`` beside them).

    Without a folder the one beside the checkout is taken; without that, nothing is checked here. A kind whose schema
    the folder does not hold is not checked either. Raises BadArchive for a folder that is none.
    """

    def __init__(self, folder: str | PathLike[str] | None = None) -> None:
        self._folder = _BESIDE_THE_CHECKOUT if folder is None else Path(folder)
        if folder is not None and not any(self._folder.glob("*.xsd")):
            raise BadArchive(f"The folder {self._folder} holds no schemas (order.xsd, customer.xsd, …).")
        self._loaded: dict[str, etree.XMLSchema | None] = {}

    def check(self, document: str, element: Element, schema: str) -> None:
        """Raises BadArchive with the line of the first thing in the record that does not fit."""
        found = self._schema(schema)
        if found is None or found.validate(element):
            return
        error = found.error_log[0]  # type: ignore[index] # lxml-stubs do not know that logs are sequences
        local = error.message.replace(f"{{{etree.QName(element).namespace}}}", "")
        raise BadArchive(f"{document} line {error.line}: {_without_value(local)}")

    def _schema(self, name: str) -> etree.XMLSchema | None:
        if name not in self._loaded:
            path = self._folder / name
            try:
                self._loaded[name] = etree.XMLSchema(etree.parse(path)) if path.is_file() else None
            except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
                reason = str(error).split("\n", maxsplit=1)[0]
                raise BadArchive(f"The schema {path} cannot be used: {reason}") from error
        return self._loaded[name]


def _without_value(message: str) -> str:
    """The validator quotes what stands in the file; that may be somebody's name."""
    return _QUOTED.sub(r"\1 the value is not", message.replace("The value '", ": '").replace("] : '", "]: '"))
