"""What categories by rule can be made of (Products 1.2, schema CategorizationAttributeDefinition)."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.library import localized
from sfcc_client.emulator.state import State

_SAME = ("equals", "not_equals")
_SET = ("is_defined", "is_not_defined", "is_one_of", "not_one_of")
_TEXT = (*_SAME, "contains", "starts_with", *_SET)
_NUMBER = (*_SAME, "greater_than", "less_than", *_SET)
# By type of value; one without a row is compared as a whole.
_OPERATORS = {
    **dict.fromkeys(("string", "text", "html", "email"), _TEXT),
    **dict.fromkeys(("int", "double", "money", "quantity", "date", "datetime"), _NUMBER),
    "boolean": _SAME,
}
_KINDS = ("Item", "Master", "VariationProduct")
_OF_COMMERCE: tuple[dict[str, Any], ...] = (
    {
        "id": "ProductType",
        "attributeName": "Product Type",
        "attributeType": "categorization",
        "valueType": "enum-of-string",
        "allowedOperators": _SAME,
        "allowedValues": _KINDS,
        "allowedDisplayValues": _KINDS,
    },
    *(
        {
            "id": name,
            "attributeName": label,
            "attributeType": "categorization",
            "valueType": "string",
            "allowedOperators": ("equals",),
        }
        for name, label in (("CategoryId", "Category"), ("OwningCatalogId", "Owning Catalog"))
    ),
    *(
        {
            "id": name,
            "attributeName": label,
            "attributeType": "system",
            "valueType": "string",
            "allowedOperators": _TEXT,
        }
        for name, label in (("brand", "Brand"), ("name", "Name"))
    ),
)


def definitions(state: State, locale: str) -> list[dict[str, Any]]:
    """Commerce's own, and the custom attributes of products by their names in the locale."""
    return [
        *_OF_COMMERCE,
        *(
            {
                "id": row["id"],
                "attributeName": localized(row.get("displayName"), locale) or row["id"],
                "attributeType": "custom",
                "valueType": row["valueType"].replace("_", "-"),
                "allowedOperators": _OPERATORS.get(row["valueType"], (*_SAME, *_SET)),
            }
            for row in state.attributes.definitions.find("type", "Product")
        ),
    ]
