"""Code versions: the folders below ``Cartridges``, and which of them is active.

A folder made over WebDAV is a code version from then on, and one that is deleted there is none any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.office.files import FileRefused, Files, Path
from sfcc_client.emulator.tokens import Clock

COMPATIBILITY = "22.7"
ROOT = "Cartridges"


class CodeVersionUnknown(Exception):  # noqa: N818
    """There is no code version of this id."""


class CodeVersionTaken(Exception):  # noqa: N818
    """A code version of this id exists already."""


class CodeVersionFixed(Exception):  # noqa: N818
    """The active code version can neither be changed nor deleted."""


class CodeVersions:
    """Code versions in Salesforce's words: id, active, rollback, activationTime, lastModificationTime,
    compatibilityMode, cartridges; `totalSize` (bytes) is what `size_of` says. `on_activation` is called afterwards.
    """

    def __init__(self, files: Files, clock: Clock, on_activation: Callable[[], None] = lambda: None) -> None:
        self._files, self._clock, self._on_activation = files, clock, on_activation
        self._active: str | None = None
        self._rollback: str | None = None
        self._activated: dict[str, datetime] = {}
        self._lock = threading.RLock()

    @property
    def active(self) -> str | None:
        return self._active if self._active and self._files.get((ROOT, self._active)) else None

    def ids(self) -> list[str]:
        return [entry.path[-1] for entry in self._files.children((ROOT,)) if entry.is_folder]

    def get(self, version_id: str) -> dict[str, Any]:
        """Raises CodeVersionUnknown."""
        path = self._path(version_id)
        below = self._files.below(path)
        folder = self._files.get(path)
        newest = max([entry.modified for entry in below] + ([folder.modified] if folder else []))
        document: dict[str, Any] = {
            "id": version_id,
            "active": version_id == self._active,
            "rollback": version_id == self._rollback,
            "compatibilityMode": COMPATIBILITY,
            "cartridges": [entry.path[-1] for entry in below if entry.is_folder and len(entry.path) == 3],
            "lastModificationTime": iso(newest),
        }
        if version_id in self._activated:
            document["activationTime"] = iso(self._activated[version_id])
        return document

    def size_of(self, version_id: str) -> int:
        return sum(len(entry.content or b"") for entry in self._files.below((ROOT, version_id)))

    def create(self, version_id: str) -> None:
        """An empty one. Raises CodeVersionTaken, FileRefused for an id that cannot be the name of a folder."""
        with self._lock:
            if version_id in self.ids():
                raise CodeVersionTaken
            self._files.make_folder((ROOT, version_id))

    def activate(self, version_id: str, *, at: datetime | None = None) -> None:
        """The one that was active becomes the one to roll back to; `at` is now unless given.

        Raises CodeVersionUnknown, CodeVersionFixed.
        """
        with self._lock:
            self._path(version_id)
            if version_id == self._active:
                raise CodeVersionFixed
            self._rollback, self._active = self.active, version_id
            self._activated[version_id] = at or self._clock.now()
        self._on_activation()

    def rename(self, version_id: str, new_id: str) -> None:
        """Raises CodeVersionUnknown, CodeVersionFixed, CodeVersionTaken."""
        with self._lock:
            path = self._changeable(version_id)
            if new_id in self.ids():
                raise CodeVersionTaken
            self._files.move(path, (ROOT, new_id))
            if version_id in self._activated:
                self._activated[new_id] = self._activated.pop(version_id)
            self._rollback = new_id if self._rollback == version_id else self._rollback

    def delete(self, version_id: str) -> None:
        """Raises CodeVersionUnknown, CodeVersionFixed."""
        with self._lock:
            self._files.delete(self._changeable(version_id))
            self._activated.pop(version_id, None)
            self._rollback = None if self._rollback == version_id else self._rollback

    def may_delete(self, path: Path) -> None:
        """Raises FileRefused when the path holds the code the shop runs on."""
        if path[0] == ROOT and len(path) == 2 and path[1] == self.active:
            raise FileRefused(403, "The active code version cannot be deleted.")

    def _path(self, version_id: str) -> Path:
        if version_id not in self.ids():
            raise CodeVersionUnknown
        return (ROOT, version_id)

    def _changeable(self, version_id: str) -> Path:
        path = self._path(version_id)
        if version_id == self._active:
            raise CodeVersionFixed
        return path
