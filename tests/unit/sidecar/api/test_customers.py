"""/v1/customers: one section for flows, and forgetting a customer."""

from __future__ import annotations

import pytest

from sidecar.audit import Subject

from .conftest import CASE, VIEWER, Edge


def get(edge: Edge, path: str, **headers: str):
    return edge.client.get(path, headers=edge.headers(**headers))


@pytest.mark.parametrize("section", ["profile", "orders", "cart", "loyalty", "activity"])
def test_one_section(edge: Edge, section: str) -> None:
    answer = get(edge, f"/v1/customers/0001/{section}?site_id=RefArch")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    (asked,) = edge.context.sections
    assert (asked.customer_no, asked.section, asked.site_id) == ("0001", section, "RefArch")


def test_304(edge: Edge) -> None:
    assert get(edge, "/v1/customers/0001/cart", **{"If-None-Match": 'W/"s"'}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/customers/0001/insights", 404),
        ("/v1/customers/0001/nonsense", 404),
        ("/v1/customers/9999/orders", 404),
        ("/v1/customers/0001/orders?sideways=1", 422),
        ("/v1/customers/0001/orders?site_id=a&site_id=b", 422),
        ("/v1/customers/0001/orders?site_id=" + "x" * 33, 422),
        ("/v1/customers/a%00b/orders", 422),
        ("/v1/customers/%ff/orders", 200),
        ("/v1/customers/" + "9" * 101 + "/orders", 422),
        ("/v1/customers", 404),
    ],
)
def test_bad_paths_and_queries(edge: Edge, path: str, status: int) -> None:
    assert get(edge, path).status_code == status


def test_erasing_reaches_the_cache_the_log_and_open_pages(edge: Edge) -> None:
    link = edge.post("/v1/panel-links", {"identity": {"customer_no": "0001"}, "case": CASE, "viewer": VIEWER}).json
    page = edge.client.get(link["url"])
    assert page.status_code == 200
    answer = edge.client.delete("/v1/customers/0001", headers=edge.headers())
    assert answer.json["cached_entries"] == 3
    assert answer.json["access_log_entries"] >= 1
    assert edge.context.erased == ["0001"]
    assert edge.log.export(Subject(kind="customer_no", value="0001")) == ()
