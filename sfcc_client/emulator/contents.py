"""How content looks to shoppers (Shopper Experience 1.6, Content and ContentFolder), and which of it is found."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.library import Library, localized

_TEXTS = ("name", "description", "pageDescription", "pageKeywords", "pageTitle")
_TAG = re.compile(r"<[^>]*>")


def shown(asset: Document, locale: str) -> dict[str, Any]:
    """One asset in one locale; markup as its source."""
    document = {"id": asset["id"], **{name: _text(asset.get(name), locale) for name in _TEXTS}}
    document |= {name: _text(value, locale) for name, value in asset.items() if name.startswith("c_")}
    return {name: value for name, value in document.items() if value is not None}


def shown_folder(library: Library, folder: Document, locale: str, levels: int) -> dict[str, Any]:
    """One folder and the online ones below it, as deep as asked for."""
    document = {"id": folder["id"], **{name: _text(folder.get(name), locale) for name in _TEXTS}}
    document["parentFolderId"] = folder.get("parentFolderId")
    document |= {name: _text(value, locale) for name, value in folder.items() if name.startswith("c_")}
    if levels:
        below = (row for row in library.folders.find("parent", folder["id"]) if row.get("online"))
        document["folders"] = [shown_folder(library, row, locale, levels - 1) for row in below]
    return {name: value for name, value in document.items() if value is not None}


def matching(assets: Iterable[Document], phrase: str, locale: str) -> list[Document]:
    """The assets that hold every word of the phrase in the locale; those that hold it in their name come first."""
    words = phrase.casefold().split()
    found = [(asset, shown(asset, locale)) for asset in assets]
    hits = [(asset, seen) for asset, seen in found if all(word in _searched(seen) for word in words)]
    hits.sort(key=lambda hit: not all(word in str(hit[1].get("name", "")).casefold() for word in words))
    return [asset for asset, _ in hits]


def plain(markup: str) -> str:
    """The words of a piece of HTML."""
    return html.unescape(_TAG.sub(" ", markup))


def _searched(seen: Mapping[str, Any]) -> str:
    return "\n".join(plain(value) for value in seen.values() if isinstance(value, str)).casefold()


def _text(texts: Any, locale: str) -> Any:
    value = localized(texts, locale)
    return value.get("source") if isinstance(value, Mapping) else value
