"""The Jelly that is installed: well-formed, without code or holes in it."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from tests.contract.snow_app.oracles.declared import everything
from tests.contract.snow_app.oracles.scripts import MARKUP

JELLY = {"j": "jelly:core", "g": "glide", "j2": "null", "g2": "null"}
# What would print unescaped, hide from the parser, or be read in phase one, whose result all users share.
HOLES = r"no_escape|NOESC|CDATA|innerHTML|\$\{|HTML:|JS:|<script[^>]*>\s*\S|\son\w+\s*="


def complaints(text: str) -> list[str]:
    """What is wrong with one document."""
    try:
        root = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        return [str(error)]
    found = [f"{hole} is in it" for hole in re.findall(HOLES, text)]
    if root.tag != "{jelly:core}jelly" or root.nsmap != JELLY:
        found.append("it is no jelly of both phases")
    found += [f"{one.tag} runs in phase one" for one in root.iter("{jelly:core}*", "{glide}evaluate")][1:]
    return found


@pytest.fixture
def documents() -> dict[str, str]:
    return {
        f"{record.table} {record.name}": str(record.columns[column])
        for record in everything()
        for column in record.columns
        if (record.table, column) in MARKUP
    }


def test_every_document_is_sound(documents):
    assert len(documents) == 3
    assert {name: complaints(text) for name, text in documents.items() if complaints(text)} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "<br>",
        "<p>a && b</p>",
        "<p>1 < 2</p>",
        "<script>let x = 1;</script>",
        "<g2:no_escape>$[jvar_x]</g2:no_escape>",
        "<p>$[NOESC:jvar_x]</p>",
        "<p>$[HTML:jvar_x]</p>",
        "<![CDATA[<p/>]]>",
        "<p>${current.number}</p>",
        '<p onclick="go()"/>',
        '<g:evaluate var="jvar_x" expression="current.number"/>',
        '<j:set var="jvar_x" value="1"/>',
        "<p>&nbsp;</p>",
    ],
)
def test_planted_errors_are_found(documents, planted):
    for text in documents.values():
        assert complaints(text.replace("</j:jelly>", f"{planted}</j:jelly>"))


def test_a_document_that_is_no_jelly_is_found():
    assert complaints("<html/>") == ["it is no jelly of both phases"]
