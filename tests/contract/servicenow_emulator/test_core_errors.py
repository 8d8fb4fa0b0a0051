"""What is refused, in the words of the platform."""

import pytest
import requests

INVALID = {"error": {"message": "Invalid table no_such", "detail": None}, "status": "failure"}
MISSING = {
    "error": {"message": "No Record found", "detail": "Record doesn't exist or ACL restricts the record retrieval"},
    "status": "failure",
}


def test_nobody_is_served(snow) -> None:
    answer = requests.get(f"{snow.url}/api/now/table/incident", timeout=5)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'BASIC realm="Service-now"'
    assert answer.json() == {
        "error": {"message": "User is not authenticated", "detail": "Required to provide Auth information"},
        "status": "failure",
    }


@pytest.mark.parametrize(
    "header", ["Basic YWRtaW46d3Jvbmc=", "Basic !!", "Bearer nothing", "Digest x", "Basic YWRtaW4="]
)
def test_wrong_credentials_are_refused(snow, header: str) -> None:
    answer = requests.get(f"{snow.url}/api/now/table/incident", headers={"Authorization": header}, timeout=5)
    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_table_is_invalid_for_everybody(api, employee, method: str) -> None:
    for who in (api, employee):
        answer = who(method, "table/no_such", json={})
        assert (answer.status_code, answer.json()) == (400, INVALID)


def test_a_missing_record_is_not_found(api) -> None:
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        answer = api(method, f"table/incident/{'0' * 32}", json={})
        assert (answer.status_code, answer.json()) == (404, MISSING)


def test_platform_tables_are_closed_to_users_without_roles(employee, agent) -> None:
    for who in (employee, agent):
        answer = who.get("table/sys_db_object")
        assert answer.status_code == 403
        assert answer.json()["error"] == {"message": "User Not Authorized", "detail": "Failed API level ACL Validation"}


def test_a_table_closed_to_web_services_is_closed_to_admin_too(api, snow) -> None:
    session = snow.instance.session("admin")
    app = session.insert("sys_app", {"name": "Shop", "scope": "x_acme_shop"})
    snow.instance.session("admin", app["sys_id"]).insert("sys_db_object", {"name": "x_acme_shop_shut", "label": "Shut"})
    for method in ("GET", "POST"):
        answer = api(method, "table/x_acme_shop_shut", json={})
        assert (answer.status_code, answer.json()["error"]["detail"]) == (403, "Failed API level ACL Validation")


@pytest.mark.parametrize(("method", "word"), [("PATCH", "Update"), ("DELETE", "Delete")], ids=["update", "delete"])
def test_a_record_one_may_only_read_is_not_changed(api, employee, snow, method: str, word: str) -> None:
    caller = snow.instance.session("employee").user.sys_id
    row = api.made("incident", short_description="mine", caller_id=caller)
    answer = employee(method, f"table/incident/{row['sys_id']}", json={"state": "2"})
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "message": "Operation Failed",
        "detail": f"ACL Exception {word} Failed due to security constraints",
    }


def test_an_insert_without_permission_names_the_insert(employee) -> None:
    answer = employee.post("table/problem", {"short_description": "x"})
    assert answer.status_code == 403
    assert answer.json()["error"]["detail"] == "ACL Exception Insert Failed due to security constraints"


def test_a_record_is_not_made_twice_and_the_status_is_a_setting(api) -> None:
    row = api.made("incident", short_description="x")
    again = api.post("table/incident", {"sys_id": row["sys_id"]})
    assert again.status_code == 403
    assert again.json()["error"]["detail"].startswith("Error during insert of incident (")
    setting = api.get("table/sys_properties", name="emulator.rest.duplicate_key.status").json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "500"})
    assert api.post("table/incident", {"sys_id": row["sys_id"]}).status_code == 500


def test_a_data_policy_names_its_fields(api) -> None:
    row = api.made("incident", short_description="x")
    answer = api.patch(f"table/incident/{row['sys_id']}", {"state": "6"})
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "message": "Operation Failed",
        "detail": "Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes",
    }


@pytest.mark.parametrize("body", [b"{", b"nonsense", b'"text"', b"17", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object_is_a_bad_request(api, body: bytes) -> None:
    answer = api("POST", "table/incident", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "Exception while reading request")


def test_the_body_parser_is_lenient_the_way_the_documentation_is(api) -> None:
    answer = api(
        "POST", "table/incident", data=b"{'short_description':'quoted'}", headers={"Content-Type": "application/json"}
    )
    assert answer.json()["result"]["short_description"] == "quoted"
    listed = api("POST", "table/incident", json=[{"short_description": "first"}, {"short_description": "second"}])
    assert listed.json()["result"]["short_description"] == "first"


def test_formats_it_does_not_speak(api) -> None:
    table = api("POST", "table/incident", data=b"a;b", headers={"Content-Type": "text/csv"})
    assert table.status_code == 415
    assert api("GET", "table/incident", headers={"Accept": "text/csv"}).status_code == 406
    assert api("GET", "table/incident", headers={"Accept": "*/*"}).status_code == 200


def test_an_export_file_is_not_posted_to_a_table(api) -> None:
    file = b'<?xml version="1.0" encoding="UTF-8"?>\n<unload><sys_remote_update_set/></unload>'
    for kind in ("application/xml", "text/xml", "application/json"):
        answer = api("POST", "table/sys_remote_update_set", data=file, headers={"Content-Type": kind})
        assert answer.status_code == 400
    assert api.get("table/sys_remote_update_set").json()["result"] == []


def test_paths_that_are_nothing(api) -> None:
    answer = api.get("nothing/here")
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Requested URI does not represent any resource",
    )
    assert api("PUT", "table/incident", json={}).status_code == 405


def test_an_overlong_path_gets_html(api) -> None:
    answer = api.get(f"table/{'A' * 23_000}/x")
    assert answer.status_code == 414
    assert answer.text.startswith("<html>")
    assert api.get(f"table/{'A' * 8_000}").json()["error"]["message"].startswith("Invalid table")


def test_a_body_over_the_limit_is_refused(api) -> None:
    body = b'{"description":"' + b"x" * (10 * 1024 * 1024) + b'"}'
    answer = api("POST", "table/incident", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["detail"].startswith("Rejected large REST payload with content-length = ")


@pytest.mark.parametrize("value", ["\u0000", "\ud800", "9" * 400, "' OR 1=1 --", "%^%", "مرحبا", "\r\n\t"])
def test_odd_values_are_stored_or_dropped_but_never_break_it(api, value: str) -> None:
    answer = api.post(
        "table/incident", {"short_description": value, "order": value, "opened_at": value, "active": value}
    )
    assert answer.status_code == 201
    found = api.get("table/incident", sysparm_query=f"short_description={value.encode('utf-8', 'replace').decode()}")
    assert found.status_code == 200


def test_faults_come_before_everything(snow, api) -> None:
    snow.faults.add(path="/api/now/table/incident", status=503, body='{"error":{"message":"busy"}}', times=1)
    # A request is logged once its answer is out: the third proves that the second is.
    assert [api.get("table/incident").status_code for _ in range(3)] == [503, 200, 200]
    assert [(row.method, row.path, row.status) for row in list(snow.requests)[:2]] == [
        ("GET", "/api/now/table/incident", 503),
        ("GET", "/api/now/table/incident", 200),
    ]
