"""An independent client, pysnc, against the local instance."""

import pytest
from pysnc import ServiceNowClient
from pysnc.exceptions import AuthenticationException, RequestException, RoleException


@pytest.fixture
def client(snow):
    # pysnc refuses plain http:// but compares the scheme with its case.
    made = ServiceNowClient(snow.url.replace("http", "HTTP", 1), ("admin", "admin"))
    made.session.trust_env = False
    yield made
    made.session.close()


def test_records_live_their_whole_life(client) -> None:
    record = client.GlideRecord("problem")
    record.initialize()
    record.short_description = "Unable to print"
    record.bogus = "dropped"
    sys_id = str(record.insert())
    assert record.get_value("number").startswith("PRB")
    assert record.get_display_value("opened_by") == "System Administrator"
    found = client.GlideRecord("problem")
    assert found.get(sys_id)
    found.short_description = "Solved"
    found.update()
    again = client.GlideRecord("problem")
    assert again.get("short_description", "Solved")
    assert again.delete()
    assert not client.GlideRecord("problem").get(sys_id)


def test_pages_follow_each_other(client, snow) -> None:
    admin = snow.instance.session("admin")
    for number in range(25):
        admin.insert("incident", {"order": str(number)})
    rows = client.GlideRecord("incident", batch_size=10)
    rows.add_query("order", ">=", "3")
    rows.order_by("order")
    rows.query()
    assert len(rows) == 22
    assert [int(row.get_value("order")) for row in rows] == list(range(3, 25))


def test_many_records_change_in_one_batch(client, snow) -> None:
    admin = snow.instance.session("admin")
    for _ in range(7):
        admin.insert("incident", {"short_description": "many"})
    rows = client.GlideRecord("incident")
    rows.add_query("short_description", "many")
    rows.query()
    for row in rows:
        row.description = "changed"
    assert rows.update_multiple()
    assert admin.count("incident", "description=changed") == 7
    rows = client.GlideRecord("incident")
    rows.add_query("description", "changed")
    rows.query()
    assert rows.delete_multiple()
    assert admin.count("incident") == 0


def test_a_query_too_long_for_an_address_goes_through_a_batch(client, snow) -> None:
    number = snow.instance.session("admin").insert("incident", {})["number"]
    rows = client.GlideRecord("incident")
    rows.add_encoded_query("AAAA=BBBB^" * 2_300 + f"number={number}")
    rows.query()
    assert [row.get_value("number") for row in rows] == [number]


def test_refusals_become_its_exceptions(client, snow) -> None:
    with pytest.raises(RequestException, match="Invalid table"):
        client.GlideRecord("no_such").query()
    record = client.GlideRecord("sys_security_acl")
    record.initialize()
    record.name = "incident"
    with pytest.raises(RoleException):
        record.insert()
    stranger = ServiceNowClient(snow.url.replace("http", "HTTP", 1), ("admin", "wrong"))
    with pytest.raises(AuthenticationException):
        stranger.GlideRecord("incident").get("x")
    stranger.session.close()


def test_attachments(client) -> None:
    record = client.GlideRecord("problem")
    record.initialize()
    record.insert()
    record.add_attachment("note.txt", "two\nlines")
    files = record.get_attachments()
    assert len(files) == 1
    assert [file.read().decode() for file in files] == ["two\nlines"]
