"""Pages as Page Designer makes them, and how they look to shoppers (Shopper Experience 1.6, schema Page).

A stored page has the shape of the answer, with texts by locale; so may any value in its `data` and that of its
components::

    {"siteId": "North", "id": "homepage", "typeId": "storePage", "name": {"default": "Home", "de": "Start"},
     "regions": [{"id": "main", "components": [
         {"id": "c1", "typeId": "banner", "data": {"title": {"default": "Hi"}}}]}]}

`aspectTypeId` with `categoryIds` and `productIds` says for which categories and products it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator.collection import Collection, Document
from sfcc_client.emulator.library import localized

_TEXTS = ("name", "description", "pageTitle", "pageDescription", "pageKeywords")
_PLAIN = ("id", "typeId", "aspectTypeId", "fragment", "embedded", "contentLinkUuid", "custom", "designMetadata")


def shown(part: Document, locale: str) -> dict[str, Any]:
    """A page, or a component of one, in one locale; what is not visible says so."""
    document: dict[str, Any] = {name: part[name] for name in _PLAIN if name in part}
    document |= {name: localized(part[name], locale) for name in _TEXTS if name in part}
    if "data" in part:
        document["data"] = {name: _in_locale(value, locale) for name, value in part["data"].items()}
    if "regions" in part:
        document["regions"] = [
            {"id": region["id"], "components": [shown(one, locale) for one in region.get("components", ())]}
            for region in part["regions"]
        ]
    return {**document, "visible": part.get("visible", True), "localized": _speaks(part, locale)}


def assigned(pages: Collection, site_id: str, aspect_type_id: str, member: str, identifier: str) -> list[Document]:
    """The visible page that stands for a category (``categoryIds``) or product (``productIds``), if there is one."""
    rows = pages.find("aspect", (site_id, aspect_type_id))
    return [row for row in rows if row.get("visible", True) and identifier in row.get(member, ())][:1]


def _in_locale(value: Any, locale: str) -> Any:
    return localized(value, locale) if isinstance(value, Mapping) and "default" in value else value


def _speaks(part: Document, locale: str) -> bool:
    """Whether any of its own texts is in the locale or its language."""
    texts = [part.get(name) for name in _TEXTS] + list(part.get("data", {}).values())
    wanted = {locale, locale.split("-", maxsplit=1)[0]}
    return any(isinstance(text, Mapping) and wanted & set(text) for text in texts)
