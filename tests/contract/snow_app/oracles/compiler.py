"""TypeScript's compiler as a judge: files in, its complaints by file and line out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
_LINE = re.compile(r"(?P<file>[^()\n]+)\((?P<line>\d+),\d+\): error (?P<text>TS\d+: .*)")
_PATIENCE_S = 540


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One error; `line` counts from 1."""

    file: str
    line: int
    text: str


def node(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script of the installed packages in `folder`. Skips the test where they are not installed."""
    engine = shutil.which("node")
    if engine is None or not PACKAGES.exists():
        pytest.skip("Node.js or the packages of tests/contract/snow_app/oracles are not installed (.ci/setup test)")
    script, *rest = arguments
    command = [engine, str(PACKAGES / script), *rest]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)


def complaints(
    folder: Path, files: Mapping[str, str], options: Mapping[str, Any], *, beside: Sequence[str] = ()
) -> list[Complaint]:
    """What the compiler says about `files` (name to text), written to `folder`, with the files `beside` read first.

    The packages are reached through a link, as if `folder` were a project of its own.
    """
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    packages = folder / "node_modules"
    if not packages.is_symlink():
        packages.symlink_to(PACKAGES)
    known = {"noEmit": True, "skipLibCheck": True, "types": [], **options}
    project = {"compilerOptions": known, "files": [*beside, *files]}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    done = node("typescript/bin/tsc", "-p", ".", "--pretty", "false", folder=folder)
    found = [
        Complaint(file=one["file"], line=int(one["line"]), text=one["text"]) for one in _LINE.finditer(done.stdout)
    ]
    assert found or done.returncode == 0, done.stdout + done.stderr
    return found
