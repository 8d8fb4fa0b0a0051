"""``sfcc-snow app`` against the local ServiceNow, the way an operator types it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sidecar.cli.app import app as command

SCOPE = "x_acme_shop"


@pytest.fixture
def run(snow, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in {"URL": snow.url, "USERNAME": snow.username, "PASSWORD": snow.password, "SCOPE": SCOPE}.items():
        monkeypatch.setenv(f"SNOW_{name}", value)

    def typed(*words, answer=None):
        return CliRunner().invoke(command, list(words), input=answer)

    return typed


def test_plan_apply_verify_uninstall(run, tmp_path):
    shown = run("plan")
    assert shown.exit_code == 0, shown.output
    assert "+ sys_app" in shown.output
    assert f"+ sys_script_include  {SCOPE}.ContextAjax" in shown.output
    assert "^ sys_security_acl" in shown.output
    assert "Plan:" in shown.output
    (tmp_path / "token").write_text("snow_1.hush\n")
    done = run("apply", "--sidecar-url", "https://sidecar.test", "--token-file", "token")
    assert done.exit_code == 0, done.output
    assert "written and read back" in done.output
    assert "hush" not in done.output
    assert "Nothing to do" in run("apply").output
    assert "0 to create" not in run("plan").output
    assert run("verify").exit_code == 0
    assert "[y/N]" in run("uninstall", answer="n\n").output
    gone = run("uninstall", "--yes")
    assert gone.exit_code == 0, gone.output
    assert run("verify").exit_code == 1


@pytest.mark.parametrize("held", ["snow_1.hush", '{"client": "servicenow", "id": "snow_1", "secret": "hush"}'])
def test_a_token_file_is_taken_as_the_token_command_prints_it(run, snow, held):
    done = run("apply", "--scope", SCOPE, "--sidecar-url", "https://sidecar.test", "--token-file", "-", answer=held)
    assert done.exit_code == 0, done.output
    assert not [line for line in run("verify").output.splitlines() if "auth profile" in line]
    run("uninstall", "--yes")


@pytest.mark.parametrize("held", ["", "nothing", "[]", "{}", '{"id": "snow_1"}', '{"id": 1, "secret": 2}', "snow_1."])
def test_a_file_without_a_token_is_refused(run, held):
    refused = run("plan", "--token-file", "-", answer=held)
    assert (refused.exit_code, "The token file holds no token" in refused.output) == (1, True)


def test_failures_are_one_line(run, monkeypatch, snow):
    monkeypatch.setenv("SNOW_PASSWORD", "wrong-secret")
    refused = run("plan")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ServiceNow refused the sign-in")
    assert "wrong-secret" not in refused.output
    monkeypatch.setenv("SNOW_PASSWORD", snow.password)
    elsewhere = run("apply", "--scope", "x_12345_shop")
    assert elsewhere.exit_code == 1
    assert "x_acme_" in elsewhere.output
    assert run("plan", "--scope", "nonsense").exit_code == 1
