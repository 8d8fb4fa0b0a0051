"""The update-set file: it holds exactly what is declared, the same bytes every time, and nothing secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from click.testing import CliRunner
from lxml import etree

from sidecar.cli.export import export as command
from snow_app.app import AppParameters, Facts, scoped_app
from snow_app.app.sources import panel
from snow_app.errors import InvalidDeclaration, InvalidSettings
from snow_app.install import UpdateSet, exported
from snow_app.records.record import Row

ADDED = frozenset(
    {
        *("sys_class_name", "sys_created_by", "sys_created_on", "sys_id", "sys_mod_count", "sys_name", "sys_package"),
        *("sys_scope", "sys_update_name", "sys_updated_by", "sys_updated_on"),
    }
)
HOSTILE = "]]> </payload> <x a='1'>&amp; \"q\" &#0; <!-- --> é 🛒\r\n\ttail  "


def columns(element: etree._Element) -> dict[str, str]:
    return {child.tag: child.text or "" for child in element}


def read(written: UpdateSet) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The update set's own columns and those of its updates, as an importer reads them."""
    first, *others = etree.fromstring(written.document)
    assert first.tag == "sys_remote_update_set"
    assert {other.tag for other in others} == {"sys_update_xml"}
    return columns(first), [columns(other) for other in others]


def records(written: UpdateSet) -> Iterator[tuple[etree._Element, dict[str, str]]]:
    """Each record of the payloads and its columns."""
    for update in read(written)[1]:
        for record in payload(update):
            yield record, columns(record)


def payload(update: Mapping[str, str]) -> etree._Element:
    """The document of an update, which is named after its first record."""
    root = etree.fromstring(update["payload"].encode())
    assert (root.tag, root.get("table")) == ("record_update", root[0].tag)
    assert {record.get("action") for record in root} == {"INSERT_OR_UPDATE"}
    return root


def declared(row: Row) -> Mapping[str, str]:
    return {**row.initial, **row.values}


def test_only_what_needs_a_package_is_written_by_default(parameters):
    written = exported(parameters)
    expected = [row for row in scoped_app(parameters, Facts()).rows() if row.channel == "package"]
    assert [row.name for row in written.rows] == [row.name for row in expected]
    tables = {row.table for row in written.rows}
    assert {"sys_security_acl", "sys_security_acl_role", "sys_hub_action_type_definition"} < tables
    assert exported(parameters, Facts(csm=True)).document == written.document


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("csm", [False, True])
def test_every_payload_is_the_declared_row(parameters, everything, csm):
    written = exported(parameters, Facts(csm=csm), everything=everything)
    found = {(record.tag, held["sys_id"]): held for record, held in records(written)}
    assert set(found) == {(row.table, row.sys_id) for row in written.rows}
    assert len(list(records(written))) == len(written.rows) > 5
    for row in written.rows:
        held = found[row.table, row.sys_id]
        assert {name: value for name, value in held.items() if name not in ADDED} == declared(row)


def test_the_whole_app_leaves_the_form_alone(parameters):
    written = exported(parameters, Facts(csm=True), everything=True)
    plain = replace(parameters, sidecar_url=None, token_id=None, token_secret=None)
    all_rows = {(row.table, row.sys_id) for row in scoped_app(plain, Facts(csm=True)).rows()}
    left_out = all_rows - {(row.table, row.sys_id) for row in written.rows}
    assert {table for table, _ in left_out} == {"sys_ui_form", "sys_ui_form_section"}
    assert written.rows[0].table == "sys_app"
    (script,) = (held["script"] for record, held in records(written) if record.tag == "sys_ui_script")
    assert script == panel("panel.js", parameters.scope)


def test_updates_belong_to_the_set_and_to_the_application(parameters):
    written = exported(parameters, everything=True)
    header, updates = read(written)
    assert header["state"] == "loaded"
    assert header["application_scope"] == parameters.scope
    assert header["application"] == written.rows[0].sys_id
    assert {update["remote_update_set"] for update in updates} == {header["sys_id"]}
    assert {update["application"] for update in updates} == {header["application"]}
    for name in ("name", "sys_id"):
        assert len({update[name] for update in updates}) == len(updates)
    for update in updates:
        record = payload(update)[0]
        held = columns(record)
        assert held.get("sys_scope", header["application"]) == header["application"]
        assert held.get("sys_update_name", update["name"]) == update["name"]
        plain = f"{record.tag}_{held['sys_id']}"
        column = f"sys_dictionary_{held.get('name')}_{held.get('element')}"
        assert update["name"] == (column if record.tag == "sys_dictionary" else plain)


def test_a_link_names_its_target_by_key_too(parameters):
    roles = [record.find("sys_user_role") for record, _ in records(exported(parameters))]
    named = {role.get("name") for role in roles if role is not None}
    assert named >= {f"{parameters.scope}.agent", f"{parameters.scope}.auditor"}
    assert {name.partition(".")[0] for name in named} == {parameters.scope}


def test_an_action_is_one_update_with_all_its_records(parameters):
    updates = read(exported(parameters))[1]
    assert sorted({update["type"] for update in updates}) == [
        "sys_hub_action_type_definition",
        "sys_security_acl",
        "sys_security_acl_role",
    ]
    (update,) = (one for one in updates if one["type"] == "sys_hub_action_type_definition")
    assert sorted({record.tag for record in payload(update)}) == [
        "sys_documentation",
        "sys_element_mapping",
        "sys_hub_action_input",
        "sys_hub_action_output",
        "sys_hub_action_type_definition",
        "sys_hub_step_ext_input",
        "sys_hub_step_ext_output",
        "sys_hub_step_instance",
        "sys_variable_value",
    ]


def test_the_application_may_have_been_there(parameters):
    theirs = "0123456789abcdef0123456789abcdef"
    written = exported(parameters, everything=True, application_id=theirs)
    header, _ = read(written)
    assert header["application"] == theirs
    assert "sys_app" not in {row.table for row in written.rows}
    assert {held["sys_scope"] for _, held in records(written) if "sys_scope" in held} == {theirs}
    with pytest.raises(InvalidSettings):
        exported(parameters, application_id="x")


def test_hostile_text_arrives_as_it_was(parameters):
    written = exported(replace(parameters, name=f"A{HOSTILE}", menu=f"B{HOSTILE}"), everything=True)
    header, _ = read(written)
    assert header["application_name"] == f"A{HOSTILE}"
    held = [(record.tag, columns) for record, columns in records(written)]
    assert f"A{HOSTILE}" in [columns["name"] for tag, columns in held if tag == "sys_ui_formatter"]
    assert f"B{HOSTILE}" in [columns["caption"] for tag, columns in held if tag == "sys_ui_section"]
    linked = [record.find("sys_ui_section") for record, _ in records(written) if record.tag == "sys_ui_element"]
    # An attribute keeps each character as well, line breaks included.
    assert f"B{HOSTILE}" in [one.get("caption") for one in linked]


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\ufffe", "\ud800"])
def test_what_xml_cannot_carry_is_refused(parameters, letter):
    with pytest.raises(InvalidDeclaration, match="XML cannot carry"):
        exported(replace(parameters, name=f"A{letter}"))


def test_what_an_attribute_cannot_carry_is_refused(parameters):
    with pytest.raises(InvalidDeclaration, match="XML cannot carry"):
        exported(replace(parameters, menu="A\x00"), everything=True)


@pytest.mark.parametrize("everything", [False, True])
def test_the_same_input_gives_the_same_bytes(everything):
    one, other = (exported(AppParameters(scope="x_1_a"), everything=everything).document for _ in range(2))
    assert one == other
    assert exported(AppParameters(scope="x_1_b"), everything=everything).document != one


def test_nothing_an_operator_entered_is_written():
    entered = AppParameters(sidecar_url="https://entered.test", token_id="entered-id", token_secret="entered-secret")
    written = exported(entered, everything=True)
    assert b"entered" not in written.document
    assert written.document == exported(AppParameters(), everything=True).document
    assert any(row.table == "sys_auth_profile_basic" for row in written.rows)
    assert not any("password" in held for _, held in records(written))


@pytest.mark.parametrize("everything", [False, True])
def test_the_scope_is_the_one_asked_for(everything):
    document = exported(AppParameters(scope="x_98765_shop"), everything=everything).document
    assert b"x_98765_shop" in document
    assert b"x_acme_sfcc" not in document


class TestCommand:
    @pytest.fixture
    def run(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for name in ("URL", "USERNAME", "PASSWORD", "APP_NAME"):
            monkeypatch.delenv(f"SNOW_{name}", raising=False)
        monkeypatch.setenv("SNOW_SCOPE", "x_test_cli")
        return lambda *words: CliRunner().invoke(command, list(words))

    def test_it_needs_no_instance(self, run, tmp_path):
        printed = run()
        assert printed.exit_code == 0, printed.output
        filed = run("--output", "rules.xml")
        assert filed.exit_code == 0, filed.output
        assert (
            f"{len(exported(AppParameters(scope='x_test_cli')).rows)} record(s) written. Scope x_test_cli."
            in filed.output
        )
        assert (tmp_path / "rules.xml").read_bytes() == printed.stdout_bytes
        assert b"x_test_cli" in printed.stdout_bytes

    def test_everything_needs_to_know_the_instance(self, run):
        assert run("--all").exit_code == 2
        with_csm, without = run("--all", "--csm"), run("--all", "--no-csm")
        assert b"sys_dictionary_sn_customerservice_case_" in with_csm.stdout_bytes
        assert b"sys_dictionary_sn_customerservice_case_" not in without.stdout_bytes

    def test_a_mistake_is_one_line_and_leaves_no_file(self, run, tmp_path):
        for words in (("--scope", "nonsense"), ("--application", "nonsense")):
            refused = run("--output", "rules.xml", *words)
            assert refused.exit_code == 1
            assert refused.output.startswith("Error: ")
            assert len(refused.output.splitlines()) == 1
        assert list(tmp_path.iterdir()) == []
