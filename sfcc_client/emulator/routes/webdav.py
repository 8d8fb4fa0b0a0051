"""WebDAV below /on/demandware.servlet/webdav/Sites: RFC 4918 without locks and properties of one's own.

Besides, a ``POST`` with the form member ``method`` packs or unpacks: ``UNZIP`` writes the files of an archive beside
it, ``ZIP`` makes one of a file or folder (``target``, else its name with ``.zip``). Business Manager users sign in with
Basic, clients with Account Manager's token; what they may do is in `BusinessUser.webdav` and `ApiClient.webdav`.
"""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import bearer_token
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.office.archives import packed, unpacked
from sfcc_client.emulator.office.files import Entry, FileRefused, Files, Path, path_of
from sfcc_client.emulator.tokens import TokenInvalid
from sfcc_client.emulator.world import world

ROOT = "/on/demandware.servlet/webdav/Sites"
MAXIMUM_UPLOAD = 128 * 1024 * 1024
_METHODS = ("GET", "HEAD", "PUT", "DELETE", "MKCOL", "PROPFIND", "POST", "OPTIONS")
_READS = frozenset({"GET", "HEAD", "PROPFIND", "OPTIONS"})
blueprint = Blueprint("webdav", __name__)


@blueprint.route(ROOT, methods=_METHODS, defaults={"name": ""}, provide_automatic_options=False)
@blueprint.route(f"{ROOT}/", methods=_METHODS, defaults={"name": ""}, provide_automatic_options=False)
@blueprint.route(f"{ROOT}/<path:name>", methods=_METHODS, provide_automatic_options=False)
def webdav(name: str) -> Response:
    request.max_content_length = MAXIMUM_UPLOAD
    try:
        path = path_of(name)
        _admit(path)
        return _DEEDS[request.method](path)
    except FileRefused as error:
        return _text(str(error), error.status)


def _files() -> Files:
    return world().office.files


def _download(path: Path) -> Response:
    entry = _existing(path)
    if entry.content is None:
        rows = "".join(f"{child.path[-1]}{'/' * child.is_folder}\n" for child in _files().children(path))
        return _text(rows, 200)
    media_type = mimetypes.guess_type(entry.path[-1])[0] or "application/octet-stream"
    response = Response(entry.content, content_type=media_type)
    response.headers.update({"Last-Modified": _http_date(entry.modified), "ETag": _tag(entry)})
    response.accept_ranges = "bytes"
    response.make_conditional(request, accept_ranges=True, complete_length=len(entry.content))
    return response


def _upload(path: Path) -> Response:
    created = _files().put(path, request.get_data(cache=False))
    return _text("", 201 if created else 204)


def _delete(path: Path) -> Response:
    world().office.code_versions.may_delete(path)
    _files().delete(path)
    return _text("", 204)


def _make_folder(path: Path) -> Response:
    if request.get_data():
        raise FileRefused(415, "MKCOL takes no body.")
    _files().make_folder(path)
    return _text("", 201)


def _command(path: Path) -> Response:
    entry = _existing(path)
    command = request.form.get("method", "").upper()
    if command == "UNZIP":
        if entry.content is None:
            raise FileRefused(400, "Only a file can be unpacked.")
        _files().unpack(path[:-1], unpacked(entry.content))
        return _text("", 201)
    if command == "ZIP":
        target = request.form.get("target") or f"{path[-1]}.zip"
        created = _files().put(_beside(path, target), packed(dict(_contents(entry))))
        return _text("", 201 if created else 204)
    raise FileRefused(400, "The form member 'method' has to be UNZIP or ZIP.")


def _beside(path: Path, target: str) -> Path:
    """`target` names a file in the same folder, or one by its whole path."""
    return path_of(target.removeprefix(ROOT) if "/" in target else "/".join((*path[:-1], target)))


def _contents(entry: Entry) -> Iterator[tuple[Path, bytes]]:
    """The file, or all files of the folder, by their path from where it stands."""
    start = len(entry.path) - 1
    for row in (entry, *_files().below(entry.path)):
        if row.content is not None:
            yield row.path[start:], row.content


def _properties(path: Path) -> Response:
    """Depth 0 or 1; ``infinity`` is answered as 1."""
    entry = _existing(path)
    rows = [entry]
    if entry.is_folder and request.headers.get("Depth") != "0":
        rows += _files().children(path)
    found = "".join(map(_described, rows))
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">{found}</D:multistatus>\n'
    return Response(text, 207, content_type="application/xml; charset=utf-8")


def _described(entry: Entry) -> str:
    address = quote(f"{ROOT}/{'/'.join(entry.path)}") + ("/" if entry.is_folder and entry.path else "")
    name = escape(entry.path[-1] if entry.path else "Sites")
    kind = "<D:resourcetype><D:collection/></D:resourcetype>"
    if entry.content is not None:
        media_type = mimetypes.guess_type(entry.path[-1])[0] or "application/octet-stream"
        kind = (
            f"<D:resourcetype/><D:getcontentlength>{len(entry.content)}</D:getcontentlength>"
            f"<D:getcontenttype>{media_type}</D:getcontenttype><D:getetag>{escape(_tag(entry))}</D:getetag>"
        )
    return (
        f"<D:response><D:href>{address}</D:href><D:propstat><D:prop><D:displayname>{name}</D:displayname>{kind}"
        f"<D:creationdate>{iso(entry.modified)}</D:creationdate>"
        f"<D:getlastmodified>{_http_date(entry.modified)}</D:getlastmodified></D:prop>"
        f"<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    )


def _options(_: Path) -> Response:
    response = _text("", 200)
    response.headers.update({"Allow": ", ".join(_METHODS), "DAV": "1"})
    return response


_DEEDS: dict[str, Callable[[Path], Response]] = {
    "GET": _download,
    "HEAD": _download,
    "PUT": _upload,
    "DELETE": _delete,
    "MKCOL": _make_folder,
    "PROPFIND": _properties,
    "POST": _command,
    "OPTIONS": _options,
}


def _existing(path: Path) -> Entry:
    entry = _files().get(path)
    if entry is None:
        raise FileRefused(404, "There is no such file or folder.")
    return entry


def _admit(path: Path) -> None:
    """Raises FileRefused with 401 for strangers and 403 for those who may not go there."""
    rights = _rights()
    if rights is None:
        raise FileRefused(401, "Sign in as a Business Manager user, or with a token of Account Manager.")
    right = rights.get(path[0]) if path else "read"
    if right is None or (right == "read" and request.method not in _READS):
        raise FileRefused(403, f"You may not do that in the folder '{'/'.join(path[:1])}'.")


def _rights() -> dict[str, str] | None:
    clients = world().clients
    token = bearer_token()
    if token is not None:
        try:
            grant = world().tokens.grant_of(token)
        except TokenInvalid:
            return None
        client = clients.admin(grant.client_id) if grant.kind == "admin" else None
        return dict(client.webdav) if client is not None else None
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    user = clients.user(given.username or "")
    if user is None or not hmac.compare_digest(user.password.encode(), (given.password or "").encode()):
        return None
    roots = (entry.path[0] for entry in _files().children(()))
    return {root: "read_write" for root in roots if root != "Securitylogs"} if user.webdav else {}


def _text(text: str, status: int) -> Response:
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Sites"'
    return response


def _tag(entry: Entry) -> str:
    return f'"{hashlib.sha256(entry.content or b"").hexdigest()[:32]}"'


def _http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
