"""The operations of the local Commerce, as its routes declare them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.app import application

_VARIABLE = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")
_CHOICE = re.compile(r"<any\((?P<words>[^)]*)\):(?P<name>[^<>]+)>")
_ORGANIZATION = "/organizations/{organization_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method on a path with its parameters in braces, the organization written out."""

    method: str
    path: str

    @property
    def name(self) -> str:
        """What the coverage page calls it; … stands for the organization."""
        return f"{self.method} {self.path.replace(_ORGANIZATION, '/…')}"


class Operations:
    """Every operation of an emulator."""

    def __init__(self, shop: CommerceEmulator) -> None:
        rules = application(shop.world).url_map
        self._router = rules.bind("127.0.0.1")
        self._all = tuple(found for rule in rules.iter_rules() for found in _operations(rule))

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._all)

    def of(self, method: str, path: str) -> Operation | None:
        """The operation that answers a request, None when there is no such route."""
        try:
            rule, values = self._router.match(path, method=method, return_rule=True)
        except HTTPException:
            return None
        return _operation(rule, method, values)


def _operations(rule: Rule) -> Iterator[Operation]:
    """One for each method and, where a path holds one of several fixed words, for each word."""
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        chosen = _CHOICE.search(rule.rule)
        words = re.split(r"[\s,]+", chosen["words"].replace('"', "")) if chosen else [""]
        for word in words:
            yield _operation(rule, method, {chosen["name"]: word} if chosen else {})


def _operation(rule: Rule, method: str, values: Mapping[str, object]) -> Operation:
    path = _CHOICE.sub(lambda found: str(values[found["name"]]), rule.rule)
    return Operation(method=method, path=_VARIABLE.sub(r"{\1}", path))
