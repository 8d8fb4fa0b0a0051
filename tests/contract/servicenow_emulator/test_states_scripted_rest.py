"""Scripted REST: rows of sys_ws_definition and sys_ws_operation that serve requests."""

import json

import pytest
import requests

ECHO = """
(function process(request, response) {
    return {
        path: request.pathParams, query: request.queryParams, text: request.queryString, uri: request.uri,
        header: request.getHeader('X-Custom'), body: request.body.data, string: request.body.dataString,
        user: gs.getUserName()
    };
})(request, response);
"""


@pytest.fixture
def service(api):
    def make(**values: str) -> dict[str, str]:
        row: dict[str, str] = api.made("sys_ws_definition", **({"name": "Parts", "service_id": "parts"} | values))
        return row

    return make


@pytest.fixture
def resource(api, service):
    """A resource of a service of its own that runs a script; the call that reaches it."""

    def make(script: str, **values: str):
        owner = values.pop("owner", None) or service()["sys_id"]
        given = {"name": "Resource", "http_method": "GET", "relative_path": "/", "operation_script": script}
        return api.made("sys_ws_operation", web_service_definition=owner, **(given | values))

    return make


@pytest.fixture
def call(api):
    def send(method: str, path: str, auth=("admin", "admin"), **options):
        return requests.request(method, f"{api.url}/api/{path}", auth=auth, timeout=10, **options)

    return send


def test_addresses_are_made_of_namespace_service_and_path(service, resource) -> None:
    made = service(name="Spare parts", service_id="")
    assert (made["namespace"], made["service_id"], made["base_uri"]) == ("acme", "spare_parts", "/api/acme/spare_parts")
    row = resource("", owner=made["sys_id"], relative_path="shelf/{id}", http_method="post")
    assert (row["operation_uri"], row["http_method"]) == ("/api/acme/spare_parts/shelf/{id}", "POST")


def test_an_applications_services_stand_under_its_scope(api, call) -> None:
    scope = api.made("sys_app", name="Shop", scope="x_acme_shop", version="1.0.0")["sys_id"]
    parameters = {"sysparm_transaction_scope": scope}
    made = api.post("table/sys_ws_definition", {"name": "Parts", "service_id": "parts"}, **parameters).json()["result"]
    script = "(function () { return gs.getCurrentScopeName(); })();"
    values = {"name": "x", "web_service_definition": made["sys_id"], "operation_script": script}
    api.post("table/sys_ws_operation", values, **parameters)
    assert call("GET", "x_acme_shop/parts").json() == {"result": "x_acme_shop"}


def test_what_a_script_sees_of_a_request(resource, call) -> None:
    resource(ECHO, http_method="PUT", relative_path="/shelf/{shelf}/part/{number}")
    answer = call(
        "PUT", "acme/parts/shelf/A%201/part/7?a=1&a=2&b=x%26y", json={"count": 3}, headers={"X-Custom": "yes"}
    ).json()["result"]
    assert answer["path"] == {"shelf": "A 1", "number": "7"}
    assert answer["query"] == {"a": ["1", "2"], "b": ["x&y"]}
    assert (answer["text"], answer["header"], answer["user"]) == ("a=1&a=2&b=x%26y", "yes", "admin")
    assert (answer["body"], json.loads(answer["string"])) == ({"count": 3}, {"count": 3})


@pytest.mark.parametrize(
    ("script", "status", "body"),
    [
        ("response.setStatus(201); response.setBody({a: [1, true, null]});", 201, {"result": {"a": [1, True, None]}}),
        ("return 'text';", 200, {"result": "text"}),
        ("", 200, {"result": {}}),
        (
            "response.setError(new sn_ws_err.NotFoundError('no part'));",
            404,
            {"error": {"message": "no part", "detail": ""}, "status": "failure"},
        ),
        (
            "throw new sn_ws_err.BadRequestError('no number');",
            400,
            {"error": {"message": "no number", "detail": ""}, "status": "failure"},
        ),
        (
            "var e = new sn_ws_err.ServiceError(); e.setStatus(418); e.setMessage('m'); e.setDetail('d'); return e;",
            418,
            {"error": {"message": "m", "detail": "d"}, "status": "failure"},
        ),
        (
            "return new sn_ws_err.ConflictError('two');",
            409,
            {"error": {"message": "two", "detail": ""}, "status": "failure"},
        ),
    ],
)  # fmt: skip
def test_what_a_script_answers(resource, call, script, status, body) -> None:
    resource(f"(function process(request, response) {{ {script} }})(request, response);")
    answer = call("GET", "acme/parts")
    assert (answer.status_code, answer.json()) == (status, body)


def test_a_stream_is_sent_as_it_was_written(resource, call) -> None:
    script = """
        response.setContentType('text/csv'); response.setStatus(202); response.setHeader('X-Rows', '2');
        var writer = response.getStreamWriter(); writer.writeString('a,b\\n'); writer.writeString('1,ü\\n');
    """
    resource(f"(function process(request, response) {{ {script} }})(request, response);")
    answer = call("GET", "acme/parts")
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["X-Rows"]) == (202, "text/csv", "2")
    assert answer.content.decode() == "a,b\n1,ü\n"


def test_a_script_reads_and_writes_records(api, resource, call) -> None:
    script = """(function process(request, response) {
        var incident = new GlideRecord('incident');
        incident.initialize();
        incident.short_description = request.body.data.text;
        incident.insert();
        response.setBody({number: incident.number, text: incident.getValue('short_description')});
    })(request, response);"""
    resource(script, http_method="POST")
    answer = call("POST", "acme/parts", json={"text": "from a service"}).json()["result"]
    found = api.get("table/incident", sysparm_query=f"number={answer['number']}").json()["result"]
    assert found[0]["short_description"] == answer["text"] == "from a service"


def test_a_broken_script_is_a_500_and_in_the_log(api, resource, call) -> None:
    row = resource("(function process() { nothing.here(); })();", name="Broken")
    answer = call("GET", "acme/parts")
    error = answer.json()["error"]
    assert (answer.status_code, "nothing" in error["message"]) == (500, True)
    logged = api.get("table/syslog", sysparm_query=f"source=Broken^messageLIKE{row['sys_id']}").json()["result"]
    assert len(logged) == 1


def test_paths_and_methods_nobody_serves(resource, call) -> None:
    resource("'x'", relative_path="/one", http_method="GET")
    assert call("GET", "acme/parts/one").status_code == 200
    assert call("POST", "acme/parts/one").status_code == 405
    head = call("HEAD", "acme/parts/one")
    assert (head.status_code, head.content) == (200, b"")
    for path in ("acme/parts/two", "acme/parts", "acme/other", "other/parts/one", "acme/parts/one/two"):
        assert call("GET", path).status_code == 400, path


def test_literal_text_goes_before_a_parameter(resource, service, call) -> None:
    owner = service()["sys_id"]
    resource("'any'", owner=owner, relative_path="/{id}")
    resource("'own'", owner=owner, relative_path="/mine")
    assert call("GET", "acme/parts/mine").json()["result"] == "own"
    assert call("GET", "acme/parts/other").json()["result"] == "any"


def test_odd_templates_serve_too(service, resource, call) -> None:
    owner = service()["sys_id"]
    script = "(function process(request) { return request.pathParams; })(request);"
    resource(script, owner=owner, relative_path="/{id}/then/{id}")
    resource(script, owner=owner, relative_path="/{1}.({x})")
    assert call("GET", "acme/parts/a/then/b").json()["result"] == {"id": "b"}
    assert call("GET", "acme/parts/7.(y)").json()["result"] == {"1": "7", "x": "y"}


@pytest.mark.parametrize("of", ["sys_ws_definition", "sys_ws_operation"])
def test_what_is_inactive_serves_nothing(api, service, resource, call, of) -> None:
    owner = service()["sys_id"]
    row = resource("'x'", owner=owner)
    api.patch(f"table/{of}/{owner if of == 'sys_ws_definition' else row['sys_id']}", {"active": "false"})
    assert call("GET", "acme/parts").status_code == 400


def test_versions(api, service, resource, call) -> None:
    owner = service(is_versioned="true")["sys_id"]
    for number, default in (("1", "false"), ("2", "true")):
        version = api.made("sys_ws_version", web_service_definition=owner, version=number, is_default=default)
        row = resource(f"'v{number}'", owner=owner, web_service_version=version["sys_id"])
        assert row["operation_uri"] == f"/api/acme/v{number}/parts"
    paths = ("acme/v1/parts", "acme/v2/parts", "acme/parts")
    assert [call("GET", path).json()["result"] for path in paths] == ["v1", "v2", "v2"]
    assert call("GET", "acme/v3/parts").status_code == 400


def test_who_may_call(api, service, resource, call) -> None:
    owner = service()["sys_id"]
    row = resource("gs.getUserName()", owner=owner)
    assert call("GET", "acme/parts", auth=None).status_code == 401
    assert call("GET", "acme/parts", auth=("employee", "employee")).json()["result"] == "employee"
    api.patch(f"table/sys_ws_operation/{row['sys_id']}", {"requires_authentication": "false"})
    assert call("GET", "acme/parts", auth=None).json()["result"] == "guest"
    assert call("GET", "acme/parts", auth=("employee", "wrong")).status_code == 401


@pytest.mark.parametrize("holder", ["service", "resource"])
def test_an_access_control_of_the_resource_or_else_of_the_service_admits(
    snow, api, service, resource, call, holder
) -> None:
    admin = snow.instance.session("admin")
    role = snow.instance.records.first("sys_user_role", name="itil")
    control = admin.insert(
        "sys_security_acl",
        {"name": "parts", "type": "REST_Endpoint", "operation": "execute", "active": "true"},
        acl=False,
    )
    admin.insert(
        "sys_security_acl_role", {"sys_security_acl": control["sys_id"], "sys_user_role": role["sys_id"]}, acl=False
    )
    named = {"enforce_acl": control["sys_id"]}
    owner = service(**(named if holder == "service" else {}))["sys_id"]
    row = resource("'in'", owner=owner, **(named if holder == "resource" else {}))
    assert call("GET", "acme/parts", auth=("agent", "agent")).status_code == 200
    refused = call("GET", "acme/parts", auth=("employee", "employee"))
    assert (refused.status_code, refused.json()["error"]["message"]) == (403, "User Not Authorized")
    api.patch(f"table/sys_ws_operation/{row['sys_id']}", {"requires_acl_authorization": "false"})
    assert call("GET", "acme/parts", auth=("employee", "employee")).status_code == 200


def test_a_built_in_interface_cannot_be_shadowed_or_opened(service, resource, call) -> None:
    owner = service(namespace="now", service_id="table")["sys_id"]
    resource("'shadow'", owner=owner, relative_path="/incident", requires_authentication="false")
    assert call("GET", "now/table/incident").json()["result"] != "shadow"
    assert call("GET", "now/table/incident", auth=None).status_code == 401


def test_a_guest_does_not_reach_another_method(service, resource, call) -> None:
    owner = service()["sys_id"]
    resource("'read'", owner=owner, requires_authentication="false")
    resource("'written'", owner=owner, http_method="POST")
    assert call("GET", "acme/parts", auth=None).status_code == 200
    disguised = {"X-HTTP-Method-Override": "POST"}
    assert call("GET", "acme/parts", auth=None, headers=disguised).status_code == 401
