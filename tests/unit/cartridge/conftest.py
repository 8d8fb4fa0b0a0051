"""The cartridge outside Commerce: its scripts under Node or Rhino, over stubs of the platform."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
CARTRIDGES = Path(__file__).resolve().parents[3] / "sfcc_client" / "cartridge"
CARTRIDGE = CARTRIDGES / "int_servicenow"
APIS = CARTRIDGE / "cartridge" / "rest-apis"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A folder in which both engines find ``*/cartridge/…``, as on a cartridge path, and the stubs under ``dw/…``."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "*").symlink_to(CARTRIDGE)
    (folder / "dw").symlink_to(HERE / "dw")
    for script in HERE.glob("calls*.js"):
        (folder / script.name).symlink_to(script)
    return folder


def ran(*command: str, modules: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NODE_PATH": str(modules), "CARTRIDGES": str(CARTRIDGES)}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, env=environment, **options
    )


def description(api: str) -> dict[str, Any]:
    return yaml.safe_load((APIS / api / "schema.yaml").read_text(encoding="utf-8"))


def call(at: str, method: str, path: str, query: dict[str, str], body: Any = None) -> dict[str, Any]:
    """A request to ``api/endpoint`` as the platform routes it: by the operation id of the description."""
    api, endpoint = path.split("/", 1)
    operation = description(api)["paths"][f"/{endpoint}"][method.lower()]["operationId"]
    text = None if body is None else json.dumps(body)
    return {"at": at, "api": api, "operation": operation, "query": query, **({} if text is None else {"body": text})}


@pytest.fixture(params=["node", pytest.param("rhino", marks=pytest.mark.rhino)])
def answers(request: pytest.FixtureRequest, modules: Path) -> Callable[..., list[dict[str, Any]]]:
    """Calls custom APIs in a world; a list of ``{"status", "body"}``. Once for each engine."""

    def called(world: dict[str, Any], calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        text = json.dumps({"world": world, "calls": calls}, ensure_ascii=False)
        if request.param == "node":
            done = ran("node", str(modules / "calls_node.js"), modules=modules, input=text)
        else:
            (modules / "calls.json").write_text(text, encoding="utf-8")
            options = ("-version", "200", "-require", "-modules", f"file:{modules}/")
            done = ran("rhino", *options, str(modules / "calls_rhino.js"), modules=modules)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return called
