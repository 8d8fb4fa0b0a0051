"""OCAPI Data: content assets, folders and assignments of a library. A private library is called as its site is."""

from __future__ import annotations

from typing import Any

from flask import Response

from sfcc_client.emulator.errors import Fault
from sfcc_client.emulator.library import ROOT, Library
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.routes.data.door import blueprint, body, check_state, fault, link, listed, nothing, one
from sfcc_client.emulator.routes.data.members import (
    Fits,
    accepted,
    flag,
    mapped,
    merged,
    number,
    snake_members,
    text,
)
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

_CONTENT = "/libraries/<library_id>/content/<content_id>"
_FOLDER = "/libraries/<library_id>/folders/<folder_id>"
_ASSIGNMENT = "/libraries/<library_id>/folder_assignments/<content_id>/<folder_id>"
_FREQUENCIES = frozenset({"always", "hourly", "daily", "weekly", "monthly", "yearly", "never"})
_TEXTS: dict[str, Fits] = dict.fromkeys(
    ("name", "description", "page_title", "page_description", "page_keywords", "page_url"), mapped(text())
)
_ASSET_MEMBERS: dict[str, Fits] = {
    **_TEXTS,
    "online": mapped(flag),
    "searchable": mapped(flag),
    "template": text(256),
    "classification_folder_id": text(256),
    "site_map_change_frequency": mapped(lambda value: value in _FREQUENCIES),
    "site_map_included": mapped(lambda value: value in (0, 1)),
    "site_map_priority": mapped(lambda value: number(value) and 0 <= value <= 1),
}
_FOLDER_MEMBERS: dict[str, Fits] = {**_TEXTS, "online": flag, "template": text(256), "parent_folder_id": text(256)}
_ASSIGNMENT_MEMBERS: dict[str, Fits] = {"default": flag, "position": number}
_READ_ONLY = frozenset({"id", "creation_date", "last_modified", "link", "parent_link", "sub_folders_link"})
_ASSIGNMENT_ENDS = frozenset({"content_id", "folder_id", "content_link", "folder_link"})


@blueprint.get(_CONTENT)
def content(library_id: str, content_id: str) -> Response:
    return one("content_asset", _asset(library_id, _existing_asset(library_id, content_id)), state=True)


@blueprint.put(_CONTENT)
def put_content(library_id: str, content_id: str) -> Response:
    """Create an asset or write over it; its assignments to folders stay."""
    library, sent = _library(library_id), body()
    old = library.assets.get(content_id)
    check_state(_asset(library_id, old) if old else None, sent)
    _same_id(sent, content_id)
    fresh = {"id": content_id, "creationDate": old["creationDate"] if old else _now()}
    return _saved_asset(library_id, fresh, sent)


@blueprint.patch(_CONTENT)
def patch_content(library_id: str, content_id: str) -> Response:
    """Change what is sent; texts and flags are merged by locale and site. `id` renames."""
    old, sent = _existing_asset(library_id, content_id), body()
    check_state(_asset(library_id, old), sent)
    new_id = sent.get("id", content_id)
    if new_id != content_id:
        old = _renamed(_library(library_id), old, str(new_id))
    return _saved_asset(library_id, old, sent)


@blueprint.delete(_CONTENT)
def delete_content(library_id: str, content_id: str) -> Response:
    check_state(_asset(library_id, _existing_asset(library_id, content_id)), {})
    _library(library_id).drop_asset(content_id)
    return nothing()


@blueprint.get(f"{_CONTENT}/folders")
def folders_of_content(library_id: str, content_id: str) -> Response:
    _existing_asset(library_id, content_id)
    library = _library(library_id)
    found = (library.folders.get(row["folderId"]) for row in library.assignments.find("content", content_id))
    rows = [_folder(library_id, folder) for folder in found if folder is not None]
    return listed("content_folder_result", "content_folder", rows, member="hits")


@blueprint.get(_FOLDER)
def folder(library_id: str, folder_id: str) -> Response:
    return one("content_folder", _folder(library_id, _existing_folder(library_id, folder_id)), state=True)


@blueprint.put(_FOLDER)
def put_folder(library_id: str, folder_id: str) -> Response:
    library, sent = _library(library_id), body()
    old = library.folders.get(folder_id)
    check_state(_folder(library_id, old) if old else None, sent)
    _same_id(sent, folder_id)
    fresh = {
        "id": folder_id,
        "online": False,
        "parentFolderId": None if folder_id == ROOT else ROOT,
        "creationDate": (old or {}).get("creationDate") or _now(),
    }
    return _saved_folder(library_id, fresh, sent)


@blueprint.patch(_FOLDER)
def patch_folder(library_id: str, folder_id: str) -> Response:
    old, sent = _existing_folder(library_id, folder_id), body()
    check_state(_folder(library_id, old), sent)
    _same_id(sent, folder_id)
    return _saved_folder(library_id, old, sent)


@blueprint.delete(_FOLDER)
def delete_folder(library_id: str, folder_id: str) -> Response:
    """The folders below go with it, the assets stay. There is always a root."""
    library = _library(library_id)
    if folder_id == ROOT:
        raise fault(400, "InvalidParameterException", "The root folder cannot be deleted.", folderId=folder_id)
    library.drop_folder(folder_id)
    return nothing()


@blueprint.get(f"{_FOLDER}/content")
def content_of_folder(library_id: str, folder_id: str) -> Response:
    _existing_folder(library_id, folder_id)
    library = _library(library_id)
    assigned = sorted(library.assignments.find("folder", folder_id), key=lambda row: row.get("position", float("inf")))
    found = (library.assets.get(row["contentId"]) for row in assigned)
    rows = [_asset(library_id, asset) for asset in found if asset is not None]
    return listed("content_asset_result", "content_asset", rows, member="hits")


@blueprint.get(f"{_FOLDER}/sub_folders")
def sub_folders(library_id: str, folder_id: str) -> Response:
    _existing_folder(library_id, folder_id)
    rows = [_folder(library_id, row) for row in _library(library_id).folders.find("parent", folder_id)]
    return listed("content_sub_folder_result", "content_folder", rows, member="hits")


@blueprint.get(_ASSIGNMENT)
def assignment(library_id: str, content_id: str, folder_id: str) -> Response:
    row = _existing_assignment(library_id, content_id, folder_id)
    return one("content_folder_assignment", _assignment(library_id, row), state=True)


@blueprint.put(_ASSIGNMENT)
def put_assignment(library_id: str, content_id: str, folder_id: str) -> Response:
    _existing_asset(library_id, content_id)
    _existing_folder(library_id, folder_id)
    return _saved_assignment(library_id, {"contentId": content_id, "folderId": folder_id})


@blueprint.patch(_ASSIGNMENT)
def patch_assignment(library_id: str, content_id: str, folder_id: str) -> Response:
    return _saved_assignment(library_id, _existing_assignment(library_id, content_id, folder_id))


@blueprint.delete(_ASSIGNMENT)
def delete_assignment(library_id: str, content_id: str, folder_id: str) -> Response:
    _existing_assignment(library_id, content_id, folder_id)
    _library(library_id).assignments.drop((content_id, folder_id))
    return nothing()


def _saved_asset(library_id: str, old: Document, sent: dict[str, Any]) -> Response:
    members = accepted(
        "content_asset", sent, _ASSET_MEMBERS, _READ_ONLY | {"classification_folder_link"}, attributes="Content"
    )
    classified = members.pop("classificationFolderId", None)
    document = {**merged(old, members), "lastModified": _now()}
    library = _library(library_id)
    library.assets.save(document)
    if classified is not None:
        _existing_folder(library_id, classified)
        library.assign(document["id"], classified, default=True)
    return one("content_asset", _asset(library_id, document), state=True)


def _saved_folder(library_id: str, old: Document, sent: dict[str, Any]) -> Response:
    document = {
        **merged(old, accepted("content_folder", sent, _FOLDER_MEMBERS, _READ_ONLY, attributes="Folder")),
        "lastModified": _now(),
    }
    library, parent = _library(library_id), document.get("parentFolderId")
    if parent is not None and (library.folders.get(parent) is None or _is_below(library, parent, document["id"])):
        message = f"No folder with ID '{parent}' can be the parent of '{document['id']}'."
        raise fault(404, "ParentFolderNotFoundException", message, parentFolderId=parent)
    library.folders.save(document)
    return one("content_folder", _folder(library_id, document), state=True)


def _is_below(library: Library, folder_id: str | None, ancestor_id: str) -> bool:
    """Whether a folder is another one, or somewhere below it: such a folder cannot be its parent."""
    while folder_id is not None:
        if folder_id == ancestor_id:
            return True
        folder_id = (library.folders.get(folder_id) or {}).get("parentFolderId")
    return False


def _saved_assignment(library_id: str, old: Document) -> Response:
    members = accepted("content_folder_assignment", body(), _ASSIGNMENT_MEMBERS, _ASSIGNMENT_ENDS)
    kept = {name: value for name, value in {**old, **members}.items() if name in ("default", "position")}
    row = _library(library_id).assign(old["contentId"], old["folderId"], **kept)
    return one("content_folder_assignment", _assignment(library_id, row), state=True)


def _renamed(library: Library, old: Document, new_id: str) -> Document:
    if library.assets.get(new_id) is not None or not 1 <= len(new_id) <= 256:
        message = f"The ID '{new_id}' cannot be given to the content asset '{old['id']}'."
        raise fault(400, "ContentIdAlreadyInUseException", message, contentId=new_id)
    renamed = library.assets.save({**old, "id": new_id})
    for row in library.assignments.find("content", old["id"]):
        library.assign(new_id, row["folderId"], **{name: row[name] for name in ("default", "position") if name in row})
    library.drop_asset(old["id"])
    return renamed


def _asset(library_id: str, asset: Document) -> dict[str, Any]:
    """An asset as OCAPI shows it; marked-up texts in both forms."""
    document = snake_members({name: _marked_up(part) for name, part in asset.items()})
    folder_id = _library(library_id).folder_of(asset["id"])
    if folder_id is not None:
        document["classification_folder_id"] = folder_id
        document["classification_folder_link"] = link(f"/libraries/{library_id}/folders/{folder_id}")
    return {**document, "link": link(f"/libraries/{library_id}/content/{asset['id']}")}


def _marked_up(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    return {
        key: {**value, "markup": value["source"]} if isinstance(value, dict) and "source" in value else value
        for key, value in part.items()
    }


def _folder(library_id: str, folder: Document) -> dict[str, Any]:
    own = f"/libraries/{library_id}/folders/{folder['id']}"
    document = {**snake_members(folder), "link": link(own), "sub_folders_link": link(f"{own}/sub_folders")}
    if folder.get("parentFolderId"):
        document["parent_link"] = link(f"/libraries/{library_id}/folders/{folder['parentFolderId']}")
    return document


def _assignment(library_id: str, row: Document) -> dict[str, Any]:
    ends = {"content": row["contentId"], "folder": row["folderId"]}
    addresses = {
        "content_link": link(f"/libraries/{library_id}/content/{ends['content']}"),
        "folder_link": link(f"/libraries/{library_id}/folders/{ends['folder']}"),
    }
    return {**snake_members(row), **addresses}


def _library(library_id: str) -> Library:
    library = world().state.libraries.edited.get(library_id)
    if library is None:
        raise _missing("Library", library_id)
    return library


def _existing_asset(library_id: str, content_id: str) -> Document:
    return _found(_library(library_id).assets.get(content_id), "Content", content_id)


def _existing_folder(library_id: str, folder_id: str) -> Document:
    return _found(_library(library_id).folders.get(folder_id), "Folder", folder_id)


def _existing_assignment(library_id: str, content_id: str, folder_id: str) -> Document:
    row = _library(library_id).assignments.get((content_id, folder_id))
    return _found(row, "Assignment", f"{content_id}/{folder_id}")


def _found(document: Document | None, what: str, record_id: str) -> Document:
    if document is None:
        raise _missing(what, record_id)
    return document


def _missing(what: str, record_id: str) -> Fault:
    message = f"No {what.lower()} with ID '{record_id}' was found."
    return fault(404, f"{what}NotFoundException", message, **{f"{what.lower()}Id": record_id})


def _same_id(sent: dict[str, Any], expected: str) -> None:
    if sent.get("id", expected) != expected:
        message = f"The ID '{sent['id']}' of the document is not the ID '{expected}' of the address."
        raise fault(400, "IdConflictException", message)


def _now() -> str:
    return iso(world().clock.now())
