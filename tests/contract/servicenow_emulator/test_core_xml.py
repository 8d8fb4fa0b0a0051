"""The Table API and the Aggregate API in XML."""

import base64
import json

import pytest
from lxml import etree

XML = {"Content-Type": "application/xml", "Accept": "application/xml"}


def read(answer) -> etree._Element:
    assert answer.headers["Content-Type"] == "application/xml;charset=UTF-8"
    root = etree.fromstring(answer.content)
    assert root.tag == "response"
    return root


def test_a_record_is_written_and_read(api) -> None:
    body = (
        "<request><entry><short_description>Größe &amp; Farbe</short_description><urgency>1</urgency></entry></request>"
    )
    made = api("POST", "table/incident", data=body.encode(), headers=XML)
    assert made.status_code == 201
    [result] = read(made).findall("result")
    sys_id = result.findtext("sys_id")
    assert made.headers["Location"].endswith(f"/table/incident/{sys_id}")
    shown = api.get(f"table/incident/{sys_id}").json()["result"]
    assert (shown["short_description"], shown["urgency"]) == ("Größe & Farbe", "1")
    assert [child.tag for child in result] == list(shown)
    assert result.findtext("opened_by/value") == shown["opened_by"]["value"]
    assert result.find("close_notes").text is None


def test_a_reference_may_be_written_as_it_was_read(api) -> None:
    row = api.made("incident")
    user = row["opened_by"]["value"]
    body = f"<request><entry><caller_id><link>x</link><value>{user}</value></caller_id></entry></request>"
    answer = api("PATCH", f"table/incident/{row['sys_id']}", data=body, headers=XML)
    assert read(answer).findtext("result/caller_id/value") == user


def test_a_list_repeats_its_result(api) -> None:
    made = {api.made("incident")["sys_id"] for _ in range(3)}
    answer = api("GET", "table/incident", headers={"Accept": "text/xml;q=0.9"}, params={"sysparm_fields": "sys_id"})
    assert {element.findtext("sys_id") for element in read(answer).findall("result")} == made
    none = api("GET", "table/incident", headers=XML, params={"sysparm_query": "number=none"})
    assert len(read(none)) == 0


def test_counts_too(api) -> None:
    api.made("incident")
    answer = api("GET", "stats/incident", headers=XML, params={"sysparm_count": "true"})
    assert read(answer).findtext("result/stats/count") == "1"


def test_json_wins_where_both_are_taken(api) -> None:
    answer = api("GET", "table/incident", headers={"Accept": "application/xml, application/json"})
    assert answer.json() == {"result": []}


def test_refusals_are_told_in_the_same_language(api) -> None:
    answer = api("GET", "table/no_such", headers=XML)
    assert answer.status_code == 400
    assert read(answer).findtext("error/message") == "Invalid table no_such"
    assert read(answer).findtext("status") == "failure"


@pytest.mark.parametrize(
    "body",
    [
        b"<a/>", b"<request/>", b"<request><entry>", b"no markup",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><request><other>&b;</other></request>',
    ],
)  # fmt: skip
def test_what_is_no_request_is_a_bad_one(api, body: bytes) -> None:
    assert api("POST", "table/incident", data=body, headers=XML).status_code == 400


def test_entities_are_not_followed(api, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    body = (
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file://{secret}">]>'
        "<request><entry><short_description>&f;</short_description></entry></request>"
    )
    answer = api("POST", "table/incident", data=body, headers={"Content-Type": "application/xml"})
    assert answer.json()["result"]["short_description"] == ""


def test_letters_xml_cannot_hold_are_left_out(api) -> None:
    api.made("incident", short_description="a\u0001b\tc")
    answer = api("GET", "table/incident", headers=XML)
    assert read(answer).findtext("result/short_description") == "ab\tc"


def test_a_file_is_never_marked_up(api) -> None:
    row = api.made("incident")
    params = {"table_name": "incident", "table_sys_id": row["sys_id"], "file_name": "a.json"}
    made = api("POST", "attachment/file", data=b'{"a": 1}', params=params, headers={"Content-Type": "application/json"})
    link = f"attachment/{made.json()['result']['sys_id']}/file"
    assert api("GET", link, headers={"Accept": "application/xml"}).content == b'{"a": 1}'


def test_items_of_a_batch_choose_for_themselves(api) -> None:
    item = {
        "id": "1",
        "method": "GET",
        "url": "/api/now/table/incident",
        "headers": [{"name": "Accept", "value": XML["Accept"]}],
    }
    [served] = api.post("v1/batch", {"rest_requests": [item]}).json()["serviced_requests"]
    assert base64.b64decode(served["body"]).startswith(b"<?xml")
    assert json.dumps(served["headers"]).count("application/xml") == 1
