"""Virtual environments for suites, each with what the suite needs and nothing of this project."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "build" / "conformance"


def interpreter(name: str, requirements: Sequence[str]) -> Path:
    """The Python of a virtual environment with these packages, made when it is missing or has others.

    Raises RuntimeError with one line when the registry does not give them.
    """
    folder = FOLDER / name
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    wanted = "\n".join(requirements) + "\n"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        pip(python, "install", *requirements)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def pip(python: Path, command: str, *arguments: str) -> None:
    """Run pip. Raises RuntimeError with its last line when it fails."""
    call = [str(python), "-m", "pip", command, "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip said nothing"]
        raise RuntimeError(f"pip {command}: {lines[-1].removeprefix('ERROR: ')}")
