"""The command line: quick to start, one message for every mistake, and never a secret twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from sidecar.audit import AccessLog, Entry, Subject, master_key
from sidecar.cli import ENTRIES, main
from sidecar.cli.failures import explained

MARA = Subject(kind="customer_no", value="00004711")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments, **more: CliRunner().invoke(main, [*arguments], **more)


class TestGroup:
    def test_help_names_every_command(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "sidecar.cli", "--help"], capture_output=True, text=True, check=True, timeout=60
        )
        assert all(name in done.stdout for name in ENTRIES)

    def test_help_imports_nothing_heavy(self) -> None:
        code = (
            "import sys; from sidecar.cli import main\n"
            "try: main(['--help'])\nexcept SystemExit: pass\n"
            "print(sorted(set(sys.modules) & {'flask', 'requests', 'pysnc', 'cryptography', 'rich', 'sfcc_client'}))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
        assert done.stdout.splitlines()[-1] == "[]"

    @pytest.mark.parametrize("name", sorted(ENTRIES))
    def test_every_command_exists(self, name: str) -> None:
        command = main.get_command(click.Context(main), name)
        assert isinstance(command, click.Command)
        assert command.help

    def test_an_unknown_command(self, run: Any) -> None:
        assert run("nonsense").exit_code == 2


class TestToken:
    def test_create_rotate_revoke(self, run: Any, tmp_path: Path) -> None:
        first = json.loads(run("token", "create", "servicenow", "--json").output)
        assert first["scopes"] == "context:read panel:link reveal"
        second = json.loads(run("token", "rotate", "servicenow", "--json").output)
        third = run("token", "rotate", "servicenow")
        assert (third.exit_code, first["id"] in third.output) == (1, True)
        assert run("token", "revoke", first["id"]).exit_code == 0
        listed = {row["id"]: row["state"] for row in json.loads(run("token", "list", "--json").output)}
        assert listed[second["id"]] == "active"
        assert listed[first["id"]].startswith("revoked")
        kept = (tmp_path / "data" / "tokens.json").read_text()
        assert first["secret"] not in kept
        assert second["secret"] not in kept + run("token", "list").output

    def test_scopes_are_chosen(self, run: Any) -> None:
        made = json.loads(run("token", "create", "flows", "--scope", "customers:read", "--json").output)
        assert made["scopes"] == "customers:read"
        assert run("token", "create", "x", "--scope", "everything").exit_code == 2

    def test_mistakes_are_one_line(self, run: Any) -> None:
        done = run("token", "revoke", "nothing")
        assert (done.exit_code, done.output) == (1, "Error: There is no token nothing.\n")

    def test_a_broken_file_is_said_plainly(self, run: Any, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "tokens.json").write_text("{")
        for command in (["list"], ["create", "x"], ["rotate", "x"]):
            done = run("token", *command)
            assert (done.exit_code, "not a token file any more" in done.output) == (1, True)


class TestAccess:
    @pytest.fixture
    def written(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"
        log = AccessLog(folder / "access.sqlite", master_key("", folder / "access.key"))
        for case in ("c1", "c2"):
            log.write(Entry(action="view", subject=MARA, user="agent.one", result="shown", case_id=case))
        log.close()

    def test_export(self, run: Any, written: None) -> None:
        lines = [json.loads(line) for line in run("access", "export", "--customer", "00004711").output.splitlines()]
        assert [(line["customer_no"], line["user"], line["case_id"]) for line in lines] == [
            ("00004711", "agent.one", "c1"),
            ("00004711", "agent.one", "c2"),
        ]

    def test_erase_asks_first(self, run: Any, written: None) -> None:
        assert run("access", "erase", "--customer", "00004711", input="n\n").exit_code == 1
        assert "c1" in run("access", "export", "--customer", "00004711").output
        assert run("access", "erase", "--customer", "00004711", "--yes").output == "2 entries can no longer be read.\n"
        assert run("access", "export", "--customer", "00004711").output == ""

    def test_verify_and_a_head_noted_earlier(self, run: Any, written: None) -> None:
        done = run("access", "verify")
        assert done.exit_code == 0
        noted = done.output.strip().rpartition(" ")[2]
        assert run("access", "verify", "--expect", noted).exit_code == 0
        assert run("access", "verify", "--expect", f"9{noted}").exit_code == 1
        assert run("access", "verify", "--expect", "nonsense").exit_code == 2

    def test_whom_has_to_be_said(self, run: Any) -> None:
        assert run("access", "export").exit_code == 2


class TestServe:
    def test_missing_settings_end_it_with_a_message(self, run: Any) -> None:
        done = run("serve")
        assert done.exit_code == 1
        assert "SFCC_CLIENT_SECRET: Environment variable not set." in done.output


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            FileNotFoundError(2, "No such file or directory", "/data/tokens.json"),
            "No such file or directory: /data/tokens.json",
        ),
        (OSError(98, "Address already in use (127.0.0.1:8080)"), "Address already in use (127.0.0.1:8080)"),
        (OSError("the disk is gone"), "the disk is gone"),
        (ValueError("nothing of the system"), "nothing of the system"),
    ],
)
def test_an_error_of_the_system_is_told_in_words(error: Exception, said: str) -> None:
    with pytest.raises(click.ClickException) as told, explained(OSError, ValueError):
        raise error
    assert told.value.message == said
