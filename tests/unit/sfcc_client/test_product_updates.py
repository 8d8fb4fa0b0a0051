"""Marks on products: read, check, write, read again; and what shoppers see of them."""

from __future__ import annotations

import pytest
import requests

from sfcc_client import errors

from .conftest import ORGANIZATION, SCAPI

PRODUCT = f"{SCAPI}/product/products/v1/organizations/{ORGANIZATION}/products/VV1001"
DEFINED = frozenset({"c_flag", "c_notice"})


class Catalog:
    """One product upstream that keeps only attributes that are `DEFINED`."""

    def __init__(self, mocker) -> None:
        self.members = {
            "id": "VV1001",
            "name": {"default": "Jacket", "de-DE": None},
            "onlineFlag": {"default": True, "North": False},
            "master": {"masterId": "VV1000"},
            "lastModified": "2026-11-23T08:00:00.000Z",
        }
        self.lost, self.refused = 0, None
        self.reads = mocker.get(PRODUCT, json=lambda *_: self.members)
        self.writes = mocker.patch(PRODUCT, text=self._patch)

    def _patch(self, request, context) -> str:
        if self.refused:
            context.status_code = self.refused
            return "{}"
        sent = request.json()
        assert sent.pop("id") == "VV1001"
        for name in sent.keys() & DEFINED:
            self.members = {**self.members, name: sent[name]}
        if self.lost:
            self.lost -= 1
            raise requests.ConnectionError
        return "{}"


@pytest.fixture
def catalog(upstream) -> Catalog:
    return Catalog(upstream.mocker)


def mark(client, *, expected=None, **attributes: object):
    return client.product_updates.set_attributes(
        "VV1001", attributes or {"c_flag": True}, expected={"c_flag": None} if expected is None else expected
    )


def test_a_product_is_read_as_the_catalog_keeps_it(client, upstream, catalog) -> None:
    catalog.members |= {"c_notice": {"default": "Chips", "de": "Bricht"}, "c_tags": ["a"], "c_odd": {"deep": {}}}
    product = client.product_updates.by_id("VV1001")
    assert (product.product_id, product.master_id, dict(product.name)) == ("VV1001", "VV1000", {"default": "Jacket"})
    assert dict(product.online) == {"default": True, "North": False}
    assert dict(product.custom) == {"c_notice": {"default": "Chips", "de": "Bricht"}, "c_tags": ("a",)}
    assert product.modified_at.isoformat() == "2026-11-23T08:00:00+00:00"
    assert upstream.account_manager.last_request.text.endswith("sfcc.products")


def test_a_flag_is_written_once_and_read_again(client, upstream, catalog) -> None:
    update = mark(client)
    assert (update.changed, update.product.custom["c_flag"]) == (True, True)
    assert mark(client).changed is False
    assert catalog.writes.call_count == 1
    assert upstream.account_manager.last_request.text.endswith("sfcc.products.rw")


def test_another_state_is_a_conflict_and_nothing_is_written(client, catalog) -> None:
    catalog.members["c_flag"] = False
    with pytest.raises(errors.StateConflict) as caught:
        mark(client)
    assert (
        caught.value.message == "The c_flag of product VV1001 is not what the change is for; look at the product again."
    )
    assert catalog.writes.call_count == 0
    assert mark(client, expected={"c_flag": False}).changed


def test_texts_by_locale_are_compared_locale_by_locale(client, catalog) -> None:
    catalog.members["c_notice"] = {"default": "Chips", "fr": "Fragile"}
    assert mark(client, expected={}, c_notice={"default": "Chips"}).changed is False
    assert mark(client, expected={"c_notice": {"default": "Chips"}}, c_notice={"de": "Bricht"}).changed
    assert catalog.writes.last_request.json()["c_notice"] == {"de": "Bricht"}


def test_an_attribute_commerce_passed_over_is_said_to_be_undefined(client, catalog) -> None:
    with pytest.raises(errors.Rejected, match="did not keep c_unheardOf of product VV1001: define it"):
        mark(client, expected={}, c_unheardOf="x")
    assert mark(client, expected={}, c_gone=None).changed is False


def test_a_lost_answer_is_settled_by_reading(client, catalog) -> None:
    catalog.lost = 1
    assert mark(client).changed
    assert catalog.writes.call_count == 1


@pytest.mark.parametrize(
    ("status", "raised"), [(400, errors.Rejected), (403, errors.Forbidden), (404, errors.NotFound)]
)
def test_what_commerce_refuses_is_raised(client, catalog, status: int, raised: type[Exception]) -> None:
    catalog.refused = status
    with pytest.raises(raised):
        mark(client)


def test_a_missing_scope_is_named(client, catalog) -> None:
    catalog.refused = 403
    with pytest.raises(errors.Forbidden, match=r"the client lacks sfcc\.products\.rw"):
        mark(client)


@pytest.mark.parametrize("product_id", ["", "x" * 101, "a,b"])
def test_what_can_be_no_product_is_not_asked_for(client, catalog, product_id: str) -> None:
    for use in (
        lambda: client.product_updates.by_id(product_id),
        lambda: client.product_updates.shown(product_id, site_id="RefArchDE"),
        lambda: client.product_updates.set_attributes(product_id, {"c_flag": True}, expected={}),
    ):
        with pytest.raises(errors.Rejected):
            use()


def test_only_custom_attributes(client, catalog) -> None:
    with pytest.raises(errors.Rejected, match="c_"):
        mark(client, expected={}, brand="Kiln")
    assert catalog.reads.call_count == 0


def test_what_shoppers_see(client, upstream) -> None:
    asked = upstream.products(json={"data": [{"id": "VV1001", "name": "Jacke", "c_flag": True}]})
    shown = client.product_updates.shown("VV1001", site_id="RefArchDE")
    assert (shown.name, dict(shown.custom)) == ("Jacke", {"c_flag": True})
    assert asked.last_request.qs["locale"] == ["de-de"]
    upstream.products(json={"data": []})
    assert client.product_updates.shown("VV1001", site_id="RefArchDE") is None
