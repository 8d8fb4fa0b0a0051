"""Salesforce's API descriptions judge the local Commerce: schemathesis asks, they say whether the answer fits.

Every operation is asked for the descriptions' own examples, for requests made up to fit them and for requests made up
not to. What is known to differ, and why, stands in ``exceptions.yaml``.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import requests
import schemathesis
import yaml
from schemathesis import APIOperation, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sfcc_client.emulator import CommerceEmulator
from tests.conformance.commerce.callers import Callers, MovedClock
from tests.conformance.commerce.operations import Operation, Operations
from tests.conformance.suite import Case, Result

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("SFCC_SNOW_SHARED", ROOT.parent / "shared")) / "specs" / "sfcc" / "oas"
EXCEPTIONS = Path(__file__).with_name("exceptions.yaml")
CHECKS = {
    "status": status_code_conformance,
    "media type": content_type_conformance,
    "schema": response_schema_conformance,
}
_TENANT = frozenset({"organizationId"})
_PLACE = _TENANT | {"siteId", "site_id"}
# Reading comes before writing, and deleting a part before the whole.
_ORDER = ("get", "post", "patch", "put", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An answer that a description does not foresee. `check` is a key of `CHECKS` or ``server error``.

    `fitting` says whether the request was one the description allows.
    """

    operation: str
    check: str
    status: int
    fitting: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Findings that are no mistake of ours. An empty field fits everything; ``*`` in `operation` fits any text."""

    why: str
    check: str
    operation: str = "*"
    status: tuple[int, ...] = ()
    fitting: bool | None = None
    said: str = ""

    def covers(self, finding: Finding) -> bool:
        return (
            fnmatchcase(finding.operation, self.operation)
            and finding.check == self.check
            and (not self.status or finding.status in self.status)
            and self.fitting in {None, finding.fitting}
            and self.said in finding.said
        )


def exemptions() -> tuple[Exemption, ...]:
    rows = yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8"))
    return tuple(Exemption(**{**row, "status": tuple(row.get("status", ()))}) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptions:
    """`tests.conformance.suite.Suite` for the descriptions; `generated` requests of either kind for each operation."""

    name: str = "specs"
    checkout: bool = False
    generated: int = 25

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One case for each described operation. Raises RuntimeError without the descriptions."""
        known = exemptions()
        cases = [
            _judged(operation, findings, known)
            for path in files()
            for operation, findings in examined(path, self.generated)
        ]
        version = f"{len(files())} files, schemathesis {schemathesis.__version__}"
        return (Result(suite=self.name, version=version, way="http", cases=tuple(cases)),)


def files() -> list[Path]:
    """The descriptions. Raises RuntimeError when they are not beside the checkout."""
    found = sorted(path for path in FOLDER.glob("*") if path.suffix in {".yaml", ".json"})
    if not found:
        raise RuntimeError("the official descriptions are not beside this checkout (../shared/specs/sfcc)")
    return found


def _judged(operation: Operation, findings: Iterable[Finding], known: Iterable[Exemption]) -> Case:
    new = [finding for finding in findings if not any(row.covers(finding) for row in known)]
    if not new:
        return Case(name=operation.name, outcome="passed", operations=(operation.name,))
    reason = "; ".join(f"{finding.status} {finding.check}: {finding.said}" for finding in new[:3])
    return Case(name=operation.name, outcome="failed", reason=reason, operations=(operation.name,))


def examined(path: Path, generated: int) -> Iterator[tuple[Operation, list[Finding]]]:
    """Every emulated operation of a description with what was found, against an emulator of its own."""
    schema = schemathesis.openapi.from_path(path)
    base = urlsplit(str(schema.raw_schema["servers"][0]["url"])).path
    described = [found.ok() for found in schema.get_all_operations()]
    described.sort(key=lambda one: (_ORDER.index(one.method) if one.method in _ORDER else 0, -one.path.count("/")))
    clock = MovedClock()
    with CommerceEmulator(clock=clock, slas_calls_per_minute=1_000_000) as shop, requests.Session() as session:
        operations = Operations(shop)
        callers = Callers(shop, session, clock)
        for one in described:
            operation = _emulated(operations, one, base)
            if operation is not None:
                asked = _Asked(callers=callers, base=base, operation=operation)
                asked.all(one, generated)
                yield operation, list(asked.findings)


def _emulated(operations: Operations, described: APIOperation, base: str) -> Operation | None:
    """The route of a described operation; names of parameters do not count, fixed words do."""
    found = operations.of(described.method.upper(), _blank(base + described.path, "x"))
    return found if found and _blank(found.path, "{}").endswith(_blank(described.path, "{}")) else None


def _blank(path: str, instead: str) -> str:
    return re.sub(r"\{[^}]*\}", instead, path)


class _Asked:
    """The requests of one operation and what was found."""

    def __init__(self, *, callers: Callers, base: str, operation: Operation) -> None:
        self._callers = callers
        self._base = base
        self._operation = operation
        self._count = 0
        self.findings: dict[Finding, None] = {}

    def all(self, described: APIOperation, generated: int) -> None:
        examples = list(described.get_strategies_from_examples())
        made_up = [(described.as_strategy(generation_mode=mode), generated) for mode in GenerationMode]
        for strategy, number in [*((one, 1) for one in examples), *made_up]:
            self._drawn(strategy, number)

    def _drawn(self, strategy: Any, number: int) -> None:
        """Ask `number` times, the same requests each run. What a description rules out altogether is not asked."""

        @hypothesis.settings(
            max_examples=number,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(hypothesis.Phase.generate,),
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=strategy)
        def ask(case: schemathesis.Case) -> None:
            self._one(case)

        with contextlib.suppress(hypothesis.errors.Unsatisfiable):
            ask()

    def _one(self, case: schemathesis.Case) -> None:
        self._made_sound(case)
        answer = case.call(
            base_url=self._callers.url + self._base,
            session=self._callers.session,
            headers=self._callers.headers(self._operation.path),
            allow_redirects=False,
        )
        for name, check in CHECKS.items():
            if name == "schema" and "select" in (case.query or {}):
                continue  # a selection leaves out what the schema requires
            try:
                case.validate_response(answer, checks=[check])
            except FailureGroup as failures:
                for failure in failures.exceptions:
                    self._found(case, name, answer, f"{failure.title}: {failure.message}")
        if answer.status_code >= 500:
            self._found(case, "server error", answer, "")

    def _made_sound(self, case: schemathesis.Case) -> None:
        """Of four requests, two name things that are there, one names the right site, one nothing but the tenant."""
        self._count += 1
        sound, wanted = self._callers.sound(self._operation.path), (_TENANT, None, _PLACE, None)[self._count % 4]
        for values in (case.path_parameters, case.query):
            for name in list(values or ()):
                if name in sound and (wanted is None or name in wanted):
                    values[name] = sound[name]
        if wanted is None:
            values = case.query if self._operation.method == "GET" else case.body
            if isinstance(values, dict):
                values.update(self._callers.login(self._operation.path))

    def _found(self, case: schemathesis.Case, check: str, answer: requests.Response, said: str) -> None:
        finding = Finding(
            operation=self._operation.name,
            check=check,
            status=answer.status_code,
            fitting=case.meta is None or case.meta.generation.mode.is_positive,
            said=" ".join(said.split())[:300],
        )
        self.findings.setdefault(finding, None)
