"""The macro and the iframe page: well-formed, free of logic, and safe with what is put in."""

from __future__ import annotations

import json
import re

import pytest
from jinja2 import Environment, StrictUndefined
from lxml import etree

import ui_macros

JELLY = {"j": "jelly:core", "g": "glide", "j2": "null", "g2": "null"}


@pytest.fixture
def macro():
    return etree.fromstring(ui_macros.text("case_panel.xml").encode())


def test_macro_reads_the_record_in_phase_two_only(macro):
    """Phase one is cached for everybody: nothing of the record or the user may be read there."""
    assert macro.xpath("//j:* | //g:evaluate", namespaces=JELLY)[1:] == []
    (evaluate,) = macro.xpath("//g2:evaluate", namespaces=JELLY)
    assert "ContextMacro().config(current)" in evaluate.text
    assert not re.search(r"[<&]|\$\[", evaluate.text)


def test_macro_loads_the_script_with_a_revision(macro):
    (requires,) = macro.xpath("//g:requires", namespaces=JELLY)
    assert requires.get("name") == f"{ui_macros.MACRO_SCOPE}.panel.jsdbx"
    assert "$[jvar_c360.rev]" in requires.get("params")
    assert len(requires.get("name").removesuffix(".jsdbx")) <= 40


def test_macro_shows_only_when_told(macro):
    (shown,) = macro.xpath("//j2:if", namespaces=JELLY)
    assert shown.get("test") == "$[jvar_c360.show]"
    (element,) = shown.xpath(".//sfcc-c360")
    assert {name for name in element.attrib if name.startswith("data-")} == {
        "data-processor",
        "data-case",
        "data-table",
        "data-locale",
        "data-tz",
    }
    assert element.get("data-processor") == f"{ui_macros.MACRO_SCOPE}.ContextAjax"


def test_macro_follows_the_scope():
    source = ui_macros.text("case_panel.xml").replace(ui_macros.MACRO_SCOPE, "x_other_app")
    assert "acme" not in source
    assert source.count("x_other_app") == 3


def test_frame_page_keeps_data_inert():
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(ui_macros.text("embed.html"))
    hostile = "</script><script>alert(1)</script><!-- \"'&"
    html = template.render(
        lang="de", theme="dark", title=hostile, nonce="n-1", assets="/panel/assets/1", boot={"name": hostile}
    )
    page = etree.HTML(html)
    (block,) = page.xpath("//script[@id='c360-boot']")
    assert json.loads(block.text) == {"name": hostile}
    assert len(page.xpath("//script")) == 2
    assert page.xpath("//script/@nonce") == ["n-1", "n-1"]
    assert page.xpath("string(//h1)") == hostile
    assert page.xpath("//html/@data-theme") == ["dark"]
    assert re.findall(r"\son\w+=|style=", html) == []


def test_frame_tokens_are_the_same_in_both_dark_blocks():
    chosen, system = re.findall(r"color-scheme: dark;(.*?)\n\s*\}", ui_macros.text("embed.css"), re.DOTALL)
    assert chosen.split() == system.split()


def test_frame_tokens_cover_every_token_the_panel_reads():
    tokens = set(re.findall(r"var\((--now-[\w-]+)", ui_macros.text("panel.css")))
    assert tokens - set(re.findall(r"(--now-[\w-]+):", ui_macros.text("embed.css"))) == set()


def test_every_token_has_a_fallback():
    assert re.findall(r"var\(--now-[\w-]+\)", ui_macros.text("panel.css")) == []
