"""The pages a shopper would see: the state of an order for who knows number and mail, and help content."""

from __future__ import annotations

from typing import Any

import pytest

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    order = dataset["orders"][0]
    order |= {
        "c_returnDecision": f"Approved {HOSTILE}",
        "c_internalNote": "Difficult customer",
        "c_promisedOn": "2026-11-24",
        "c_label": "javascript:alert(1)",
        "shipments": [{"shipmentId": "me", "trackingNumber": "1Z999"}],
    }
    visible = {"objectType": "Order", "valueType": "string", "visible": True}
    dataset["attributeDefinitions"] = [
        {**visible, "id": "returnDecision", "displayName": {"default": "Your return", "de": "Ihre Rückgabe"}},
        {**visible, "id": "promisedOn", "valueType": "date"},
        {**visible, "id": "label"},
        {**visible, "id": "unset"},
    ]
    dataset["contentAssets"] = [
        {
            "libraryId": "North",
            "id": "returns",
            "name": {"default": "Returns & refunds"},
            "c_body": {"default": {"source": f"<p onclick=x>30 <b>days</b></p>{HOSTILE}<a href='javascript:x'>no</a>"}},
            "folderIds": ["root"],
        },
        {"libraryId": "North", "id": "draft", "online": {"default": False}, "folderIds": ["root"]},
    ]
    return dataset


def _order(world: Any, site: str = "North", **form: str) -> Any:
    given = {"orderNo": "N-1", "email": "ada@example.com", **form}
    return world.call("POST", f"/s/{site}/order", data=given)


def test_an_order_is_shown_with_what_the_shop_lets_shoppers_see(small: Any) -> None:
    answer = _order(small, email="ADA@example.com")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    for text in ("N-1", "In progress", "1Z999", "£12.50", "Your return", "24 Nov 2026", "20 Nov 2026"):
        assert text in answer.text
    assert "Difficult" not in answer.text
    assert "ada@" not in answer.text.lower()


def test_nothing_of_the_store_becomes_markup(small: Any) -> None:
    answer = _order(small)
    assert "<script" not in answer.text
    assert "Approved &lt;script&gt;" in answer.text
    assert 'href="javascript' not in answer.text
    refused = _order(small, orderNo='"><script>')
    assert "<script" not in refused.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("site", "form"),
    [("North", {"email": "reed@example.com"}), ("North", {"orderNo": "0"}), ("South", {}), ("North", {"email": ""})],
)
def test_who_does_not_know_both_sees_nothing(small: Any, site: str, form: dict[str, str]) -> None:
    answer = _order(small, site, **form)
    assert answer.status_code == 404
    assert "1Z999" not in answer.text
    assert "<form" in answer.text


def test_an_order_without_a_mail_is_nobodys(small: Any) -> None:
    small.shop.state.orders.change("N-1", customerInfo={"customerId": "abOne"})
    assert _order(small, email="").status_code == 404


def test_a_write_of_the_back_office_is_seen_at_once(small: Any) -> None:
    path, body = "/orders/N-1", {"c_returnDecision": "Refund of 12.50 GBP"}
    token, params = small.writer(), {"siteId": "North"}
    assert (
        small.scapi("/checkout/orders/v1", path, method="PATCH", token=token, params=params, json=body).status_code
        == 204
    )
    assert "Refund of 12.50 GBP" in _order(small).text


def test_help_is_listed_and_read(small: Any) -> None:
    listed = small.call("GET", "/s/North/help")
    assert 'href="/s/North/help/returns">Returns &amp; refunds</a>' in listed.text
    assert "draft" not in listed.text
    page = small.call("GET", "/s/North/help/returns")
    assert "<p>30 <b>days</b></p>" in page.text
    assert "<script" not in page.text
    assert "javascript" not in page.text
    assert small.call("GET", "/s/North/help/draft").status_code == 404
    assert small.call("GET", "/s/South/help/returns").status_code == 404
    assert small.call("GET", "/s/Nowhere/help").status_code == 404


def test_each_site_speaks_its_language(world: Any) -> None:
    for site, word, title in (
        ("RefArchDE", "Bestellnummer", "Rückgabe und Erstattung"),
        ("RefArchUK", "Order number", "Returns"),
        ("RefArchJP", "注文番号", "返品と返金"),
    ):
        form = world.call("GET", f"/s/{site}/order").text
        assert word in form
        assert title in world.call("GET", f"/s/{site}/help/faq-returns").text
        assert f'lang="{world.shop.state.sites[site].locale}"' in form
    assert "--accent" in world.call("GET", "/s/RefArchDE/storefront.css").text


def test_every_generated_order_can_be_shown(world: Any) -> None:
    kinds = {(order["status"], order["siteId"], order["shippingStatus"]): order for order in world.shop.state.orders}
    for order in kinds.values():
        shown = _order(world, order["siteId"], orderNo=order["orderNo"], email=order["customerInfo"]["email"])
        assert shown.status_code == 200
        assert order["orderNo"] in shown.text
