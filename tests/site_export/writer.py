"""A site export made of a dataset: what an instance would have written, as far as the dataset tells."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from tests.site_export.markup import PERSON, address, child, custom, dashed, root
from tests.site_export.orders import order_element

_PHONES = ("phoneHome", "phoneBusiness", "phoneMobile", "fax")


def documents_of(dataset: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file of the export by its path."""
    files = {"meta/system-objecttype-extensions.xml": _metadata(dataset)}
    for site in dataset["sites"]:
        folder = f"sites/{site['id']}"
        files[f"{folder}/site.xml"] = _site(site)
        files[f"{folder}/preferences.xml"] = _preferences(site)
        orders = [order for order in dataset.get("orders", ()) if order["siteId"] == site["id"]]
        files[f"{folder}/orders.xml"] = root("order", "orders", map(order_element, orders))
    for list_id in {site["customerListId"] for site in dataset["sites"]}:
        rows = [row for row in dataset.get("customers", ()) if row["customerListId"] == list_id]
        files[f"customer-lists/{list_id}/customers.xml"] = root("customer", "customers", map(_customer, rows))
    products = dataset.get("products", ())
    files["catalogs/all/catalog.xml"] = root("catalog", "catalog", map(_product, products), **{"catalog-id": "all"})
    files["inventory-lists/all.xml"] = _inventory(products)
    for currency in sorted({code for product in products for code in product["prices"]}):
        files[f"pricebooks/{currency}.xml"] = _prices(currency, products)
    return files


def zipped(path: Path, files: Mapping[str, bytes], folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}{name}", content)
    return path


def _customer(row: Mapping[str, Any]) -> etree._Element:
    element = etree.Element("customer", {"customer-no": row["customerNo"]})
    credentials = etree.SubElement(element, "credentials")
    child(credentials, "login", row["credentials"]["login"])
    child(credentials, "password", "s0001-secret", encrypted="true", encryptionScheme="scrypt")
    child(credentials, "enabled-flag", row["credentials"]["enabled"])
    profile = etree.SubElement(element, "profile")
    for name in (*PERSON, "email", *_PHONES, "birthday", "gender", "creationDate", "lastLoginTime", "lastVisitTime"):
        child(profile, dashed(name), row.get(name))
    child(profile, "preferred-locale", row["preferredLocale"].replace("-", "_") if "preferredLocale" in row else None)
    custom(profile, row)
    if row.get("addresses"):
        addresses = etree.SubElement(element, "addresses")
        for one in row["addresses"]:
            preferred = {"preferred": str(one["preferred"]).lower()} if "preferred" in one else {}
            address(child(addresses, "address", address_id=one["addressId"], **preferred), one)
    return element


def _product(product: Mapping[str, Any]) -> etree._Element:
    element = etree.Element("product", {"product-id": product["id"]})
    child(element, "ean", "4006381333931")
    for name, member in (("display-name", "name"), ("short-description", "shortDescription")):
        for locale, text in product.get(member, {}).items():
            child(element, name, text, lang="x-default" if locale == "default" else locale)
    child(element, "online-flag", product.get("online", True))
    child(element, "brand", product.get("brand"))
    return element


def _inventory(products: Iterable[Mapping[str, Any]]) -> bytes:
    listed = etree.Element("inventory-list")
    child(listed, "header", list_id="all")
    rows = etree.SubElement(listed, "records")
    for product in products:
        if "stock" in product:
            child(child(rows, "record", product_id=product["id"]), "allocation", product["stock"])
    return root("inventory", "inventory", [listed])


def _prices(currency: str, products: Iterable[Mapping[str, Any]]) -> bytes:
    book = etree.Element("pricebook")
    child(child(book, "header", pricebook_id=f"list-{currency}"), "currency", currency)
    tables = etree.SubElement(book, "price-tables")
    for product in products:
        if currency in product["prices"]:
            table = child(tables, "price-table", product_id=product["id"])
            child(table, "amount", product["prices"][currency], quantity="1")
    return root("pricebook", "pricebooks", [book])


def _site(site: Mapping[str, Any]) -> bytes:
    parts = [etree.Element("name"), etree.Element("currency"), etree.Element("taxation")]
    parts[0].text, parts[1].text, parts[2].text = site.get("label", site["id"]), site["currency"], "gross"
    return root("site", "site", parts, **{"site-id": site["id"]})


def _preferences(site: Mapping[str, Any]) -> bytes:
    standard = etree.Element("standard-preferences")
    everywhere = etree.SubElement(standard, "all-instances")
    child(everywhere, "preference", site["customerListId"], preference_id="SiteCustomerList")
    child(everywhere, "preference", site["locale"].replace("-", "_"), preference_id="SiteDefaultLocale")
    return root("preferences", "preferences", [standard])


_TYPES = {bool: "boolean", int: "int", float: "double", str: "string"}


def _metadata(dataset: Mapping[str, Any]) -> bytes:
    """A declaration of every custom attribute the dataset uses."""
    orders = dataset.get("orders", ())
    owners = {
        "Profile": dataset.get("customers", ()),
        "Order": orders,
        "ProductLineItem": [item for order in orders for item in order.get("productItems", ())],
        "Shipment": [one for order in orders for one in order.get("shipments", ())],
    }
    return root("metadata", "metadata", [_extension(name, rows) for name, rows in owners.items() if _kinds(rows)])


def _kinds(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if name.startswith("c_"):
                several = isinstance(value, list)
                kind = _TYPES[type(value[0] if several else value)]
                whole = found.get(name) == "double" and kind == "int"
                found[name] = "double" if whole else f"set-of-{kind}" if several else kind
    return found


def _extension(type_id: str, rows: Iterable[Mapping[str, Any]]) -> etree._Element:
    extension = etree.Element("type-extension", {"type-id": type_id})
    definitions = etree.SubElement(extension, "custom-attribute-definitions")
    for name, kind in _kinds(rows).items():
        child(child(definitions, "attribute-definition", attribute_id=name[2:]), "type", kind)
    return extension
