"""OCAPI Shop: order search for guests and customers, one order, its notes, its faults."""

from __future__ import annotations

from typing import Any

import pytest

SHOP = "/s/{}/dw/shop/v24_5"


def _search(world: Any, query: Any, site_id: str = "RefArchDE", **body: Any) -> Any:
    path = f"{SHOP.format(site_id)}/order_search"
    return world.call("POST", path, token=world.user(), json={"query": query, "select": "(**)", **body})


def _term(field: str, *values: Any, operator: str = "is") -> dict[str, Any]:
    return {"term_query": {"fields": [field], "operator": operator, "values": list(values)}}


NEWEST = [{"field": "creation_date", "sort_order": "desc"}]


def test_a_guest_is_found_by_mail(world: Any) -> None:
    guest = world.shop.samples()["guest"]
    document = _search(world, _term("customer_email", guest["email"].upper()), guest["site_id"], sorts=NEWEST).json()
    assert document["_v"] == "24.5"
    assert document["_type"] == "order_search_result"
    assert document["total"] == document["count"] == len(document["hits"]) > 0
    hit = document["hits"][0]["data"]
    assert hit["customer_info"]["email"] == guest["email"]
    assert hit["customer_info"]["_type"] == "customer_info"
    assert hit["_type"] == "order"
    assert hit["_resource_state"]
    assert guest["order_no"] in [row["data"]["order_no"] for row in document["hits"]]
    dates = [row["data"]["creation_date"] for row in document["hits"]]
    assert dates == sorted(dates, reverse=True)


def test_custom_attributes_keep_their_names_and_can_be_searched(world: Any, mara: dict[str, Any]) -> None:
    query = {"bool_query": {"must": [_term("customer_no", mara["customer_no"]), _term("c_carrier", "DHL")]}}
    hits = _search(world, query, count=200).json()["hits"]
    assert len(hits) == 25
    assert {hit["data"]["c_carrier"] for hit in hits} == {"DHL"}
    assert all("c_promisedDeliveryDate" in hit["data"] for hit in hits)


def test_hits_come_in_pages(world: Any, mara: dict[str, Any]) -> None:
    query = _term("customer_no", mara["customer_no"])
    first = _search(world, query, count=20, sorts=NEWEST).json()
    assert (first["count"], first["start"], first["total"]) == (20, 0, 27)
    assert first["next"] == {"_type": "result_page", "count": 20, "start": 20}
    second = _search(world, query, count=20, start=20, sorts=NEWEST).json()
    assert second["count"] == 7
    assert "next" not in second
    assert _search(world, query, count=201).json()["fault"]["type"] == "MalformedDocumentException"


def test_a_search_stays_on_its_site(world: Any, mara: dict[str, Any]) -> None:
    assert _search(world, _term("customer_no", mara["customer_no"]), "RefArchUK").json()["total"] == 0


def test_a_selector_thins_the_answer(world: Any, mara: dict[str, Any]) -> None:
    query = _term("order_no", mara["order_no"])
    document = _search(world, query, select="(hits.(data.(order_no)))").json()
    assert document["hits"] == [{"data": {"order_no": mara["order_no"]}}]
    assert _search(world, query, select="(hits").json()["fault"]["type"] == "MalformedSelectorException"


def test_an_unknown_field_is_a_fault(world: Any) -> None:
    answer = _search(world, _term("shoe_size", 42))
    assert (answer.status_code, answer.json()["fault"]["type"]) == (400, "UnqueryableFieldException")


def test_one_order_and_its_notes(small: Any) -> None:
    order = small.call("GET", f"{SHOP.format('North')}/orders/N-1", token=small.user()).json()
    assert order["order_no"] == "N-1"
    assert order["order_total"] == 12.5
    assert "notes" not in order
    notes = small.call("GET", f"{SHOP.format('North')}/orders/N-1/notes", token=small.user()).json()["notes"]
    assert [(note["id"], note["subject"], note["text"]) for note in notes] == [("n1", "Call", "Called.")]
    missing = small.call("GET", f"{SHOP.format('South')}/orders/N-1", token=small.user())
    assert (missing.status_code, missing.json()["fault"]["type"]) == (404, "OrderNotFoundException")
    assert missing.json()["fault"]["arguments"] == {"orderNo": "N-1"}


def test_any_version_is_served_and_named(small: Any) -> None:
    answer = small.call("GET", "/s/North/dw/shop/v25_6/orders/N-1", token=small.user())
    assert answer.json()["_v"] == "25.6"
    assert small.call("GET", "/s/North/dw/shop/latest/orders/N-1", token=small.user()).status_code == 404


@pytest.mark.parametrize(
    ("site", "token", "status", "kind"),
    [
        ("North", None, 401, "AuthorizationHeaderMissingException"),
        ("North", "guess", 401, "InvalidAccessTokenException"),
        ("North", "admin", 403, "ClientAccessForbiddenException"),
        ("Nowhere", "user", 404, "SiteNotFoundException"),
    ],
)
def test_refusals_are_faults(small: Any, site: str, token: str | None, status: int, kind: str) -> None:
    tokens = {"admin": small.admin(), "user": small.user(), "guess": "guess", None: None}
    answer = small.call("GET", f"{SHOP.format(site)}/orders/N-1", token=tokens[token])
    assert (answer.status_code, answer.json()["fault"]["type"]) == (status, kind)
    assert answer.json()["_v"] == "24.5"


def test_the_token_of_a_user_ends(small: Any, clock: Any) -> None:
    token = small.user()
    clock.advance(899)
    assert small.call("GET", f"{SHOP.format('North')}/orders/N-1", token=token).status_code == 401


@pytest.mark.parametrize(
    ("name", "secret", "client"),
    [("nobody", None, None), (None, "wrong:secret", None), (None, None, "stranger")],
    ids=["user", "password", "client"],
)
def test_the_users_grant_checks_all_three(small: Any, name: str | None, secret: str | None, client: str | None) -> None:
    settings = small.shop.settings()
    answer = small.call(
        "POST",
        f"/dw/oauth2/access_token?client_id={client or settings.ocapi_client_id}",
        auth=(name or settings.bm_user, secret or f"{settings.bm_password}:{settings.ocapi_client_secret}"),
        data={"grant_type": "urn:demandware:params:oauth:grant-type:client-id:dwsid:dwsecuretoken"},
    )
    assert answer.status_code == 401


def test_a_note_is_added_with_its_author_and_moment(small: Any, clock: Any) -> None:
    path = f"{SHOP.format('North')}/orders/N-1/notes"
    clock.advance(60)
    added = small.call("POST", path, token=small.user(), json={"subject": "Return", "text": "Label sent."})
    assert added.status_code == 200
    assert added.json()["_type"] == "note"
    notes = small.call("GET", path, token=small.user()).json()["notes"]
    assert [(note["subject"], note["created_by"]) for note in notes[1:]] == [("Return", "order.reader@example.com")]
    assert notes[1]["creation_date"] == "2026-11-22T10:16:00.000Z"
    assert small.shop.state.orders.get("N-1")["lastModified"] == "2026-11-22T10:16:00.000Z"


@pytest.mark.parametrize("note", [{}, {"subject": "x" * 257, "text": "y"}, {"subject": "x", "text": "y" * 4001}, []])
def test_a_note_within_its_bounds_or_none(small: Any, note: Any) -> None:
    answer = small.call("POST", f"{SHOP.format('North')}/orders/N-1/notes", token=small.user(), json=note)
    assert (answer.status_code, answer.json()["fault"]["type"]) == (400, "PropertyConstraintViolationException")
    assert len(small.shop.state.orders.get("N-1")["notes"]) == 1


def test_without_the_index_of_orders_the_search_breaks_and_the_rest_goes_on(small: Any) -> None:
    small.shop.world.office.order_indexing = False
    assert _search(small, _term("order_no", "N-1"), "North").status_code == 500
    assert small.call("GET", f"{SHOP.format('North')}/orders/N-1", token=small.user()).status_code == 200


def test_the_apis_and_their_versions_are_told_to_everybody(world: Any) -> None:
    told = world.call("GET", "/s/-/dw/meta/v1/rest").json()
    assert [api["name"] for api in told["apis"]] == ["data", "shop"]
    assert world.call("GET", "/s/-/dw/meta/v1/rest/data").json()["versions"][0]["name"] == "25.6"
    assert world.call("GET", "/s/-/dw/meta/v1/rest/other").status_code == 404
