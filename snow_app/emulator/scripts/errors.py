"""What can go wrong while a server script runs.

::

    ScriptFailed            the script threw, or could not be read (Terminal)
    ├── ScriptTimeout       it ran longer than a transaction may (Terminal)
    ├── ScriptMemory        it asked for more memory or stack than it may have (Terminal)
    └── NoSuchScript        nothing callable has that name (Terminal)

None of them leaves the engine on a record operation: they are written to ``syslog`` with script and line, and the
operation goes on, as on the platform.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in which script: the record that holds it, its name and the 1-based line."""

    table: str
    sys_id: str
    name: str
    field: str = "script"
    line: int = 0

    def __str__(self) -> str:
        return f"{self.table}.{self.sys_id}.{self.field} ({self.name}) at line {self.line}"


class ScriptFailed(Exception):  # noqa: N818 - what happened, as in Aborted
    """A server script failed; `place` is None when no line of a script is to blame."""

    code = "script-failed"

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message, self.place = message, place

    def __str__(self) -> str:
        return f"{self.message} Caused by error in {self.place}" if self.place else self.message


class ScriptTimeout(ScriptFailed):
    code = "script-timeout"


class ScriptMemory(ScriptFailed):
    code = "script-memory"


class NoSuchScript(ScriptFailed):
    code = "no-such-script"
