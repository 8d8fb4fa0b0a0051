"""What is exported comes back: any dataset, written as an export and imported, holds the same documents."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sfcc_client.emulator.archive import imported
from sfcc_client.emulator.archive.customer import customer_id
from sfcc_client.emulator.seed.generation import generated
from tests.site_export.writer import documents_of, zipped

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
# What the files have no place for; the import says what stands in for it.
NOT_IN_ORDERS = ("lastModified", "omsData", "couponItems")
NOT_IN_ITEMS = ("omsData", "bonusProductLineItem", "priceAfterOrderDiscount")
NOT_IN_CUSTOMERS = ("customerId", "lastModified", "previousLoginTime", "previousVisitTime", "password")
IN_PRODUCTS = ("id", "name", "shortDescription", "brand", "prices", "stock")


def round_trip(dataset: Mapping[str, Any]) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return imported(zipped(Path(folder) / "export.zip", documents_of(dataset))).dataset


def without(document: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def exported_order(order: Mapping[str, Any], lists: Mapping[str, str]) -> dict[str, Any]:
    """The order as it comes back, whoever's id the dataset had invented."""
    document = without(order, NOT_IN_ORDERS)
    info = document["customerInfo"] = without(order["customerInfo"], ("customerId",))
    if not info["guest"]:
        info["customerId"] = customer_id(lists[order["siteId"]], info["customerNo"])
    document["billingAddress"] = named(order["billingAddress"])
    document["shipments"] = [
        {**shipment, "shippingAddress": named(shipment["shippingAddress"])} for shipment in order["shipments"]
    ]
    document["productItems"] = [without(item, NOT_IN_ITEMS) for item in order["productItems"]]
    document["notes"] = [without(note, ("id",)) for note in order.get("notes", ())]
    document["paymentInstruments"] = [
        {
            **payment,
            **(
                {"paymentCard": without(payment["paymentCard"], ("creditCardExpired",))}
                if "paymentCard" in payment
                else {}
            ),
            "paymentTransaction": without(payment["paymentTransaction"], ("authorizationStatus",)),
        }
        for payment in order["paymentInstruments"]
    ]
    return document


def imported_order(order: Mapping[str, Any]) -> dict[str, Any]:
    document = without(order, NOT_IN_ORDERS)
    if order["customerInfo"]["guest"]:
        document["customerInfo"] = without(order["customerInfo"], ("customerId",))
    document["notes"] = [without(note, ("id",)) for note in order.get("notes", ())]
    return document


def named(address: Mapping[str, Any]) -> dict[str, Any]:
    """The files hold no full name, so the family name cannot come first as the generated shop writes it in Japan."""
    return {**address, "fullName": f"{address['firstName']} {address['lastName']}"}


def customer(document: Mapping[str, Any]) -> dict[str, Any]:
    shown = without(document, NOT_IN_CUSTOMERS)
    if "addresses" in shown:
        shown["addresses"] = [named(address) for address in shown["addresses"]]
    return {**shown, "credentials": without(shown["credentials"], ("locked",))}


def same(dataset: Mapping[str, Any]) -> None:
    back = round_trip(dataset)
    lists = {site["id"]: site["customerListId"] for site in dataset["sites"]}
    assert sorted(back["sites"], key=_id) == sorted(dataset["sites"], key=_id)
    assert _by("orderNo", map(imported_order, back["orders"])) == _by(
        "orderNo", (exported_order(order, lists) for order in dataset["orders"])
    )
    assert _by("customerNo", map(customer, back["customers"])) == _by("customerNo", map(customer, dataset["customers"]))
    assert [_product(one) for one in back["products"]] == [_product(one) for one in dataset["products"]]


def _id(site: Mapping[str, Any]) -> str:
    return str(site["id"])


def _by(name: str, documents: Any) -> dict[str, Any]:
    return {document[name]: document for document in documents}


def _product(product: Mapping[str, Any]) -> dict[str, Any]:
    return {name: product[name] for name in IN_PRODUCTS if name in product}


def test_the_generated_shop_comes_back() -> None:
    same(generated(11, NOW))


# What XML can hold: no control characters, no halves of surrogate pairs.
_LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n\r")
TEXT = st.text(_LETTERS, min_size=1, max_size=30)
_NAME = st.text(st.characters(categories=("L", "N"), include_characters="-_.<&\"'"), min_size=1, max_size=20)
AMOUNT = st.decimals(min_value=0, max_value=10**7, places=2).map(float)
OFF = st.decimals(min_value=-1000, max_value=0, places=2).map(float)
MOMENT = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.isoformat(timespec="milliseconds") + "Z"
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["c_textual", "c_more"]), TEXT, max_size=2)
TYPED = st.fixed_dictionaries(
    {},
    optional={
        "c_flag": st.booleans(),
        "c_whole": st.integers(-(10**9), 10**9),
        "c_part": st.floats(allow_nan=False, allow_infinity=False, width=32).filter(lambda value: value != int(value)),
        "c_several": st.lists(TEXT, min_size=1, max_size=3),
    },
)
ADDRESS = st.fixed_dictionaries(
    {"firstName": TEXT, "lastName": TEXT}, optional={"address1": TEXT, "city": TEXT, "phone": TEXT, "postBox": TEXT}
).map(lambda address: {**address, "fullName": f"{address['firstName']} {address['lastName']}"})
ADJUSTMENT = st.fixed_dictionaries(
    {"grossPrice": OFF, "promotionId": _NAME},
    optional={
        "itemText": TEXT,
        "reasonCode": _NAME,
        "manual": st.just(True),
        "appliedDiscount": st.one_of(
            st.fixed_dictionaries({"type": st.just("percentage"), "percentage": st.integers(0, 100)}),
            st.fixed_dictionaries({"type": st.sampled_from(["amount", "fixed_price"]), "amount": AMOUNT}),
        ),
    },
)


@st.composite
def items(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        gross, off = draw(AMOUNT), draw(st.lists(ADJUSTMENT, max_size=2))
        item = {
            "itemId": f"item-{number}",
            "productId": draw(_NAME),
            "productName": draw(TEXT),
            "quantity": draw(st.integers(1, 99)),
            "taxRate": 0.19,
            "shipmentId": "me",
            "grossPrice": gross,
            "priceAfterItemDiscount": round(gross + sum(one["grossPrice"] for one in off), 4),
            **draw(ATTRIBUTES),
            **draw(TYPED),
        }
        found.append({**item, "priceAdjustments": off} if off else item)
    return found


@st.composite
def orders(draw: st.DrawFn, order_no: str) -> dict[str, Any]:
    placed, address = draw(MOMENT), draw(ADDRESS)
    guest = draw(st.booleans())
    total = draw(AMOUNT)
    return {
        "orderNo": order_no,
        "siteId": "North",
        "creationDate": placed,
        "currency": "EUR",
        "taxation": "gross",
        "status": draw(st.sampled_from(["created", "new", "completed", "cancelled", "failed"])),
        "shippingStatus": draw(st.sampled_from(["shipped", "part_shipped", "not_shipped"])),
        "confirmationStatus": draw(st.sampled_from(["confirmed", "not_confirmed"])),
        "paymentStatus": draw(st.sampled_from(["paid", "part_paid", "not_paid"])),
        "exportStatus": draw(st.sampled_from(["exported", "not_exported", "ready", "failed"])),
        "customerInfo": {"guest": guest, "email": "a@example.com", **({} if guest else {"customerNo": "C-1"})},
        "billingAddress": address,
        "productItems": draw(items()),
        "shippingItems": [{"itemId": "s", "shipmentId": "me", "taxRate": 0.19}],
        "shipments": [
            {
                "shipmentId": "me",
                "shipmentNo": "00000001",
                "shippingMethod": {"id": draw(_NAME)},
                "shippingStatus": draw(st.sampled_from(["shipped", "not_shipped"])),
                "shippingAddress": draw(st.one_of(st.just(address), ADDRESS)),
                "gift": draw(st.booleans()),
                "productSubTotal": total,
                "productTotal": total,
                "shipmentTotal": total,
            }
        ],
        **dict.fromkeys(("productSubTotal", "productTotal", "shippingTotal", "orderTotal"), total),
        **dict.fromkeys(("merchandizeTotalTax", "adjustedMerchandizeTotalTax", "shippingTotalTax"), 0.0),
        **dict.fromkeys(("adjustedShippingTotalTax", "taxTotal"), 0.0),
        "orderPriceAdjustments": draw(st.lists(ADJUSTMENT, max_size=2)),
        "paymentInstruments": [
            {
                "paymentMethodId": "INVOICE",
                "paymentInstrumentId": f"pi-{order_no}",
                "paymentTransaction": {"amount": total, "transactionId": "T"},
            }
        ],
        "notes": draw(
            st.lists(st.fixed_dictionaries({"createdBy": _NAME, "subject": _NAME, "text": TEXT}), max_size=2)
        ),
        **draw(ATTRIBUTES),
        **draw(TYPED),
    }


@settings(max_examples=60, deadline=None)
@given(first=orders("N-1"), second=orders("N-2"), profile=st.builds(dict, ATTRIBUTES, **{}), last_name=TEXT)
def test_any_order_comes_back(first: Any, second: Any, profile: Any, last_name: str) -> None:
    person = {
        "customerListId": "People",
        "customerNo": "C-1",
        "lastName": last_name,
        "email": "c@example.com",
        "credentials": {"login": "c@example.com", "enabled": True},
        **profile,
    }
    site = {"id": "North", "customerListId": "People", "label": "North", "locale": "de-DE", "currency": "EUR"}
    same({"sites": [site], "products": [], "customers": [person], "orders": [first, second]})
