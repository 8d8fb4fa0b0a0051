"""Finding ${…} and $[…] in text, and JEXL words as JavaScript."""

import pytest

from snow_app.emulator.forms.jelly.errors import JellyError
from snow_app.emulator.forms.jelly.expressions import Expression, js_escaped, parts


def found(text: str, opening: str = "$[") -> list[object]:
    return [part.source if isinstance(part, Expression) else part for part in parts(text, opening)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ["plain"]),
        ("a $[b] c", ["a ", "b", " c"]),
        ("$[a['x]y'][0]]", ["a['x]y'][0]"]),
        ("$[a and not b]", ["a && ! b"]),
        ("$[a eq 'not and or']", ["a == 'not and or'"]),
        ("$[jvar.and]", ["jvar.and"]),
        ("x$[AMP]nbsp;y", ["x\u00a0y"]),
        ("$[a $[AMP]$[AMP] b]", ["a && b"]),
        ("$[a $[AND] b]", ["a && b"]),
        ("${phase_one}", ["${phase_one}"]),
        ("&amp;amp;", ["&amp;amp;"]),
    ],
)
def test_expressions_are_found(text: str, expected: list[object]) -> None:
    assert found(text) == expected


def test_escapes_are_read() -> None:
    assert list(parts("$[JS,HTML: a]", "$[")) == [Expression(source="a", escapes=("JS", "HTML"))]


@pytest.mark.parametrize("text", ["$[a", "$[]", "$[NOESC:a]", "$['a]"])
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(JellyError):
        found(text)


def test_script_text_cannot_end_its_string_or_element() -> None:
    assert js_escaped("'</script>\"\n") == "\\'\\x3c/script\\x3e\\\"\\n"
