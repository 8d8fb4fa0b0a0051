"""What the Ansible collection expects of an instance: demo records, and the API its vendor ships apart.

Everything is written over REST, as an administrator would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

USERS = (
    ("problem.manager", "Problem", "Manager"),
    ("problem.admin", "Problem", "Admin"),
    ("abraham.lincoln", "Abraham", "Lincoln"),
)
GROUPS = ("network", "hardware", "software")
TEMPLATE = {
    "name": "Clear BGP sessions on a Cisco router",
    "values": "short_description=Clear BGP sessions on a Cisco router^category=Network^"
    "description=Resend the complete BGP table to neighboring routers^EQ",
}

NEW_STATE = """
(function process(request, response) {
    var fields = ['assigned_to', 'resolution_code', 'short_description', 'fix_notes', 'cause_notes', 'close_notes', 'duplicate_of'];
    var problem = new GlideRecord('problem');
    if (!problem.get('number', request.pathParams.number)) {
        response.setError(new sn_ws_err.NotFoundError('No problem has the number ' + request.pathParams.number));
        return;
    }
    var before = problem.getValue('state'), wanted = request.pathParams.state;
    fields.forEach(function (name) {
        if (request.body.data[name] !== undefined) problem.setValue(name, request.body.data[name]);
    });
    problem.setValue('state', wanted);
    problem.update();
    problem.get(problem.getUniqueValue());
    if (problem.getValue('state') !== wanted) {
        response.setError(new sn_ws_err.BadRequestError('Problem state transition from state ' + before + ' to ' + wanted + ' is not possible'));
        return;
    }
    var answer = {};
    problem.getElements().forEach(function (element) { answer[element.getName()] = problem.getValue(element.getName()) || ''; });
    response.setBody(answer);
})(request, response);
"""  # noqa: E501 - a script as an instance keeps it


class Tables:
    """The Table API of an instance."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = f"{url}/api/now/table"
        self._session = requests.Session()
        self._session.auth, self._session.trust_env = (user, password), False

    def make(self, target: str, scope: str = "", /, **values: str) -> dict[str, Any]:
        params = {"sysparm_transaction_scope": scope} if scope else {}
        answer = self._session.post(f"{self._url}/{target}", json=values, params=params, timeout=30)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()["result"]
        return made

    def find(self, table: str, **wanted: str) -> dict[str, Any] | None:
        query = "^".join(f"{name}={value}" for name, value in wanted.items())
        answer = self._session.get(f"{self._url}/{table}", params={"sysparm_query": query}, timeout=30)
        answer.raise_for_status()
        rows: list[dict[str, Any]] = answer.json()["result"]
        return rows[0] if rows else None

    def change(self, table: str, sys_id: str, **values: str) -> None:
        self._session.patch(f"{self._url}/{table}/{sys_id}", json=values, timeout=30).raise_for_status()

    def close(self) -> None:
        self._session.close()


@contextmanager
def tables_of(url: str, user: str, password: str) -> Iterator[Tables]:
    tables = Tables(url, user, password)
    try:
        yield tables
    finally:
        tables.close()


def furnish(url: str, user: str, password: str) -> None:
    """Bring a new instance up to what the collection's targets take for granted."""
    with tables_of(url, user, password) as tables:
        for user_name, first, last in USERS:
            if tables.find("sys_user", user_name=user_name) is None:
                tables.make("sys_user", user_name=user_name, first_name=first, last_name=last)
        for name in GROUPS:
            if tables.find("sys_user_group", name=name) is None:
                tables.make("sys_user_group", name=name)
        if tables.find("problem", subcategory="email") is None:
            tables.make("problem", short_description="Mail is slow", category="software", subcategory="email")
        _standard_change(tables)
        _problem_states(tables)


def _standard_change(tables: Tables) -> None:
    template = tables.make("sys_template", name=TEMPLATE["name"], table="change_request", template=TEMPLATE["values"])
    producer = tables.make("std_change_record_producer", name=TEMPLATE["name"], template=template["sys_id"])
    tables.make("std_change_producer_version", name=f"{TEMPLATE['name']} - 1", std_change_producer=producer["sys_id"])


def _problem_states(tables: Tables) -> None:
    """The resource ``PATCH /api/x_rhtpp_ansible/problem/{number}/new_state/{state}`` in an application of its own."""
    code = tables.find("sys_properties", name="glide.appcreator.company.code")
    if code is None:
        raise RuntimeError("the instance has no company code, so it takes no application")
    tables.change("sys_properties", code["sys_id"], value="rhtpp")
    scope = tables.make("sys_app", name="Ansible", scope="x_rhtpp_ansible", version="1.0.0")["sys_id"]
    tables.change("sys_properties", code["sys_id"], value=code["value"])
    service = tables.make("sys_ws_definition", scope, name="Problem", service_id="problem")
    tables.make(
        "sys_ws_operation",
        scope,
        name="New state",
        web_service_definition=service["sys_id"],
        http_method="PATCH",
        relative_path="/{number}/new_state/{state}",
        operation_script=NEW_STATE,
    )
