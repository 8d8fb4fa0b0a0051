"""Typed verbs on single tables."""

from snow_app.tables.cases import Case, Cases

__all__ = ["Case", "Cases"]
