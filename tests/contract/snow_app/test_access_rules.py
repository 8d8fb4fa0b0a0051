"""The second channel: what REST cannot bring is exported, imported on the instance's pages, and then in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from lxml import html

from snow_app.app import AppParameters, Facts
from snow_app.emulator.scripts.errors import Place
from snow_app.install import Action, applied, exported, planned, uninstalled, verified

SCOPE = "x_acme_shop"
LOG = f"{SCOPE}_context_access"
PACKAGED = len(exported(AppParameters(scope=SCOPE)).rows)


@dataclass
class Pages:
    """An administrator's browser on the instance: forms are read, filled and sent."""

    url: str
    client: requests.Session

    def sent(self, page: str, **values: Any) -> html.HtmlElement:
        """Fetch a page, send its form with these values (or files), and answer what comes back."""
        form = html.fromstring(self.client.get(self.url + page, timeout=20).text).forms[0]
        files = {name: value for name, value in values.items() if isinstance(value, bytes)}
        data = {**dict(form.form_values()), **{name: value for name, value in values.items() if name not in files}}
        upload = {name: (f"{name}.xml", value) for name, value in files.items()}
        answer = self.client.post(self.url + form.action, data=data, files=upload or None, timeout=60)
        return html.fromstring(answer.text)

    def said(self, page: html.HtmlElement) -> str:
        return str(page.xpath("string(//div[@id='output_messages'])"))

    def imported(self, document: bytes) -> str:
        """The address of the form of the set that is in the file."""
        page = self.sent("/upload.do?sysparm_target=sys_remote_update_set", attachFile=document)
        assert "Imported:" in self.said(page)
        return str(page.xpath("//tbody//a/@href")[0])

    def committed(self, address: str) -> str:
        assert "no problems" in self.said(self.sent(address, sys_action="preview"))
        return self.said(self.sent(address, sys_action="commit"))


@pytest.fixture
def pages(snow) -> Iterator[Pages]:
    with requests.Session() as client:
        client.trust_env = False
        signed_in = {"user_name": snow.username, "user_password": snow.password}
        client.post(f"{snow.url}/login.do", data=signed_in, timeout=20)
        yield Pages(url=snow.url, client=client)


@pytest.fixture
def grant(snow) -> Callable[[str, str], tuple[str, str]]:
    """Gives a user a role of the app, as an administrator does; the user's credentials."""

    def granted(user_name: str, suffix: str) -> tuple[str, str]:
        session = snow.instance.session(snow.username)
        (user,) = session.query("sys_user", f"user_name={user_name}", acl=False)
        (role,) = session.query("sys_user_role", f"name={SCOPE}.{suffix}", acl=False)
        session.insert("sys_user_has_role", {"user": user["sys_id"], "role": role["sys_id"]}, acl=False)
        return user_name, user_name

    return granted


def read_log(snow, auth: tuple[str, str]) -> list[dict[str, Any]]:
    answer = requests.get(f"{snow.url}/api/now/table/{LOG}", auth=auth, timeout=20)
    if answer.status_code == 403:
        return []
    rows: list[dict[str, Any]] = answer.json()["result"]
    return rows


def to_do(client, parameters) -> list[str]:
    """What verify says of the records that need the second channel."""
    texts = (finding.text for finding in verified(client, parameters).findings)
    return [text for text in texts if "access rule" in text or "more record(s)" in text]


def test_from_denying_by_default_to_what_the_rules_allow(snow, client, app, ajax, pages, grant):
    reader, agent = grant("auditor", "auditor"), grant("agent", "agent")
    ajax("summary")
    missing, more = to_do(client, app)
    assert "cannot be written over REST and are not on the instance" in missing
    assert f"record read {LOG}" in missing
    assert "denies by default" in missing
    assert "look_up_shopper" in more
    assert read_log(snow, reader) == []
    assert ajax("summary", user="employee", password="employee")["error"]["code"] == "forbidden"

    said = pages.committed(pages.imported(exported(app).document))
    assert f"{PACKAGED} inserted, 0 updated" in said

    assert to_do(client, app) == ["All 47 access rule records are on the instance."]
    rows = read_log(snow, reader)
    assert rows
    assert {row["action"] for row in rows} == {"view"}
    assert all(row["customer_no"] for row in rows)
    assert read_log(snow, agent) == []
    assert ajax("summary", user=agent[0], password=agent[1])["customer"]["match"] == "one"
    assert ajax("summary", user="employee", password="employee") is None
    assert applied(client, app).written == 0


def test_the_committed_action_looks_a_shopper_up(snow, client, app, pages, grant, case, sidecar):
    """Flows are not run here; the step's script is, as Flow Designer runs it: in the scope, with inputs and outputs."""
    user_name, _ = grant("agent", "agent")
    pages.committed(pages.imported(exported(app).document))
    records = snow.instance.records
    action = records.first("sys_hub_action_type_definition", internal_name="look_up_shopper")
    (step,) = records.all("sys_hub_step_instance", action=action["sys_id"])
    (script,) = (
        row["value"]
        for row in records.all("sys_variable_value", document_key=step["sys_id"])
        if row["value"] != "instance"
    )
    assert [row["element"] for row in records.all("sys_hub_action_input", model=action["sys_id"])] == [
        "table",
        "record",
    ]

    def ran(table: str, record: str) -> dict[str, str]:
        given = f"var inputs = {json.dumps({'table': table, 'record': record})}, outputs = {{}};"
        place = Place(table="sys_hub_step_instance", sys_id=step["sys_id"], name="Look up")
        with snow.instance.scripts.transaction(snow.instance.session(user_name)) as transaction:
            answer = transaction.script(f"{given}\n{script}\nJSON.stringify(outputs)", place, SCOPE)
        found: dict[str, str] = json.loads(answer["value"])
        return found

    assert ran(*case) == {"match": "one", "customer_no": "00004711", "site_id": "RefArchDE", "error": ""}
    assert sidecar.asked[-1]["body"]["sections"] == ["profile"]
    (row,) = records.all(LOG)
    assert (row["action"], row["result"], row["customer_no"]) == ("lookup", "one", "00004711")
    assert ran("incident", "0" * 32)["error"] == "no_case"


def test_committing_again_changes_nothing(client, app, pages):
    document = exported(app).document
    address = pages.imported(document)
    pages.committed(address)
    before = planned(client, app).of(Action.PACKAGE)
    assert pages.imported(document) == address
    assert "0 inserted, 0 updated, 0 deleted, 0 skipped, 0 failed" in pages.committed(address)
    assert [change.stored.values for change in planned(client, app).of(Action.PACKAGE)] == [
        change.stored.values for change in before
    ]


def test_before_the_app_the_rules_find_nothing_to_stand_on(pages, parameters):
    address = pages.imported(exported(parameters).document)
    page = pages.sent(address, sys_action="preview")
    problems = {str(cell) for cell in page.xpath("//tr[@data-problem]/td[2]/text()")}
    assert any("sys_user_role" in problem for problem in problems)
    assert any("sys_scope" in problem for problem in problems)
    assert "not resolved" in pages.said(pages.sent(address, sys_action="commit"))


def test_uninstalling_takes_the_rules_along(snow, client, app, pages):
    pages.committed(pages.imported(exported(app).document))
    gone = uninstalled(client, app)
    assert (len(gone.went_along), gone.packaged) == (PACKAGED, ())
    for table in ("sys_security_acl", "sys_security_acl_role", "sys_user_role", "sys_script_include"):
        scopes = {row["sys_scope"] for row in snow.instance.records.all(table)}
        assert app.scope not in {(snow.instance.records.get("sys_scope", one) or {}).get("scope") for one in scopes}
    assert not [row for row in snow.instance.records.all("sys_security_acl") if SCOPE in row["name"]]


def test_rules_of_an_application_made_by_hand_are_said_to_stay(snow, client, parameters, pages):
    """The application is not ours to delete, so the rule of our script include stays, and that is said."""
    own = client.table("sys_app").insert({"name": "Shop", "scope": SCOPE, "version": "1.0.0"})
    applied(client, parameters)
    pages.committed(pages.imported(exported(parameters, application_id=own.sys_id).document))
    gone = uninstalled(client, parameters)
    assert not gone.application
    left = {change.name for change in gone.packaged if change.table == "sys_security_acl"}
    assert left == {f"client_callable_script_include execute {SCOPE}.ContextAjax"}
    assert {change.name for change in gone.went_along} >= {f"record read {LOG}", f"record read {LOG}.*"}


def test_the_whole_app_comes_by_update_set_alone(snow, client, pages, bare):
    """Tables, columns and choices included; only the place on the form and what an operator enters are left."""
    csm = snow.instance.dictionary.table("sn_customerservice_case") is not None
    file = exported(bare, Facts(csm=csm), everything=True)
    said = pages.committed(pages.imported(file.document))
    assert f"{len(file.rows)} inserted, 0 updated, 0 deleted, 0 skipped, 0 failed" in said
    left = {change.table for change in planned(client, bare).of(Action.CREATE)}
    assert left <= {"sys_ui_form", "sys_ui_form_section"}
    assert snow.instance.dictionary.table(LOG) is not None
    assert f"{SCOPE}_customer_no" in snow.instance.dictionary.columns("incident")
    applied(client, bare)
    assert verified(client, bare).ok


@pytest.fixture
def bare(parameters):
    """The app without what an operator enters."""
    return type(parameters)(scope=parameters.scope)


def test_an_address_the_operator_entered_survives_the_whole_app(snow, client, parameters, pages):
    applied(client, parameters)
    records = snow.instance.records
    entered = records.first("sys_properties", name=f"{SCOPE}.sidecar.url")
    records.update("sys_properties", entered["sys_id"], {"sys_updated_on": "2099-01-01 00:00:00"})
    csm = snow.instance.dictionary.table("sn_customerservice_case") is not None
    address = pages.imported(exported(parameters, Facts(csm=csm), everything=True).document)
    page = pages.sent(address, sys_action="preview")
    collisions = {str(cell) for cell in page.xpath("//tr[@data-problem]/td[1]/text()")}
    assert f"sys_properties: {SCOPE}.sidecar.url" in collisions
    assert "not resolved" in pages.said(pages.sent(address, sys_action="commit"))
    assert snow.instance.property(f"{SCOPE}.sidecar.url") == parameters.sidecar_url
