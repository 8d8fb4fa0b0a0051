"""Reads the schema files into the rows of sys_db_object, sys_dictionary, sys_choice and sys_number they stand for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from snow_app.emulator.dictionary import DATE_TIME_TYPES, NUMERIC_TYPES, label_of

PLATFORM_FILES = (
    "packages", "dictionary", "security", "logic", "interface", "integration", "people", "service", "knowledge",
    "runtime", "cmdb", "change", "imports", "catalog", "schedules", "change_services", "cicd", "limits", "door",
)  # fmt: skip
CSM_FILES = ("csm",)
ORDER_FILES = ("order_cases",)

SYSTEM_COLUMNS = {
    "sys_id": "GUID",
    "sys_created_by": "string 40",
    "sys_created_on": "glide_date_time",
    "sys_mod_count": "integer =0",
    "sys_tags": "related_tags",
    "sys_updated_by": "string 40",
    "sys_updated_on": "glide_date_time",
}
"""What every root table has."""

SYSTEM_LABELS = {
    "sys_id": "Sys ID",
    "sys_created_by": "Created by",
    "sys_created_on": "Created",
    "sys_mod_count": "Updates",
    "sys_tags": "Tags",
    "sys_updated_by": "Updated by",
    "sys_updated_on": "Updated",
    "sys_class_name": "Class",
}

CLASS_COLUMN = {"sys_class_name": "sys_class_name 80"}
"""What every root table that can be extended has besides."""

_LENGTHS = {"reference": 32, "GUID": 32, "boolean": 40, "table_name": 80, "glide_list": 4000, "user_roles": 255}


def sys_id_of(*parts: str) -> str:
    """The sys_id of a record the instance comes with: always the same for the same name."""
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredColumn:
    """One column of a schema file."""

    name: str
    type: str
    max_length: int
    label: str
    reference: str = ""
    reference_key: str = ""
    cascade: str = ""
    mandatory: bool = False
    read_only: bool = False
    display: bool = False
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTable:
    """One table of a schema file; `number` is prefix and first number, `defaults` override inherited columns."""

    name: str
    label: str
    parent: str = ""
    scope: str = "global"
    extendable: bool = False
    number: tuple[str, int] | None = None
    columns: tuple[DeclaredColumn, ...] = ()
    inherited_choices: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    inherited_labels: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)


@cache
def declared_tables(csm: bool, order_cases: bool = False) -> tuple[DeclaredTable, ...]:
    """Every table an instance comes with, parents before children."""
    waiting: dict[str, Any] = {}
    for name in PLATFORM_FILES + (CSM_FILES if csm else ()) + (ORDER_FILES if order_cases else ()):
        waiting.update(document(name))
    done: dict[str, DeclaredTable] = {}
    while waiting:
        ready = [name for name, spec in waiting.items() if spec.get("extends", "") in ("", *done)]
        if not ready:
            raise ValueError(f"tables extend each other or something unknown: {', '.join(waiting)}")
        for name in ready:
            done[name] = _table(name, waiting.pop(name))
    return tuple(done.values())


def document(name: str) -> dict[str, Any]:
    """A JSON file of this folder."""
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _table(name: str, spec: dict[str, Any]) -> DeclaredTable:
    labels = spec.get("labels", {})
    choices = {column: tuple(_choices(text)) for column, text in spec.get("choices", {}).items()}
    texts = dict(spec["columns"])
    if "extends" not in spec:
        texts |= SYSTEM_COLUMNS | (CLASS_COLUMN if spec.get("extendable") else {})
    columns = tuple(
        declared_column(column, text, label=labels.get(column, ""), choices=choices.pop(column, ()))
        for column, text in texts.items()
    )
    prefix, _, start = spec.get("number", "").partition(" ")
    return DeclaredTable(
        name=name,
        label=spec["label"],
        parent=spec.get("extends", ""),
        scope=spec.get("scope", "global"),
        extendable=spec.get("extendable", False),
        number=(prefix, int(start)) if prefix else None,
        columns=columns,
        inherited_choices=choices,
        inherited_labels={column: label for column, label in labels.items() if column not in texts},
        defaults=spec.get("defaults", {}),
    )


def _choices(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("|"):
        value, _, label = part.partition(":")
        yield value, label or (value if " " in value or value[:1].isupper() else label_of(value))


def declared_column(
    name: str, text: str, *, label: str = "", choices: tuple[tuple[str, str], ...] = ()
) -> DeclaredColumn:
    """A column from its one-line notation."""
    head, _, default = text.partition(" =")
    kind, *marks = head.split(" ")
    marked = {mark[0]: mark[1:] for mark in marks if mark[0] in ">~@"}
    length = next((int(mark) for mark in marks if mark.isdigit()), 0)
    return DeclaredColumn(
        name=name,
        type=kind,
        max_length=length or _LENGTHS.get(kind, 255 if kind not in NUMERIC_TYPES | DATE_TIME_TYPES else 40),
        label=label or SYSTEM_LABELS.get(name) or label_of(name),
        reference=marked.get(">", ""),
        reference_key=marked.get("@", ""),
        cascade=marked.get("~", ""),
        mandatory="!" in marks,
        read_only="ro" in marks,
        display="*" in marks,
        default=default,
        choices=choices,
    )
