"""The server scripts behave, under the engine family the platform uses."""

from __future__ import annotations

from pathlib import Path

import pytest

CASE_ID = "a" * 32
SCOPE = "x_test_c360"
ENVELOPE = {
    "v": 1,
    "customer": {"match": "one"},
    "sections": {
        "profile": {"status": "ok", "data": {"customer_no": "00004711", "site": {"id": "RefArchDE"}}},
        "insights": {"status": "ok", "data": [{"id": "late_order"}, {"id": "cart_at_risk"}]},
    },
}

pytestmark = pytest.mark.rhino


def served(body, status=200, **headers):
    return {"status": status, "body": body, "headers": headers}


def test_summary_asks_the_sidecar_for_the_contact_and_logs_the_view(world, ajax):
    world.answers = [served(ENVELOPE)]
    outcome = ajax("summary")
    assert outcome.json["customer"]["match"] == "one"
    (sent,) = outcome.happened["http"]
    assert (sent["message"], sent["fn"]) == (f"{SCOPE}.sidecar", "context")
    assert sent["url"] == "https://sidecar.test/v1/context"
    assert sent["timeout"] == 4000
    assert sent["body"] == {
        "mode": "cached",
        "identity": {"email": "mara@example.com"},
        "case": {"table": "incident", "sys_id": CASE_ID},
        "viewer": {"user": "agent1", "roles": ["agent"], "locale": "pt-BR", "tz": "Europe/Berlin"},
    }
    (row,) = outcome.logged
    assert (row["action"], row["customer_no"], row["site_id"]) == ("view", "00004711", "RefArchDE")
    assert (row["case_table"], row["case_id"], row["user"]) == ("incident", CASE_ID, "agent1")
    assert row["reference"] == sent["headers"]["X-Correlation-Id"]


def test_what_the_case_remembers_comes_before_the_contact(world, ajax):
    world.case |= {f"{SCOPE}_customer_no": "42", f"{SCOPE}_site_id": "FR", f"{SCOPE}_order_no": "0009"}
    world.answers = [served(ENVELOPE)]
    outcome = ajax("live", sections="orders,cart", cursor="next-page")
    (body,) = outcome.bodies
    assert body["identity"] == {"customer_no": "42", "site_id": "FR", "order_no": "0009"}
    assert (body["mode"], body["sections"], body["cursor"]) == ("live", ["orders", "cart"], "next-page")


def test_without_contact_the_question_is_asked_all_the_same(world, ajax):
    world.contact = {"sys_id": "u2"}
    world.answers = [served({"customer": {"match": "no_identity"}, "sections": {}})]
    outcome = ajax("summary")
    assert outcome.bodies[0]["identity"] == {}
    assert outcome.json["customer"]["match"] == "no_identity"


@pytest.mark.parametrize(
    ("change", "parameters", "code"),
    [
        (lambda world: world.roles.clear(), {}, "forbidden"),
        (lambda world: world.properties.update({f"{SCOPE}.panel.enabled": "false"}), {}, "disabled"),
        (lambda world: world.case.update({"$hidden": True}), {}, "no_case"),
        (lambda world: None, {"sys_id": "b" * 32}, "no_case"),
        (lambda world: None, {"table": "sys_user", "sys_id": "u1"}, "no_case"),
        (lambda world: None, {"table": "constructor"}, "no_case"),
        (lambda world: None, {"table": "incident^x"}, "bad_request"),
    ],
)
@pytest.mark.parametrize("operation", ["summary", "reveal", "note"])
def test_nothing_is_asked_without_role_and_record(world, ajax, change, parameters, code, operation):
    change(world)
    outcome = ajax(operation, **{"field": "email", "text": "hello", **parameters})
    assert outcome.json["error"]["code"] == code
    assert outcome.happened["http"] == []
    assert outcome.happened["updated"] == []


def test_reveal_is_logged_first(world, ajax):
    whose = {"customer_no": "00004711", "site_id": "RefArchDE"}
    world.answers = [served({"field": "email", "value": "mara@example.com", "expires_in_s": 60, **whose})]
    outcome = ajax("reveal", field="email", reason="callback")
    assert outcome.json == {"field": "email", "value": "mara@example.com", "expires_in_s": 60}
    (row,) = outcome.logged
    assert (row["action"], row["field"], row["reason"], row["result"]) == ("reveal", "email", "callback", "shown")
    assert (row["customer_no"], row["site_id"]) == ("00004711", "RefArchDE")
    assert outcome.bodies[0]["field"] == "email"
    assert "mara@example.com" not in str(outcome.happened["log"]) + str(outcome.logged)


def test_no_row_no_reveal(world, ajax):
    world.log_refuses = True
    world.answers = [served({"field": "email", "value": "mara@example.com", "expires_in_s": 60})]
    outcome = ajax("reveal", field="email")
    assert outcome.json["error"]["code"] == "not_recorded"
    assert outcome.json["error"]["retryable"] is True
    assert outcome.happened["http"] == []


def test_a_refused_reveal_stays_in_the_log_as_asked(world, ajax):
    world.answers = [served({"code": "forbidden", "ref": "c360-77"}, status=403)]
    outcome = ajax("reveal", field="phone")
    assert outcome.json["error"]["code"] == "forbidden"
    assert outcome.json["error"]["ref"] == "c360-77"
    assert outcome.logged[0]["result"] == "asked"


def test_a_reason_can_be_required(world, ajax):
    world.properties[f"{SCOPE}.panel.reveal_reason_required"] = "true"
    assert ajax("reveal", field="email").json["error"]["code"] == "reason_required"
    assert ajax("reveal", field="login").json["error"]["code"] == "bad_request"


def test_only_a_candidate_can_be_chosen(world, ajax):
    many = {"customer": {"match": "many", "candidates": [{"customer_no": "7", "site": {"id": "FR"}}]}, "sections": {}}
    world.answers = [served(many), served(ENVELOPE)]
    outcome = ajax("choose", customer_no="7", site_id="FR")
    assert outcome.json["customer"]["match"] == "one"
    ((table, row, _),) = outcome.happened["updated"]
    assert (table, row[f"{SCOPE}_customer_no"], row[f"{SCOPE}_site_id"]) == ("incident", "7", "FR")
    assert [body["identity"] for body in outcome.bodies] == [
        {"email": "mara@example.com"},
        {"customer_no": "7", "site_id": "FR"},
    ]
    world.answers = [served(many)]
    world.case = {"sys_id": CASE_ID, "caller_id": "u1"}
    refused = ajax("choose", customer_no="8", site_id="FR")
    assert refused.json["error"]["code"] == "not_a_candidate"
    assert refused.happened["updated"] == []


def test_a_reader_of_the_case_cannot_choose(world, ajax):
    world.case["$read_only"] = True
    assert ajax("choose", customer_no="7", site_id="FR").json["error"]["code"] == "read_only"


@pytest.mark.parametrize(("match", "remembered"), [("one", "0009"), ("guest", "0009"), ("none", None)])
def test_a_found_order_is_remembered(world, ajax, match, remembered):
    world.answers = [served({"customer": {"match": match}, "sections": {}})]
    outcome = ajax("search", order_no="0009")
    assert outcome.bodies[0]["identity"] == {"order_no": "0009"}
    written = [row.get(f"{SCOPE}_order_no") for table, row, _ in outcome.happened["updated"] if table == "incident"]
    assert written == ([remembered] if remembered else [])
    assert outcome.logged[0]["action"] == "search"


def test_note_is_written_once_and_logged(world, ajax):
    outcome = ajax("note", order_no="0009", text="Order 0009 is late.")
    assert outcome.json == {"ok": True}
    ((_table, _, changed),) = [one for one in outcome.happened["updated"] if one[0] == "incident"]
    assert changed == {"work_notes": "Order 0009 is late."}
    assert (outcome.logged[0]["action"], outcome.logged[0]["reference"]) == ("note", "0009")
    assert ajax("note", text="x" * 4001).json["error"]["code"] == "bad_request"


def test_dismissed_insights_stay_away_from_this_case(world, ajax):
    assert ajax("dismiss", insight="late_order").json == {"ok": True}
    world.log = [
        {"case_id": CASE_ID, "action": "dismiss", "insight": "late_order"},
        {"case_id": "c" * 32, "action": "dismiss", "insight": "cart_at_risk"},
    ]
    world.answers = [served(ENVELOPE)]
    kept = ajax("summary").json["sections"]["insights"]["data"]
    assert [insight["id"] for insight in kept] == ["cart_at_risk"]


@pytest.mark.parametrize(
    ("answer", "code", "retryable", "wait"),
    [
        (None, "unreachable", True, None),
        ({"status": 0, "body": None}, "unreachable", True, None),
        ({"status": 401, "body": {}}, "sign_in_refused", False, None),
        ({"status": 429, "body": {}, "headers": {"Retry-After": "20"}}, "rate_limited", True, 20),
        ({"status": 503, "text": "<html>secret@example.com</html>"}, "unavailable", True, None),
        ({"status": 422, "body": {"detail": "secret@example.com"}}, "rejected", False, None),
        ({"status": 200, "text": "<html>secret@example.com</html>"}, "bad_answer", True, None),
    ],
)
def test_failures_become_a_json_error_without_personal_data(world, ajax, answer, code, retryable, wait):
    world.answers = [answer] if answer else []
    outcome = ajax("live")
    error = outcome.json["error"]
    assert (error["code"], error["retryable"], error.get("retry_after_s")) == (code, retryable, wait)
    assert error["message"]
    assert error["ref"].startswith("c360-")
    assert "example.com" not in outcome.answer + str(outcome.happened["log"])


def test_the_macro_shows_the_panel_on_saved_records_for_our_roles(world, rhino):
    record = {"$record": ["incident", CASE_ID]}
    assert rhino("ContextMacro", "config", record).answer == {
        "show": True,
        "case_id": CASE_ID,
        "table": "incident",
        "locale": "pt-BR",
        "tz": "Europe/Berlin",
        "rev": "r1",
    }
    assert rhino("ContextMacro", "config", {"$record": ["incident", "new"]}).answer["show"] is False
    world.roles = ["itil"]
    assert rhino("ContextMacro", "config", record).answer["show"] is False


def test_a_workspace_link_is_logged_and_only_a_web_address_is_framed(world, rhino):
    world.answers = [served({"url": "https://sidecar.test/panel?t=x", "expires_in_s": 60}, status=201)]
    outcome = rhino("ContextMacro", "link", "incident", CASE_ID)
    assert outcome.answer == {"url": "https://sidecar.test/panel?t=x", "message": ""}
    assert outcome.logged[0]["action"] == "panel_link"
    world.answers = [served({"url": "javascript:alert(1)"}, status=201)]
    refused = rhino("ContextMacro", "link", "incident", CASE_ID).answer
    assert refused["url"] == ""
    assert refused["message"]


def test_a_flow_gets_ids_and_words_only_and_leaves_a_row(world, rhino):
    world.answers = [served(ENVELOPE)]
    outcome = rhino("ContextFlow", "lookUp", "incident", CASE_ID)
    assert outcome.answer == {"match": "one", "customer_no": "00004711", "site_id": "RefArchDE", "error": ""}
    (body,) = outcome.bodies
    assert (body["mode"], body["sections"], body["viewer"]["roles"]) == ("live", ["profile"], ["agent"])
    assert outcome.logged[0]["action"] == "lookup"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"roles": ["itil"]}, "forbidden"),
        ({"log_refuses": True}, "not_recorded"),
        ({"answers": [served({}, status=401)]}, "sign_in_refused"),
        ({"answers": [served({}, status=503)]}, "unavailable"),
    ],
)
def test_a_flow_that_gets_nothing_gets_a_word_for_it(world, rhino, change, error):
    for name, value in change.items():
        setattr(world, name, value)
    answer = rhino("ContextFlow", "lookUp", "incident", CASE_ID).answer
    assert answer == {"match": "", "customer_no": "", "site_id": "", "error": error}
    assert rhino("ContextFlow", "lookUp", None, None).answer["error"] in ("no_case", "forbidden")


@pytest.mark.parametrize("email", ["", "no address", "a" * 250 + "@example.com", "two@@example.com"])
def test_what_is_no_address_is_not_sent(world, ajax, email):
    world.contact = {"sys_id": "u1", "email": email}
    world.answers = [served(ENVELOPE)]
    assert ajax("summary").bodies[0]["identity"] == {}


def test_scripts_are_within_the_platforms_length(scripts):
    assert {path: len(source) for path in scripts if len(source := Path(path).read_text(encoding="utf-8")) > 8000} == {}
