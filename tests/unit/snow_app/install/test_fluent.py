"""The now-sdk project: evaluated as JavaScript, it declares exactly the rows, under the ids that REST installs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import quickjs
from click.testing import CliRunner, Result

from sidecar.cli.export import export as command
from snow_app.app import AppParameters, Facts
from snow_app.errors import InvalidDeclaration, InvalidSettings
from snow_app.install import FluentProject, fluent_project
from snow_app.install.actions import own_actions
from snow_app.install.fluent.keys import COALESCED
from snow_app.install.fluent.source import Code, literal
from snow_app.install.fluent.tables import own_tables, table_source
from snow_app.records.record import Row
from snow_app.records.registry import Registry
from snow_app.records.schema import column, table

SOURCES = "src/fluent"
_RUNTIME = """
var declared = [], default_view = 'Default view';
var Now = { ID: new Proxy({}, { get: function (_, key) { return key; } }) };
Now.include = function (path) { return { file: path }; };
var actionStep = { script: 'script' }, wfa = {
  dataPill: function (path) { return path; },
  actionStep: function (kind, config, inputs) { steps.push([config, inputs]); return PILLS; },
  assignActionOutputs: function (outputs, values) { steps.push(values); }
};
var steps = [], PILLS = new Proxy({}, { get: function (_, key) { return key; } });
function Action(config, body) {
  body({ inputs: PILLS, outputs: PILLS });
  declared.push({ $id: config.$id, table: 'Action', data: { config: config, steps: steps } });
}
function Record(one) { declared.push(one); }
function Table(one) { declared.push({ $id: one.name, table: 'Table', data: one }); }
['String', 'DateTime', 'Reference', 'TableName', 'DocumentId', 'Boolean', 'Integer'].forEach(function (kind) {
  globalThis[kind + 'Column'] = function (options) { options.kind = kind; return options; };
});
"""


def declared(project: FluentProject) -> Iterator[dict[str, Any]]:
    """What the project's sources declare, files read in."""
    for path, text in project.files.items():
        if not path.endswith(".now.ts"):
            continue
        assert text.startswith("import { ")
        body = re.sub(r"(?m)^(import .*|export const \w+ = )", "", text)
        context = quickjs.Context()
        context.eval(_RUNTIME + body)
        for one in json.loads(context.eval("JSON.stringify(declared)")):
            for name, value in one["data"].items():
                if isinstance(value, dict) and "file" in value:
                    one["data"][name] = project.files[f"{SOURCES}/{value['file'].removeprefix('./')}"]
            yield one


def as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return json.dumps(value) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("csm", [True, False])
@pytest.mark.parametrize("everything", [True, False])
def test_every_record_stands_there_with_every_value(parameters, everything, csm):
    project = fluent_project(parameters, Facts(csm=csm), everything=everything)
    found = {one["$id"]: one for one in declared(project) if one["table"] not in ("Table", "Action")}
    parts = {row.sys_id for own in own_tables(project.rows) for row in own.rows}
    parts |= {row.sys_id for own in own_actions(project.rows) for row in own.rows}
    left = [row for row in project.rows if row.sys_id not in parts and row.table != "sys_choice_set"]
    assert sorted(found) == sorted(row.sys_id for row in left)
    for row in left:
        one = found[row.sys_id]
        assert one["table"] == row.table
        assert {name: as_text(value) for name, value in one["data"].items()} == {**row.initial, **row.values}


def test_a_table_of_ours_is_made_as_one(parameters):
    project = fluent_project(parameters, Facts(), everything=True)
    name = f"{parameters.scope}_context_access"
    (data,) = [one["data"] for one in declared(project) if one["table"] == "Table" and one["data"]["name"] == name]
    assert f"export const {name} = Table({{" in project.files[f"{SOURCES}/{name}.now.ts"]
    assert (data["name"], data["display"], data["actions"]) == (name, "action", ["read"])
    assert (data["allowWebServiceAccess"], data["createAccessControls"], data["accessibleFrom"]) == (
        True,
        False,
        "public",
    )
    columns = {
        row.values["element"]: row for row in project.rows if row.values.get("name") == name and "element" in row.values
    }
    assert set(data["schema"]) == set(columns)
    action = data["schema"]["action"]
    assert (action["kind"], action["maxLength"], action["readOnly"]) == ("String", 40, True)
    assert action["dropdown"] == "dropdown_without_none"
    assert action["choices"]["view"] == {"label": "Opened the panel", "sequence": 0}
    assert data["schema"]["user"]["referenceTable"] == "sys_user"
    assert data["schema"]["case_id"]["dependent"] == "case_table"


def test_an_action_is_made_as_one(parameters):
    project = fluent_project(parameters)
    (one,) = [one for one in declared(project) if one["table"] == "Action"]
    (own,) = own_actions(project.rows)
    assert {row.table for row in project.rows if row not in own.rows} == {"sys_security_acl", "sys_security_acl_role"}
    config, ((step, inputs), outputs) = one["data"]["config"], one["data"]["steps"]
    assert (config["$id"], config["internalName"]) == (own.action.sys_id, "look_up_shopper")
    assert list(config["inputs"]) == ["table", "record"]
    assert config["inputs"]["table"] == {"kind": "String", "label": "Table", "mandatory": True, "maxLength": 100}
    assert list(config["outputs"]) == ["match", "customer_no", "site_id", "error"]
    assert step == {"$id": own.step.sys_id, "label": "Look up"}
    assert {name: one["value"] for name, one in inputs["inputVariables"].items()} == {
        "table": "table",
        "record": "record",
    }
    assert outputs == {name: name for name in config["outputs"]}
    script = project.files[f"{SOURCES}/{inputs['script']['file'].removeprefix('./')}"]
    assert f"new {parameters.scope}.ContextFlow().lookUp(" in script
    assert script == own.script


@pytest.mark.parametrize("everything", [True, False])
def test_the_keys_give_every_record_its_sys_id_once(parameters, everything):
    project = fluent_project(parameters, Facts(csm=True), everything=everything)
    keys = project.files[f"{SOURCES}/generated/keys.ts"]
    explicit, composite = keys.split("composite: ")
    ids = re.findall(r"^ {24}id: '(\w{32})'$", keys, re.MULTILINE)
    assert Counter(ids).most_common(1)[0][1] == 1
    assert {row.sys_id for row in project.rows} <= set(ids)
    for row in project.rows:
        assert f"id: '{row.sys_id}'" in (composite if row.table in COALESCED else explicit)
    order = re.findall(r"^ {24}id: '(\w{32})'$", composite, re.MULTILINE)
    assert order == sorted(order)


def test_a_link_between_such_records_names_both(parameters):
    keys = fluent_project(parameters, Facts(), everything=True).files[f"{SOURCES}/generated/keys.ts"]
    assert re.search(rf"contains: {{\s+id: '\w+'\s+key: {{\s+name: '{parameters.scope}.agent'\s+}}\s+}}", keys), (
        "sys_user_role_contains"
    )


def test_the_project_is_the_applications(parameters):
    project = fluent_project(parameters, application_id="a" * 32)
    config = json.loads(project.files["now.config.json"])
    assert (config["scope"], config["scopeId"], config["jsLevel"]) == (parameters.scope, "a" * 32, "helsinki_es5")
    package = json.loads(project.files["package.json"])
    assert package["devDependencies"]["@servicenow/sdk"] == "4.9.0"
    with pytest.raises(InvalidSettings):
        fluent_project(parameters, application_id="nonsense")


def test_the_same_input_gives_the_same_files_and_nothing_an_operator_entered():
    plain = AppParameters(scope="x_test_own")
    entered = AppParameters(scope="x_test_own", sidecar_url="https://s.example", token_id="snow_1", token_secret="hush")
    first, second = (fluent_project(one, Facts(csm=True), everything=True).files for one in (plain, entered))
    assert first == second
    assert "x_acme" not in "".join(first.values())
    assert list(first) == list(fluent_project(plain, Facts(csm=True), everything=True).files)


@pytest.mark.parametrize(
    "value", ["it's", 'say "x"', "back\\slash", "two\nlines", "tab\t", "${x} `y`", "é 🛒", "\u2028", "</script>", ""]
)
def test_any_text_arrives_as_it_was(value):
    assert quickjs.Context().eval(literal(value)) == value
    assert json.loads(quickjs.Context().eval(f"JSON.stringify({literal({value or 'x': [value, 1, True]})})")) == {
        value or "x": [value, 1, True]
    }


def test_an_expression_stands_as_it_is():
    assert literal({"a": Code("Now.ID['b']")}) == "{\n    a: Now.ID['b'],\n}"


def test_a_column_type_without_counterpart_is_refused():
    rows: tuple[Row, ...] = Registry("x_a_b", [table("x_a_b_t", "T"), column("x_a_b_t", "a", "A", "journal")]).rows()
    with pytest.raises(InvalidDeclaration, match="journal"):
        table_source(own_tables(rows)[0])


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SNOW_SCOPE", "x_test_cli")
    return lambda *words: CliRunner().invoke(command, ["--format", "fluent", *words])


def is_refused(result: Result, says: str) -> bool:
    return result.exit_code != 0 and says in result.output and "Traceback" not in result.output


def test_the_command_writes_a_folder_and_writes_it_again(run):
    done = run("-o", "project", "--all", "--no-csm")
    assert done.exit_code == 0, done.output
    assert "Scope x_test_cli." in done.output
    kept = Path("project/node_modules/kept.txt")
    kept.parent.mkdir()
    kept.write_text("")
    assert run("-o", "project").exit_code == 0
    left = sorted(path.relative_to("project").as_posix() for path in Path("project").rglob("*") if path.is_file())
    assert left == sorted(
        ["node_modules/kept.txt", "now.config.json", "package.json", "src/fluent/generated/keys.ts",
         "src/fluent/look_up_shopper.now.ts", "src/fluent/look_up_shopper.server.js",
         "src/fluent/sys_security_acl.now.ts", "src/fluent/sys_security_acl_role.now.ts"]
    )  # fmt: skip


def test_the_command_touches_no_folder_of_somebody_else(run, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "now.config.json").write_text('{"scopeId": "1"}')
    (tmp_path / "file").write_text("")
    for taken in ("other", "file"):
        assert is_refused(run("-o", taken), "holds something else")
    assert (tmp_path / "other" / "now.config.json").read_text() == '{"scopeId": "1"}'
    assert is_refused(run(), "needs --output")
    assert is_refused(run("-o", "-"), "needs --output")


def test_an_update_set_that_cannot_be_written_is_one_line(run):
    refused = CliRunner().invoke(command, ["-o", "no/such/folder.xml"])
    assert is_refused(refused, "cannot be written")
    assert len(refused.output.splitlines()) == 1
