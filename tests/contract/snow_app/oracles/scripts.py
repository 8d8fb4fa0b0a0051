"""The server scripts inside records, each as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from snow_app.emulator.forms.jelly.expressions import Expression, parts
from tests.contract.snow_app.oracles.declared import SCOPE, Declared

SCRIPTS = frozenset(
    {
        ("sys_script", "condition"),
        ("sys_script", "script"),
        ("sys_script_include", "script"),
        ("sys_security_acl", "script"),
        ("sys_ui_page", "processing_script"),
        ("sys_ws_operation", "operation_script"),
        ("sysauto_script", "condition"),
        ("sysauto_script", "script"),
        ("sysevent_script_action", "script"),
        ("sysrule_assignment", "script"),
    }
)
MARKUP = frozenset({("sys_ui_macro", "xml"), ("sys_ui_page", "html")})
DEFAULTS = frozenset({("sys_dictionary", "default_value")})
_SERVER = "javascript:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One script; `file` is a name that tells people where it stands."""

    file: str
    text: str


def scripts(records: Iterable[Declared]) -> tuple[Script, ...]:
    """Every script that the platform runs on the server for these records."""
    found: dict[str, Script] = {}
    for record in records:
        for script in _of(record):
            found.setdefault(script.file, script)
            assert found[script.file] == script, f"{script.file} stands for two scripts"
    return tuple(found.values())


def includes(records: Iterable[Declared]) -> tuple[str, ...]:
    """The names of our script includes: global names inside the scope."""
    names = (str(record.columns["name"]) for record in records if record.table == "sys_script_include")
    return tuple(dict.fromkeys(names))


def ambient(records: Iterable[Declared]) -> str:
    """The type declarations of what only these records bring: the scope's own object and the variables of markup."""
    declared = tuple(records)
    ours = "".join(f"  {name}: typeof {name};\n" for name in includes(declared))
    markup = "\n".join(
        str(record.columns.get(column, "")) for record in declared for table, column in MARKUP if record.table == table
    )
    variables = sorted(set(re.findall(r'var="(\w+)"', markup)))
    return f"declare const {SCOPE}: {{\n{ours}}};\n" + "".join(f"declare const {name}: any;\n" for name in variables)


def _of(record: Declared) -> Iterator[Script]:
    for column, value in record.columns.items():
        file = re.sub(r"\W+", "_", f"{record.table} {record.name} {column}")
        place, text = (record.table, column), str(value)
        if place in SCRIPTS and text:
            yield Script(file=f"{file}.js", text=text)
        elif place in DEFAULTS and text.startswith(_SERVER):
            yield Script(file=f"{file}.js", text=f"({text.removeprefix(_SERVER)});\n")
        elif place in MARKUP:
            yield from _in_markup(file, text)


def _in_markup(file: str, text: str) -> Iterator[Script]:
    """The bodies of evaluate tags, and the expressions of everything else in one file."""
    expressions: list[str] = []
    for number, element in enumerate(etree.fromstring(text.encode()).iter(etree.Element)):
        texts = [element.text or "", element.tail or "", *map(str, element.attrib.values())]
        if element.tag in (f"{{{kind}}}evaluate" for kind in ("glide", "null")):
            yield Script(file=f"{file}_{number}.js", text=texts[0])
            texts = texts[1:]
        expressions += (
            part.source
            for one in texts
            for opening in ("${", "$[")
            for part in parts(one, opening)
            if isinstance(part, Expression)
        )
    if expressions:
        yield Script(file=f"{file}.js", text="".join(f"void ({one});\n" for one in expressions))
