"""WebDAV: who gets in, what is written comes back, cartridges become code versions, bad archives stay out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from sfcc_client.emulator import ApiClient
from sfcc_client.emulator.clients import BUSINESS_USER, DEPLOYER

ROOT = "/on/demandware.servlet/webdav/Sites"
DAV = {"D": "DAV:"}
SIGNED_IN = (DEPLOYER.login, DEPLOYER.password)


def dav(world: Any, method: str, path: str, **options: Any) -> Any:
    options.setdefault("auth", SIGNED_IN)
    return world.call(method, ROOT + path, **options)


def archive(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def names(answer: Any) -> list[str]:
    assert answer.status_code == 207
    return [node.text or "" for node in ElementTree.fromstring(answer.content).iterfind(".//D:displayname", DAV)]


def test_a_file_is_written_read_listed_and_deleted(small: Any) -> None:
    assert dav(small, "PUT", "/Impex/src/prices.xml", data=b"<prices/>").status_code == 201
    assert dav(small, "PUT", "/Impex/src/prices.xml", data=b"<other/>").status_code == 204
    read = dav(small, "GET", "/IMPEX/src/prices.xml")
    assert (read.content, read.headers["Content-Type"]) == (b"<other/>", "application/xml")
    assert dav(small, "GET", "/Impex/src/prices.xml", headers={"Range": "bytes=1-5"}).content == b"other"
    assert names(dav(small, "PROPFIND", "/Impex/src", headers={"Depth": "1"})) == ["src", "instance", "prices.xml"]
    assert names(dav(small, "PROPFIND", "/Impex/src", headers={"Depth": "0"})) == ["src"]
    assert dav(small, "DELETE", "/Impex/src/prices.xml").status_code == 204
    assert dav(small, "GET", "/Impex/src/prices.xml").status_code == 404


def test_an_uploaded_cartridge_becomes_a_code_version(small: Any) -> None:
    token = small.admin(tenant=False)
    zipped = archive(v1__app_shop__cartridge__main__js=b"'use strict';")
    headers = {"Authorization": f"Bearer {token}"}
    # Chunked, as some deployment tools send it, and with the root folder in small letters.
    sent = small.session.put(
        f"{small.shop.url}{ROOT}/cartridges/v1.zip", data=iter([zipped[:20], zipped[20:]]), headers=headers, timeout=10
    )
    assert sent.status_code == 201
    assert small.call("POST", f"{ROOT}/cartridges/v1.zip", token=token, data={"method": "UNZIP"}).status_code == 201
    assert small.call("DELETE", f"{ROOT}/cartridges/v1.zip", token=token).status_code == 204
    version = small.call("GET", "/s/-/dw/data/v25_6/code_versions/v1", token=token).json()
    assert version["cartridges"] == ["app_shop"]
    assert dav(small, "DELETE", "/Cartridges/v1").status_code == 204
    assert small.call("GET", "/s/-/dw/data/v25_6/code_versions/v1", token=token).status_code == 404


def test_a_folder_is_packed_and_unpacked_to_the_same_files(small: Any) -> None:
    for path in ("/Impex/src/a", "/Impex/src/a/b"):
        assert dav(small, "MKCOL", path).status_code == 201
    dav(small, "PUT", "/Impex/src/a/b/c.txt", data=b"hello")
    assert dav(small, "POST", "/Impex/src/a", data={"method": "ZIP", "target": "all.zip"}).status_code == 201
    assert dav(small, "DELETE", "/Impex/src/a").status_code == 204
    assert dav(small, "POST", "/Impex/src/all.zip", data={"method": "UNZIP"}).status_code == 201
    assert dav(small, "GET", "/Impex/src/a/b/c.txt").content == b"hello"


def _bomb() -> bytes:
    return archive(big=b"0" * (8 * 1024 * 1024))


def _link() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        member = zipfile.ZipInfo("link")
        member.external_attr = 0o120777 << 16
        opened.writestr(member, "/etc/passwd")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no archive", "not a ZIP archive"),
        (archive(**{"..__..__out": b"x"}), "leads out"),
        (archive(**{"__root": b"x"}), "leads out"),
        (archive(**{"C:__x": b"x"}), "leads out"),
        (_bomb(), "too densely"),
        (_link(), "is a link"),
    ],
    ids=["no archive", "traversal", "absolute", "drive", "bomb", "link"],
)
def test_bad_archives_are_refused_with_one_line(small: Any, content: bytes, says: str) -> None:
    dav(small, "PUT", "/Impex/src/bad.zip", data=content)
    answer = dav(small, "POST", "/Impex/src/bad.zip", data={"method": "UNZIP"})
    assert answer.status_code == 400
    assert says in answer.text
    assert "\n" not in answer.text
    assert names(dav(small, "PROPFIND", "/Impex/src")) == ["src", "bad.zip", "instance"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/Impex/nowhere/x.txt", 409),
        ("MKCOL", "/Impex/a/b", 409),
        ("MKCOL", "/Impex/src", 405),
        ("PUT", "/Impex/src", 405),
        ("DELETE", "/Impex/none", 404),
        ("DELETE", "/Impex", 403),
        ("GET", "/Elsewhere/x", 404),
        ("GET", "/Impex/%2e%2e/%2e%2e/etc", 400),
        ("PUT", "/Logs/mine.log", 403),
        ("DELETE", "/Cartridges/release_2", 403),
        ("GET", "/Securitylogs", 403),
        ("POST", "/Impex/src", 400),
    ],
)
def test_what_webdav_does_not_do(world: Any, method: str, path: str, status: int) -> None:
    assert dav(world, method, path, data=b"" if method == "MKCOL" else b"x").status_code == status


def test_only_those_with_rights_get_in(opened: Callable[..., Any]) -> None:
    reader = ApiClient(client_id="66666666-2222-4333-8444-555555555555", secret="s", webdav={"Impex": "read"})
    shop = opened(clients=[reader])
    unknown = dav(shop, "GET", "/Impex", auth=("nobody", "x"))
    assert (unknown.status_code, unknown.headers["WWW-Authenticate"]) == (401, 'Basic realm="Sites"')
    assert dav(shop, "GET", "/Impex", auth=None).status_code == 401
    assert dav(shop, "GET", "/Impex", auth=(BUSINESS_USER.login, BUSINESS_USER.password)).status_code == 403
    token = shop.admin_answer("", tenant=False, auth=(reader.client_id, "s")).json()["access_token"]
    assert shop.call("GET", f"{ROOT}/Impex", token=token).status_code == 200
    assert shop.call("PUT", f"{ROOT}/Impex/src/x", token=token, data=b"x").status_code == 403
    assert shop.call("GET", f"{ROOT}/Cartridges", token=token).status_code == 403
    assert shop.call("GET", f"{ROOT}/Impex", token=shop.shopper("ada@example.com", "North")).status_code == 401


def test_logs_hold_what_went_wrong_and_what_jobs_did(small: Any) -> None:
    small.scapi("/checkout/orders/v1", "/orders/none", token=small.admin(), params={"siteId": "North"})
    found = names(dav(small, "PROPFIND", "/Logs"))
    assert {"jobs", "warn-blade0-0-appserver-20261122.log"} <= set(found)
    assert "/orders/none 404" in dav(small, "GET", "/Logs/warn-blade0-0-appserver-20261122.log").text
    folder = "/Logs/jobs/ServiceNow-ForgetActivity"
    newest = names(dav(small, "PROPFIND", folder))[-1]
    assert "entries forgotten." in dav(small, "GET", f"{folder}/{newest}").text


def test_uploads_may_be_larger_than_other_bodies(small: Any) -> None:
    assert dav(small, "PUT", "/Impex/src/large.bin", data=b"x" * (6 * 1024 * 1024)).status_code == 201
