"""Shopper Experience 1.6: content assets, content search, folders of the library the site shows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.contents import matching, shown, shown_folder
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.library import Library, localized
from sfcc_client.emulator.parameters import listed, locale, one_of, page, required, whole
from sfcc_client.emulator.state import Document, SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "content", __name__, url_prefix="/experience/shopper-experience/v1/organizations/<organization_id>"
)
_CONTENTS, _FOLDERS = "sfcc.shopper-experience.contents", "sfcc.shopper-experience.folders"
_QUERY = ("siteId", "locale", "personalized")
_REFINES = ("refine", *(f"refine_{number}" for number in range(1, 10)))
_MOST_IDS, _LONGEST_PHRASE = 50, 50
_SORTED_BY = ("id", "name", "description", "pageTitle")
_FOLDER = "fdid"


@blueprint.get("/contents/<content_id>")
@shopper(_CONTENTS, query=_QUERY)
def one(content_id: str) -> Response:
    own, library = _library()
    asset = library.visible(content_id, own.site_id)
    if asset is None:
        raise Problem("content-not-found", content_id=content_id, site_id=own.site_id)
    return answer(shown(asset, locale(own)))


@blueprint.get("/contents")
@shopper(_CONTENTS, query=(*_QUERY, "ids"))
def several() -> Response:
    """Unknown assets and those that are not online are left out."""
    own, library = _library()
    found = (library.visible(content_id, own.site_id) for content_id in _ids())
    rows = [shown(asset, locale(own)) for asset in found if asset is not None]
    return answer({"limit": len(rows), "data": rows, "total": len(rows)})


@blueprint.get("/content-search")
@shopper(_CONTENTS, query=(*_QUERY, "q", "sort", "limit", "offset", *_REFINES))
def search() -> Response:
    own, library = _library()
    wanted, phrase, spoken = page(default=50, maximum=200), _phrase(), locale(own)
    refinements = _refinements()
    assets = library.searchable(own.site_id, refinements.get(_FOLDER))
    rows = matching((asset for asset in assets if _fits(asset, refinements, spoken)), phrase, spoken)
    _sort(rows, spoken)
    document = {
        "limit": wanted.limit,
        "offset": wanted.offset,
        "total": len(rows),
        "hits": [shown(asset, spoken) for asset in wanted.of(rows)],
        "refinements": _offered(library, rows, spoken),
    }
    if phrase:
        document["query"] = phrase
    if refinements:
        document["selectedRefinements"] = refinements
    return answer(document)


@blueprint.get("/folders/<folder_id>")
@shopper(_FOLDERS, query=(*_QUERY, "levels"))
def folder(folder_id: str) -> Response:
    own, library = _library()
    levels = whole("levels", 1, 0, 2)
    found = library.folders.get(folder_id)
    if found is None or not library.folder_online(folder_id):
        raise Problem("folder-not-found", folder_id=folder_id, site_id=own.site_id)
    return answer(shown_folder(library, found, locale(own), levels))


@blueprint.get("/folders")
@shopper(_FOLDERS, query=(*_QUERY, "levels", "ids"))
def folders() -> Response:
    own, library = _library()
    levels = whole("levels", 1, 0, 2)
    found = (library.folders.get(folder_id) for folder_id in _ids() if library.folder_online(folder_id))
    rows = [shown_folder(library, row, locale(own), levels) for row in found if row is not None]
    return answer({"limit": len(rows), "data": rows, "total": len(rows)})


def _library() -> tuple[SiteRecord, Library]:
    own = own_site()
    one_of("personalized", ("none",))
    return own, world().state.libraries.of_site(own.site_id)


def _ids() -> tuple[str, ...]:
    required("ids")
    return tuple(dict.fromkeys(listed("ids", maximum=_MOST_IDS)))


def _phrase() -> str:
    phrase = request.args.get("q", "")
    if "q" in request.args and not 1 <= len(phrase) <= _LONGEST_PHRASE:
        raise Problem("out-of-bounds", parameter="q", expected=f"1..{_LONGEST_PHRASE}")
    return phrase


def _refinements() -> dict[str, str]:
    """What is refined by, in the order of the request; of folders one at most."""
    found: dict[str, str] = {}
    for name in _REFINES:
        for given in request.args.getlist(name):
            attribute, equals, value = given.partition("=")
            system = attribute == _FOLDER and "|" not in value
            if not equals or not value or not (system or attribute.startswith("c_")):
                raise Problem("wrong-refinement", parameter=name)
            found[attribute] = value
    return found


def _fits(asset: Document, refinements: dict[str, str], spoken: str) -> bool:
    seen = shown(asset, spoken)
    return all(
        str(seen.get(attribute)) in value.split("|") for attribute, value in refinements.items() if attribute != _FOLDER
    )


def _sort(rows: list[Document], spoken: str) -> None:
    if "sort" not in request.args:
        return
    attribute, _, direction = request.args["sort"].partition("=")
    if direction not in ("asc", "desc") or not (attribute in _SORTED_BY or attribute.startswith("c_")):
        raise Problem("bad-request", detail="Invalid sort parameter format. Expected format: 'attribute=asc|desc'.")
    rows.sort(key=lambda asset: str(shown(asset, spoken).get(attribute, "")).casefold(), reverse=direction == "desc")


def _offered(library: Library, rows: list[Document], spoken: str) -> list[dict[str, Any]]:
    """The folders the hits are in, as far as they are online."""
    counts: dict[str, int] = {}
    for asset in rows:
        for row in library.assignments.find("content", asset["id"]):
            if library.folder_online(row["folderId"]):
                counts[row["folderId"]] = counts.get(row["folderId"], 0) + 1
    values = []
    for folder_id, count in sorted(counts.items()):
        found = library.folders.get(folder_id) or {}
        label = localized(found.get("name"), spoken) or folder_id
        values.append({"value": folder_id, "label": label, "hitCount": count})
    return [{"attributeId": _FOLDER, "label": "Folder", "values": values}] if values else []
