"""The Jelly of macros and UI pages: two phases, run by the script engine."""

from __future__ import annotations

from .documents import Documents
from .errors import JellyError

__all__ = ["Documents", "JellyError"]
