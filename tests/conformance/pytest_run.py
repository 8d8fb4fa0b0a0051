"""One run of a suite's pytest in a process of its own, read back as cases."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lxml import etree

from tests.conformance.suite import Case

PLUGINS = Path(__file__).parent / "plugins"
SECONDS = 900
"""Longest a run may take."""


def cases(
    python: Path, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], plugins: Sequence[str] = ()
) -> tuple[Case, ...]:
    """Every test that was collected, in order. `plugins` are folders of `plugins/` put on Python's path.

    Nothing is written into `folder`. Raises RuntimeError with one line when pytest did not run to its end.
    """
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        report = Path(scratch) / "report.xml"
        call = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]
        variables = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": scratch,
            "LC_ALL": "C.UTF-8",
            "NO_PROXY": "127.0.0.1,.localhost",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(str(PLUGINS / name) for name in plugins),
            **environment,
        }
        try:
            done = subprocess.run(
                call, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"not done after {SECONDS} seconds") from None
        if not report.exists():
            last = (done.stdout.strip() or done.stderr.strip() or "no output").splitlines()[-1]
            raise RuntimeError(f"pytest did not run: {last}")
        return tuple(_cases(report))


def _cases(report: Path) -> Iterator[Case]:
    for test in etree.parse(report).iter("testcase"):
        name = f"{test.get('classname', '')}.{test.get('name', '')}".lstrip(".")
        skipped, broken = test.find("skipped"), test.find("failure")
        broken = test.find("error") if broken is None else broken
        if broken is not None:
            yield Case(name=name, outcome="failed", reason=_first_line(broken))
        elif skipped is not None:
            yield Case(name=name, outcome="skipped", reason=_first_line(skipped))
        else:
            yield Case(name=name, outcome="passed")


def _first_line(element: etree._Element) -> str:
    text = element.get("message") or element.text or ""
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
