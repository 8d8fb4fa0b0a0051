"""Request bodies, held against the shape an operation declares: what does not fit is a 400 that names the place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from flask import request

from sfcc_client.emulator.attributes import PREFIX
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.world import world

CUSTOM_ONLY = "Only custom attributes, whose names start with 'c_', can be written here; '{name}' is none."


class Shape(Protocol):
    """What a value must look like."""

    def check(self, value: Any, path: str) -> None: ...


def body(shape: Shape) -> Any:
    """The JSON body of this request. Raises the problem bad-request."""
    document = request.get_json(silent=True)
    if document is None and not request.get_data():
        document = {}
    shape.check(document, "$")
    return document


def _refuse(path: str, expected: str) -> Problem:
    return Problem("wrong-type", path=path, expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string; `moment` and `day` want an RFC 3339 date-time or date."""

    least: int = 0
    most: int = 4000
    allowed: Sequence[str] = ()
    pattern: str = ""
    moment: bool = False
    day: bool = False

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise _refuse(path, "'String'")
        if not self.least <= len(value) <= self.most:
            raise _refuse(path, f"a string of {self.least} to {self.most} characters")
        if self.allowed and value not in self.allowed:
            raise _refuse(path, "one of " + ", ".join(self.allowed))
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise _refuse(path, f"a string of the form {self.pattern}")
        if (self.moment and not _moment(value)) or (self.day and not _day(value)):
            raise _refuse(path, "'DateTime'" if self.moment else "'Date'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    whole: bool = False
    least: float | None = None
    most: float | None = None

    def check(self, value: Any, path: str) -> None:
        kinds = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise _refuse(path, "'Integer'" if self.whole else "'Integer|Decimal'")
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            raise _refuse(path, f"a number of {self.least} to {self.most}")


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, bool):
            raise _refuse(path, "'Boolean'")


@dataclass(frozen=True, slots=True)
class Anything:
    def check(self, value: Any, path: str) -> None:
        """Whatever JSON knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    of: Shape
    least: int = 0
    most: int = 200

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise _refuse(path, "'Array'")
        if not self.least <= len(value) <= self.most:
            raise _refuse(path, f"an array of {self.least} to {self.most} values")
        for number, row in enumerate(value):
            self.of.check(row, f"{path}.[{number}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """An object whose members are all of one shape, such as texts by locale."""

    of: Shape

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(path, "'Object'")
        for name, part in value.items():
            self.of.check(part, f"{path}.{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """An object. `custom` names the object type whose custom attributes it may have; `nullable` lets null remove;
    `lenient` passes over custom attributes nobody defined."""

    known: Mapping[str, Shape] = field(default_factory=dict)
    required: Sequence[str] = ()
    custom: str | None = None
    nullable: bool = False
    lenient: bool = False

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(path, "'Object'")
        missing = next((name for name in self.required if name not in value), None)
        if missing is not None:
            raise Problem("bad-request", detail=f"The required property '{path}.{missing}' is missing.")
        for name, part in value.items():
            self._check_member(name, part, f"{path}.{name}")

    def _check_member(self, name: str, part: Any, path: str) -> None:
        if name in self.known:
            if part is None and self.nullable and name not in self.required:
                return
            self.known[name].check(part, path)
            return
        if self.custom is None or not name.startswith(PREFIX):
            only = self.custom is not None and not self.known
            detail = CUSTOM_ONLY.format(name=name) if only else f"The property '{path}' is unknown."
            raise Problem("bad-request", detail=detail)
        attributes = world().state.attributes
        if self.lenient and not attributes.known(self.custom, name):
            return
        problem = attributes.problem_of(self.custom, name, part)
        if problem is not None:
            raise Problem("bad-request", detail=problem)


def _moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False
