"""What a content library shows to whom: flags by site, texts by locale, folders, two copies on staging."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator.library import ROOT, Libraries, Library, localized, on_site


def _asset(content_id: str = "returns", **members: Any) -> dict[str, Any]:
    return {"id": content_id, "online": {"default": True}, "searchable": {"default": True}, **members}


@pytest.fixture
def library() -> Library:
    library = Library("North")
    library.folders.save({"id": "help", "online": True, "parentFolderId": ROOT})
    library.assets.save(_asset())
    return library


def test_a_text_falls_back_from_locale_to_language_to_default() -> None:
    texts = {"default": "Returns", "de": "Rückgabe", "de-AT": "Retoure"}
    assert [localized(texts, locale) for locale in ("de-AT", "de-DE", "fr-FR")] == ["Retoure", "Rückgabe", "Returns"]
    assert localized({"de": "Rückgabe"}, "fr-FR") is None
    assert localized("plain", "fr-FR") == "plain"


def test_a_flag_of_a_site_overrides_the_default_one() -> None:
    assert on_site({"default": True}, "North")
    assert not on_site({"default": True, "North": False}, "North")
    assert not on_site(None, "North")


def test_an_asset_is_found_only_online_searchable_and_in_an_online_folder(library: Library) -> None:
    assert library.visible("returns", "North")
    assert library.searchable("North") == []
    library.assign("returns", "help")
    assert [asset["id"] for asset in library.searchable("North")] == ["returns"]
    assert library.searchable("North", "other") == []
    for collection, key, change in (
        (library.folders, "help", {"online": False}),
        (library.assets, "returns", {"searchable": {"default": True, "North": False}}),
        (library.assets, "returns", {"online": {"default": False}}),
    ):
        before = collection.get(key)
        assert before is not None
        collection.change(key, **change)
        assert library.searchable("North") == []
        collection.save(before)


def test_one_default_folder_at_most(library: Library) -> None:
    library.folders.save({"id": "faq", "online": True, "parentFolderId": ROOT})
    library.assign("returns", "help", default=True)
    library.assign("returns", "faq", default=True)
    assert library.folder_of("returns") == "faq"
    assert len(library.assignments) == 2


def test_dropping_takes_the_assignments_along(library: Library) -> None:
    library.folders.save({"id": "deep", "online": True, "parentFolderId": "help"})
    library.assign("returns", "deep")
    library.drop_folder("help")
    assert (len(library.assignments), len(library.folders), len(library.assets)) == (0, 1, 1)
    library.assign("returns", ROOT)
    library.drop_asset("returns")
    assert (len(library.assignments), len(library.assets)) == (0, 0)


def test_a_sandbox_shows_at_once_what_is_edited() -> None:
    libraries = Libraries(["North"])
    libraries.edited["North"].assets.save(_asset())
    assert libraries.of_site("North").visible("returns", "North")


def test_on_staging_shoppers_see_what_was_published() -> None:
    libraries = Libraries(["North"])
    edited = libraries.edited["North"]
    libraries.stage()
    edited.folders.save({"id": "help", "online": True, "parentFolderId": ROOT})
    edited.assets.save(_asset(c_body={"default": {"source": "<p>30 days</p>"}}))
    edited.assign("returns", "help", default=True)
    assert libraries.of_site("North").visible("returns", "North") is None
    assert libraries.publish("North", "returns")
    assert len(libraries.of_site("North").searchable("North")) == 1
    edited.assets.change("returns", c_body={"default": {"source": "<p>14 days</p>"}})
    live = libraries.of_site("North").visible("returns", "North")
    assert live is not None
    assert live["c_body"]["default"]["source"] == "<p>30 days</p>"
    edited.drop_asset("returns")
    assert libraries.publish("North", "returns")
    assert libraries.of_site("North").visible("returns", "North") is None
    assert not libraries.publish("North", "returns")


def test_a_shared_library_takes_the_place_of_the_private_one() -> None:
    libraries = Libraries(["North", "South"])
    libraries.share("Common", ["North"]).assets.save(_asset())
    assert libraries.of_site("North").visible("returns", "North")
    assert libraries.of_site("South").visible("returns", "South") is None
    assert libraries.library_id_of("North") == "Common"
