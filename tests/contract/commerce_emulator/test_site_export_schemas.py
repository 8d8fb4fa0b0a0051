"""Exports and the official import schemas: ours fit them, and what does not fit is refused with its line."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from sfcc_client.emulator.archive import BadArchive, addresses, customer, imported, items, order, payments, shipments
from sfcc_client.emulator.archive.kinds import KINDS
from sfcc_client.emulator.seed.generation import generated
from tests.site_export.small import CUSTOMERS, FILES, LIBRARY, OBJECTS, ORDERS, PREFERENCES, encoded
from tests.site_export.writer import documents_of, zipped

pytestmark = pytest.mark.shared

SHARED = Path(os.environ.get("SFCC_SNOW_SHARED", Path(__file__).parents[4] / "shared"))
SCHEMAS = SHARED / "specs" / "sfcc" / "xsd"
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _schemas():
    if not SCHEMAS.is_dir():
        pytest.skip("the official import schemas are not beside this checkout (specs/sfcc/xsd of the shared folder)")


def official(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.schema], ids=lambda kind: kind.root)
def test_kinds_are_those_of_the_schemas(kind):
    """Root and namespace are the schema's, and every record can be checked on its own, or the document as a whole."""
    schema = etree.parse(SCHEMAS / kind.schema).getroot()
    assert schema.get("targetNamespace") == kind.namespace
    elements = {element.get("name") for element in schema.findall("{*}element")}
    assert {kind.root} <= elements
    assert kind.whole or set(kind.records) - elements <= {"customer", "group-assignment"} - elements


# Table of ours, schema, and its type.
TABLES = (
    (order._ORDER, "order.xsd", "complexType.Order"),
    (order._CUSTOMER, "order.xsd", "complexType.Customer"),
    (order._STATUS, "order.xsd", "complexType.OrderStatusSet"),
    (order._NOTE, "order.xsd", "complexType.Note"),
    (addresses._OF_ORDER, "order.xsd", "complexType.Address"),
    (items._PRODUCT, "order.xsd", "complexType.ProductLineItem"),
    (items._OPTION, "order.xsd", "complexType.OptionLineItem"),
    (items._SHIPPING, "order.xsd", "complexType.ShippingLineItem"),
    (items._GIFT_CERTIFICATE, "order.xsd", "complexType.GiftCertificateLineItem"),
    (items._ADJUSTMENT, "order.xsd", "complexType.PriceAdjustment"),
    (dict.fromkeys(items._DISCOUNTS), "order.xsd", "complexType.AppliedDiscount"),
    (shipments._TABLE, "order.xsd", "complexType.Shipment"),
    (payments._TRANSACTION, "order.xsd", "complexType.Payment"),
    (payments._CARD, "order.xsd", "complexType.CreditCard"),
    (customer._CUSTOMER, "customer.xsd", "complexType.Customer"),
    (customer._PROFILE, "customer.xsd", "complexType.Profile"),
    (customer._CREDENTIALS, "customer.xsd", "complexType.Credentials"),
    (addresses._OF_CUSTOMER, "customer.xsd", "complexType.Address"),
)


@pytest.mark.parametrize(("table", "schema", "kind"), TABLES, ids=[f"{row[1]} {row[2]}" for row in TABLES])
def test_every_element_of_the_schema_is_known_and_no_other(table, schema, kind):
    """What the tables do not know is refused, so they must know all that is official."""
    tree = etree.parse(SCHEMAS / schema)
    assert set(table) == set(_elements(tree, kind))


def _elements(tree, kind):
    (found,) = tree.getroot().findall(f"{{*}}complexType[@name='{kind}']")
    base = found.find("{*}complexContent/{*}extension")
    if base is not None and base.get("base") != kind:
        yield from _elements(tree, base.get("base"))
    yield from (element.get("name") for element in found.iter("{http://www.w3.org/2001/XMLSchema}element"))


def test_what_the_tests_export_is_official():
    """Else the round trip would prove that two mistakes fit each other."""
    checked = set()
    for name, content in {**documents_of(generated(7, NOW)), **encoded(FILES)}.items():
        document = etree.fromstring(content)
        kind = KINDS[etree.QName(document).localname]
        if kind.schema is not None and name != "sites/North/orders.xml":
            official(kind.schema).assertValid(document)
            checked.add(kind.root)
    assert checked == {kind.root for kind in KINDS.values() if kind.schema}


def test_a_generated_shop_passes_the_schemas(tmp_path):
    dataset = generated(7, NOW)
    back = imported(zipped(tmp_path / "a.zip", documents_of(dataset)), schemas=SCHEMAS).dataset
    assert len(back["orders"]) == len(dataset["orders"])


def changed(name: str, text: str, old: str, new: str) -> dict[str, bytes]:
    assert old in text
    return encoded({**FILES, name: text.replace(old, new, 1)})


BAD = (
    (
        "sites/North/orders.xml",
        ORDERS,
        "<currency>GBP<",
        "<currency>Pound<",
        "line 5: Element 'currency': [facet 'pattern']",
    ),
    ("sites/North/orders.xml", ORDERS, 'unit=""', "", "line 19: Element 'quantity': The attribute 'unit' is required"),
    (
        "sites/North/orders.xml",
        ORDERS,
        "<taxation>gross",
        "<taxation>maybe",
        "line 6: Element 'taxation': [facet 'enumeration']: the value is not an element of the set",
    ),
    (
        "customer-lists/People/customers.xml",
        CUSTOMERS,
        "<email>ada@example.com</email>",
        f"<email>{'ada' * 100}</email>",
        "line 11: Element 'email': [facet 'maxLength']",
    ),
    (
        "customer-lists/People/customers.xml",
        CUSTOMERS,
        ' address-id="work"',
        "",
        "line 20: Element 'address': The attribute 'address-id' is required but missing.",
    ),
    (
        "sites/North/preferences.xml",
        PREFERENCES,
        "<all-instances>",
        "<all-instances><setting/>",
        "line 4: Element 'setting': This element is not expected.",
    ),
    (
        "libraries/Shared/library.xml",
        LIBRARY,
        "flag>true",
        "flag>yes",
        "line 3: Element 'online-flag': the value is not a valid value",
    ),
    (
        "sites/North/custom-objects/Warranty.xml",
        OBJECTS,
        ' object-id="W-1"',
        "",
        "line 3: Element 'custom-object': The attribute 'object-id' is required but missing.",
    ),
)


@pytest.mark.parametrize(("name", "text", "old", "new", "line"), BAD)
def test_what_does_not_fit_is_named_with_its_line(tmp_path, name, text, old, new, line):
    path = zipped(tmp_path / "a.zip", changed(name, text, old, new))
    with pytest.raises(BadArchive) as found:
        imported(path, schemas=SCHEMAS)
    said = str(found.value)
    assert said.startswith(f"{name} {line}")
    assert "\n" not in said
    for value in ("adaada", "Pound", "maybe", "yes"):
        assert value not in said


def test_schemas_beside_the_checkout_are_found_by_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr("sfcc_client.emulator.archive.schemas._BESIDE_THE_CHECKOUT", SCHEMAS)
    name, text, old, new, line = BAD[0]
    with pytest.raises(BadArchive, match=line.split(":", maxsplit=1)[0]):
        imported(zipped(tmp_path / "a.zip", changed(name, text, old, new)))


def test_a_line_far_down_is_the_true_one(tmp_path):
    """The parser's own counter ends at 65,535."""
    text = ORDERS.replace("<orders", "\n" * 70_000 + "<orders")
    path = zipped(tmp_path / "a.zip", changed("sites/North/orders.xml", text, "<currency>GBP<", "<currency>Pound<"))
    with pytest.raises(BadArchive, match="line 70005: "):
        imported(path, schemas=SCHEMAS)
