"""Taking the records of an import over into a running instance, as the job sfcc-site-archive-import does (MERGE)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sfcc_client.emulator.library import Library
from sfcc_client.emulator.seed import Dataset, loaded
from sfcc_client.emulator.state import State

_COLLECTIONS = ("customers", "products", "orders")
_PARTS = ("folders", "assets", "assignments")


def take_over(state: State, dataset: Dataset, now: datetime) -> str:
    """Add the records of a dataset, in the place of those with the same key; one line that counts them.

    Records of sites this instance does not have are left out: sites are not made by an import here. Raises
    `sfcc_client.emulator.seed.BadDataset`, and then nothing has changed.
    """
    other = loaded(dataset, now)
    taken: Counter[str] = Counter()
    with state.writing:
        for definition in other.attributes.definitions:
            state.attributes.definitions.save(definition)
        for name in _COLLECTIONS:
            for document in getattr(other, name):
                if document.get("siteId", _own_site(state)) in state.sites and _in_known_list(state, document):
                    getattr(state, name).save(document)
                    taken[name] += 1
        for kind in other.custom_objects.types.values():
            state.custom_objects.define(kind)
        for document in other.custom_objects.objects:
            if document["siteId"] is None or document["siteId"] in state.sites:
                state.custom_objects.objects.save(document)
                taken["custom objects"] += 1
        for library_id, library in other.libraries.edited.items():
            if library_id in state.libraries.edited or library_id not in other.sites:
                taken["assets"] += _into(state.libraries.share(library_id), library)
    counted = ", ".join(f"{count} {name}" for name, count in taken.items() if count)
    return f"Imported: {counted or 'nothing'}."


def _own_site(state: State) -> str:
    return next(iter(state.sites))


def _in_known_list(state: State, document: Mapping[str, Any]) -> bool:
    list_id = document.get("customerListId")
    return list_id is None or list_id in state.customer_lists


def _into(target: Library, source: Library) -> int:
    for name in _PARTS:
        for document in getattr(source, name):
            getattr(target, name).save(document)
    return len(source.assets)
