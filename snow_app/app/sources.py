"""Scripts and markup as text, with the placeholder scope replaced by the real one."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import ui_macros

PLACEHOLDER = ui_macros.MACRO_SCOPE


def script(name: str, scope: str) -> str:
    """A file of `snow_app/app/scripts`, such as ``ContextAjax.js``."""
    source = files("snow_app.app").joinpath("scripts", name).read_text(encoding="utf-8")
    return source.replace(PLACEHOLDER, scope)


def panel(name: str, scope: str) -> str:
    """A file of the panel, such as ``case_panel.xml``."""
    return ui_macros.text(name).replace(PLACEHOLDER, scope)


def panel_revision(scope: str) -> str:
    """A short word that changes with the panel's code."""
    return hashlib.sha256(panel("panel.js", scope).encode()).hexdigest()[:12]
