"""Products in batches."""

from __future__ import annotations

import pytest

from sfcc_client import errors
from sfcc_client.models import Product


def by_ids(client, ids, **options):
    return client.products.by_ids(ids, site_id="RefArchDE", **options)


def one(client, upstream, **members) -> Product:
    upstream.products(json={"data": [{"id": "p", **members}]})
    return by_ids(client, ["p"])["p"]


def test_request(client, upstream) -> None:
    asked = upstream.products(json={"data": []})
    assert by_ids(client, ["a", "b"]) == {}
    assert asked.last_request.qs == {
        "ids": ["a,b"],
        "siteid": ["refarchde"],
        "expand": ["availability,images,variations"],
        "locale": ["de-de"],
        "currency": ["eur"],
    }
    assert asked.last_request.headers["Authorization"] == "Bearer guest-token"


def test_batches_of_24_without_repeats(client, upstream) -> None:
    asked = upstream.products(json=lambda request, _: {"data": [{"id": i} for i in request.qs["ids"][0].split(",")]})
    ids = [f"p{n}" for n in range(50)]
    assert list(by_ids(client, [*ids, "p1", "", "a,b"])) == ids
    assert [len(request.qs["ids"][0].split(",")) for request in asked.request_history] == [24, 24, 2]


def test_no_ids_no_request(client, upstream) -> None:
    assert by_ids(client, []) == {}
    assert not upstream.mocker.called


@pytest.mark.parametrize(
    ("inventory", "stock", "orderable"),
    [
        (None, None, None),
        ({}, None, None),
        ({"ats": 6, "orderable": True}, "ok", True),
        ({"ats": 5, "orderable": True}, "low", True),
        ({"ats": 0.5, "orderable": True}, "low", True),
        ({"ats": 0, "orderable": True}, "ok", True),
        ({"ats": 0}, "out", None),
        ({"ats": 9, "orderable": False}, "out", False),
        ({"orderable": True}, "ok", True),
    ],
)
def test_stock(client, upstream, inventory, stock, orderable) -> None:
    product = one(client, upstream, inventory=inventory)
    assert (product.stock, product.orderable) == (stock, orderable)


def test_smallest_image_with_a_usable_address(client, upstream) -> None:
    groups = [
        {"viewType": "large", "images": [{"link": "https://img.example.com/large.jpg"}]},
        {"viewType": "small", "images": [{"link": "javascript:x"}, {"link": "https://img.example.com/small.jpg"}]},
        {"viewType": None, "images": None},
    ]
    assert one(client, upstream, imageGroups=groups).image_url == "https://img.example.com/small.jpg"
    assert one(client, upstream, imageGroups=[{"viewType": "small", "images": [{"link": "x"}]}]).image_url is None


@pytest.mark.parametrize("members", [{"variationValues": "x"}, {"variationValues": {"color": 7}}, {"imageGroups": {}}])
def test_answers_of_another_shape(client, upstream, members: dict) -> None:
    with pytest.raises(errors.BadAnswer):
        one(client, upstream, **members)


def test_one_failing_batch_fails_the_whole(client, upstream) -> None:
    upstream.products(status_code=400)
    with pytest.raises(errors.Rejected):
        by_ids(client, ["a"])
