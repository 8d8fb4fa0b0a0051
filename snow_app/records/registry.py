"""All declarations of one app, checked, linked and put in the order in which an instance can take them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from snow_app.errors import InvalidDeclaration
from snow_app.records.identity import NATURAL_KEYS, sys_id
from snow_app.records.record import Declaration, Link, Row, Value, text

Identity = tuple[str, str]
_NONE_FOUND: Mapping[Identity, str] = MappingProxyType({})


class Registry:
    """The declarations of one scope. Raises InvalidDeclaration for a name used twice, a dangling link or a circle."""

    def __init__(self, scope: str, declarations: Iterable[Declaration]) -> None:
        self.scope = scope
        self._declared: dict[Identity, Declaration] = {}
        for declaration in declarations:
            identity = (declaration.table, declaration.name)
            if identity in self._declared:
                raise InvalidDeclaration(f"{declaration.table}: {declaration.name} is declared twice.")
            self._declared[identity] = declaration
        self._needs = {
            identity: frozenset((*self._linked(declaration), *self._table_of(declaration)))
            for identity, declaration in self._declared.items()
        }
        self._layers = self._layers_by_need()

    def __iter__(self) -> Iterator[Declaration]:
        return iter(self._declared.values())

    def __len__(self) -> int:
        return len(self._declared)

    def rows(self, found: Mapping[Identity, str] = _NONE_FOUND) -> tuple[Row, ...]:
        """Every declaration as a row, in dependency order.

        `found` maps (table, name) to the sys_id of a record that exists already under its natural key; links follow.
        """

        def id_of(identity: Identity) -> str:
            return found.get(identity) or sys_id(self.scope, *identity)

        def written(values: Mapping[str, Value]) -> dict[str, str]:
            return {
                column: id_of((value.table, value.name)) if isinstance(value, Link) else text(value)
                for column, value in values.items()
            }

        rows = [
            Row(
                table=declaration.table,
                name=declaration.name,
                sys_id=id_of(identity),
                values=written(declaration.values),
                initial=written(declaration.initial),
                secret=dict(declaration.secret),
                channel=declaration.channel,
                layer=self._layers[identity],
                needs=self._needs[identity],
            )
            for identity, declaration in self._declared.items()
        ]
        return tuple(sorted(rows, key=lambda row: row.layer))

    def _layers_by_need(self) -> dict[Identity, int]:
        try:
            order = list(TopologicalSorter(self._needs).static_order())
        except CycleError as circle:
            names = " > ".join(f"{table}: {name}" for table, name in circle.args[1])
            raise InvalidDeclaration(f"The declarations need each other in a circle: {names}.") from None
        layers: dict[Identity, int] = {}
        for identity in order:
            layers[identity] = max((layers[need] + 1 for need in self._needs[identity]), default=0)
        return layers

    def _linked(self, declaration: Declaration) -> Iterator[Identity]:
        for link in declaration.links():
            if (link.table, link.name) not in self._declared:
                raise InvalidDeclaration(
                    f"{declaration.table}: {declaration.name} points at {link.table}: {link.name}, never declared."
                )
            yield link.table, link.name

    def _table_of(self, declaration: Declaration) -> Iterator[Identity]:
        """A column or choice needs its table, and a choice its column, although it names them instead of linking."""
        owner = str(declaration.values.get("name", ""))
        if declaration.table in ("sys_dictionary", "sys_choice", "sys_choice_set"):
            column = ("sys_dictionary", f"{owner}.{declaration.values.get('element', '')}")
            for need in (("sys_db_object", owner), column):
                if need in self._declared and need != (declaration.table, declaration.name):
                    yield need


def natural_key(table: str, values: Mapping[str, str]) -> tuple[str, ...] | None:
    """The natural key of a row, or None where the platform has none (then only the sys_id counts)."""
    columns = NATURAL_KEYS.get(table)
    return tuple(values.get(column, "") for column in columns) if columns else None
