"""Product documents of the Products API (schema Product), and what shoppers see of their attributes."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from sfcc_client.documents import values
from sfcc_client.documents.reader import WHOLE
from sfcc_client.documents.schema import (
    Custom,
    CustomDocument,
    Document,
    Moment,
    Text,
    Texts,
    custom_attributes,
)
from sfcc_client.documents.values import tolerant
from sfcc_client.models_operations import CatalogProduct, ShownProduct


def _attributes(document: dict[str, Any]) -> dict[str, Any]:
    """With those that are texts by locale."""
    localized = {
        name: texts
        for name, value in document.items()
        if name[:2] == "c_" and isinstance(value, dict) and (texts := tolerant(values.texts, value)) is not None
    }
    return {**custom_attributes(document), **localized}


def _flags(value: Any) -> dict[str, bool]:
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error type for every misreading
    return {values.text(site): values.flag(one) for site, one in value.items() if one is not None}


class _Attributes(Custom):
    read = staticmethod(_attributes)


class _Flags(Texts):
    read = staticmethod(_flags)  # type: ignore[assignment]


class _Master(Document):
    master_id = Text()


class _CatalogProduct(CustomDocument):
    id = Text(required=True)
    name = Texts()
    brand = Text()
    online_flag = _Flags()
    master = fields.Nested(_Master)
    last_modified = Moment()
    custom = _Attributes(data_key=WHOLE)


class _ShownProduct(CustomDocument):
    id = Text(required=True)
    name = Text()


class ShownProducts(Document):
    """Answer of getProducts."""

    data = fields.List(fields.Nested(_ShownProduct))


CATALOG_PRODUCT: Final = _CatalogProduct()
SHOWN_PRODUCTS: Final = ShownProducts()


def catalog_product_from(loaded: dict[str, Any]) -> CatalogProduct:
    return CatalogProduct(
        product_id=loaded["id"],
        name=loaded["name"] or {},
        brand=loaded["brand"] or None,
        online=loaded["online_flag"] or {},
        master_id=(loaded["master"] or {}).get("master_id"),
        modified_at=loaded["last_modified"],
        custom=loaded["custom"] or {},
    )


def shown_products_from(loaded: dict[str, Any]) -> dict[str, ShownProduct]:
    """By id."""
    return {
        one["id"]: ShownProduct(product_id=one["id"], name=one["name"] or None, custom=one["custom"] or {})
        for one in loaded["data"] or []
    }
