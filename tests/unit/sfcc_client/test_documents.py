"""Any JSON upstream may send becomes a record or a typed error, never another exception."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from sfcc_client.config import AttributeNames
from sfcc_client.documents import values
from sfcc_client.documents.activity import SHOPPER_ACTIVITY, activity_from
from sfcc_client.documents.basket import BASKETS, basket_from
from sfcc_client.documents.catalog_product import (
    CATALOG_PRODUCT,
    SHOWN_PRODUCTS,
    catalog_product_from,
    shown_products_from,
)
from sfcc_client.documents.customer import CUSTOMER, customer_from
from sfcc_client.documents.loyalty import LOYALTY_INFO, loyalty_from, loyalty_in
from sfcc_client.documents.order import ORDER, order_from
from sfcc_client.documents.product import PRODUCTS, product_from
from sfcc_client.documents.reader import reader_of
from sfcc_client.documents.schema import camel_cased, loaded
from sfcc_client.errors import BadAnswer
from sfcc_client.request import Answer, Request

NAMES = AttributeNames()
REQUEST = Request(family="scapi", method="GET", path="/x", operation_id="x", subject="a record")

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(exclude_categories=()), max_size=12)
    | st.sampled_from(
        ["2026-11-18", "2026-11-18T10:00:00Z", "9999-12-31T23:59:59-14:00", "https://x.example", "", "12"]
    )
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def members(schema: Any) -> list[str]:
    """The upstream names a schema reads, its nested schemas included."""
    names: list[str] = []
    for field in schema.fields.values():
        names.append(field.data_key)
        nested = getattr(field, "schema", None) or getattr(getattr(field, "inner", None), "schema", None)
        names += members(nested) if nested else []
    return names


def like(schema: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Documents that have the schema's members at every level, with fitting and unfitting values."""
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in schema.fields.items():
        nested = getattr(field, "schema", None)
        listed = getattr(getattr(field, "inner", None), "schema", None)
        if nested:
            fitting = like(nested)
        elif listed:
            fitting = st.lists(like(listed), max_size=2)
        elif field.required:
            fitting = st.text(max_size=8)
        else:
            fitting = SCALARS
        parts[field.data_key or name] = fitting
    custom = st.dictionaries(st.sampled_from([getattr(NAMES, name) for name in NAMES.__slots__]), ANYTHING, max_size=4)
    return st.builds(
        lambda document, extra: {**{k: v for k, v in document.items() if v is not None}, **extra},
        st.fixed_dictionaries(parts),
        custom,
    )


def attempt(schema: Any, document: Any, build: Any) -> None:
    try:
        record = build(loaded(schema, document, Answer(status=200, document=document, request_id="r"), REQUEST))
    except BadAnswer:
        return
    json.dumps(repr(record)).encode()


CASES = [
    (CUSTOMER, lambda document: customer_from(document, "RefArch")),
    (ORDER, lambda document: order_from(document, "RefArch", NAMES)),
    (BASKETS, lambda document: [basket_from(one, NAMES) for one in document["baskets"] or []]),
    (PRODUCTS, lambda document: [product_from(one) for one in document["data"] or []]),
    (CATALOG_PRODUCT, catalog_product_from),
    (SHOWN_PRODUCTS, shown_products_from),
    (LOYALTY_INFO, lambda document: loyalty_from(document, "EUR")),
    (SHOPPER_ACTIVITY, lambda document: activity_from(document, 50)),
]


@pytest.mark.parametrize(("schema", "build"), CASES, ids=lambda case: type(case).__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_document(schema: Any, build: Any, data: st.DataObject) -> None:
    attempt(schema, data.draw(like(schema) | ANYTHING), build)


@pytest.mark.parametrize(("schema", "build"), CASES, ids=lambda case: type(case).__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_reader_reads_what_the_schema_loads(schema: Any, build: Any, data: st.DataObject) -> None:
    document = data.draw(like(schema) | ANYTHING)
    try:
        expected = schema.load(document)
    except ValidationError:
        with pytest.raises(ValueError):
            reader_of(type(schema))(document)
    else:
        assert reader_of(type(schema))(document) == expected


@settings(max_examples=60, deadline=None)
@given(custom=st.dictionaries(st.sampled_from([getattr(NAMES, name) for name in NAMES.__slots__]), ANYTHING))
def test_any_loyalty_attribute(custom: dict[str, Any]) -> None:
    loyalty_in(custom, NAMES, "EUR")


@pytest.mark.parametrize(("schema", "build"), CASES, ids=lambda case: type(case).__name__)
def test_schemas_read_nothing_that_must_not_leave(schema: Any, build: Any) -> None:
    forbidden = {
        "remoteHost", "maskedNumber", "holder", "expirationMonth", "expirationYear", "creditCardToken", "issueNumber",
        "bankRoutingNumber", "maskedGiftCertificateCode", "orderToken", "orderViewCode", "billingAddress",
        "shippingAddress", "primaryAddress", "passwordQuestion", "birthday", "gender", "transactionId",
    }  # fmt: skip
    assert not forbidden & set(members(schema))


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
def test_text_can_always_be_encoded(written: str) -> None:
    assert values.text(written).encode().decode() == values.text(written)


def test_text_keeps_what_people_write() -> None:
    kept = "Łódź \u202eRTL <b>&amp; 日本 👩‍👧 \n\t"
    assert values.text(kept) == kept
    assert values.text("a\x00\x1b[31m\x7f\ud800b") == "a[31mb"


@pytest.mark.parametrize("value", [True, "1", 1.5, None, Decimal("NaN"), Decimal("Infinity"), 10**16, Decimal("1e-17")])
def test_numbers_that_are_none(value: object) -> None:
    with pytest.raises(ValueError):
        values.number(value)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-23T09:00:00.000Z", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T09:00:00.000+0000", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T10:00:00+01:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T09:00:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_moments(written: str, moment: datetime) -> None:
    assert values.moment(written) == moment
    assert values.moment(written).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize("written", ["", "x", "2026-13-01", "9999-12-31T23:59:59-14:00", 5, None, "2" * 50])
def test_moments_that_are_none(written: object) -> None:
    with pytest.raises(ValueError):
        values.moment(written)


def test_ocapi_names() -> None:
    document = {"order_no": "1", "c_my_attr": {"in_here": 1}, "product_items": [{"item_id": "2"}], "plain": None}
    assert camel_cased(document) == {
        "orderNo": "1", "c_my_attr": {"inHere": 1}, "productItems": [{"itemId": "2"}], "plain": None,
    }  # fmt: skip


def test_ocapi_names_of_a_bottomless_document() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"a_b": deep}
    assert camel_cased(deep)["aB"]["aB"]
