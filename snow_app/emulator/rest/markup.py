"""The Table API in XML (product documentation c_TableAPI): bodies ``<request><entry>…``, answers ``<response>…``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from lxml import etree

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.rest.request import Reply

XML = "application/xml;charset=UTF-8"


def wanted(accepted: str) -> bool:
    """True when an Accept header takes XML and neither JSON nor just anything."""
    kinds = [kind.partition(";")[0].strip() for kind in accepted.lower().split(",")]
    plain = any(kind.endswith("json") or kind in ("*/*", "application/*") for kind in kinds)
    return not plain and any(kind in ("application/xml", "text/xml") for kind in kinds)


def document(body: bytes) -> dict[str, Any]:
    """The fields of the first entry of a body; one written like an answer's reference counts as its parts.

    Raises BadRequest for anything else.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    entry = root.find("entry") if root is not None and root.tag == "request" else None
    if entry is None:
        raise BadRequest("Exception while reading request", "The payload is not valid XML.")
    return {str(field.tag): _value(field) for field in entry.iterchildren(tag=etree.Element)}


def _value(field: etree._Element) -> str | dict[str, str]:
    parts = list(field.iterchildren(tag=etree.Element))
    return {str(part.tag): part.text or "" for part in parts} if parts else field.text or ""


def marked_up(reply: Reply) -> Reply:
    """A JSON answer as XML; one without a body stays as it is."""
    if not reply.body or "json" not in reply.content_type:
        return reply
    root = etree.Element("response")
    for name, value in json.loads(reply.body).items():
        _append(root, name, value)
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return replace(reply, body=body, content_type=XML)


def _append(parent: etree._Element, name: str, value: Any) -> None:
    """A value as a child: lists repeat it, objects nest, nothing is an empty element."""
    if isinstance(value, list):
        for part in value:
            _append(parent, name, part)
        return
    child = etree.SubElement(parent, name)
    if isinstance(value, dict):
        for key, part in value.items():
            _append(child, key, part)
    elif value is not None:
        child.text = _printable(str(value))


def _printable(text: str) -> str:
    """Text without the control characters that XML 1.0 has no way to write."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))
