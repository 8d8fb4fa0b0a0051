"""Every request that changes Commerce, or runs a shop, is one the official descriptions allow, under the scope they
name. The answers come from nowhere: only what is sent is judged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import requests_mock

from sfcc_client import CommerceClient, CommerceSettings, Site, errors
from sfcc_client.permissions import OPERATING
from sfcc_client.resources.oms_events import EventLine, EventTotal, OmsAdjustment, OmsFulfillment
from sfcc_client.resources.order_changes import Window
from sfcc_client.resources.order_updates import STATUSES

from .test_official_descriptions import FOLDER, Description, typed

pytestmark = pytest.mark.shared

DESCRIPTIONS = {
    "/checkout/orders/v1": "orders-oas-1.5.2.yaml",
    "/s/-/dw/data/v25_6": "data-api.json",
    "/experience/shopper-experience/v1": "shopper-experience-oas-1.6.0.yaml",
    "/product/products/v1": "products-oas-1.2.0.yaml",
    "/product/shopper-products/v1": "shopper-products-oas-1.11.1.yaml",
    "/operation/replications/v1": "granular-replications-v1.yaml",
    "/observability/metrics/v1": "metrics-v1.json",
}
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ORDER = {
    "orderNo": "1",
    "status": "new",
    "creationDate": "2026-11-23T08:00:00Z",
    "lastModified": "2026-11-23T09:00:00Z",
}
# Its own request schema accepts no body at all (oneOf beside additionalProperties: false); one branch is checked.
_PUBLISHED = {"product": "ProductPublishRequest", "contentAsset": "ContentAssetPublishRequest"}


@pytest.fixture(scope="module")
def descriptions() -> dict[str, Description]:
    if not FOLDER.is_dir():
        pytest.skip(f"the official descriptions are not beside the checkout ({FOLDER.name} is missing)")
    return {base: Description(FOLDER / name) for base, name in DESCRIPTIONS.items()}


def document(request: Any, context: Any) -> Any:
    """An answer good enough to go on; nothing is there yet."""
    path = urlsplit(request.url).path
    if path.endswith("access_token") or path.endswith("/oauth2/token"):
        return {"access_token": "t", "expires_in": 1799, "customer_id": "guest"}
    if path.endswith("/orders"):
        return {"data": [ORDER]}
    if re.search(r"/orders/\w+$", path):
        return ORDER
    if "/libraries/" in path and request.method == "GET" and not document.written:  # type: ignore[attr-defined]
        document.written = True  # type: ignore[attr-defined]
        context.status_code = 404
        return {}
    if "/product/products/" in path:
        return {"id": "p", "c_flag": False, "c_notice": {"default": "y"}, "c_gone": "z"}
    if path.endswith("/code_versions"):
        return {"data": [{"id": "v1", "active": True}, {"id": "v2", "active": False, "rollback": True}]}
    if path.endswith("/job_execution_search"):
        return {"hits": []}
    if path.endswith("/notes"):
        return {"notes": []}
    if "/metrics/" in path:
        return {"data": []}
    return {"id": "1", "_resource_state": "s", "online": {"default": True}}


@pytest.fixture(scope="module")
def sent() -> list[Any]:
    """What the client sends when every method that operates is used."""
    document.written = False  # type: ignore[attr-defined]
    host = "https://commerce.example.com"
    settings = CommerceSettings(
        scapi_url=host,
        account_manager_url=host,
        instance_url=host,
        organization_id="f_ecom_zzrf_001",
        client_id="a",
        client_secret="b",
        slas_client_id="c",
        slas_client_secret="d",
        bm_user="e",
        bm_password="f",
        sites=(Site(site_id="RefArch", customer_list_id="RefArch"),),
    )
    with requests_mock.Mocker() as mocker, CommerceClient(settings) as client:
        mocker.register_uri(requests_mock.ANY, requests_mock.ANY, json=document)
        for use in uses(client):
            try:
                use()
            except errors.StateConflict:
                continue  # what was written is not what is read: here nobody keeps it
        return list(mocker.request_history)


def uses(client: CommerceClient) -> Iterator[Any]:
    site: dict[str, Any] = {"site_id": "RefArch"}
    orders, releases, objects = client.order_updates, client.releases, client.custom_objects
    texts = {"name": {"default": "a"}, "body": {"default": "<p>b</p>", "de-DE": "c"}}
    line, sold = EventLine(id="i", quantity=-1), EventLine(id="i", quantity=1)
    total = EventTotal(type="total", amount=-5)
    for kind, status in STATUSES.items():
        for value in sorted(status.values or {"moved"}):
            yield lambda kind=kind, value=value: orders.set_status(
                "1", value, kind=kind, expected=("new", None), **site
            )
    yield lambda: orders.set_attributes("1", {"c_note": "x", "c_flag": True, "c_gone": None}, expected={}, **site)
    adjusted = OmsAdjustment(
        id="a", type="return", occurred_at=NOW, status="pending", lines=(line,), totals=(total,), description="d"
    )
    yield lambda: orders.report("1", adjusted, oms_order_id="SN-1", **site)
    shipped = OmsFulfillment(
        id="f", type="shipped", occurred_at=NOW, lines=(sold,), tracking_number="1", tracking_url="https://x.example/1"
    )
    yield lambda: orders.report("1", shipped, **site)
    yield lambda: client.order_notes.add("1", subject="s", text="t", **site)
    window = Window(since=NOW, until=NOW + timedelta(days=1), created_since=NOW, created_until=NOW)
    yield lambda: client.order_changes.page(window, **site)
    yield lambda: client.product_updates.by_id("p")
    marks: dict[str, Any] = {"c_flag": True, "c_notice": {"default": "x"}, "c_gone": None}
    yield lambda: client.product_updates.set_attributes("p", marks, expected={})
    yield lambda: client.product_updates.shown("p", **site)
    yield lambda: client.content.publish("kb", library_id="RefArch", folder_id="faq", **texts)
    yield lambda: client.content.publish("kb", library_id="RefArch", folder_id="faq", **texts)
    yield lambda: client.content.retire("kb", library_id="RefArch")
    yield lambda: client.content.shown("kb", **site)
    yield lambda: releases.activate("v2", expected="v1")
    yield lambda: releases.start_job("Reindex", {"SiteScope": '{"all_storefront_sites":true}'})
    yield lambda: releases.job_execution("Reindex", "1")
    yield lambda: releases.job_executions(since=NOW, job_id="Reindex")
    yield lambda: releases.replicate_content("kb", site_id="RefArch")
    yield lambda: releases.replicate_content("kb", library_id="Shared")
    yield lambda: releases.replicate_product("p")
    yield lambda: releases.replication("1")
    for site_id in (None, "RefArch"):
        yield lambda site_id=site_id: objects.put("Case", "k", {"c_a": 1}, site_id=site_id)
        yield lambda site_id=site_id: objects.get("Case", "k", site_id=site_id)
        yield lambda site_id=site_id: objects.delete("Case", "k", site_id=site_id)
    for group in ("overall", "sales", "ecdn", "third-party", "scapi", "scapi-hooks", "mrt", "controller", "ocapi"):
        yield lambda group=group: client.signals.metrics(group, since=NOW - timedelta(hours=1), until=NOW)


def described(
    descriptions: dict[str, Description], sent: list[Any]
) -> Iterator[tuple[requests.PreparedRequest, Description, dict[str, Any], dict[str, str]]]:
    for request in sent:
        path = urlsplit(request.url).path
        base = next((base for base in DESCRIPTIONS if path.startswith(f"{base}/")), None)
        if base:
            operation, in_path = descriptions[base].operation(request.method, path.removeprefix(base))
            yield request, descriptions[base], operation, in_path


def test_every_described_operation_is_used(descriptions, sent) -> None:
    used = {operation["operationId"] for _, _, operation, _ in described(descriptions, sent)}
    undescribed = {name for name in OPERATING if "/" in name} | {"cachePurge", "getMetrics", "WebDAV"}
    metrics = {name for name in used if name.endswith("Metrics")}
    assert len(metrics) == 9
    assert used - metrics - {"getOrder", "getOrders", "getProducts"} == set(OPERATING) - undescribed


def test_parameters(descriptions, sent) -> None:
    for request, api, operation, in_path in described(descriptions, sent):
        known = api.parameters(operation, "query")
        query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
        assert set(query) <= set(known), operation["operationId"]
        assert {name for name, one in known.items() if one.get("required")} <= set(query), operation["operationId"]
        for name, value in query.items():
            schema = api.resolved(known[name]["schema"])
            api.check(typed(value, schema), known[name]["schema"])
        for name, parameter in api.parameters(operation, "path").items():
            api.check(in_path[name], parameter["schema"])


def test_bodies(descriptions, sent) -> None:
    checked = set()
    for request, api, operation, _ in described(descriptions, sent):
        name = operation["operationId"]
        if request.body is None or name == "postJobsByIDExecutions":
            continue
        body = json.loads(request.body)
        content = api.resolved(operation["requestBody"])["content"] if "requestBody" in operation else None
        if name == "publishItems":
            (kind,) = body
            api.check(body, {"$ref": f"#/components/schemas/{_PUBLISHED[kind]}"})
        elif content:
            api.check(body, content["application/json"]["schema"])
        else:
            continue  # the Data API's description leaves most bodies out
        checked.add(name)
    assert checked >= {name for name in OPERATING if name.startswith(("update", "create"))} | {"publishItems"}
    assert "patchCodeVersionsByID" in checked


def test_scopes_named_on_a_403_are_the_described_ones(descriptions, sent) -> None:
    for _, api, operation, _ in described(descriptions, sent):
        permission = OPERATING.get(operation["operationId"])
        security = operation.get("security", api.document.get("security", []))
        scopes = {scope for scheme in security for names in scheme.values() for scope in names}
        if permission and scopes:
            assert permission.scope in scopes, operation["operationId"]
