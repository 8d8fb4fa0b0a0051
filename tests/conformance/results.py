"""The results of the last run of every suite, kept beside the pages that are made from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from tests.conformance.suite import Case, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A result and the day it is from."""

    result: Result
    day: date


def kept(file: Path) -> tuple[Kept, ...]:
    """What was kept, nothing when there is no file yet."""
    if not file.exists():
        return ()
    return tuple(_read(entry) for entry in json.loads(file.read_text(encoding="utf-8"))["results"])


def merged(before: Iterable[Kept], fresh: Iterable[Result], day: date) -> tuple[Kept, ...]:
    """The kept results with those of suites that ran again replaced, by suite and way as they came."""
    new = tuple(Kept(result=result, day=day) for result in fresh)
    again = {one.result.suite for one in new}
    together = [*(one for one in before if one.result.suite not in again), *new]
    return tuple(sorted(together, key=lambda one: one.result.suite))


def keep(results: Iterable[Kept], file: Path) -> None:
    document = {"results": [_written(one) for one in results]}
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _written(one: Kept) -> dict[str, object]:
    """Tests that passed are counted, the others named; tests of operations are named as well when they passed."""
    result = one.result
    of_operations = {
        "operations": [_written_case(case) for case in result.cases if case.outcome == "passed" and case.operations]
    }
    return {
        "suite": result.suite,
        "version": result.version,
        "way": result.way,
        "day": one.day.isoformat(),
        "passed": sum(case.outcome == "passed" and not case.operations for case in result.cases),
        "others": [_written_case(case) for case in result.cases if case.outcome != "passed"],
        **(of_operations if of_operations["operations"] else {}),
    }


def _written_case(case: Case) -> dict[str, object]:
    document = asdict(case)
    if not case.operations:
        del document["operations"]
    return document


def _read(entry: dict[str, object]) -> Kept:
    passed = (Case(name="", outcome="passed") for _ in range(int(str(entry["passed"]))))
    others, named = entry["others"], entry.get("operations", [])
    assert isinstance(others, list)
    assert isinstance(named, list)
    result = Result(
        suite=str(entry["suite"]),
        version=str(entry["version"]),
        way=str(entry["way"]),
        cases=(*passed, *map(_read_case, [*named, *others])),
    )
    return Kept(result=result, day=date.fromisoformat(str(entry["day"])))


def _read_case(document: dict[str, object]) -> Case:
    operations = document.get("operations", ())
    return Case(**{**document, "operations": tuple(operations)})  # type: ignore[arg-type]
