"""ZIP archives: unpacked only within bounds, packed for a download."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping

from sfcc_client.emulator.office.files import FileRefused, Path

MOST_FILES = 20_000
MOST_BYTES = 128 * 1024 * 1024
_DENSEST = 200
_UNSUSPICIOUS = 1024 * 1024


class ArchiveRefused(FileRefused):
    """The archive is none, or one that nobody should unpack; the message is one line for people."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


def unpacked(archive: bytes) -> dict[Path, bytes]:
    """The files of an archive by their path inside it. Raises ArchiveRefused.

    At most 20,000 files and 128 MB, nothing beyond 1 MB packed denser than 200:1, no path that leads out of the
    folder, no link, no password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return _contents(opened)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise ArchiveRefused("The file is not a ZIP archive that can be read.") from error
    except RuntimeError as error:  # what zipfile raises for encrypted members
        raise ArchiveRefused("The archive is protected with a password.") from error


def packed(contents: Mapping[Path, bytes]) -> bytes:
    """An archive of these files, its bytes always the same for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for path, content in sorted(contents.items()):
            opened.writestr(zipfile.ZipInfo("/".join(path)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _contents(opened: zipfile.ZipFile) -> dict[Path, bytes]:
    members = [member for member in opened.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise ArchiveRefused(f"The archive holds more than {MOST_FILES} files.")
    contents: dict[Path, bytes] = {}
    left = MOST_BYTES
    for member in members:
        path = _path(member)
        # What an archive says of its sizes may be a lie, so that only what is read counts.
        with opened.open(member) as source:
            content = source.read(left + 1)
        left -= len(content)
        if left < 0:
            raise ArchiveRefused(f"The archive unpacks to more than {MOST_BYTES // 1024 // 1024} MB.")
        if len(content) > max(_UNSUSPICIOUS, member.compress_size * _DENSEST):
            raise ArchiveRefused(f"'{member.filename[:60]}' is packed too densely to be trusted.")
        contents[path] = content
    return contents


def _path(member: zipfile.ZipInfo) -> Path:
    name = member.filename
    path = tuple(name.split("/"))
    outside = name.startswith("/") or "\\" in name or any(part in ("", ".", "..") or ":" in part for part in path)
    if outside or not name.isprintable():
        raise ArchiveRefused(f"'{name[:60]!s}' leads out of the archive's own folder.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ArchiveRefused(f"'{name[:60]}' is a link; archives hold files only.")
    return path
