"""Guards stand where loops and functions are, and nowhere else; no line moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snow_app.emulator.scripts.guard import STEP, guarded


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("while (gr.next()) {}", f"while ({STEP},gr.next()) {{}}"),
        ("do { x() } while (true)", f"do {{ x() }} while ({STEP},true)"),
        ("for (var i = 0; i < 3; i++) x();", f"for (var i = 0;{STEP}, i < 3; i++) x();"),
        ("for (;;) {}", f"for (;{STEP};) {{}}"),
        ("for (var k in o) {}", "for (var k in o) {}"),
        ("for (let [a, b] = [f(1, 2), 2]; a < b; a++) {}", f"for (let [a, b] = [f(1, 2), 2];{STEP}, a < b; a++) {{}}"),
        ("var f = function (a, b) { return a }", f"var f = function (a, b) {{{STEP}; return a }}"),
        ("function named() { 'use strict'; while (1); }", f"function named() {{ 'use strict'; while ({STEP},1); }}"),
    ],
)
def test_loops_and_functions_are_guarded(source: str, expected: str) -> None:
    assert guarded(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "var s = 'while (1)';",
        '"for (;;) {}"',
        "`while (${x})`",
        "// while (1)\n/* for (;;) {} */",
        "x = /while (1)/.test(y)",
        "return /[/]while (a)/g",
        "a.while(1); b = {while: 1, for: 2, function: 3}",
        "whileTrue(1); $for(2)",
        "'unterminated while (1)",
    ],
)
def test_what_only_looks_like_a_loop_stays(source: str) -> None:
    assert guarded(source) == source


def test_division_is_not_a_regular_expression() -> None:
    assert guarded("a = b / 2; while (c) { d / 3 }") == f"a = b / 2; while ({STEP},c) {{ d / 3 }}"


@given(st.text(alphabet="while for function(){};,/'\"`\n\\*ax1.:=", max_size=80))
def test_nothing_is_lost_and_no_line_moves(source: str) -> None:
    result = guarded(source)
    assert result.replace(f"{STEP},", "").replace(f"{STEP};", "").replace(STEP, "") == source.replace(f"{STEP},", "")
    assert result.count("\n") == source.count("\n")
