"""POST /xmlhttp.do, the server end of GlideAjax."""

import json
import threading
import time

import pytest
from lxml import etree

ECHO = """var Echo = Class.create();
Echo.prototype = Object.extendsObject(global.AbstractAjaxProcessor, {
  say: function () { return this.getParameter('sysparm_text'); },
  nothing: function () {},
  _secret: function () { return 'secret'; },
  who: function () { return gs.getUserName() + ' in ' + gs.getCurrentScopeName(); },
  fail: function () { throw new Error('inner detail'); },
  messages: function () { gs.addErrorMessage('<b>wrong</b>'); gs.addInfoMessage('fine'); return 'ok'; },
  items: function () { var item = this.newItem('row'); item.setAttribute('name', 'a & b'); return 'done'; },
  type: 'Echo'
});"""


@pytest.fixture(autouse=True)
def echo(scoped):
    row = {"name": "Echo", "script": ECHO, "client_callable": "true", "access": "package_private"}
    return scoped.insert("sys_script_include", row)


@pytest.mark.parametrize(
    "text", ["plain", 'a"b<c>&d', "zwei\nZeilen\tund Tab", "Grüße 🌲 \u202eRTL", json.dumps({"a": [1, None]})]
)
def test_any_text_survives_the_round_trip(browser, text) -> None:
    assert browser.answer("x_acme_test.Echo", sysparm_name="say", sysparm_text=text) == text


def test_what_xml_cannot_carry_is_replaced(browser) -> None:
    assert browser.answer("x_acme_test.Echo", sysparm_name="say", sysparm_text="a\x00b\x1f") == "a\ufffdb\ufffd"


def test_the_scope_may_come_apart_from_the_name(browser) -> None:
    assert browser.answer("Echo", sysparm_scope="x_acme_test", sysparm_name="who") == "admin in x_acme_test"


def test_names_are_echoed(browser) -> None:
    root = etree.fromstring(browser.ajax("x_acme_test.Echo", sysparm_name="who").data)
    assert (root.get("sysparm_name"), root.get("sysparm_processor")) == ("who", "x_acme_test.Echo")


@pytest.mark.parametrize(
    "name", ["_secret", "process", "getParameter", "toString", "constructor", "no_such", "hasOwnProperty"]
)
def test_only_functions_meant_for_the_client_answer(browser, name) -> None:
    assert browser.answer("x_acme_test.Echo", sysparm_name=name) is None


@pytest.mark.parametrize("name", ["nothing", "fail"])
def test_no_answer_is_no_attribute(browser, name, admin) -> None:
    response = browser.ajax("x_acme_test.Echo", sysparm_name=name)
    assert response.status_code == 200
    assert etree.fromstring(response.data).get("answer") in (None, "")
    assert b"inner detail" not in response.data


def test_failures_are_in_the_log(browser, admin) -> None:
    browser.ajax("x_acme_test.Echo", sysparm_name="fail")
    assert "inner detail" in admin.query("syslog", "level=2", acl=False)[0]["message"]


@pytest.mark.parametrize("values", [{"client_callable": "false"}, {"active": "false"}])
def test_includes_that_are_not_for_clients_do_not_answer(browser, admin, echo, values) -> None:
    admin.update("sys_script_include", echo["sys_id"], values)
    assert browser.answer("x_acme_test.Echo", sysparm_name="who") is None
    assert browser.answer("x_acme_test.None", sysparm_name="who") is None


def test_acls_decide_who_may_call(browser, person, admin, scoped) -> None:
    role = admin.insert("sys_user_role", {"name": "x_acme_test.agent"})
    acl = {
        "name": "x_acme_test.Echo",
        "type": "client_callable_script_include",
        "operation": "execute",
        "active": "true",
    }
    made = admin.insert("sys_security_acl", acl, acl=False)
    agent = person("agent")
    agent.get("/incident_list.do")
    assert agent.answer("x_acme_test.Echo", sysparm_name="who") is None
    admin.insert(
        "sys_security_acl_role", {"sys_security_acl": made["sys_id"], "sys_user_role": role["sys_id"]}, acl=False
    )
    assert agent.answer("x_acme_test.Echo", sysparm_name="who") is None
    user = admin.query("sys_user", "user_name=agent")[0]["sys_id"]
    admin.insert("sys_user_has_role", {"user": user, "role": role["sys_id"]}, acl=False)
    assert agent.answer("x_acme_test.Echo", sysparm_name="who") == "agent in x_acme_test"


def test_a_call_needs_the_token_of_the_page(browser) -> None:
    assert browser.ajax("x_acme_test.Echo", token="", sysparm_name="who").status_code == 401
    assert browser.ajax("x_acme_test.Echo", token="wrong", sysparm_name="who").status_code == 401
    assert browser.answer("x_acme_test.Echo", sysparm_name="who")


def test_nobody_signed_in_is_401(stranger) -> None:
    answer = stranger.client.post("/xmlhttp.do", data={"sysparm_processor": "x_acme_test.Echo"})
    assert answer.status_code == 401
    assert answer.headers["X-SessionLoggedIn"] == "false"


def test_basic_credentials_need_no_token(stranger) -> None:
    form = {"sysparm_processor": "x_acme_test.Echo", "sysparm_name": "who"}
    answer = stranger.client.post("/xmlhttp.do", data=form, auth=("admin", "admin"))
    assert etree.fromstring(answer.data).get("answer") == "admin in x_acme_test"
    assert stranger.client.post("/xmlhttp.do", data=form, auth=("admin", "wrong")).status_code == 401


def test_messages_come_when_wanted(browser) -> None:
    response = browser.ajax("x_acme_test.Echo", sysparm_name="messages", sysparm_want_session_messages="true")
    shown = etree.fromstring(response.data).findall("ui_notifications/span")
    assert [(one.get("data-type"), one.get("data-text")) for one in shown] == [
        ("error", "<b>wrong</b>"),
        ("info", "fine"),
    ]
    quiet = browser.ajax("x_acme_test.Echo", sysparm_name="messages")
    assert etree.fromstring(quiet.data).find("ui_notifications") is None


def test_items_travel(browser) -> None:
    root = etree.fromstring(browser.ajax("x_acme_test.Echo", sysparm_name="items").data)
    assert [item.get("name") for item in root.findall("item")] == ["a & b"]


def test_one_transaction_at_a_time_per_browser_session(app, person, scoped, instance) -> None:
    running, most, lock = [0], [0], threading.Lock()
    evaluate = instance.scripts.client_call

    def watched(*args):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        try:
            return evaluate(*args)
        finally:
            with lock:
                running[0] -= 1

    instance.scripts.client_call = watched
    browser = person("admin")
    browser.get("/incident_list.do")
    token = browser.token
    cookie = browser.client.get_cookie("session").value

    def call(results: list[int], session: str) -> None:
        client = app.test_client()
        client.set_cookie("session", session)
        data = {"sysparm_processor": "x_acme_test.Echo", "sysparm_name": "who"}
        results.append(client.post("/xmlhttp.do", data=data, headers={"X-UserToken": token}).status_code)

    results: list[int] = []
    threads = [threading.Thread(target=call, args=(results, cookie)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 6
    assert most[0] == 1
