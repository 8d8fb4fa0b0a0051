"""Jelly in two phases, as Core UI runs it.

Phase 1 executes ``j:`` and ``g:`` tags and ``${…}``; what it leaves is kept per macro and serves every user until the
macro changes. Phase 2 executes ``j2:`` and ``g2:`` tags and ``$[…]`` for each request. Values are escaped where they
are printed: as HTML in text and attributes, as JavaScript inside ``script``. A tag or expression this renderer does not
know is an error, never silence. Source: platform documentation, "Extensions to Jelly syntax" and "Jelly tags".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from .errors import JellyError
from .expressions import Expression, js_escaped, parts
from .nodes import Child, Node

MAX_ROUNDS = 1_000


class Evaluator(Protocol):
    """Runs the JavaScript of a document; variables (jvar_…) live in it. Raises JellyError."""

    def evaluate(self, source: str, *, name: str, as_object: bool, with_jelly: bool) -> str: ...
    def expression(self, source: str) -> tuple[str, bool]:
        """Text and truth of an expression."""

    def assign(self, name: str, source: str) -> None: ...
    def put(self, name: str, text: str) -> None: ...
    def message(self, key: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One pass: the prefixes of its tags and how its expressions open."""

    core: str
    glide: str
    opening: str


FIRST = Phase(core="j", glide="g", opening="${")
SECOND = Phase(core="j2", glide="g2", opening="$[")
_PREFIXES = frozenset({FIRST.core, FIRST.glide, SECOND.core, SECOND.glide})


class Renderer:
    """Runs one phase over a document."""

    def __init__(self, phase: Phase, evaluator: Evaluator) -> None:
        self.phase = phase
        self.evaluator = evaluator
        self._tags: Mapping[tuple[str, str], Tag] = {
            **{(phase.core, name): tag for name, tag in _CORE.items()},
            **{(phase.glide, name): tag for name, tag in _GLIDE.items()},
        }

    def render(self, document: Node) -> tuple[Child, ...]:
        """The document after this phase. Raises JellyError."""
        return self.children(document) if document.name == "jelly" else tuple(self.node(document))

    def children(self, node: Node, *, in_script: bool = False) -> tuple[Child, ...]:
        out: list[Child] = []
        for child in node.children:
            if isinstance(child, str):
                out.append(self.filled(child, node.line, in_script=in_script))
            else:
                out.extend(self.node(child))
        return tuple(out)

    def node(self, node: Node) -> list[Child]:
        if node.prefix in (self.phase.core, self.phase.glide):
            tag = self._tags.get((node.prefix, node.name))
            if tag is None:
                raise JellyError(f"unknown tag <{node.prefix}:{node.name}>", line=node.line)
            return tag(self, node)
        if node.prefix and node.prefix not in _PREFIXES:
            raise JellyError(f"unknown namespace {node.prefix}:", line=node.line)
        in_script = node.name in ("script", "style") or (node.prefix != "" and node.name == "evaluate")
        attributes = {name: self.filled(value, node.line) for name, value in node.attributes.items()}
        return [replace(node, attributes=attributes, children=self.children(node, in_script=in_script))]

    def filled(self, text: str, line: int, *, in_script: bool = False) -> str:
        """`text` with this phase's expressions printed."""
        out = []
        for part in parts(text, self.phase.opening, line):
            if isinstance(part, str):
                out.append(part)
                continue
            value = self.value(part, line)[0]
            out.append(js_escaped(value) if in_script or "JS" in part.escapes else value)
        return "".join(out)

    def value(self, expression: Expression, line: int) -> tuple[str, bool]:
        try:
            return self.evaluator.expression(expression.source)
        except JellyError as error:
            raise JellyError(error.message, line=line) from None

    def true(self, node: Node, attribute: str = "test") -> bool:
        """Whether a test holds: one expression by its truth, anything else when it reads "true"."""
        text = self.required(node, attribute)
        found = list(parts(text.strip(), self.phase.opening, node.line))
        if len(found) == 1 and isinstance(found[0], Expression):
            return self.value(found[0], node.line)[1]
        return self.filled(text, node.line).strip() == "true"

    def required(self, node: Node, attribute: str) -> str:
        found = node.attributes.get(attribute)
        if found is None:
            raise JellyError(f"<{node.prefix}:{node.name}> needs the attribute {attribute}", line=node.line)
        return found

    def assign(self, node: Node, name: str, text: str) -> None:
        """Set a variable: a lone expression keeps its kind, other text is text."""
        found = list(parts(text, self.phase.opening, node.line))
        if len(found) == 1 and isinstance(found[0], Expression):
            self.evaluator.assign(name, found[0].source)
        else:
            self.evaluator.put(name, self.filled(text, node.line))


Tag = Callable[[Renderer, Node], list[Child]]


def _if(renderer: Renderer, node: Node) -> list[Child]:
    return list(renderer.children(node)) if renderer.true(node) else []


def _choose(renderer: Renderer, node: Node) -> list[Child]:
    for branch in node.tags("when", "otherwise"):
        if branch.name == "otherwise" or renderer.true(branch):
            return list(renderer.children(branch))
    return []


def _set(renderer: Renderer, node: Node) -> list[Child]:
    renderer.assign(node, renderer.required(node, "var"), renderer.required(node, "value"))
    return []


def _set_if(renderer: Renderer, node: Node) -> list[Child]:
    chosen = "true" if renderer.true(node) else "false"
    renderer.assign(node, renderer.required(node, "var"), node.attributes.get(chosen, ""))
    return []


def _while(renderer: Renderer, node: Node) -> list[Child]:
    out: list[Child] = []
    for _ in range(MAX_ROUNDS):
        if not renderer.true(node):
            return out
        out.extend(renderer.children(node))
    raise JellyError(f"<{node.prefix}:while> does not end", line=node.line)


def _for_each(renderer: Renderer, node: Node) -> list[Child]:
    name, counter = renderer.required(node, "var"), node.attributes.get("indexVar", "jvar_index")
    items = list(parts(renderer.required(node, "items").strip(), renderer.phase.opening, node.line))
    if len(items) != 1 or not isinstance(items[0], Expression):
        raise JellyError("items must be one expression", line=node.line)
    # Named after the variable, so that a loop within a loop leaves the outer one its items.
    held = f"{name}_items_"
    renderer.evaluator.assign(held, items[0].source)
    length = int(renderer.evaluator.expression(f"size({held})")[0] or 0)
    out: list[Child] = []
    for index in range(min(length, MAX_ROUNDS)):
        renderer.evaluator.assign(name, f"{held}[{index}]")
        renderer.evaluator.put(counter, str(index))
        out.extend(renderer.children(node))
    return out


def _evaluate(renderer: Renderer, node: Node) -> list[Child]:
    source = node.attributes.get("expression") or node.text
    try:
        renderer.evaluator.evaluate(
            source,
            name=node.attributes.get("var", ""),
            as_object=node.attributes.get("object") == "true",
            with_jelly=node.attributes.get("jelly") == "true",
        )
    except JellyError as error:
        raise JellyError(error.message, line=node.line) from None
    return []


def _if_polaris(renderer: Renderer, node: Node) -> list[Child]:
    """This instance has the Polaris tokens, so `then` is always taken."""
    return [child for branch in node.tags("then") for child in renderer.children(branch)]


def _requires(renderer: Renderer, node: Node) -> list[Child]:
    """A script tag for a UI script or style sheet, with its `params` as query."""
    name = renderer.filled(renderer.required(node, "name"), node.line)
    params = renderer.filled(node.attributes.get("params", ""), node.line)
    address = f"/{name.lstrip('/')}" + (f"?{params}" if params else "")
    if name.endswith((".cssdbx", ".css")):
        return [Node(name="link", attributes={"rel": "stylesheet", "href": address}, line=node.line)]
    return [Node(name="script", attributes={"src": address, "data-requires": name}, line=node.line)]


def _include_script(renderer: Renderer, node: Node) -> list[Child]:
    address = renderer.filled(renderer.required(node, "src"), node.line)
    return [Node(name="script", attributes={"src": f"/{address.lstrip('/')}"}, line=node.line)]


def _messages(renderer: Renderer, node: Node) -> list[Child]:
    """The listed keys, one per line, made known to getMessage in the client."""
    keys = [line.strip() for line in renderer.filled(node.text, node.line).splitlines() if line.strip()]
    return [
        Node(name="span", attributes={"hidden": "", "data-message": key}, children=(renderer.evaluator.message(key),))
        for key in keys
    ]


def _no_escape(_: Renderer, node: Node) -> list[Child]:
    raise JellyError(f"<{node.prefix}:no_escape> prints text without escaping and is refused", line=node.line)


_CORE: Mapping[str, Tag] = {
    "if": _if, "choose": _choose, "set": _set, "set_if": _set_if, "while": _while, "forEach": _for_each,
    "jelly": lambda renderer, node: list(renderer.children(node)),
}  # fmt: skip
_GLIDE: Mapping[str, Tag] = {
    "evaluate": _evaluate, "if_polaris": _if_polaris, "requires": _requires, "include_script": _include_script,
    "messages": _messages, "no_escape": _no_escape, "set_if": _set_if,
}  # fmt: skip
