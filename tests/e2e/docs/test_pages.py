"""The pages build without a warning, lead nowhere wrong, and say what the code says."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

from .pages import PAGES, ROOT

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)|<(?:img|source)[^>]+?(?:src|srcset)=\"([^\"]+)\"")
_ELSEWHERE = re.compile(r"^(https?:|mailto:|#)")
_LARGEST_IMAGE = 300_000
_WORKPLACE = re.compile(r"(?<!\w)/(tmp|root|home)/")


def _generated() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generated", ROOT / "docs" / "generated.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", str(tmp_path / "trees")]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(tmp_path / "site")], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_to_files(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    targets = [first or second for first, second in _LINK.findall(text)]
    files = [unquote(target.partition("#")[0]) for target in targets if not _ELSEWHERE.match(target)]
    missing = [name for name in files if not (page.parent / name).exists()]
    assert missing == []


def test_generated_parts_are_current() -> None:
    """In a process of its own: a command group that other tests have used may word its help differently."""
    command = [sys.executable, str(ROOT / "docs" / "generated.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "", f"run: python docs/generated.py\n{done.stderr}"
    assert done.returncode == 0, done.stderr


def test_every_generated_part_is_on_a_page() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [name for name in _generated().PARTS if f"<!-- begin: {name} -->" not in text]
    assert missing == []


def test_pictures_are_small() -> None:
    images = [*(ROOT / "docs").rglob("*.png"), *(ROOT / "docs").rglob("*.svg")]
    assert images
    assert [image.name for image in images if image.stat().st_size > _LARGEST_IMAGE] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_no_path_of_one_machine(page: Path) -> None:
    assert _WORKPLACE.findall(page.read_text(encoding="utf-8")) == []
