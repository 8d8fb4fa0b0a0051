"""One transaction: a session at work, the realm its scripts run in, and the messages they leave for the person.

A transaction belongs to the thread that opened it. Rules that fire because a script wrote a record run in the
transaction of that script; they nest at most `MAX_DEPTH` deep, which also keeps the thread's stack within bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snow_app.emulator.errors import PlatformError
from snow_app.emulator.model import Row, RuleAbort

from .errors import Place, ScriptFailed
from .host import OPERATIONS
from .realm import HostRefused, Realm

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session

    from .engine import ScriptEngine

MAX_DEPTH = 5


@dataclass(slots=True)
class Outcome:
    """What became of a write; nothing when a rule aborted it."""

    row: Row | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A line shown above the form; `level` is info or error."""

    level: str
    text: str


@dataclass(slots=True, kw_only=True, eq=False)
class Transaction:
    """Open one with `ScriptEngine.transaction`."""

    scripts: ScriptEngine
    session: Session
    seconds: float
    interactive: bool = False
    token: str = field(default="", repr=False)
    messages: list[Message] = field(default_factory=list)
    client_data: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    _realm: Realm | None = None

    @property
    def instance(self) -> Instance:
        return self.scripts.instance

    @property
    def realm(self) -> Realm:
        if self._realm is None:
            self._realm = Realm(self._host, seconds=self.seconds)
        return self._realm

    def close(self) -> None:
        """Drop the realm; nothing may run in this transaction any more."""
        if self._realm is not None:
            self._realm.close()
            self._realm = None

    def _host(self, operation: str, arguments: list[Any]) -> Any:
        found = OPERATIONS.get(operation)
        if found is None:
            raise HostRefused(f"{operation} is not part of this emulator")
        return found(self, *arguments)

    def run(self, kind: str, **request: Any) -> Any:
        """Ask the realm. Raises ScriptFailed."""
        if self.depth >= MAX_DEPTH:
            raise ScriptFailed("Error: business rules nest too deep; a rule seems to trigger itself")
        self.depth += 1
        try:
            return self.realm.ask(kind, **request)
        finally:
            self.depth -= 1

    def script(self, source: str, place: Place, scope: str, **request: Any) -> dict[str, Any]:
        """Run one script; see entry.js for the answer."""
        prepared = self.realm.script(source, place)
        answer: dict[str, Any] = self.run("script", script=prepared, scope=scope, **request)
        return answer

    def show(self, level: str, text: str) -> None:
        self.messages.append(Message(level=level, text=text))

    @contextmanager
    def aborts(self) -> Iterator[Outcome]:
        """A write whose abort by a rule is an outcome, not an error, as for GlideRecord."""
        outcome = Outcome()
        try:
            yield outcome
        except RuleAbort:
            outcome.row, outcome.done = None, False
        except PlatformError as refusal:
            outcome.row, outcome.done = None, False
            self.scripts.log(self.session, level="1", source="GlideRecord", message=str(refusal))
