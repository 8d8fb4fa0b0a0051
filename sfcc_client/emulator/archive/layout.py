"""Where a document lies in the archive says whose it is: ``sites/<id>/…``, ``customer-lists/<id>.xml``, …."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

_FOLDERS = {"sites": "site_id", "customer-lists": "list_id", "libraries": "library_id"}
_LONGEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a document is; empty where the path does not say."""

    site_id: str = ""
    list_id: str = ""
    library_id: str = ""


def owner_of(name: str) -> Owner:
    """The path may start with a folder of the archive's own name, as exports do."""
    parts = PurePosixPath(name).parts
    for folder, following in pairwise(parts):
        member = _FOLDERS.get(folder)
        if member is not None:
            is_file = following == parts[-1]
            return Owner(**{member: PurePosixPath(following).stem if is_file else following})
    return Owner()


def site_named_after(archive: str) -> str:
    """The id of the one site of an archive that holds none, only orders or customers."""
    stem = "".join(letter for letter in PurePosixPath(archive).stem if letter.isalnum() or letter in "-_")
    return stem[:_LONGEST] or "Site"
