"""The Case API: who may use it, what it embeds, what it drops, the stream, the values of fields."""

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator

CASES = "/api/sn_customerservice/case"


@pytest.fixture
def piers(sign_in, api):
    """A customer's contact, signed in."""
    contact = api.get("table/customer_contact", user_name="piers.lindgren").json()["result"][0]
    api.patch(f"table/customer_contact/{contact['sys_id']}", {"user_password": "piers.lindgren"})
    return sign_in("piers.lindgren")


@pytest.fixture
def contact(api):
    return api.get("table/customer_contact", user_name="piers.lindgren", sysparm_exclude_reference_link="true").json()[
        "result"
    ][0]


def posted(who, **values):
    answer = who.at("POST", CASES, json=values)
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


def row(api, sys_id: str):
    return api.get(f"table/sn_customerservice_case/{sys_id}", sysparm_exclude_reference_link="true").json()["result"]


def test_a_case_is_posted_and_its_contact_fills_the_account(api, integration, contact) -> None:
    made = posted(
        integration, contact=contact["sys_id"], short_description="Lost parcel", sort_descripton="x", state="77"
    )
    assert set(made) == {"sys_id", "number"}
    stored = row(api, made["sys_id"])
    assert (stored["number"], stored["account"], stored["state"]) == (made["number"], contact["account"], "1")
    other = api.made("customer_account", name="Other")["sys_id"]
    kept = posted(integration, contact=contact["sys_id"], account=other)
    assert row(api, kept["sys_id"])["account"] == other


def test_names_may_stand_without_quotes(integration, api) -> None:
    body = '{ contact_type: "phone", \n short_description: "at 10:30, note: \\"ok\\"" }'
    answer = integration.at("POST", CASES, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
    stored = row(api, answer.json()["result"]["sys_id"])
    assert (stored["short_description"], stored["contact_type"]) == ('at 10:30, note: "ok"', "phone")
    assert integration.at("POST", CASES, data="{ a: }", headers={"Content-Type": "application/json"}).status_code == 400


def test_records_are_embedded_unless_unwanted(integration, contact) -> None:
    made = posted(integration, contact=contact["sys_id"], assigned_to=contact["sys_id"])
    for key in (made["sys_id"], made["number"]):
        case = integration.at("GET", f"/api/sn_customerservice/v1/case/{key}").json()["result"]
        assert (case["contact"]["email"], case["account"]["name"]) == (contact["email"], "Harbour Outfitters")
        assert (case["assigned_to"], case["consumer"]) == (contact["sys_id"], "")
    bare = integration.at("GET", f"{CASES}/{made['sys_id']}", params={"reference_fields": "false"}).json()["result"]
    assert bare["contact"] == contact["sys_id"]
    shown = integration.at(
        "GET", f"{CASES}/{made['sys_id']}", params={"sysparm_display_value": "all", "sysparm_fields": "state,contact"}
    ).json()["result"]
    assert shown["state"] == {"display_value": "New", "value": "1"}
    assert shown["contact"]["email"] == {"display_value": contact["email"], "value": contact["email"]}
    assert set(shown) == {"state", "contact"}


def test_lists_count_only_when_paged(integration) -> None:
    for n in range(3):
        posted(integration, short_description=f"case {n}")
    plain = integration.at("GET", CASES, params={"query": "short_descriptionLIKEcase^ORDERBYshort_description"})
    assert [case["short_description"] for case in plain.json()["result"]] == ["case 0", "case 1", "case 2"]
    assert "X-Total-Count" not in plain.headers
    paged = integration.at("GET", CASES, params={"sysparm_query": "short_descriptionLIKEcase", "limit": "2"})
    assert (len(paged.json()["result"]), paged.headers["X-Total-Count"]) == (2, "3")
    assert 'rel="next"' in paged.headers["Link"]


def test_put_answers_with_the_number_or_all_of_it(api, integration) -> None:
    made = posted(integration, short_description="a")
    answer = integration.at("PUT", f"{CASES}/{made['sys_id']}", json={"short_description": "b", "no_such": "c"})
    assert (answer.status_code, answer.json()["result"]) == (200, made)
    whole = integration.at(
        "PUT", f"{CASES}/{made['sys_id']}", json={"priority": "2"}, params={"sysparm_get_case_details": "true"}
    ).json()["result"]
    assert (whole["short_description"], whole["priority"]) == ("b", "2")


def test_the_rules_of_cases_hold(integration) -> None:
    made = posted(integration, short_description="a")
    refused = integration.at("PUT", f"{CASES}/{made['sys_id']}", json={"state": "6"})
    assert refused.status_code == 403
    assert "Resolution notes" in refused.json()["error"]["detail"]
    closed = {"state": "3", "resolution_code": "1", "close_notes": "done"}
    assert integration.at("PUT", f"{CASES}/{made['sys_id']}", json=closed).status_code == 200
    assert integration.at("PUT", f"{CASES}/{made['sys_id']}", json={"priority": "1"}).status_code == 403


def test_customers_write_few_fields_and_see_their_own_cases(api, integration, piers, contact) -> None:
    made = posted(piers, short_description="mine", urgency="1", work_notes="secret", category="2", priority="2")
    stored = row(api, made["sys_id"])
    assert (stored["contact"], stored["account"]) == (contact["sys_id"], contact["account"])
    assert (stored["urgency"], stored["category"], stored["priority"]) == ("3", "1", "2")
    posted(integration, short_description="another's")
    assert [case["number"] for case in piers.at("GET", CASES).json()["result"]] == [made["number"]]
    answer = piers.at("PUT", f"{CASES}/{made['sys_id']}", json={"short_description": "no", "comments": "hello"})
    assert answer.status_code == 200
    assert row(api, made["sys_id"])["short_description"] == "mine"
    assert len(api.get("table/sys_journal_field", element_id=made["sys_id"]).json()["result"]) == 1


def test_a_consumer_sees_their_own_cases(snow, api, integration, sign_in) -> None:
    user = api.made("sys_user", user_name="ines", user_password="ines", first_name="Ines", last_name="Duarte")
    role = api.get("table/sys_user_role", name="sn_customerservice.consumer").json()["result"][0]["sys_id"]
    snow.instance.session("admin").insert("sys_user_has_role", {"user": user["sys_id"], "role": role}, acl=False)
    consumer = api.get("table/csm_consumer", number="CNS0010000").json()["result"][0]["sys_id"]
    api.patch(f"table/csm_consumer/{consumer}", {"user": user["sys_id"]})
    made = posted(integration, consumer=consumer, short_description="hers")
    posted(integration, short_description="another's")
    assert [case["number"] for case in sign_in("ines").at("GET", CASES).json()["result"]] == [made["number"]]


def test_the_stream_of_a_case(api, integration, piers, contact) -> None:
    made = posted(integration, contact=contact["sys_id"], short_description="talk")
    integration.at("PUT", f"{CASES}/{made['sys_id']}", json={"comments": "first", "work_notes": "inside"})
    file = {"table_name": "sn_customerservice_case", "table_sys_id": made["sys_id"], "file_name": "a.txt"}
    api("POST", "attachment/file", params=file, data=b"x" * 2048, headers={"Content-Type": "text/plain"})
    stream = integration.at("GET", f"{CASES}/{made['number']}/activities").json()["result"]
    assert (stream["table"], stream["label"], stream["number"]) == ("sn_customerservice_case", "Case", made["number"])
    told = {entry["element"]: entry for entry in stream["entries"]}
    assert (told["comments"]["value"], told["work_notes"]["field_label"]) == ("first", "Work notes")
    assert (told["comments"]["name"], told["comments"]["initials"]) == ("Commerce Integration", "CI")
    assert (told["attachment"]["attachment"]["size"], told["attachment"]["value"]) == ("2.0 KB", "a.txt")
    only = integration.at(
        "GET", f"{CASES}/{made['sys_id']}/activities", params={"activity_type": "comments,attachment"}
    )
    assert {entry["element"] for entry in only.json()["result"]["entries"]} == {"comments", "attachment"}
    outside = piers.at("GET", f"{CASES}/{made['sys_id']}/activities").json()["result"]
    assert {entry["element"] for entry in outside["entries"]} == {"comments", "attachment"}
    assert [field["can_read"] for field in outside["journal_fields"]] == [True, False]
    shown = piers.at("GET", f"{CASES}/{made['sys_id']}", params={"display_value": "true"})
    assert "first" in shown.text
    assert "inside" not in shown.text


def test_values_of_fields(api, integration, contact) -> None:
    states = integration.at("GET", f"{CASES}/field_values/state").json()["result"]
    assert {"label": "Awaiting Info", "value": "18"} in states
    other = api.made("customer_account", name="Other")["sys_id"]
    api.made("customer_contact", user_name="mo", first_name="Mo", last_name="Vidal", account=other)
    everybody = integration.at("GET", f"{CASES}/field_values/contact").json()["result"]
    assert {one["label"] for one in everybody} == {"Piers Lindgren", "Mo Vidal"}
    made = posted(integration, account=contact["account"])
    theirs = integration.at(
        "GET",
        f"{CASES}/{made['sys_id']}/field_values/contact",
        params={"sysparm_reference_field_columns": "email,nope"},
    )
    assert theirs.json()["result"] == [
        {"label": "Piers Lindgren", "value": contact["sys_id"], "email": contact["email"]}
    ]
    assert integration.at("GET", f"{CASES}/field_values/short_description").status_code == 400
    assert integration.at("GET", f"{CASES}/field_values/no_such").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/no-such", {}, 404),
        ("PUT", "/no-such", {"json": {}}, 404),
        ("GET", "/no-such/activities", {}, 404),
        ("DELETE", "/no-such", {}, 405),
        ("PATCH", "", {"json": {}}, 405),
        ("POST", "", {"data": "<a/>", "headers": {"Content-Type": "text/xml"}}, 415),
        ("GET", "", {"headers": {"Accept": "text/csv"}}, 406),
    ],
)
def test_what_is_refused(integration, method, path, options, status) -> None:
    assert integration.at(method, CASES + path, **options).status_code == status


def test_only_its_roles_may_use_it(agent, employee, sign_in) -> None:
    for who in (agent, employee):
        for method in ("GET", "POST"):
            answer = who.at(method, CASES, json={})
            assert (answer.status_code, answer.json()["error"]["message"]) == (403, "User Not Authorized")
    assert sign_in("nobody").at("GET", CASES).status_code == 401


def test_an_instance_without_customer_service_has_no_such_api() -> None:
    with ServiceNowEmulator(csm=False) as bare:
        answer = requests.get(f"{bare.url}{CASES}", auth=("admin", "admin"), timeout=10)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Requested URI does not represent any resource",
    )
