"""The coverage page: made from the kept results, and a partial run leaves the other suites' rows alone."""

import sys
from dataclasses import replace
from datetime import date

import pytest

from tests.conformance import pytest_run, report, results
from tests.conformance.pages import PAGES, SERVICENOW, SFCC, Page
from tests.conformance.results import Kept
from tests.conformance.suite import Case, Result

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def made(suite: str, way: str = "http", *cases: Case) -> Result:
    return Result(suite=suite, version="1.0", way=way, cases=cases or (Case(name="a", outcome="passed"),))


@pytest.mark.parametrize("about", PAGES, ids=lambda about: about.name)
def test_page_and_picture_are_those_of_the_kept_results(about: Page) -> None:
    kept = results.kept(about.file)
    assert about.markdown.read_text(encoding="utf-8") == report.page(kept, about)
    assert about.picture.read_text(encoding="utf-8") == report.picture(kept)


def test_a_partial_run_replaces_its_own_rows_only() -> None:
    before = tuple(Kept(result=made(*key), day=MONDAY) for key in (("ansible",), ("pysnc", "https"), ("pysnc", "http")))
    after = results.merged(before, [made("pysnc", "https")], TUESDAY)
    assert [(one.result.suite, one.result.way, one.day) for one in after] == [
        ("ansible", "http", MONDAY),
        ("pysnc", "https", TUESDAY),
    ]


def test_what_is_kept_reads_back_the_same(tmp_path) -> None:
    cases = (
        Case(name="", outcome="passed"),
        Case(name="a", outcome="passed", operations=("GET /a",)),
        Case(name="b", outcome="failed", reason="1 != 2"),
    )
    written = [Kept(result=made("x", "http", *cases), day=MONDAY)]
    results.keep(written, tmp_path / "kept.json")
    assert results.kept(tmp_path / "kept.json") == tuple(written)
    assert results.kept(tmp_path / "missing.json") == ()


def test_the_page_names_what_does_not_pass_in_one_safe_line() -> None:
    case = Case(name="test_x", outcome="failed", reason="a | b\n<script> `c`")
    page = report.page([Kept(result=made("x", "http", case), day=MONDAY)], SERVICENOW)
    assert "| `test_x` | failed | a \\| b &lt;script&gt; 'c' |" in page
    assert "| x | 1.0 | http | 0 | 1 | 0 | 2026-11-23 |" in page
    assert "Everything passes" in report.page([Kept(result=made("x"), day=MONDAY)], SERVICENOW)


def test_an_operation_fails_where_one_of_its_tests_fails() -> None:
    good = Case(name="good", outcome="passed", operations=("PUT /a", "GET /a"))
    bad = Case(name="bad", outcome="failed", reason="no", operations=("GET /a",))
    kept = [Kept(result=made(*one), day=MONDAY) for one in (("specs", "http", good), ("sfcc-ci", "https", bad, good))]
    assert report.matrix(kept, ("specs", "dwupload", "sfcc-ci")) == [
        ("GET /a", ("✓", "", "✗")),
        ("PUT /a", ("✓", "", "✓")),
    ]
    page = report.page(kept, SFCC)
    assert "| `GET /a` | ✓ |  |  |  | ✗ |  |" in page
    assert "Nothing here was compared with a live tenant" in page


@pytest.mark.parametrize("outcome", ["passed", "failed", "skipped"])
def test_the_picture_has_a_bar_for_each_outcome(outcome: str) -> None:
    case = Case(name="t", outcome=outcome)
    assert f'<rect class="{outcome}"' in report.picture([Kept(result=made("x", "http", case), day=MONDAY)])


def test_a_run_of_pytest_reads_as_cases(tmp_path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import os, pytest\n"
        "def test_good(): assert os.environ['WORD'] == 'hello'\n"
        "def test_bad(): assert 1 == 2, 'not the same'\n"
        "@pytest.fixture\n"
        "def gone(): raise OSError('no disk')\n"
        "def test_error(gone): pass\n"
        "@pytest.mark.skip(reason='no time')\n"
        "def test_later(): pass\n"
    )
    cases = pytest_run.cases(sys.executable, (), folder=tmp_path, environment={"WORD": "hello"})
    assert [(case.name, case.outcome) for case in cases] == [
        ("test_it.test_good", "passed"),
        ("test_it.test_bad", "failed"),
        ("test_it.test_error", "failed"),
        ("test_it.test_later", "skipped"),
    ]
    assert cases[1].reason.startswith("AssertionError: not the same")
    assert "no disk" in cases[2].reason
    assert cases[3].reason == "no time"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test_it.py"]


def test_a_run_that_does_not_start_says_so(tmp_path) -> None:
    with pytest.raises(RuntimeError, match="pytest did not run"):
        pytest_run.cases(sys.executable, ("--no-such-option",), folder=tmp_path, environment={})


def test_unskipping_runs_what_is_skipped(tmp_path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import unittest\nclass T(unittest.TestCase):\n    @unittest.skip('later')\n    def test_it(self): pass\n"
    )
    [skipped] = pytest_run.cases(sys.executable, (), folder=tmp_path, environment={})
    run = pytest_run.cases(sys.executable, ("-p", "unskip"), folder=tmp_path, environment={}, plugins=("unskip",))
    assert (skipped.outcome, run) == ("skipped", (replace(skipped, outcome="passed", reason=""),))
