"""Property selectors keep what they name."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.selector import selected

DOCUMENT = {"a": 1, "b": {"c": 2, "d": {"e": 3}}, "rows": [{"x": 1, "y": 2}, {"x": 3}]}


@pytest.mark.parametrize(
    ("selector", "kept"),
    [
        ("(**)", DOCUMENT),
        ("(a)", {"a": 1}),
        ("(a, b)", {"a": 1, "b": DOCUMENT["b"]}),
        ("(*)", {"a": 1}),
        ("(b.(c))", {"b": {"c": 2}}),
        ("(b.(d.(**)),a)", {"a": 1, "b": {"d": {"e": 3}}}),
        ("(rows.(x))", {"rows": [{"x": 1}, {"x": 3}]}),
        ("(nothing)", {}),
    ],
)
def test_a_selector_keeps(selector: str, kept: Any) -> None:
    assert selected(DOCUMENT, selector) == kept


@pytest.mark.parametrize("selector", ["", "()", "a", "(", "(a", "(a))", "(a b)", "(a.b)", "(,a)", "(a;b)", "**)"])
def test_a_malformed_selector_is_a_problem(selector: str) -> None:
    with pytest.raises(Problem) as problem:
        selected(DOCUMENT, selector)
    assert problem.value.body()["selector"] == selector
