"""Products from catalogs, price books and inventory lists.

Their schemas are not public with the others, so only what their documentation shows is read, and what is unknown is
passed over: names, brand, online flag, images, variations, the price of one piece, and the stock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sfcc_client.emulator.archive.custom import custom
from sfcc_client.emulator.archive.fields import Place, flag, localized, number, number_in
from sfcc_client.emulator.archive.markup import Element

_custom = custom("Product")


@dataclass(slots=True, kw_only=True)
class Assortment:
    """Everything about products, from whichever document; `products` joins it."""

    read: dict[str, dict[str, Any]] = field(default_factory=dict)
    prices: dict[str, dict[str, float]] = field(default_factory=dict)
    stock: dict[str, int] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    masters: dict[str, str] = field(default_factory=dict)
    currency: str = ""

    def take(self, element: Element, place: Place) -> None:
        """One record of a catalog, a price book or an inventory list."""
        reader = _RECORDS.get(place.name(element))
        if reader is not None:
            reader(self, element, place)

    def products(self) -> list[dict[str, Any]]:
        """As a dataset has them; a master's variants name it."""
        found = []
        for product_id, read in self.read.items():
            product = {**read, "prices": self.prices.get(product_id, {})}
            if product_id in self.stock:
                product["stock"] = self.stock[product_id]
            if product_id in self.categories:
                product["categoryId"] = self.categories[product_id]
            attributes = product.pop("attributes", {})
            master = self.masters.get(product_id)
            if master is not None:
                product["masterId"] = master
                known = self.read.get(master, {}).get("attributes", {})
                product["variation"] = _variation(product, known)
            elif attributes or product_id in self.masters.values():
                product["master"] = True
            found.append(product)
        return found

    def add_product(self, element: Element, place: Place) -> None:
        product_id = place.attribute(element, "product-id")
        if product_id in self.read:
            place.bad(element, f"{product_id} is in the archive twice")
        names = _children(element, place, "display-name")
        product: dict[str, Any] = {"id": product_id, "name": localized(names) if names else {"default": product_id}}
        short = _children(element, place, "short-description")
        if short:
            product["shortDescription"] = localized(short)
        brand = place.child(element, "brand")
        if brand is not None and brand.text:
            product["brand"] = brand.text
        online = [child for child in _children(element, place, "online-flag") if child.get("site-id") is None]
        if online:
            product["online"] = bool(flag(online[0], place))
        image = next(element.iter(f"{{{place.namespace}}}image"), None)
        if image is not None and image.get("path"):
            product["image"] = image.get("path", "").lstrip("/")
        attributes = place.child(element, "custom-attributes")
        if attributes is not None:
            product |= _custom(attributes, place)
        self._add_variations(element, place, product)
        self.read[product_id] = product

    def _add_variations(self, element: Element, place: Place, product: dict[str, Any]) -> None:
        variations = place.child(element, "variations")
        if variations is None:
            return
        for variant in variations.iter(f"{{{place.namespace}}}variant"):
            self.masters[place.attribute(variant, "product-id")] = product["id"]
        product["attributes"] = {
            place.attribute(one, "attribute-id"): {
                place.attribute(value, "value"): localized(_children(value, place, "display-value"))
                for value in one.iter(f"{{{place.namespace}}}variation-attribute-value")
            }
            for one in variations.iter(f"{{{place.namespace}}}variation-attribute")
        }

    def add_assignment(self, element: Element, place: Place) -> None:
        self.categories.setdefault(place.attribute(element, "product-id"), place.attribute(element, "category-id"))

    def add_header(self, element: Element, place: Place) -> None:
        currency = place.child(element, "currency")
        self.currency = (currency.text or "").strip() if currency is not None else ""

    def add_prices(self, element: Element, place: Place) -> None:
        """The amount for one piece. Of several books in one currency the lowest price is the one shoppers see."""
        amounts = [one for one in _children(element, place, "amount") if number_in(one.get("quantity", "1")) in (0, 1)]
        values = [value for one in amounts if (value := number(one, place)) is not None]
        if values and self.currency:
            known = self.prices.setdefault(place.attribute(element, "product-id"), {})
            known[self.currency] = min(values[0], known.get(self.currency, values[0]))

    def add_stock(self, element: Element, place: Place) -> None:
        """What may be sold; an allocation is what there was when it was set."""
        told = [child for name in ("ats", "allocation") if (child := place.child(element, name)) is not None]
        value = number(told[0], place) if told else None
        if value is not None:
            product_id = place.attribute(element, "product-id")
            self.stock[product_id] = self.stock.get(product_id, 0) + max(int(value), 0)


def _children(element: Element, place: Place, name: str) -> list[Element]:
    return element.findall(f"{{{place.namespace}}}{name}")


def _variation(product: dict[str, Any], attributes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What makes the variant one: the master's attributes, with the variant's own values."""
    values = {name: str(product[f"c_{name}"]) for name in attributes if f"c_{name}" in product}
    return {
        name: {"value": value, "name": attributes[name].get(value) or {"default": value}}
        for name, value in values.items()
    }


_RECORDS: dict[str, Any] = {
    "product": Assortment.add_product,
    "category-assignment": Assortment.add_assignment,
    "header": Assortment.add_header,
    "price-table": Assortment.add_prices,
    "record": Assortment.add_stock,
}
