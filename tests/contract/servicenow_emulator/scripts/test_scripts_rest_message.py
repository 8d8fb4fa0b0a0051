"""sn_ws.RESTMessageV2 over real HTTP."""

import base64
import json

import pytest

from sfcc_client.emulator.loopback import LoopbackServer
from snow_app.emulator.scripts import ScriptFailed


class Echo:
    """Answers what it was asked."""

    def __call__(self, environ, start):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        asked = {
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "query": environ["QUERY_STRING"],
            "body": body,
            "headers": {name: value for name, value in environ.items() if name.startswith("HTTP_")},
        }
        sent = json.dumps(asked).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(sent))), ("X-Answer", "yes")])
        return [sent]


@pytest.fixture
def server():
    with LoopbackServer(Echo()) as running:
        yield running


@pytest.fixture
def message(scoped, server):
    """An installed message with one function, as an installer leaves it."""
    profile = scoped.insert("sys_auth_profile_basic", {"name": "p", "username": "token-id", "password": "hush"})
    made = scoped.insert(
        "sys_rest_message",
        {
            "name": "x_acme_test.shop", "rest_endpoint": f"{server.url}/base", "authentication_type": "basic",
            "basic_auth_profile": profile["sys_id"], "access": "package_private",
        },
    )  # fmt: skip
    function = scoped.insert(
        "sys_rest_message_fn",
        {
            "rest_message": made["sys_id"], "function_name": "order", "http_method": "post",
            "rest_endpoint": server.url + "/orders/${no}", "content": '{"site":"${site}"}',
            "authentication_type": "inherit_from_parent",
        },
    )  # fmt: skip
    headers = {"rest_message": made["sys_id"], "name": "Accept", "value": "application/json"}
    scoped.insert("sys_rest_message_headers", headers)
    own = {"rest_message_function": function["sys_id"], "name": "X-Site", "value": "${site}"}
    scoped.insert("sys_rest_message_fn_headers", own)
    query = {"rest_message_function": function["sys_id"], "name": "expand", "value": "${what}", "order": "1"}
    scoped.insert("sys_rest_message_fn_param_defs", query)
    return made


def test_an_installed_message_is_sent_as_declared(run, message) -> None:
    source = """
      var r = new sn_ws.RESTMessageV2('x_acme_test.shop', 'order');
      r.setStringParameterNoEscape('no', '00031204'); r.setStringParameterNoEscape('site', 'RefArch & "DE"');
      r.setStringParameter('what', 'a<b'); r.setRequestHeader('X-Correlation', 'c1'); r.setHttpTimeout(2000);
      var answer = r.execute();
      JSON.stringify({status: answer.getStatusCode(), error: answer.haveError(),
        header: answer.getHeader('x-answer'), body: answer.getBody()})"""
    answer = json.loads(run(source))
    asked = json.loads(answer["body"])
    assert (answer["status"], answer["error"], answer["header"]) == (200, False, "yes")
    assert (asked["method"], asked["path"], asked["query"]) == ("POST", "/orders/00031204", "expand=a%26lt%3Bb")
    assert asked["body"] == '{"site":"RefArch & "DE""}'
    headers = asked["headers"]
    assert headers["HTTP_X_SITE"] == 'RefArch & "DE"'
    assert (headers["HTTP_ACCEPT"], headers["HTTP_X_CORRELATION"]) == ("application/json", "c1")
    assert base64.b64decode(headers["HTTP_AUTHORIZATION"].split()[1]) == b"token-id:hush"


def test_a_script_may_override_and_go_without_a_message(run, message, server) -> None:
    source = f"""
      var r = new sn_ws.RESTMessageV2('x_acme_test.shop', 'order');
      r.setEndpoint('{server.url}/other'); r.setRequestBody('grüße'); r.setHttpMethod('put'); r.execute().getBody()"""
    asked = json.loads(run(source))
    assert (asked["method"], asked["path"], asked["body"]) == ("PUT", "/other", "grüße")
    plain = (
        f"var r = new sn_ws.RESTMessageV2(); r.setEndpoint('{server.url}/plain'); "
        f"r.setHttpMethod('get'); r.setBasicAuth('u', 'p'); r.execute().getBody()"
    )
    assert json.loads(run(plain))["path"] == "/plain"


def test_failures_are_answers(run, message, server) -> None:
    server.faults.add(path="/orders", status=503, body='{"code":"down"}', headers={"Retry-After": "7"})
    source = (
        "var a = new sn_ws.RESTMessageV2('x_acme_test.shop', 'order').execute(); "
        "[a.getStatusCode(), a.haveError(), a.getBody(), a.getHeader('Retry-After')].join('|')"
    )
    assert run(source) == '503|true|{"code":"down"}|7'


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://127.0.0.1:9/x", "Connection refused"),
        ("https://example.com/x", "Unknown host"),
        ("http://10.0.0.1/x", "Unknown host"),
        ("file:///etc/hostname", "Unknown host"),
    ],
)
def test_what_cannot_be_reached_has_status_0(run, endpoint, words) -> None:
    source = (
        f"var r = new sn_ws.RESTMessageV2(); r.setEndpoint('{endpoint}'); var a = r.execute(); "
        f"[a.getStatusCode(), a.haveError(), a.getErrorMessage()].join('|')"
    )
    status, failed, message = run(source).split("|")
    assert (status, failed) == ("0", "true")
    assert words in message


def test_slow_servers_time_out(run, server) -> None:
    server.faults.add(path="/slow", delay=0.4)
    source = (
        f"var r = new sn_ws.RESTMessageV2(); r.setEndpoint('{server.url}/slow'); "
        f"r.setHttpTimeout(60); var a = r.execute(); a.getStatusCode() + a.getErrorMessage()"
    )
    assert "Read timed out" in run(source)


def test_unknown_and_foreign_messages_raise(run, message) -> None:
    with pytest.raises(ScriptFailed, match="has no function 'nothing'"):
        run("new sn_ws.RESTMessageV2('x_acme_test.shop', 'nothing')")
    with pytest.raises(ScriptFailed, match="not found"):
        run("new sn_ws.RESTMessageV2('nothing', 'order')")
    with pytest.raises(ScriptFailed, match="is private"):
        run("new sn_ws.RESTMessageV2('x_acme_test.shop', 'order')", scope_name="x_acme_other")


def test_redirects_are_not_followed(run, server) -> None:
    server.faults.add(path="/away", status=302, headers={"Location": "https://example.com/"})
    source = f"var r = new sn_ws.RESTMessageV2(); r.setEndpoint('{server.url}/away'); r.execute().getStatusCode()"
    assert run(source) == "302"
