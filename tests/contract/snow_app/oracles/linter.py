"""ESLint with ServiceNow's own plug-in as a judge of scripts, and what proves that they are ES5."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.contract.snow_app.oracles.compiler import HERE, Complaint, node


def complaints(folder: Path, files: Mapping[str, str], names: Iterable[str]) -> list[Complaint]:
    """What ESLint says about `files` (name to text), written to `folder`; `names` are further global names."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    arguments = ["--no-eslintrc", "--config", str(HERE / "eslintrc.json"), "--resolve-plugins-relative-to", str(HERE)]
    arguments += [f"--global={name}" for name in names]
    done = node("eslint/bin/eslint.js", *arguments, "--format", "json", *files, folder=folder)
    assert done.stdout, done.stderr
    return [
        Complaint(
            file=Path(one["filePath"]).name, line=said.get("line", 0), text=f"{said['ruleId']}: {said['message']}"
        )
        for one in json.loads(done.stdout)
        for said in one["messages"]
    ]
