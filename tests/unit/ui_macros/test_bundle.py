"""What ships: small, free of what a Core UI page breaks, and true to its parts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import ui_macros

PARTS = sorted(Path(ui_macros.__file__).parent.glob("panel/*.js"))
# Prototype.js rewrites or extends these; the rest would let text become markup or code.
HAZARDS = {
    "Array.from": r"\bArray\.from\b",
    ".entries()": r"\.entries\(\)",
    "for…in": r"\bfor\s*\(\s*(?:var|let|const)\s+\w+\s+in\b",
    "reduce": r"\.reduce\(",
    "innerHTML": r"\b(?:inner|outer)HTML\b",
    "insertAdjacentHTML": r"\binsertAdjacentHTML\b",
    "document.write": r"\bdocument\.write",
    "eval": r"\beval\s*\(|new Function\b",
    "string timers": r"set(?:Timeout|Interval)\(\s*['\"`]",
    "confirm": r"\b(?:confirm|alert|prompt)\(",
}


def test_bundle_fits_its_budget():
    assert len(gzip.compress(ui_macros.text("panel.js").encode(), 9)) <= 20_000


@pytest.mark.parametrize("hazard", HAZARDS)
def test_no_part_uses_a_hazard(hazard):
    found = {part.name: re.findall(HAZARDS[hazard], part.read_text(encoding="utf-8")) for part in PARTS}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_hazards_are_recognised():
    samples = (
        "Array.from(x) a.entries() for (const k in o) a.reduce( e.innerHTML insertAdjacentHTML document.write eval( "
        "setTimeout('x') confirm("
    )
    assert [name for name, pattern in HAZARDS.items() if not re.search(pattern, samples)] == []


def test_bundle_holds_every_part():
    bundle = ui_macros.text("panel.js")
    for part in PARTS:
        names = re.findall(r"^(?:function|class|const) (\w+)", part.read_text(encoding="utf-8"), re.MULTILINE)
        assert names, part.name
        assert [name for name in names if name not in bundle] == []


def test_strings_survive_the_squeeze():
    """Spaces inside strings, templates and regular expressions carry meaning."""
    bundle = ui_macros.text("panel.js")
    words = (Path(ui_macros.__file__).parent / "panel" / "words.js").read_text(encoding="utf-8")
    sentences = re.findall(r"'([^'\n]*)'", words)
    assert len(sentences) > 120
    assert [sentence for sentence in sentences if f"'{sentence}'" not in bundle] == []


def test_style_has_balanced_rules_and_no_comment():
    style = re.search(r"const STYLE=`(.*?)`;", ui_macros.text("panel.js"), re.DOTALL)[1]
    assert style.count("{") == style.count("}") > 100
    assert "/*" not in style
    assert "\\" not in style
    assert "${" not in style


def test_every_word_is_used_and_every_used_word_exists():
    source = {part.stem: part.read_text(encoding="utf-8") for part in PARTS}
    table = source.pop("words").split("};")[0]
    known = set(re.findall(r"^\s+([a-z]\w*):", table, re.MULTILINE))
    rest = "\n".join(source.values())
    asked = set(re.findall(r"\bt\('(\w+)'", rest))
    assert asked - known == set()
    # Some are reached by a name from the data: section, status, kind or unit.
    spoken = {word for word in known if re.search(rf"['`]{word}['`]", rest) or re.search(rf"\b{word}: \{{", rest)}
    by_data = {"choice", "new", "repeat", "lapsed", "problem", "todo", "h", "d", "m", "y", "low", "out"}
    by_prefix = {word for word in known if word.startswith(("show_", "empty_"))}
    assert known - spoken - by_data - by_prefix == set()


def test_unknown_file_is_refused():
    with pytest.raises(FileNotFoundError):
        ui_macros.text("nothing.js")
