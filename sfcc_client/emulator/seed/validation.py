"""Checks a dataset against dataset.schema.json; the few JSON Schema words that file uses are all it knows."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


@functools.cache
def schema() -> dict[str, Any]:
    """The JSON schema of a dataset."""
    text = files("sfcc_client.emulator.seed").joinpath("dataset.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def problem_of(document: Any) -> str | None:
    """What is wrong with a dataset, naming the place, such as ``orders[3].status …``; None when nothing is."""
    if isinstance(document, Mapping):
        document = dict(document)
    return _problem(document, schema(), "")


def _problem(value: Any, rule: Mapping[str, Any], path: str) -> str | None:
    if "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].rsplit("/", 1)[1]]
    kind = rule.get("type")
    if kind is not None and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return f"{path or 'the document'} must be of type {kind}"
    if "enum" in rule and value not in rule["enum"]:
        return f"{path} is '{value}', not one of {', '.join(rule['enum'])}"
    check = _CHECKS.get(type(value))
    return check(value, rule, path) if check else None


def _number_problem(value: float, rule: Mapping[str, Any], path: str) -> str | None:
    return f"{path} is below {rule['minimum']}" if value < rule.get("minimum", value) else None


def _array_problem(value: list[Any], rule: Mapping[str, Any], path: str) -> str | None:
    if len(value) < rule.get("minItems", 0):
        return f"{path} is empty"
    found = (_problem(item, rule.get("items", {}), f"{path}[{number}]") for number, item in enumerate(value))
    return next((problem for problem in found if problem), None)


def _text_problem(value: str, rule: Mapping[str, Any], path: str) -> str | None:
    if len(value) < rule.get("minLength", 0):
        return f"{path} is empty"
    if len(value) > rule.get("maxLength", len(value)):
        return f"{path} is longer than {rule['maxLength']} characters"
    if "pattern" in rule and not re.search(rule["pattern"], value):
        return f"{path} is '{value}', which is not {rule.get('title', 'of the expected form')}"
    return None


def _object_problem(value: Mapping[str, Any], rule: Mapping[str, Any], path: str) -> str | None:
    place = f"{path}." if path else ""
    missing = next((name for name in rule.get("required", ()) if name not in value), None)
    if missing is not None:
        return f"{place}{missing} is missing"
    known = rule.get("properties", {})
    patterns = rule.get("patternProperties", {})
    others = rule.get("additionalProperties", True)
    for name, part in value.items():
        rules = [known[name]] if name in known else [sub for shape, sub in patterns.items() if re.search(shape, name)]
        if not rules:
            if others is False:
                return f"{place}{name} is unknown (custom attributes start with c_)"
            rules = [others] if isinstance(others, dict) else []
        problem = next((found for sub in rules if (found := _problem(part, sub, f"{place}{name}"))), None)
        if problem is not None:
            return problem
    return None


_CHECKS: dict[type, Callable[[Any, Mapping[str, Any], str], str | None]] = {
    str: _text_problem,
    dict: _object_problem,
    list: _array_problem,
    int: _number_problem,
    float: _number_problem,
}
