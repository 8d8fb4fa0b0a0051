"""The panel: one custom element, its Jelly macro and the embed page, shipped as package data.

``text("panel.js")`` is the whole element, put together from ``panel/*.js`` and ``panel.css`` when it is read: there is
no build step, and what an instance or the sidecar serves is the source a developer reads, minus comments.

========================  ==========================================================================================
``panel.js``              the element ``<sfcc-c360>``, style included; a classic script, the same in form and iframe
``case_panel.xml``        the Jelly macro of the case form; `MACRO_SCOPE` in it stands for the application's scope
``embed.html``            the iframe page, a Jinja template: `lang`, `theme`, `title`, `nonce`, `assets`, `boot`
``embed.css``             the theme tokens the iframe lacks, light and dark
========================  ==========================================================================================
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_TOKEN = re.compile(
    r"""('(?:[^'\\\n]|\\.)*'|`[^`]*`|(?<=[(,=:?&|!] )/(?:[^/\\\n]|\\.)+/|(?<=[(!])/(?:[^/\\\n]|\\.)+/)"""
    r"""|\s*([)}\]]+)[ ]*|[ ]*([{(\[;,:?=<>+*/&|!.-]+)\s*"""
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};,>]|(?<=\w):(?=\s))\s*")
_COMMENT = re.compile(r"^ */\*.*?\*/\n", re.MULTILINE | re.DOTALL)

MACRO_SCOPE = "x_acme_sfcc"

# Reading order is load order: each part uses what stands before it.
_PARTS = ("words", "format", "dom", "transport", "header", "orders", "sections", "screens", "panel", "element")


@cache
def text(name: str) -> str:
    """The text of a shipped file. Raises FileNotFoundError for an unknown name."""
    return panel_bundle() if name == "panel.js" else _read(name)


@cache
def panel_bundle() -> str:
    """The element with its style as one classic script that leaves no name behind on the page."""
    style = f"const STYLE = `{_tight(_read('panel.css'))}`;\n"
    parts = (_read(f"panel/{part}.js") for part in _PARTS)
    return "(function () {\n'use strict';\n" + _lean("\n".join((style, *parts))) + "}());\n"


def _lean(source: str) -> str:
    """Without comments and the spaces that carry no meaning; strings, templates and regular expressions as they are.

    It needs statements to end in semicolons and no spaces inside a regular expression, which the tests check.
    """
    return _TOKEN.sub(lambda found: found[1] or found[2] or found[3], _COMMENT.sub("", source))


def _tight(style: str) -> str:
    """A style sheet without comments and the spaces nobody needs; ours has no strings in which they would count."""
    return _SPACE.sub(r"\1", _CSS_COMMENT.sub("", style)).replace(";}", "}")


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
