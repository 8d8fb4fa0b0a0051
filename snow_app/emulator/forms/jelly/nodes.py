"""Jelly documents as plain nodes: parsed from XML, walked by the two phases, written as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from .errors import JellyError

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_RAW = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element; `prefix` is its namespace prefix as written, empty for HTML."""

    name: str
    prefix: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: tuple[Node | str, ...] = ()
    line: int = 0

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def tags(self, *names: str) -> list[Node]:
        return [child for child in self.children if isinstance(child, Node) and child.name in names]


Child = Node | str


def parsed(xml: str) -> Node:
    """The root of a document. Raises JellyError when it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(xml.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise JellyError(f"not well-formed XML: {error.msg}", line=error.lineno or 0) from None
    return _node(root)


def _node(element: etree._Element) -> Node:
    children: list[Child] = [element.text] if element.text else []
    for child in element:
        if isinstance(child.tag, str):
            children.append(_node(child))
        if child.tail:
            children.append(child.tail)
    return Node(
        name=etree.QName(element).localname,
        prefix=element.prefix or "",
        attributes={etree.QName(name).localname: str(value) for name, value in element.attrib.items()},
        children=tuple(children),
        line=getattr(element, "sourceline", 0) or 0,
    )


def written(children: Iterable[Child]) -> str:
    """HTML text; text and attributes are escaped, the content of script and style stays as it is."""
    return "".join(_written(child, raw=False) for child in children)


def _written(child: Child, *, raw: bool) -> str:
    if isinstance(child, str):
        return child.replace("</", "<\\/") if raw else html.escape(child, quote=False)
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in child.attributes.items())
    if child.name in _VOID:
        return f"<{child.name}{attributes}>"
    inner = "".join(_written(part, raw=child.name in _RAW) for part in child.children)
    return f"<{child.name}{attributes}>{inner}</{child.name}>"
