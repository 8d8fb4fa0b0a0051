"""Content libraries: assets, folders and which asset is in which folder, as edited and as shoppers see them.

Documents have the shape of library.xsd and OCAPI's content documents, in camel case. Texts are maps by locale, flags
maps by site, both with a ``default``::

    asset       {"id", "name": {"default": …, "de-DE": …}, "online": {"default": True}, "searchable": {"default": True},
                 "pageTitle": {…}, "description": {…}, "c_body": {"default": {"source": "<p>…</p>"}}, "lastModified"}
    folder      {"id", "name": {…}, "online": True, "parentFolderId": "root"}
    assignment  {"contentId", "folderId", "default": True, "position": 1.0}

An asset is found by a shopper's search once it is online and searchable on the site and in a folder that is online;
it is read by its id once it is online.

A sandbox has one copy of each library. On a staging instance (`Libraries.stage`) the back office edits one copy and
shoppers read the other, until `Libraries.publish` brings an asset over.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from sfcc_client.emulator.collection import Collection, Document

ROOT = "root"
_DEFAULT = "default"


def localized(texts: Any, locale: str) -> Any:
    """The value of a locale, else of its language, else the default; a plain value counts everywhere."""
    if not isinstance(texts, Mapping):
        return texts
    language = locale.split("-", maxsplit=1)[0]
    return next((texts[key] for key in (locale, language, _DEFAULT) if texts.get(key) is not None), None)


def on_site(flags: Any, site_id: str) -> bool:
    """What a site-specific flag says for one site; unset means no."""
    if isinstance(flags, Mapping):
        return bool(flags.get(site_id, flags.get(_DEFAULT, False)))
    return bool(flags)


class Library:
    """One library. Keys: asset id; folder id; (asset id, folder id). The folder ``root`` is always there."""

    def __init__(self, library_id: str) -> None:
        self.library_id = library_id
        self.assets = Collection(lambda asset: asset["id"])
        self.folders = Collection(
            lambda folder: folder["id"],
            parent=lambda folder: (folder["parentFolderId"],) if folder.get("parentFolderId") else (),
        )
        self.assignments = Collection(
            lambda row: (row["contentId"], row["folderId"]),
            content=lambda row: (row["contentId"],),
            folder=lambda row: (row["folderId"],),
        )
        self.folders.save({"id": ROOT, "online": True})

    def assign(self, content_id: str, folder_id: str, **members: Any) -> Document:
        """Put an asset into a folder; as ``default=True`` it is the only default one, its classification folder."""
        if members.get(_DEFAULT):
            for row in self.assignments.find("content", content_id):
                if row.get(_DEFAULT):
                    self.assignments.change((content_id, row["folderId"]), default=False)
        return self.assignments.save({_DEFAULT: False, **members, "contentId": content_id, "folderId": folder_id})

    def drop_asset(self, content_id: str) -> None:
        """Forget an asset and its assignments; it is no error when there is none."""
        for row in self.assignments.find("content", content_id):
            self.assignments.drop((content_id, row["folderId"]))
        self.assets.drop(content_id)

    def drop_folder(self, folder_id: str) -> None:
        """Forget a folder, the folders below it and their assignments. The assets stay, and so does the root."""
        for child in self.folders.find("parent", folder_id):
            self.drop_folder(child["id"])
        for row in self.assignments.find("folder", folder_id):
            self.assignments.drop((row["contentId"], folder_id))
        if folder_id != ROOT:
            self.folders.drop(folder_id)

    def folder_of(self, content_id: str) -> str | None:
        """The classification folder of an asset, the one whose assignment is the default."""
        rows = self.assignments.find("content", content_id)
        return next((row["folderId"] for row in rows if row.get(_DEFAULT)), None)

    def visible(self, content_id: str, site_id: str) -> Document | None:
        """An asset that is online on the site."""
        asset = self.assets.get(content_id)
        return asset if asset is not None and on_site(asset.get("online"), site_id) else None

    def searchable(self, site_id: str, folder_id: str | None = None) -> list[Document]:
        """The assets a search on the site may find, by id; with a folder only those in it."""
        rows = self.assignments if folder_id is None else self.assignments.find("folder", folder_id)
        ids = {row["contentId"] for row in rows if self.folder_online(row["folderId"])}
        found = (self.visible(content_id, site_id) for content_id in sorted(ids))
        return [asset for asset in found if asset is not None and on_site(asset.get("searchable"), site_id)]

    def folder_online(self, folder_id: str) -> bool:
        folder = self.folders.get(folder_id)
        return folder is not None and bool(folder.get("online"))

    def copy(self) -> Library:
        """Another library with the same documents; they are never changed in place, so they are shared."""
        other = Library(self.library_id)
        for name in ("assets", "folders", "assignments"):
            _fill(getattr(other, name), getattr(self, name))
        return other


class Libraries:
    """All libraries of an instance: a private one per site, called as the site is, and shared ones.

    ::

        state.libraries.edited["RefArchDE"]     what the back office reads and writes; None when unknown: .get(id)
        state.libraries.live["RefArchDE"]       what shoppers read; the same object unless the instance is staged
        state.libraries.of_site("RefArchDE")    the live library the site shows
    """

    def __init__(self, site_ids: Iterable[str]) -> None:
        self.edited: dict[str, Library] = {site_id: Library(site_id) for site_id in site_ids}
        self.live: dict[str, Library] = dict(self.edited)
        self._of_site = {site_id: site_id for site_id in self.edited}
        self._lock = threading.Lock()
        self.staged = False

    def share(self, library_id: str, site_ids: Iterable[str] = ()) -> Library:
        """The shared library of this id, made when there is none; the sites show it instead of their private one."""
        with self._lock:
            library = self.edited.setdefault(library_id, Library(library_id))
            self.live.setdefault(library_id, library.copy() if self.staged else library)
            self._of_site.update(dict.fromkeys(site_ids, library_id))
        return library

    def of_site(self, site_id: str) -> Library:
        """The live library of a site. KeyError when there is no such site."""
        return self.live[self._of_site[site_id]]

    def library_id_of(self, site_id: str) -> str:
        return self._of_site[site_id]

    def stage(self) -> None:
        """Make this a staging instance: what shoppers read stays as it is now until something is published."""
        with self._lock:
            if not self.staged:
                self.live = {library_id: library.copy() for library_id, library in self.edited.items()}
                self.staged = True

    def publish(self, library_id: str, content_id: str) -> bool:
        """Bring one asset over as it is now, with its assignments and their folders, or its deletion.

        False when neither copy has such an asset. Raises KeyError when there is no such library. On an instance that
        is not staged there is nothing to bring over.
        """
        edited, live = self.edited[library_id], self.live[library_id]
        asset = edited.assets.get(content_id)
        if asset is None and live.assets.get(content_id) is None:
            return False
        if edited is live:
            return True
        live.drop_asset(content_id)
        if asset is not None:
            live.assets.save(asset)
            for row in edited.assignments.find("content", content_id):
                _publish_folder(edited, live, row["folderId"])
                live.assignments.save(row)
        return True


def _publish_folder(edited: Library, live: Library, folder_id: str) -> None:
    """A folder and those above it, as far as they exist."""
    folder: Document | None = edited.folders.get(folder_id)
    seen: set[str] = set()
    while folder is not None and folder["id"] not in seen:
        seen.add(folder["id"])
        live.folders.save(folder)
        folder = edited.folders.get(folder.get("parentFolderId"))


def _fill(target: Collection, source: Iterable[Document]) -> None:
    for document in source:
        target.save(document)
