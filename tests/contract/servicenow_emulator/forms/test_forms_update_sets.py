"""Retrieved update sets: import from XML, preview, decide, commit, as an administrator clicks it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from snow_app.emulator.errors import BadRequest, NoRecord, Refused
from snow_app.emulator.updatesets import committed, previewed, uploaded

SET = "a" * 32
OLD, LATER = "2020-01-01 00:00:00", "2099-01-01 00:00:00"


def record(table: str, action: str = "INSERT_OR_UPDATE", keys: dict[str, dict[str, str]] | None = None, **values: str):
    named = {
        column: "".join(f" {n}={quoteattr(v)}" for n, v in found.items()) for column, found in (keys or {}).items()
    }
    inner = "".join(f"<{name}{named.get(name, '')}>{escape(value)}</{name}>" for name, value in values.items())
    return f'<{table} action="{action}">{inner}</{table}>'


def export(*payloads: str, set_id: str = SET, application: str = "global") -> bytes:
    """An export file with one update for each payload (the text of one record)."""
    rows = [
        record("sys_remote_update_set", sys_id=set_id, name="Things", application=application, state="committed"),
        *(
            record(
                "sys_update_xml",
                sys_id=f"{set_id[:30]}{number:02d}",
                name=f"update_{number}",
                type=payload[1 : payload.index(" ")],
                target_name=f"number {number}",
                remote_update_set=set_id,
                application=application,
                payload=f'<?xml version="1.0" encoding="UTF-8"?><record_update>{payload}</record_update>',
            )
            for number, payload in enumerate(payloads)
        ),
    ]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<unload>{"".join(rows)}</unload>'.encode()


def setting(name: str, value: str = "1", sys_id: str = "", **more: str) -> str:
    return record("sys_properties", sys_id=sys_id or name.ljust(32, "0"), name=name, value=value, **more)


@pytest.fixture
def send(browser: Any) -> Callable[..., Any]:
    """The answer to a file posted to the upload page's address."""

    def sent(document: bytes, *, token: str | None = None, target: str = "sys_remote_update_set", name: str = "a.xml"):
        data = {"sysparm_ck": browser.token if token is None else token, "sysparm_target": target}
        return browser.client.post("/sys_upload.do", data={**data, "attachFile": (io.BytesIO(document), name)})

    return sent


def test_a_set_is_imported_previewed_and_committed_by_clicks(browser, send, instance):
    assert browser.get("/upload.do?sysparm_target=sys_remote_update_set").xpath("//input[@type='file']")
    answer = send(export(setting("acme.colour", "blue"), setting("acme.size", "9")))
    assert answer.status_code == 200
    assert "Imported: Things" in answer.text
    assert f"/sys_remote_update_set.do?sys_id={SET}" in answer.text
    address = f"/sys_remote_update_set.do?sys_id={SET}"
    assert browser.get(address).xpath("string(//ol[@class='steps']/li[@aria-current])") == "Loaded"
    browser.post(address, sys_action="preview")
    page = browser.get(address)
    assert "no problems" in page.xpath("string(//div[@id='output_messages'])")
    assert [cell.text for cell in page.xpath("//tr[@data-update]/td[3]")] == ["Insert", "Insert"]
    assert instance.property("acme.colour") is None
    browser.post(address, sys_action="commit")
    page = browser.get(address)
    assert "2 inserted" in page.xpath("string(//div[@id='output_messages'])")
    assert page.xpath("string(//ol[@class='steps']/li[@aria-current])") == "Committed"
    assert (instance.property("acme.colour"), instance.property("acme.size")) == ("blue", "9")


def test_a_list_and_the_menu_lead_to_the_import(browser):
    assert browser.get("/sys_remote_update_set_list.do").xpath("//a[contains(@href,'/upload.do?')]")
    menu = browser.get("/").xpath("//a[starts-with(@href,'/sys_remote_update_set_list.do')]")
    assert menu[0].text == "Retrieved Update Sets"


def test_a_commit_keeps_a_local_set_and_what_was_written(admin, instance):
    uploaded(admin, export(setting("acme.colour")))
    previewed(admin, SET)
    done = committed(admin, SET)
    assert (done.inserted, done.updated, done.deleted, done.failures) == (1, 0, 0, ())
    local = instance.records.get("sys_update_set", done.update_set)
    assert (local["name"], local["state"], local["remote_sys_id"]) == ("Things", "complete", SET)
    (copy,) = instance.records.all("sys_update_xml", update_set=done.update_set)
    assert (copy["name"], copy["remote_update_set"]) == ("update_0", "")
    remote = instance.records.get("sys_remote_update_set", SET)
    assert (remote["state"], remote["inserted"], remote["update_set"]) == ("committed", "1", done.update_set)
    assert remote["commit_date"]


def test_the_second_commit_changes_nothing(admin, instance):
    document = export(setting("acme.colour", sys_updated_on=OLD))
    for expected in (1, 0):
        uploaded(admin, document)
        assert instance.records.get("sys_remote_update_set", SET)["state"] == "loaded"
        assert previewed(admin, SET) == ()
        done = committed(admin, SET)
        assert (done.inserted, done.updated) == (expected, 0)
    assert len(instance.records.all("sys_update_xml", remote_update_set=SET)) == 1
    with pytest.raises(BadRequest, match="preview it first"):
        committed(admin, SET)


def test_tables_come_before_columns_and_access_rules_get_in(admin, instance):
    table = "u_widget"
    document = export(
        record("sys_security_acl", sys_id="1" * 32, name=table, type="record", operation="read", active="true"),
        record("sys_security_acl_role", sys_id="2" * 32, sys_security_acl="1" * 32, sys_user_role="x" * 32,
               keys={"sys_user_role": {"name": "itil"}}),
        record("sys_dictionary", sys_id="3" * 32, name=table, element="u_colour", internal_type="string"),
        record("sys_db_object", sys_id="4" * 32, name=table, label="Widget"),
    )  # fmt: skip
    uploaded(admin, document)
    assert previewed(admin, SET) == ()
    assert committed(admin, SET).failures == ()
    admin.insert(table, {"u_colour": "red"})
    assert [row["u_colour"] for row in instance.session("agent").query(table)] == ["red"]
    assert instance.session("employee").query(table) == []
    (link,) = instance.records.all("sys_security_acl_role", sys_security_acl="1" * 32)
    assert instance.records.get("sys_user_role", link["sys_user_role"])["name"] == "itil"


def test_a_record_known_by_its_key_keeps_its_sys_id_and_links_follow(admin, instance):
    known = admin.insert("sys_user_role", {"name": "widget_reader", "description": "before"})
    document = export(
        record("sys_user_role", sys_id="5" * 32, name="widget_reader", description="after", sys_updated_on=LATER),
        record("sys_group_has_role", sys_id="6" * 32, role="5" * 32),
    )
    uploaded(admin, document)
    previewed(admin, SET)
    assert committed(admin, SET).updated == 1
    assert instance.records.get("sys_user_role", "5" * 32) is None
    assert instance.records.get("sys_user_role", known["sys_id"])["description"] == "after"
    assert instance.records.get("sys_group_has_role", "6" * 32)["role"] == known["sys_id"]


def test_a_deletion_is_committed_last(admin, instance):
    doomed = admin.insert("sys_properties", {"name": "acme.old", "value": "1"})
    uploaded(admin, export(record("sys_properties", "DELETE", sys_id=doomed["sys_id"], sys_updated_on=LATER)))
    assert previewed(admin, SET) == ()
    assert committed(admin, SET).deleted == 1
    assert instance.records.get("sys_properties", doomed["sys_id"]) is None


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (record("u_nowhere", sys_id="7" * 32, u_colour="red"), "Table 'u_nowhere' does not exist"),
        (
            record("sys_dictionary", sys_id="7" * 32, name="u_nowhere", element="u_a"),
            "Table 'u_nowhere' does not exist",
        ),
        (record("sys_security_acl_role", sys_id="7" * 32, sys_user_role="8" * 32), "a record in sys_user_role"),
        (setting("acme.a", sys_scope="9" * 32), "a record in sys_scope"),
        (setting("acme.a", sys_scope="9" * 32), "different than update set scope"),
    ],
)
def test_what_is_missing_is_a_problem_and_stops_the_commit(admin, instance, payload, says):
    uploaded(admin, export(payload))
    found = previewed(admin, SET)
    assert any(says in problem["description"] for problem in found)
    with pytest.raises(BadRequest, match="not resolved"):
        committed(admin, SET)
    assert instance.records.get("sys_remote_update_set", SET)["state"] == "previewed"


def test_an_update_of_many_records_has_a_problem_once(admin, instance):
    parts = setting("acme.a", sys_scope="9" * 32) + setting("acme.b", sys_scope="9" * 32)
    uploaded(admin, export(parts, application="9" * 32))
    (problem,) = previewed(admin, SET)
    assert problem["missing_item"] == "9" * 32
    assert len(instance.records.all("sys_update_preview_xml")) == 1


@pytest.mark.parametrize(("decision", "left"), [("skip", "mine"), ("accept", "theirs")])
def test_a_newer_local_change_is_decided_by_a_person(browser, send, admin, instance, decision, left):
    mine = admin.insert("sys_properties", {"name": "acme.colour", "value": "mine"})
    send(export(setting("acme.colour", "theirs", mine["sys_id"], sys_updated_on=OLD)))
    address = f"/sys_remote_update_set.do?sys_id={SET}"
    browser.post(address, sys_action="preview")
    page = browser.get(address)
    assert "newer than this one" in page.xpath("string(//tr[@data-problem])")
    assert page.xpath("//button[@value='commit']/@disabled")
    assert page.xpath("string(//tr[@data-update]/td[3])") == "Collision/Update"
    problem = page.xpath("string(//tr/@data-problem)")
    data = {"sysparm_ck": browser.token, "problem": problem, "sys_action": decision}
    browser.client.post(address, data=data)
    assert not browser.get(address).xpath("//button[@value='commit']/@disabled")
    browser.post(address, sys_action="commit")
    assert instance.property("acme.colour") == left
    assert instance.records.get("sys_remote_update_set", SET)["collisions"] == "1"


def test_the_same_content_is_no_collision(admin):
    mine = admin.insert("sys_properties", {"name": "acme.colour", "value": "same"})
    uploaded(admin, export(setting("acme.colour", "same", mine["sys_id"], sys_updated_on=OLD)))
    assert previewed(admin, SET) == ()


def test_one_update_that_fails_is_named_and_the_others_get_in(admin, instance):
    taken = admin.insert("sys_db_object", {"name": "u_taken", "label": "Taken"})
    bad = record("sys_dictionary", sys_id="a1" * 16, name="u_taken", element="Not A Name", internal_type="string")
    uploaded(admin, export(bad, setting("acme.colour", "blue")))
    previewed(admin, SET)
    done = committed(admin, SET)
    assert done.inserted == 1
    assert done.failures[0].startswith("update_0: ")
    assert instance.records.get("sys_remote_update_set", SET)["summary"] == done.failures[0]
    assert instance.property("acme.colour") == "blue"
    assert taken["sys_id"]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "no XML"),
        (b"<unload", "no XML"),
        (b"<other/>", "starts with &lt;other&gt;"),
        (b"<unload/>", "no update set"),
        (b'<!DOCTYPE unload [<!ENTITY a SYSTEM "file:///etc/hostname">]><unload>&a;</unload>', "document type"),
        (
            b'<!DOCTYPE u [<!ENTITY a "aaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><unload x="&b;">&b;</unload>',
            "document type",
        ),
        (b"<unload>" + b"<a>" * 400 + b"</a>" * 400 + b"</unload>", "no XML"),
        (b"<unload><incident><sys_id>1</sys_id></incident></unload>", "holds a record of incident"),
        (
            export().replace(b"</unload>", b"<sys_update_xml><sys_id>1</sys_id></sys_update_xml></unload>"),
            "none of the",
        ),
        (export("<x a='1'/>").replace(b"record_update", b"record"), "starts with &lt;record&gt;"),
        (export("<x a='1'>"), "no XML"),
    ],
    ids=[
        "empty",
        "cut",
        "root",
        "nothing",
        "entity",
        "bomb",
        "deep",
        "stranger",
        "orphan",
        "payload",
        "broken payload",
    ],
)
def test_a_file_that_is_no_update_set_is_refused_with_one_line(send, instance, document, says):
    answer = send(document)
    assert answer.status_code == 400
    assert says in answer.text
    assert answer.text.count("outputmsg_error") == 1
    assert instance.records.all("sys_remote_update_set") == []
    assert instance.records.all("sys_update_xml") == []


def test_an_upload_needs_a_file_a_target_and_the_token(send, browser, instance):
    assert send(export(), token="").status_code == 403
    assert send(export(), target="incident").status_code == 400
    assert send(export(), name="").status_code == 400
    assert browser.client.get("/upload.do?sysparm_target=incident").status_code == 404
    assert instance.records.all("sys_remote_update_set") == []


def test_a_larger_file_is_refused(monkeypatch, admin):
    monkeypatch.setattr("snow_app.emulator.updatesets.document.LARGEST", 10)
    with pytest.raises(BadRequest, match="larger than"):
        uploaded(admin, export())


def test_only_administrators(admin, instance, person):
    agent = instance.session("agent")
    with pytest.raises(Refused):
        uploaded(agent, export())
    uploaded(admin, export(setting("acme.colour")))
    for act in (previewed, committed):
        with pytest.raises(Refused):
            act(agent, SET)
        with pytest.raises(NoRecord):
            act(admin, "b" * 32)
    assert person("agent").client.get(f"/sys_remote_update_set.do?sys_id={SET}").status_code == 404
    browser = person("agent")
    browser.get("/incident_list.do")
    data = {"sysparm_ck": browser.token, "sysparm_target": "sys_remote_update_set"}
    answer = browser.client.post("/sys_upload.do", data={**data, "attachFile": (io.BytesIO(export()), "a.xml")})
    assert "Only an administrator" in answer.text


def test_deleting_a_retrieved_set_takes_its_updates_along(browser, send, instance):
    send(export(setting("acme.colour")))
    browser.post(f"/sys_remote_update_set.do?sys_id={SET}", sys_action="preview")
    browser.post(f"/sys_remote_update_set.do?sys_id={SET}", sys_action="delete")
    for table in ("sys_remote_update_set", "sys_update_xml", "sys_update_preview_xml", "sys_update_preview_problem"):
        assert instance.records.all(table) == []
