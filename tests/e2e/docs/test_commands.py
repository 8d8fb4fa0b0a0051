"""What the pages tell people to run runs, and prints what they show."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .conftest import Desk
from .pages import PAGES, ROOT, Step, is_shown, script, steps, with_ports

RUNNABLE = {str(page.relative_to(ROOT)): found for page in PAGES if (found := list(steps(page)))}


@pytest.mark.parametrize("page", RUNNABLE)
def test_a_page_can_be_followed(page: str, desk: Desk) -> None:
    found = RUNNABLE[page]
    done = subprocess.run(
        ["bash", "-c", script(found, desk.ports)],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    for number, step in enumerate(found):
        _compare(step, Path(desk.environment["OUT"]) / str(number), desk)


def _compare(step: Step, output: Path, desk: Desk) -> None:
    if not step.shown.strip() or not output.exists():
        return
    printed = output.read_text(encoding="utf-8")
    assert is_shown(with_ports(step.shown, desk.ports), printed), f"{step.where} prints\n{printed[-3000:]}"


def test_a_failing_command_fails_its_page(desk: Desk) -> None:
    wrong = [Step(where="here", command="false"), Step(where="there", command="echo never > never")]
    done = subprocess.run(
        ["bash", "-c", script(wrong, desk.ports)],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "here failed: false" in done.stderr
    assert not (desk.folder / "never").exists()


@pytest.mark.parametrize(
    ("shown", "fits"),
    [("a … d", True), ("a b\n  c d", True), ("d … a", False), ("a x", False), ("… c", True)],
)
def test_shown_output_is_compared_in_order(shown: str, fits: bool) -> None:
    assert is_shown(shown, "a b\nc   d\n") is fits
