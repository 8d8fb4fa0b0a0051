"""JellyError: a macro or page cannot be rendered (Terminal). It is shown where the macro would stand."""

from __future__ import annotations


class JellyError(Exception):
    """`line` is 1-based in the record's XML, 0 when unknown."""

    code = "jelly-error"

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(f"{message} (line {line})" if line else message)
        self.message, self.line = message, line
