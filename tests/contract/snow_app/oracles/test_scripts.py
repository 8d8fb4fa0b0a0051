"""Every server script calls only what the scoped API has (``@types/servicenow``), and is ES5 without web APIs, Java
packages or sys_ids in it (ESLint). What the scripts do is proved under rhino and in the local ServiceNow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.snow_app.oracles import compiler, linter
from tests.contract.snow_app.oracles.compiler import HERE
from tests.contract.snow_app.oracles.declared import SCOPE, Declared, everything
from tests.contract.snow_app.oracles.scripts import DEFAULTS, MARKUP, SCRIPTS, ambient, includes, scripts

_SCOPED_API = "node_modules/@types/servicenow/index.d.ts"
_OPTIONS = {
    "allowJs": True,
    "checkJs": True,
    "strict": False,
    "noImplicitAny": False,
    "target": "es5",
    "lib": ["es5"],
    "ignoreDeprecations": "5.0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A line nobody should write, and what the two judges say; None from one that cannot see it."""

    line: str
    types: str | None = None
    lint: str | None = None


_RECORD = "var record = new GlideRecord('incident');"
PLANTED = (
    Planted(line=f"{_RECORD} record.inser();", types="'inser' does not exist on type 'GlideRecord'"),
    Planted(line="gs.log('x');", types="'log' does not exist on type 'GlideSystem'"),
    Planted(line="gs.print('x');", types="'print' does not exist on type 'GlideSystem'"),
    Planted(line="new GlideDateTime().addSecondz(1);", types="'addSecondz' does not exist"),
    Planted(line="gs.hasRole();", types="Expected 1 arguments"),
    Planted(line="gs.hasRole(1);", types="not assignable to parameter of type 'string'"),
    Planted(line="alert('x');", types="Cannot find name 'alert'", lint="no-restricted-globals"),
    Planted(line="window.x = 1;", types="Cannot find name 'window'", lint="no-restricted-globals"),
    Planted(line="setTimeout(gs.info, 1);", types="Cannot find name 'setTimeout'", lint="no-restricted-globals"),
    Planted(line="new ContextLgo();", types="Cannot find name 'ContextLgo'", lint="no-undef"),
    Planted(line="Packages.java.lang.System.exit(1);", types="Cannot find name 'Packages'", lint="no-packages-calls"),
    Planted(line="gs.info('0123456789abcdef0123456789abcdef');", lint="no-hardcoded-sysids"),
    Planted(line="new Promise(gs.info);", types="'Promise' only refers to a type", lint="no-undef"),
    Planted(line="[1].includes(1);", types="'includes' does not exist"),
    Planted(line="'1'.padStart(3);", types="'padStart' does not exist"),
    Planted(line="gs.info([1].map(x => x).join());", lint="Parsing error"),
    Planted(line="gs.info(`x`);", lint="Parsing error"),
    Planted(line="let x = 'x'; gs.info(x);", lint="Parsing error"),
    Planted(line="gs.info([1, ...[2]].join());", lint="Parsing error"),
    Planted(line="gs.info(current?.number);", lint="Parsing error"),
    Planted(line="(function (x = 'x') { gs.info(x); })();", lint="Parsing error"),
    Planted(line="for (var x of []) gs.info(x);", lint="Parsing error"),
    Planted(line="class Extra {} new Extra();", lint="Parsing error"),
)


def in_places(line: str, expression: str) -> list[Declared]:
    """Records with a planted error in each place where a script can stand."""
    bodies = dict.fromkeys(SCRIPTS, line) | dict.fromkeys(DEFAULTS, f"javascript:{expression}")
    records = [
        Declared(table=table, name=f"planted {column}", sys_id="0" * 32, columns={column: body})
        for (table, column), body in bodies.items()
    ]
    markups = (
        f"<g:evaluate>{line}</g:evaluate>",
        f"<g2:evaluate>{line}</g2:evaluate>",
        f'<p title="$[{expression}]"/>',
    )
    for table, column in MARKUP:
        for number, body in enumerate((*markups, f"<p>${{{expression}}}</p>")):
            xml = f'<j:jelly xmlns:j="jelly:core" xmlns:g="glide" xmlns:g2="null">{body}</j:jelly>'
            records.append(Declared(table=table, name=f"planted {number}", sys_id="0" * 32, columns={column: xml}))
    return records


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {script.file: script.text for script in scripts(everything())}


def by_types(folder: Path, files: dict[str, str]) -> list[compiler.Complaint]:
    records = everything()
    here = {
        "server_api.d.ts": (HERE / "server_api.d.ts").read_text(encoding="utf-8"),
        "scope.d.ts": ambient(records),
        **{script.file: script.text for script in scripts(records)},
    }
    return compiler.complaints(folder, {**here, **files}, _OPTIONS, beside=[_SCOPED_API])


def by_lint(folder: Path, files: dict[str, str]) -> list[compiler.Complaint]:
    records = everything()
    variables = re.findall(r"declare const (\w+): any", ambient(records))
    return linter.complaints(folder, files, [SCOPE, *includes(records), *variables])


def test_every_script_is_found(files):
    assert sum("sys_script_include" in name for name in files) == 7
    assert sum("sys_ui_macro" in name for name in files) == 2
    assert sum("sys_ui_page" in name for name in files) == 4


def test_every_script_calls_what_the_scoped_api_has(files, tmp_path):
    assert by_types(tmp_path, files) == []


def test_every_script_passes_the_linter(files, tmp_path):
    assert by_lint(tmp_path, files) == []


@pytest.mark.parametrize("judge", ["types", "lint"])
def test_planted_errors_are_found(judge, tmp_path):
    planted = {f"planted_{number}.js": one for number, one in enumerate(PLANTED)}
    # In a function each, because global variables of all scripts are the same ones.
    text = {name: f"(function () {{ {one.line} }})();\n" for name, one in planted.items()}
    found = (by_types if judge == "types" else by_lint)(tmp_path, text)
    for name, one in planted.items():
        said = "\n".join(complaint.text for complaint in found if complaint.file == name)
        expected = getattr(one, judge)
        assert bool(expected) == bool(said), (one, said)
        assert re.search(expected or "", said), (one, said)


def test_planted_errors_are_found_wherever_a_script_can_stand(tmp_path):
    records = in_places("gs.log('x');", "gs.log('x')")
    text = {script.file: script.text for script in scripts(records)}
    assert len(text) == len(records) == len(SCRIPTS) + len(DEFAULTS) + 4 * len(MARKUP)
    assert {one.file for one in by_types(tmp_path, text)} == set(text)
