"""Elevated roles: held, but without effect until a page session is elevated; REST alone never is."""

import re

import pytest
import requests

ACL = {"name": "incident", "type": "record", "operation": "read"}


class Browser:
    def __init__(self, url: str, user: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.trust_env = False
        self.post("login.do", user_name=user, user_password=user)

    def post(self, path: str, **form: str) -> requests.Response:
        return self.session.post(f"{self.url}/{path}", data=form, timeout=5)

    def token(self) -> str:
        found = re.search(r'data-token="(\w+)"', self.session.get(f"{self.url}/", timeout=5).text)
        assert found
        return found[1]

    def elevate(self, role: str = "security_admin") -> requests.Response:
        return self.post("elevate.do", sysparm_ck=self.token(), role=role)


@pytest.fixture
def browser(timed):
    opened = []

    def made(user: str) -> Browser:
        opened.append(Browser(timed.url, user))
        return opened[-1]

    yield made
    for one in opened:
        one.session.close()


def controls(timed) -> int:
    return len(timed.instance.records.all("sys_security_acl", name="incident", operation="read"))


def write_by_cookie(browser: Browser) -> int:
    answer = browser.session.post(f"{browser.url}/api/now/table/sys_security_acl", json=ACL, timeout=5)
    return answer.status_code


def test_plain_rest_stays_refused(desk) -> None:
    assert desk.post("table/sys_security_acl", ACL).status_code == 403
    assert desk.post("table/sys_user_has_role", {}).status_code == 403


def test_an_elevated_page_session_writes_controls(timed, browser) -> None:
    admin = browser("admin")
    assert write_by_cookie(admin) == 403
    before = controls(timed)
    assert admin.elevate().status_code == 200
    assert write_by_cookie(admin) == 201
    assert controls(timed) == before + 1


def test_it_is_for_this_session_only_and_ends(timed, desk, browser) -> None:
    first, second = browser("admin"), browser("admin")
    first.elevate()
    assert write_by_cookie(second) == 403
    assert desk.post("table/sys_security_acl", ACL).status_code == 403
    first.elevate("")
    assert write_by_cookie(first) == 403
    first.elevate()
    first.session.get(f"{timed.url}/logout.do", timeout=5)
    first.post("login.do", user_name="admin", user_password="admin")
    assert write_by_cookie(first) == 403


def test_only_for_whom_it_is(timed, browser) -> None:
    agent = browser("agent")
    assert agent.elevate().status_code == 403
    assert browser("admin").elevate("itil").status_code == 403
    assert browser("admin").post("elevate.do", role="security_admin").status_code == 403


def test_the_menu_offers_it_to_whoever_may(timed, browser) -> None:
    admin, agent = browser("admin"), browser("agent")
    assert "Elevate to security_admin" in admin.session.get(f"{timed.url}/", timeout=5).text
    assert "security_admin" not in agent.session.get(f"{timed.url}/", timeout=5).text
    admin.elevate()
    assert "End security_admin" in admin.session.get(f"{timed.url}/", timeout=5).text


def test_the_role_given_to_somebody_counts_after_elevation(timed, browser) -> None:
    system = timed.instance.session("system")
    roles, users = timed.instance.records.first("sys_user_role", name="security_admin"), timed.instance.records
    lead = users.first("sys_user", user_name="lead")
    system.insert("sys_user_has_role", {"user": lead["sys_id"], "role": roles["sys_id"]}, acl=False)
    page = browser("lead")
    assert write_by_cookie(page) == 403
    page.elevate()
    assert write_by_cookie(page) == 201
