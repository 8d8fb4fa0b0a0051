"""OCAPI Data records with a resource state, and what replication brings from staging to shoppers."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator.custom_objects import CustomType

DATA = "/s/-/dw/data/v25_6"
PROCESSES = "/granular-processes"
CONTENT = "/libraries/North/content/returns"
TEXT = {"default": "Returns", "de-DE": "Rückgabe"}


def data(world: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    token = world.admin(tenant=False)
    return world.call(method, DATA + path, token=token, json=body, headers=headers)


def kind_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["fault"]["type"]


def test_a_change_must_know_the_state_it_changes(small: Any) -> None:
    first = data(small, "PUT", CONTENT, {"name": TEXT, "_resource_state": "not_exists"}).json()
    again = data(small, "PUT", CONTENT, {"name": TEXT, "_resource_state": "not_exists"})
    assert kind_of(again) == (409, "ResourceAlreadyExistsException")
    state = first["_resource_state"]
    assert data(small, "GET", CONTENT).json()["_resource_state"] == state
    changed = data(small, "PATCH", CONTENT, {"template": "help"}, **{"x-dw-resource-state": state})
    assert changed.status_code == 200
    late = data(small, "PATCH", CONTENT, {"template": "other", "_resource_state": state})
    assert kind_of(late) == (409, "ResourceStateConflictException")
    stale = data(small, "DELETE", CONTENT, **{"x-dw-resource-state": state})
    assert kind_of(stale) == (409, "ResourceStateConflictException")
    assert data(small, "GET", CONTENT).json()["template"] == "help"
    assert data(small, "DELETE", CONTENT).status_code == 204


def test_put_writes_over_and_patch_merges_by_locale(small: Any) -> None:
    data(small, "PUT", CONTENT, {"name": TEXT, "template": "help"})
    merged = data(small, "PATCH", CONTENT, {"name": {"fr-FR": "Retours", "de-DE": None}}).json()
    assert merged["name"] == {"default": "Returns", "fr-FR": "Retours"}
    written = data(small, "PUT", CONTENT, {"name": {"default": "Back"}}).json()
    assert written["name"] == {"default": "Back"}
    assert "template" not in written


def test_what_is_put_is_found_by_shoppers_once_it_is_in_a_folder(small: Any) -> None:
    live = small.shop.state.libraries.of_site("North")
    on = {"online": {"default": True}, "searchable": {"default": True}}
    data(small, "PUT", CONTENT, {"name": TEXT, **on})
    data(small, "PUT", "/libraries/North/folders/sn-help", {"online": True})
    assert live.searchable("North") == []
    data(small, "PUT", "/libraries/North/folder_assignments/returns/sn-help", {"default": True})
    assert [asset["id"] for asset in live.searchable("North")] == ["returns"]
    assert data(small, "GET", CONTENT).json()["classification_folder_id"] == "sn-help"


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        (CONTENT, {"nonsense": 1}, "UnknownPropertyException"),
        (CONTENT, {"name": "Returns"}, "PropertyConstraintViolationException"),
        (CONTENT, {"online": {"default": "yes"}}, "PropertyConstraintViolationException"),
        (CONTENT, {"id": "another"}, "IdConflictException"),
        ("/libraries/North/folders/a", {"parent_folder_id": "a"}, "ParentFolderNotFoundException"),
        ("/libraries/North/folder_assignments/none/root", {}, "ContentNotFoundException"),
        ("/libraries/None/content/x", {}, "LibraryNotFoundException"),
    ],
)
def test_what_cannot_be_written_is_refused(small: Any, path: str, body: Any, kind: str) -> None:
    assert data(small, "PUT", path, body).json()["fault"]["type"] == kind


def test_a_renamed_asset_stays_in_its_folders(small: Any) -> None:
    data(small, "PUT", CONTENT, {"name": TEXT})
    data(small, "PUT", "/libraries/North/folders/a", {})
    data(small, "PUT", "/libraries/North/folder_assignments/returns/a", {"default": True})
    assert data(small, "PATCH", CONTENT, {"id": "back"}).json()["classification_folder_id"] == "a"
    assert data(small, "GET", CONTENT).status_code == 404


def test_objects_of_a_site_and_of_the_instance_are_kept_apart(small: Any) -> None:
    small.shop.state.custom_objects.define(CustomType(id="Faq", key="id"))
    assert kind_of(data(small, "PUT", "/sites/North/custom_objects/Faq/1", {})) == (404, "ObjectTypeNotFoundException")
    stored = data(small, "PUT", "/custom_objects/Faq/1", {"c_answer": "Yes", "c_old": True}).json()
    assert (stored["key_property"], stored["key_value_string"]) == ("id", "1")
    changed = data(small, "PATCH", "/custom_objects/Faq/1", {"c_old": None, "c_asked": 2}).json()
    assert (changed["c_asked"], "c_old" in changed) == (2, False)
    wanted = {"query": {"term_query": {"fields": ["c_answer"], "operator": "is", "values": ["yes"]}}}
    assert data(small, "POST", "/custom_objects_search/Faq", wanted).json()["total"] == 1
    unknown = {"query": {"term_query": {"fields": ["answer"], "operator": "is", "values": ["yes"]}}}
    assert kind_of(data(small, "POST", "/custom_objects_search/Faq", unknown)) == (400, "UnqueryableFieldException")


def test_a_patched_customer_is_what_every_api_shows(small: Any) -> None:
    one = "/customer_lists/People/customers/0001"
    unknown = data(small, "PATCH", one, {"c_loyaltyTier": "Gold"})
    assert kind_of(unknown) == (400, "UnknownPropertyException")
    data(small, "PUT", "/system_object_definitions/Profile/attribute_definitions/loyaltyTier", {"value_type": "string"})
    wrong = data(small, "PATCH", one, {"c_loyaltyTier": 3})
    assert kind_of(wrong) == (400, "PropertyConstraintViolationException")
    changed = data(small, "PATCH", one, {"c_loyaltyTier": "Gold", "credentials": {"login": "ada.moss"}}).json()
    assert changed["credentials"] == {"_type": "credentials", "login": "ada.moss", "enabled": True, "locked": False}
    admin = small.scapi("/customer/customers/v1", one.replace("_", "-"), token=small.admin()).json()
    assert (admin["c_loyaltyTier"], admin["credentials"]["login"]) == ("Gold", "ada.moss")
    taken = data(small, "PATCH", one, {"credentials": {"login": "reed@example.com"}})
    assert kind_of(taken) == (400, "LoginAlreadyInUseException")
    assert kind_of(data(small, "PATCH", one, {"last_name": None})) == (400, "PropertyConstraintViolationException")


def test_orders_change_through_the_state_machine_of_all_apis(small: Any) -> None:
    one = "/sites/North/orders/N-1"
    assert data(small, "PUT", f"{one}/status", {"status": "cancelled"}).status_code == 204
    shown = small.scapi("/checkout/orders/v1", "/orders/N-1", token=small.admin(), params={"siteId": "North"}).json()
    assert (shown["status"], shown["lastModified"]) == ("cancelled", "2026-11-22T10:15:00.000Z")
    back = data(small, "PUT", f"{one}/status", {"status": "created"})
    assert kind_of(back) == (409, "OrderStatusTransitionException")
    odd = data(small, "PUT", f"{one}/payment_status", {"status": "gone"})
    assert kind_of(odd) == (400, "EnumConstraintViolationException")
    assert kind_of(data(small, "PATCH", one, {"order_total": 1})) == (400, "UnknownPropertyException")
    assert kind_of(data(small, "PATCH", one, {"c_nobody_defined_it": 1})) == (400, "UnknownPropertyException")
    address = data(small, "PUT", f"{one}/shipments/none/shipping_address", {"last_name": "Moss"})
    assert address.status_code == 404
    assert data(small, "GET", one).status_code == 405


def test_a_definition_is_made_once_and_keeps_its_type(small: Any) -> None:
    path = "/system_object_definitions/Order/attribute_definitions/returnDecision"
    made = data(small, "PUT", path, {"value_type": "string", "display_name": {"default": "Decision"}}).json()
    assert (made["effective_id"], made["value_type"], made["mandatory"]) == ("c_returnDecision", "string", False)
    assert kind_of(data(small, "PUT", path, {})) == (400, "AttributeDefinitionDuplicateException")
    assert data(small, "PATCH", "/sites/North/orders/N-1", {"c_returnDecision": "approved"}).status_code == 204
    assert small.shop.state.orders.get("N-1")["c_returnDecision"] == "approved"
    retyped = data(small, "PATCH", path, {"value_type": "int"})
    assert kind_of(retyped) == (400, "AttributeDefinitionPropertyReadOnlyException")
    assert data(small, "DELETE", path).status_code == 204
    gone = data(small, "PATCH", "/sites/North/orders/N-1", {"c_returnDecision": "declined"})
    assert kind_of(gone) == (400, "UnknownPropertyException")
    body = data(small, "DELETE", "/system_object_definitions/Content/attribute_definitions/body")
    assert kind_of(body) == (400, "AttributeDefinitionReadOnlyException")


def replicate(world: Any, item: dict[str, Any]) -> Any:
    scope = "sfcc.granular-replications.rw"
    return world.scapi("/operation/replications/v1", PROCESSES, method="POST", token=world.admin(scope), json=item)


def asset(content_id: str) -> dict[str, Any]:
    return {"contentAsset": {"contentId": content_id, "type": "private", "siteId": "North"}}


def test_content_reaches_shoppers_when_its_replication_is_over(opened: Any, clock: Any) -> None:
    shop = opened(staging=True)
    data(shop, "PUT", CONTENT, {"name": TEXT, "online": {"default": True}})
    live = shop.shop.state.libraries.of_site("North")
    process_id = replicate(shop, asset("returns")).json()["id"]
    one = f"{PROCESSES}/{process_id}"

    def status() -> str:
        token = shop.admin("sfcc.granular-replications")
        return str(shop.scapi("/operation/replications/v1", one, token=token).json()["status"])

    assert (status(), live.visible("returns", "North")) == ("pending", None)
    clock.advance(31)
    assert (status(), live.visible("returns", "North")) == ("in_progress", None)
    assert replicate(shop, asset("returns")).json()["type"].endswith("/replication-running")
    clock.advance(60)
    assert status() == "completed"
    assert live.visible("returns", "North") is not None
    data(shop, "DELETE", CONTENT)
    assert live.visible("returns", "North") is not None
    assert replicate(shop, asset("returns")).status_code == 201


def test_an_asset_that_vanished_from_both_sides_fails(opened: Any, clock: Any) -> None:
    shop = opened(staging=True)
    data(shop, "PUT", CONTENT, {"name": TEXT})
    replicate(shop, asset("returns"))
    data(shop, "DELETE", CONTENT)
    clock.advance(100)
    token = shop.admin("sfcc.granular-replications")
    rows = shop.scapi("/operation/replications/v1", PROCESSES, token=token).json()["data"]
    assert [row["status"] for row in rows] == ["failed"]


def test_a_batch_holds_fifty_items_each_once(opened: Any) -> None:
    shop = opened(staging=True)
    for number in range(50):
        data(shop, "PUT", f"/libraries/North/content/a{number}", {})
        assert replicate(shop, asset(f"a{number}")).status_code == 201
    data(shop, "PUT", CONTENT, {})
    assert replicate(shop, asset("returns")).json()["type"].endswith("/too-many-queued")
