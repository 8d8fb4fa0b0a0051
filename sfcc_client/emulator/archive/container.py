"""The zip around a site export: what is in it, and reading it without trusting it.

Sizes in the directory of a zip are claims. An archive is refused by its claims before anything is unpacked, and `read`
never gives out more than was claimed, because `zipfile` stops there and then compares the checksum.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import IO

from sfcc_client.emulator.archive.refusal import BadArchive

Reading = Callable[[int], None]
_MB = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# A tiny file may shrink to almost nothing without meaning harm.
_HARMLESS = _MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an archive may hold. XML of orders shrinks to a twentieth; deflate cannot do better than 1 to 1032."""

    entries: int = 100_000
    document: int = 2048 * _MB
    total: int = 4096 * _MB
    ratio: int = 200
    record: int = 16 * _MB


class Container:
    """The XML documents of an opened archive; `total` bytes of them."""

    def __init__(self, archive: zipfile.ZipFile, documents: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
        self._archive = archive
        self._documents = {info.filename: info for info in documents}
        self._limits = limits
        self.total = sum(info.file_size for info in documents)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._documents)

    @contextmanager
    def opened(self, name: str, reading: Reading | None = None) -> Iterator[Unpacked]:
        """One document to read once; `reading` hears of every piece's bytes."""
        try:
            with self._archive.open(self._documents[name]) as source:
                yield Unpacked(name, source, self._limits.record, reading)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise BadArchive(f"{name} cannot be unpacked: the archive is damaged or cut short.") from error


class Unpacked:
    """A document's bytes. Between two calls of `settle` no more than a record's worth is given out."""

    def __init__(self, name: str, source: IO[bytes], most: int, reading: Reading | None) -> None:
        self.name = name
        self._source = source
        self._most = most
        self._open = 0
        self._reading = reading

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._source.read(min(size, _MB) if size > 0 else _MB)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise BadArchive(f"{self.name} cannot be unpacked: the archive is damaged or cut short.") from error
        self._open += len(piece)
        if self._open > self._most:
            raise BadArchive(f"{self.name}: one record is larger than {self._most // _MB} MB.")
        if self._reading is not None:
            self._reading(len(piece))
        return piece

    def settle(self) -> None:
        """A record was taken; the next one may be as large again."""
        self._open = 0


@contextmanager
def container(path: str | PathLike[str], limits: Limits) -> Iterator[Container]:
    """The archive, once its directory has been found harmless. Raises BadArchive."""
    name = Path(path).name
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BadArchive(f"{name} is not a whole zip file: it is cut short, damaged or something else.") from error
    except OSError as error:
        raise BadArchive(f"{name} cannot be read: {error.strerror}.") from error
    with archive:
        entries = archive.infolist()
        problem = _problem(entries, limits)
        if problem is not None:
            raise BadArchive(f"{name} is refused: {problem}.")
        documents = [info for info in entries if _is_document(info.filename)]
        if not documents:
            raise BadArchive(f"{name} holds no XML documents; a site export has them in sites, customer-lists, ….")
        yield Container(archive, documents, limits)


def _is_document(name: str) -> bool:
    """Files below ``static`` are pictures and pages of the storefront, whatever they end in."""
    return name.lower().endswith(".xml") and "static" not in PurePosixPath(name).parts


def _problem(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> str | None:
    if len(entries) > limits.entries:
        return f"it has {len(entries):,} entries, more than {limits.entries:,}"
    for info in entries:
        what = next((what for what, wrong in _WRONG if wrong(info, limits)), None)
        if what is not None:
            return f"'{_printable(info.filename)}' {what}"
    total = sum(info.file_size for info in entries if _is_document(info.filename))
    if total > limits.total:
        return f"its documents unpack to {total // _MB:,} MB, more than {limits.total // _MB:,} MB"
    twice = next((name for name, count in Counter(info.filename for info in entries).items() if count > 1), None)
    return None if twice is None else f"'{_printable(twice)}' is in it twice"


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True


def _is_special(info: zipfile.ZipInfo) -> bool:
    """A link, device or pipe; archives made elsewhere than on Unix carry no mode."""
    mode = stat.S_IFMT(info.external_attr >> 16)
    return mode not in (0, stat.S_IFREG, stat.S_IFDIR)


def _is_bomb(info: zipfile.ZipInfo, limits: Limits) -> bool:
    return info.file_size > _HARMLESS and info.file_size > limits.ratio * max(info.compress_size, 1)


_WRONG: tuple[tuple[str, Callable[[zipfile.ZipInfo, Limits], bool]], ...] = (
    ("leads out of the archive", lambda info, _: _leads_out(info.orig_filename)),
    ("is a link or another special file", lambda info, _: _is_special(info)),
    ("is encrypted; export without a password", lambda info, _: bool(info.flag_bits & _ENCRYPTED)),
    ("is packed in another way than deflate", lambda info, _: info.compress_type not in _METHODS),
    ("unpacks to far more than it could honestly hold", _is_bomb),
    ("is too large a document", lambda info, limits: _is_document(info.filename) and info.file_size > limits.document),
)


def _printable(name: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return shown if len(shown) <= 80 else f"{shown[:77]}…"
