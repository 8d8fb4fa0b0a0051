"""The files of one instance, as WebDAV shows them, in memory.

A path is a tuple of names, its first one a root in Salesforce's spelling: ``("Cartridges", "v1", "app_shop")``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sfcc_client.emulator.tokens import Clock

Path = tuple[str, ...]
ROOTS = {
    name.casefold(): name
    for name in ("Cartridges", "Catalogs", "Impex", "Libraries", "Logs", "Realmdata", "Securitylogs", "Static", "Temp")
}
CAPACITY = 256 * 1024 * 1024
_LONGEST_NAME = 255
_ALWAYS_THERE: tuple[Path, ...] = (("Impex", "src"), ("Impex", "src", "instance"), ("Impex", "log"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file, or a folder when `content` is None."""

    path: Path
    modified: datetime
    content: bytes | None = None

    @property
    def is_folder(self) -> bool:
        return self.content is None


class FileRefused(Exception):  # noqa: N818 - the house names errors by what happened
    """The file system does not do that; `status` is the HTTP status WebDAV (RFC 4918) has for it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def path_of(text: str) -> Path:
    """The path a text means, the spelling of its root repaired. Raises FileRefused for one that leads elsewhere."""
    names = tuple(name for name in text.split("/") if name)
    for name in names:
        if name in (".", "..") or "\\" in name or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise FileRefused(400, f"'{name[:40]}' cannot be the name of a file or folder.")
    if not names:
        return ()
    root = ROOTS.get(names[0].casefold())
    if root is None:
        raise FileRefused(404, f"There is no folder '{names[0][:40]}' here.")
    return (root, *names[1:])


class Files:
    """Folders and files by path. `generated` roots are read-only and made by a function whenever they are looked at.

    Holds at most 256 MB. Every method may be called from any thread and raises FileRefused.
    """

    def __init__(self, clock: Clock, generated: Mapping[str, Callable[[], Iterable[Entry]]] | None = None) -> None:
        self._clock = clock
        self._generated = dict(generated or {})
        self._lock = threading.RLock()
        now = clock.now()
        folders: list[Path] = [(), *((root,) for root in ROOTS.values()), *_ALWAYS_THERE]
        self._entries = {path: Entry(path=path, modified=now) for path in folders}
        self._size = 0

    def get(self, path: Path) -> Entry | None:
        return self._seen(path).get(path)

    def children(self, path: Path) -> list[Entry]:
        """What stands in a folder, by name."""
        deeper = len(path) + 1
        rows = self._seen(path).values()
        return sorted(
            (entry for entry in rows if len(entry.path) == deeper and entry.path[:-1] == path),
            key=lambda entry: entry.path,
        )

    def below(self, path: Path) -> list[Entry]:
        """Everything under a folder, at any depth, by path; the folder itself is not among it."""
        depth = len(path)
        rows = self._seen(path).values()
        found = (entry for entry in rows if len(entry.path) > depth and entry.path[:depth] == path)
        return sorted(found, key=lambda entry: entry.path)

    def put(self, path: Path, content: bytes) -> bool:
        """Write a file; its folder must exist. True when there was none before."""
        with self._lock:
            self._writable(path)
            old = self._entries.get(path)
            if old is not None and old.is_folder:
                raise FileRefused(405, "A folder of this name is here already.")
            self._has_parent(path)
            self._keep(path, content)
        return old is None

    def make_folder(self, path: Path) -> None:
        with self._lock:
            self._writable(path)
            if path in self._entries:
                raise FileRefused(405, "A file or folder of this name is here already.")
            self._has_parent(path)
            self._entries[path] = Entry(path=path, modified=self._clock.now())

    def unpack(self, folder: Path, contents: Mapping[Path, bytes]) -> None:
        """Write many files below a folder, and the folders they need. All of them, or none when they do not fit."""
        with self._lock:
            self._writable((*folder, "any"))
            if self._size + sum(map(len, contents.values())) > CAPACITY:
                raise FileRefused(507, "The instance has no room for this archive.")
            for relative, content in contents.items():
                path = (*folder, *relative)
                for length in range(len(folder) + 1, len(path)):
                    self._entries.setdefault(path[:length], Entry(path=path[:length], modified=self._clock.now()))
                self._keep(path, content)

    def delete(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it."""
        with self._lock:
            self._writable(path)
            if path not in self._entries:
                raise FileRefused(404, "There is no such file or folder.")
            for entry in [self._entries[path], *self.below(path)]:
                del self._entries[entry.path]
                self._size -= len(entry.content or b"")

    def move(self, old: Path, new: Path) -> None:
        """Rename a folder, its contents stay what they are."""
        with self._lock:
            for entry in [self._entries[old], *self.below(old)]:
                path = (*new, *entry.path[len(old) :])
                self._entries[path] = Entry(path=path, modified=entry.modified, content=entry.content)
                del self._entries[entry.path]

    def _seen(self, path: Path) -> dict[Path, Entry]:
        source = self._generated.get(path[0]) if path else None
        if source is not None:
            return {(path[0],): self._entries[path[:1]], **{entry.path: entry for entry in source()}}
        with self._lock:
            return dict(self._entries)

    def _writable(self, path: Path) -> None:
        if len(path) < 2 or path[0] in self._generated:
            raise FileRefused(403, f"The folder '{'/'.join(path[:1])}' cannot be changed.")

    def _has_parent(self, path: Path) -> None:
        parent = self._entries.get(path[:-1])
        if parent is None or not parent.is_folder:
            raise FileRefused(409, "The folder this belongs into does not exist; create it first.")

    def _keep(self, path: Path, content: bytes) -> None:
        old = self._entries.get(path)
        size = self._size + len(content) - len(old.content or b"" if old is not None else b"")
        if size > CAPACITY:
            raise FileRefused(507, "The instance has no room for this file.")
        self._entries[path] = Entry(path=path, modified=self._clock.now(), content=content)
        self._size = size
