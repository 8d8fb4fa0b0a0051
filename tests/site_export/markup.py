"""What the documents of an export are written with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

IMPEX = "http://www.demandware.com/xml/impex/"
NAMESPACES = {
    name: f"{IMPEX}{name}/{version}"
    for name, version in (
        ("order", "2006-10-31"),
        ("customer", "2006-10-31"),
        ("customobject", "2006-10-31"),
        ("library", "2006-10-31"),
        ("metadata", "2006-10-31"),
        ("preferences", "2007-03-31"),
        ("site", "2007-04-30"),
        ("catalog", "2006-10-31"),
        ("pricebook", "2006-10-31"),
        ("inventory", "2007-05-31"),
        ("customerlist", "2010-06-30"),
    )
}
PERSON = ("salutation", "title", "firstName", "secondName", "lastName", "suffix", "companyName", "jobTitle")


def root(family: str, name: str, children: Iterable[etree._Element], **attributes: str) -> bytes:
    """A whole document; its elements are written without a namespace and get the family's here."""
    whole = etree.Element(name, attributes)
    whole.extend(children)
    for element in whole.iter():
        element.tag = f"{{{NAMESPACES[family]}}}{element.tag}"
    top = etree.Element(whole.tag, whole.attrib, nsmap={None: NAMESPACES[family]})
    top.extend(list(whole))
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8")


def child(parent: etree._Element, name: str, value: Any = None, **attributes: str) -> etree._Element | None:
    """An element below the parent; none for a value that is not there. ``lang`` is the locale."""
    if value is None and not attributes:
        return None
    lang = attributes.pop("lang", None)
    element = etree.SubElement(parent, name, {key.replace("_", "-"): text for key, text in attributes.items()})
    if lang is not None:
        element.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    if value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)
    return element


def dashed(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def custom(parent: etree._Element, document: Mapping[str, Any]) -> None:
    """The ``c_`` members of a document."""
    own = {name[2:]: value for name, value in document.items() if name.startswith("c_")}
    if not own:
        return
    attributes = etree.SubElement(parent, "custom-attributes")
    for name, value in own.items():
        if isinstance(value, list):
            several = child(attributes, "custom-attribute", attribute_id=name)
            for part in value:
                child(several, "value", part)
        else:
            child(attributes, "custom-attribute", value, attribute_id=name)


def address(parent: etree._Element, document: Mapping[str, Any]) -> etree._Element:
    for name in (*PERSON, "address1", "address2", "suite"):
        child(parent, dashed(name), document.get(name))
    child(parent, "postbox", document.get("postBox"))
    for name in ("city", "postalCode", "stateCode", "countryCode", "phone"):
        child(parent, dashed(name), document.get(name))
    custom(parent, document)
    return parent
