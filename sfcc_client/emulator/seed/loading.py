"""From a dataset, generated or one's own, to a filled store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

from sfcc_client.emulator.activities import TYPE as ACTIVITY
from sfcc_client.emulator.archive import SiteExport
from sfcc_client.emulator.cart import DEFAULT_SHIPMENT
from sfcc_client.emulator.custom_objects import CustomType
from sfcc_client.emulator.library import ROOT, localized
from sfcc_client.emulator.moments import iso, resolved
from sfcc_client.emulator.seed.generation import ORGANIZATION, generated
from sfcc_client.emulator.seed.validation import problem_of
from sfcc_client.emulator.state import SiteRecord, State, opaque_id

CARTRIDGE_ORDER_ATTRIBUTES = {
    "snCaseNumber": "string",
    "snCaseStatus": "string",
    "snCaseUpdated": "datetime",
    "snCaseComment": "text",
    "snCaseOrigin": "string",
}
"""What the product's cartridge defines for orders; a shop has it as soon as the cartridge's metadata is imported."""
_ATTRIBUTED = (("Product", "products"), ("Profile", "customers"), ("Order", "orders"), ("Basket", "baskets"))
_SYSTEM_GROUPS = {
    "Everyone": "All customers",
    "Registered": "Customers with an account",
    "Unregistered": "Guests",
}
Dataset = str | PathLike[str] | Mapping[str, Any] | SiteExport


class BadDataset(ValueError):  # noqa: N818
    """The dataset cannot be loaded; the message says in one line which part of it is wrong, and how."""


def seeded(seed: int, now: datetime) -> State:
    """The store of the generated shop."""
    # The generator reuses parts of documents; a store that is written to must not share them, least of all with others.
    return _filled(json.loads(json.dumps(generated(seed, now))), now)


def loaded(dataset: Dataset, now: datetime) -> State:
    """The store of one's own data: a path to a JSON file, the document itself, or a site export. Raises BadDataset.

    An export was checked as it was read, and its texts are meant as they stand: ``today`` is no moment there.
    """
    if isinstance(dataset, SiteExport):
        return _filled(dataset.dataset, now)
    document = dataset if isinstance(dataset, Mapping) else _read(Path(dataset))
    problem = problem_of(document)
    if problem is not None:
        raise BadDataset(f"The dataset cannot be loaded: {problem}.")
    whole = resolved(document, now)
    missing = _broken_reference(whole)
    if missing is not None:
        raise BadDataset(f"The dataset cannot be loaded: {missing}.")
    return _filled(whole, now)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadDataset(f"The dataset {path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadDataset(f"The dataset {path.name} is not JSON: {error}.") from error


def _broken_reference(document: Mapping[str, Any]) -> str | None:
    sites = {site["id"] for site in document["sites"]}
    lists = {site["customerListId"] for site in document["sites"]}
    for name, member, known, kind in (
        ("customers", "customerListId", lists, "customer list"),
        ("orders", "siteId", sites, "site"),
        ("baskets", "siteId", sites, "site"),
        ("activities", "siteId", sites, "site"),
        ("customerGroups", "siteId", sites, "site"),
        ("coupons", "siteId", sites, "site"),
        ("shippingMethods", "siteId", sites, "site"),
        ("pages", "siteId", sites, "site"),
    ):
        for number, row in enumerate(document.get(name, ())):
            if row[member] not in known:
                return f"{name}[{number}].{member} names the {kind} '{row[member]}', which no site has"
    people = {_completed_customer(row)["customerId"] for row in document.get("customers", ())}
    for number, row in enumerate(document.get("activities", ())):
        if row["customerId"] not in people:
            return f"activities[{number}].customerId names the customer '{row['customerId']}', who is in no list"
    return _misplaced_object(document, sites)


def _misplaced_object(document: Mapping[str, Any], sites: set[str]) -> str | None:
    """What is wrong with the type, the place or the key of a custom object."""
    types = {kind.id: kind for kind in (ACTIVITY, *map(_custom_type, document.get("customTypes", ())))}
    for number, row in enumerate(document.get("customObjects", ())):
        name, kind, site_id = f"customObjects[{number}]", types.get(row["objectType"]), row.get("siteId")
        if kind is None:
            return f"{name}.objectType names the type '{row['objectType']}', which customTypes does not define"
        if kind.per_site and site_id not in sites:
            return f"{name}.siteId has to name a site: objects of the type '{kind.id}' belong to one"
        if not kind.per_site and site_id is not None:
            return f"{name}.siteId is not expected: objects of the type '{kind.id}' belong to the whole instance"
        if not kind.fits(row["key"]):
            return f"{name}.key is '{row['key']}', but the key of the type '{kind.id}' is a whole number"
    return None


def _filled(document: Mapping[str, Any], now: datetime) -> State:
    sites = [
        SiteRecord(
            site_id=site["id"],
            customer_list_id=site["customerListId"],
            label=site.get("label", site["id"]),
            locale=site["locale"],
            currency=site["currency"],
        )
        for site in document["sites"]
    ]
    state = State(document.get("organizationId", ORGANIZATION), sites, retention_days=document.get("retentionDays", 30))
    for site in sites:
        for group_id, description in _SYSTEM_GROUPS.items():
            state.customer_groups.save(
                {"siteId": site.site_id, "id": group_id, "description": description, "type": "system"}
            )
    for group in document.get("customerGroups", ()):
        state.customer_groups.save({"type": "static", **group})
    for name, collection in (
        ("attributeDefinitions", state.attributes.definitions),
        ("coupons", state.coupons),
        ("products", state.products),
        ("pages", state.pages),
        ("shippingMethods", state.shipping_methods),
    ):
        for row in document.get(name, ()):
            collection.save(row)
    _define_cartridge(state)
    for object_type, name in _ATTRIBUTED:
        for row in document.get(name, ()):
            state.attributes.learn(object_type, row)
    for customer in document.get("customers", ()):
        state.customers.save(_completed_customer(customer))
    for order in document.get("orders", ()):
        state.orders.save(_completed_order(order, state.sites[order["siteId"]]))
    for basket in document.get("baskets", ()):
        state.baskets.save(_completed_basket(basket, state))
    _fill_libraries(state, document)
    _fill_custom_objects(state, document, iso(now))
    return state


def _fill_custom_objects(state: State, document: Mapping[str, Any], now: str) -> None:
    """Objects and, of the type that is the product's own, what shoppers did."""
    for kind in document.get("customTypes", ()):
        state.custom_objects.define(_custom_type(kind))
    for row in document.get("customObjects", ()):
        dates = {"creationDate": row.get("lastModified", now), "lastModified": now}
        state.custom_objects.objects.save({"siteId": None, **dates, **row})
    done: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in document.get("activities", ()):
        entry = {"count": 1, **{name: value for name, value in row.items() if name not in ("siteId", "customerId")}}
        done.setdefault((row["siteId"], row["customerId"]), []).append(entry)
    for (site_id, customer_id), entries in done.items():
        if (customer := state.customer_of_id(customer_id)) is not None:
            state.activities.fill(site_id, customer, entries, now)


def _custom_type(row: Mapping[str, Any]) -> CustomType:
    return CustomType(
        id=row["id"], key=row["key"], key_kind=row.get("keyKind", "string"), per_site=row.get("perSite", False)
    )


def _define_cartridge(state: State) -> None:
    for name, kind in CARTRIDGE_ORDER_ATTRIBUTES.items():
        if state.attributes.definitions.get(("Order", name)) is None:
            state.attributes.define("Order", name, kind)


def _fill_libraries(state: State, document: Mapping[str, Any]) -> None:
    """Libraries no site is called like are shared ones, which the sites they name show."""
    for shared in document.get("libraries", ()):
        state.libraries.share(shared["id"], shared.get("siteIds", ()))
    for folder in document.get("contentFolders", ()):
        members = {name: value for name, value in folder.items() if name != "libraryId"}
        state.libraries.share(folder["libraryId"]).folders.save({"online": True, "parentFolderId": ROOT, **members})
    for asset in document.get("contentAssets", ()):
        library = state.libraries.share(asset["libraryId"])
        members = {name: value for name, value in asset.items() if name not in ("libraryId", "folderIds")}
        library.assets.save({"online": {"default": True}, "searchable": {"default": True}, **members})
        state.attributes.learn("Content", {name: _plain(value) for name, value in members.items()})
        for position, folder_id in enumerate(asset.get("folderIds", ())):
            library.assign(asset["id"], folder_id, default=position == 0)


def _plain(texts: Any) -> Any:
    """The default of a localized attribute, markup as its text: what its definition is learned from."""
    value = localized(texts, "default")
    return value.get("source") if isinstance(value, Mapping) else value


def _completed_customer(customer: Mapping[str, Any]) -> dict[str, Any]:
    """A hand-written customer may leave out what every instance fills in."""
    customer_no = customer["customerNo"]
    login = {"login": customer.get("email", customer_no), "enabled": True, "locked": False}
    return {
        "customerId": opaque_id("ab", "customer", customer["customerListId"], customer_no),
        **customer,
        "credentials": {**login, **customer.get("credentials", {})},
    }


def _completed_basket(basket: Mapping[str, Any], state: State) -> dict[str, Any]:
    """What every change of a basket relies on: lines with an id, a shipment and a price, and the shipment itself."""
    currency = basket.get("currency", state.sites[basket["siteId"]].currency)
    lines = []
    for number, line in enumerate(basket.get("productItems", ()), start=1):
        price = (state.products.get(line["productId"]) or {}).get("prices", {}).get(currency, 0.0)
        lines.append({"itemId": f"item-{number}", "shipmentId": DEFAULT_SHIPMENT, "basePrice": price, **line})
    shipments = basket.get("shipments") or [{"shipmentId": DEFAULT_SHIPMENT, "gift": False}]
    return {"currency": currency, **basket, "productItems": lines, "shipments": shipments}


def _completed_order(order: Mapping[str, Any], site: SiteRecord) -> dict[str, Any]:
    return {
        "currency": site.currency,
        "status": "new",
        "confirmationStatus": "confirmed",
        "exportStatus": "not_exported",
        "paymentStatus": "not_paid",
        "shippingStatus": "not_shipped",
        "lastModified": order["creationDate"],
        **order,
    }
