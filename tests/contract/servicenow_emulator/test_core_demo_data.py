"""The demo data of a new instance: nothing in it leads nowhere, and the known users sign in beside it."""

from collections.abc import Iterator

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.instance import Session

KNOWN_USERS = ("admin", "agent", "lead", "auditor", "employee", "integration")


@pytest.fixture(scope="module")
def demo() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator() as running:
        yield running


@pytest.fixture
def admin(demo: ServiceNowEmulator) -> Session:
    return demo.instance.session("admin")


@pytest.mark.parametrize(
    "table",
    [
        "incident", "problem", "change_request", "kb_knowledge", "sc_cat_item", "cmdb_ci", "cmdb_rel_ci", "alm_asset",
        "sys_user", "sys_user_group", "sys_user_has_role", "sys_user_grmember", "sys_group_has_role", "cmn_department",
    ],
)  # fmt: skip
def test_every_reference_leads_to_a_record(admin: Session, table: str) -> None:
    rows = admin.query(table)
    assert rows
    columns = admin.instance.dictionary.columns(table)
    known = admin.instance.dictionary.table
    pointing = [c for c in columns.values() if c.type == "reference" and c.reference_key == "" and known(c.reference)]
    lost = {
        (row["sys_id"], column.name)
        for column in pointing
        for row in rows
        if row[column.name] and admin.instance.records.get(column.reference, row[column.name]) is None
    }
    assert not lost


def test_every_choice_is_one(admin: Session) -> None:
    for table in ("incident", "problem", "change_request", "kb_knowledge", "sc_cat_item"):
        for column in admin.instance.dictionary.columns(table).values():
            wanted = {choice.value for choice in column.choices} | {""}
            found = {row[column.name] for row in admin.query(table)} if column.choices else set()
            assert found <= wanted, (table, column.name)


def test_what_is_closed_says_how(admin: Session) -> None:
    assert admin.query("incident", "stateIN6,7^close_codeISEMPTY^ORclose_notesISEMPTY") == []
    assert admin.query("incident", "stateIN7,8^active=true") == []


def test_journal_entries_and_files_belong_to_a_record(admin: Session) -> None:
    entries = admin.query("sys_journal_field", "name=incident")
    assert entries
    assert all(admin.get("incident", entry["element_id"]) for entry in entries)
    files = admin.query("sys_attachment", "table_name=incident")
    assert files
    assert all(admin.get("incident", file["table_sys_id"]) for file in files)


def test_an_attachment_can_be_read(demo: ServiceNowEmulator, admin: Session) -> None:
    [file] = admin.query("sys_attachment", "file_name=export.csv")
    url = f"{demo.url}/api/now/attachment/{file['sys_id']}/file"
    answer = requests.get(url, auth=("admin", "admin"), timeout=5)
    assert answer.content.startswith(b"4711;")
    assert len(answer.content) == int(file["size_bytes"])


def test_machines_of_one_sweep_share_their_creation_time(admin: Session) -> None:
    machines = admin.query("cmdb_ci", "ip_addressISNOTEMPTY")
    assert len({row["ip_address"] for row in machines}) == len(machines)
    assert len({row["sys_created_on"] for row in machines}) < len(machines) / 10


@pytest.mark.parametrize("user", KNOWN_USERS)
def test_the_known_users_sign_in(demo: ServiceNowEmulator, user: str) -> None:
    assert demo.instance.sign_in(user, user) is not None


def test_nobody_else_does(demo: ServiceNowEmulator, admin: Session) -> None:
    for row in admin.query("sys_user"):
        name = row["user_name"]
        assert name in KNOWN_USERS or not any(demo.instance.sign_in(name, word) for word in ("", name, "admin"))


def test_numbers_go_on_above_the_demo_data(admin: Session) -> None:
    newest = max(row["number"] for row in admin.query("incident"))
    assert admin.insert("incident", {"short_description": "Next"})["number"] > newest


def test_an_instance_without_demo_data_has_no_tickets() -> None:
    with ServiceNowEmulator(demo=False) as plain:
        session = plain.instance.session("admin")
        assert session.count("incident") == session.count("cmdb_ci_server") == 0
        assert plain.instance.sign_in("agent", "agent") is not None
