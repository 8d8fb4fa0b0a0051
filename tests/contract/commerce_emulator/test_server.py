"""The server itself: headers, faults, the request log, one's own data, and that nothing is left to chance."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.certificates import issued
from sfcc_client.emulator.clients import ADMIN, DEPLOYER
from sfcc_client.emulator.seed import BadDataset

ORDERS = "/checkout/orders/v1"
NORTH = {"siteId": "North"}


def _orders(caller: Any, **headers: str) -> requests.Response:
    return caller.scapi(ORDERS, "/orders", token=caller.admin(), params=NORTH, headers=headers)


def test_every_answer_carries_correlation_ids_and_may_not_be_kept(small: Any) -> None:
    answer = _orders(small, **{"correlation-id": "case-4711,b"})
    assert answer.headers["correlation-id"] == answer.headers["x-correlation-id"] == "case-4711,b"
    assert answer.headers["sfdc_correlation_id"] != "case-4711,b"
    assert answer.headers["Cache-Control"] == "no-store"
    odd = _orders(small, **{"correlation-id": "a b<script>"})
    assert odd.headers["correlation-id"] == odd.headers["sfdc_correlation_id"]


@pytest.mark.parametrize(("load", "status"), [(7, None), (79, None), (80, "WARN"), (90, "THROTTLE")])
def test_the_load_is_announced(small: Any, load: int, status: str | None) -> None:
    small.shop.state.load = load
    answer = _orders(small)
    assert answer.headers["sfdc_load"] == str(load)
    assert answer.headers.get("sfdc_load_status") == status


def test_maintenance_closes_the_apis(small: Any) -> None:
    token = small.admin()
    small.shop.state.maintenance = "site"
    answer = small.scapi(ORDERS, "/orders", token=token, params=NORTH)
    assert (answer.status_code, answer.headers["sfdc_maintenance"]) == (503, "site")


@pytest.mark.parametrize("value", ["close", "keep-alive"])
def test_connection_close_is_answered(small: Any, value: str) -> None:
    connection = _orders(small, Connection=value).headers.get("Connection", "keep-alive").lower()
    assert connection == value


def test_faults_come_and_go(small: Any) -> None:
    token = small.admin()
    small.shop.faults.add(path=ORDERS, status=429, headers={"Retry-After": "2"}, times=1)
    first = small.scapi(ORDERS, "/orders", token=token, params=NORTH)
    assert (first.status_code, first.headers["Retry-After"]) == (429, "2")
    assert small.scapi(ORDERS, "/orders", token=token, params=NORTH).status_code == 200


def test_the_log_names_paths_but_no_queries(small: Any) -> None:
    _orders(small)
    logged = [(row.method, row.path, row.status) for row in small.shop.requests]
    assert ("GET", f"{ORDERS}{small.organization}/orders", 200) in logged
    assert not any("?" in path or "siteId" in path for _, path, _ in logged)


def test_an_unknown_path_is_a_problem_or_a_fault(small: Any) -> None:
    assert small.call("GET", "/checkout/unknown").json()["title"] == "Not Found"
    assert small.call("GET", "/s/North/dw/shop").json()["fault"]["type"] == "NotFoundException"
    assert small.scapi(ORDERS, "/orders", method="DELETE").status_code == 405


def test_a_body_over_5_mb_is_refused(small: Any) -> None:
    path = "/customer-lists/People/customer-search"
    body = b'{"query":"' + b"x" * (5 * 1024 * 1024) + b'"}'
    answer = small.scapi("/customer/customers/v1", path, method="POST", token=small.admin(), data=body)
    assert answer.status_code == 413


def test_it_listens_on_loopback_only(small: Any) -> None:
    port = int(small.shop.url.rsplit(":", 1)[1])
    with socket.socket() as elsewhere:
        elsewhere.settimeout(0.5)
        assert elsewhere.connect_ex(("127.0.0.1", port)) == 0
    assert small.shop.url.startswith("http://127.0.0.1:")


def test_settings_lead_back_here(small: Any) -> None:
    settings = small.shop.settings(read_timeout_s=2)
    urls = {settings.scapi_url, settings.account_manager_url, settings.instance_url, settings.einstein_url}
    assert urls == {small.shop.url}
    assert [site.site_id for site in settings.sites] == ["North", "South"]
    assert settings.read_timeout_s == 2


def test_the_same_seed_and_moment_give_the_same_shop_to_the_byte(opened: Callable[..., Any]) -> None:
    shops = [opened(dataset=None, seed=seed).shop.state for seed in (7, 7, 8)]
    parts = ("customers", "orders", "baskets", "products", "activities")
    written = [json.dumps([[dict(row) for row in getattr(shop, part)] for part in parts]) for shop in shops]
    assert written[0] == written[1]
    assert written[0] != written[2]


def test_ones_own_data_is_read_from_a_file(tmp_path: Path, opened: Callable[..., Any], dataset: dict[str, Any]) -> None:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(dataset), encoding="utf-8")
    caller = opened(dataset=path)
    (order,) = _orders(caller).json()["data"]
    assert order["orderNo"] == "N-1"
    assert order["creationDate"] == "2026-11-20T10:15:00.000Z"
    samples = caller.shop.samples()
    assert samples["registered"]["customer_no"] == "0001"
    assert samples["opted_out"]["customer_no"] == "0002"
    assert samples["guest"] == {}
    assert samples["unknown"]["email"]


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "No such file"), ("{", "is not JSON"), ("[]", "the document must be of type object")],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "shop.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDataset, match=message) as refused:
        CommerceEmulator(dataset=path)
    assert "\n" not in str(refused.value)


def test_it_runs_from_the_command_line_until_it_is_told_to_stop(tmp_path: Path, dataset: dict[str, Any]) -> None:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(dataset), encoding="utf-8")
    command = [sys.executable, "-m", "sfcc_client.emulator", "--dataset", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["samples"]["registered"]["customer_no"] == "0001"
        assert requests.get(f"{ready['url']}/_emulator/requests", timeout=5).json() == {"requests": []}
        process.terminate()
        assert process.wait(10) == 0


def test_a_bad_dataset_ends_the_command_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_text('{"sites": []}', encoding="utf-8")
    command = [sys.executable, "-m", "sfcc_client.emulator", "--dataset", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert ended.returncode == 2
    assert ended.stderr == "The dataset cannot be loaded: sites is empty.\n"


def test_everything_is_served_over_tls_as_well(tmp_path: Path) -> None:
    certificate, authority = issued(tmp_path, datetime.now(UTC))
    with CommerceEmulator(certificate=certificate) as shop, requests.Session() as session:
        # What the environment trusts would take the place of the authority of this test.
        session.trust_env, session.verify = False, str(authority)
        root = f"{shop.secure_url}/on/demandware.servlet/webdav/Sites"
        assert (
            session.request("PROPFIND", root, auth=(DEPLOYER.login, DEPLOYER.password), timeout=10).status_code == 207
        )
        form, auth = {"grant_type": "client_credentials"}, (ADMIN.client_id, str(ADMIN.secret))
        token = session.post(f"{shop.secure_url}/dwsso/oauth2/access_token", data=form, auth=auth, timeout=10).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        versions = session.get(f"{shop.secure_url}/s/-/dw/data/v19_5/code_versions", headers=headers, timeout=10)
        assert versions.json()["data"][0]["web_dav_url"].startswith(root)


def test_without_a_certificate_there_is_no_tls(small: Any) -> None:
    assert small.shop.secure_url == ""
