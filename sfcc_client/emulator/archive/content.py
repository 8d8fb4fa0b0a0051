"""<folder> and <content> of libraries: texts are maps by locale, flags maps by site, both with a ``default``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sfcc_client.emulator.archive.fields import LANGUAGE, Place, flag, localized
from sfcc_client.emulator.archive.markup import Element
from sfcc_client.emulator.library import ROOT

Known = Callable[[str, str], Any]
_TEXTS = {"display-name": "name", "description": "description"}
_PAGE = {
    "page-title": "pageTitle",
    "page-description": "pageDescription",
    "page-keywords": "pageKeywords",
}
_FLAGS = {"online-flag": "online", "searchable-flag": "searchable"}
_MARKUP = ("body",)
DEFAULT = "default"


@dataclass(slots=True, kw_only=True)
class Content:
    """What one library holds, as a dataset has it: `folders` and `assets` by id."""

    library_id: str
    assets: dict[str, dict[str, Any]] = field(default_factory=dict)
    folders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, element: Element, place: Place, known: Known) -> None:
        """One record of a library; `known` refuses the id of a site that the archive does not hold."""
        name = place.name(element)
        if name == "folder":
            folder_id = place.attribute(element, "folder-id")
            _once(self.folders, folder_id, element, place)
            self.folders[folder_id] = {"libraryId": self.library_id, "id": folder_id, **_folder(element, place)}
        elif name == "content":
            content_id = place.attribute(element, "content-id")
            _once(self.assets, content_id, element, place)
            asset = {"libraryId": self.library_id, "id": content_id, **_asset(element, place, known)}
            self.assets[content_id] = {**asset, "folderIds": _folder_ids(element, place)}

    def stray(self) -> str | None:
        """A folder that is named and not in the library, as ``content 'a' is in folder 'b'``."""
        for asset in self.assets.values():
            for folder_id in asset["folderIds"]:
                if folder_id not in self.folders and folder_id != ROOT:
                    return f"content '{asset['id']}' is in folder '{folder_id}'"
        for folder in self.folders.values():
            parent = folder.get("parentFolderId", ROOT)
            if parent not in self.folders and parent != ROOT:
                return f"folder '{folder['id']}' is in folder '{parent}'"
        return None


def _folder_ids(element: Element, place: Place) -> list[str]:
    """The classification folder first."""
    links = place.child(element, "folder-links")
    rows = [] if links is None else sorted(links, key=lambda link: place.name(link) != "classification-link")
    return list(dict.fromkeys(place.attribute(link, "folder-id") for link in rows))


def _once(known: dict[str, Any], record_id: str, element: Element, place: Place) -> None:
    if record_id in known:
        place.bad(element, f"{record_id} is in the library twice")


def _grouped(element: Element, place: Place, names: dict[str, str]) -> dict[str, Any]:
    """The localized children of the names."""
    found = {}
    for name, member in names.items():
        children = element.findall(f"{{{place.namespace}}}{name}")
        if children:
            found[member] = localized(children)
    return found


def _page(element: Element, place: Place) -> dict[str, Any]:
    attributes = place.child(element, "page-attributes")
    return {} if attributes is None else _grouped(attributes, place, _PAGE)


def _folder(element: Element, place: Place) -> dict[str, Any]:
    folder = {**_grouped(element, place, _TEXTS), **_page(element, place)}
    online, parent = place.child(element, "online-flag"), place.child(element, "parent")
    folder["online"] = bool(online is not None and flag(online, place))
    if parent is not None and parent.text:
        folder["parentFolderId"] = parent.text
    return folder


def _asset(element: Element, place: Place, known: Known) -> dict[str, Any]:
    asset = {**_grouped(element, place, _TEXTS), **_page(element, place)}
    asset |= {member: {DEFAULT: False} for member in _FLAGS.values()}
    for name, member in _FLAGS.items():
        for child in element.findall(f"{{{place.namespace}}}{name}"):
            asset[member][_site(child, place, known)] = bool(flag(child, place))
    attributes = place.child(element, "custom-attributes")
    for child in () if attributes is None else attributes:
        name = place.attribute(child, "attribute-id")
        if child.get("site-id") is not None:
            _site(child, place, known)
            continue
        locale = child.get(LANGUAGE, "x-default").replace("_", "-")
        value: Any = child.text or ""
        if name in _MARKUP or place.types.get(("Content", name)) == "html":
            value = {"_type": "markup_text", "source": value}
        asset.setdefault(f"c_{name}", {})[DEFAULT if locale == "x-default" else locale] = value
    return asset


def _site(element: Element, place: Place, known: Known) -> str:
    site_id = element.get("site-id")
    if site_id is None:
        return DEFAULT
    known(site_id, f"{place.document} line {element.sourceline}: <{place.name(element)}>")
    return site_id
