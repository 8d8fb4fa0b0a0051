"""One JavaScript realm: a quickjs context with the platform's runtime in it.

A realm lives for one transaction and only on the thread that made it: contexts are bound to their thread, and a script
of one transaction must not see the globals of another. Making one costs a few milliseconds, so there is no pool and no
lock. Host functions answer JSON and never raise, because an exception must not cross the engine.
"""

from __future__ import annotations

import bisect
import json
import re
import time
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import quickjs

from .errors import Place, ScriptFailed, ScriptMemory, ScriptTimeout
from .guard import guarded

MEMORY_LIMIT = 128 * 1024 * 1024
STACK_LIMIT = 1024 * 1024

Host = Callable[[str, list[Any]], Any]

_RUNTIME = (
    "bridge", "strings", "records", "record_methods", "aggregate", "time", "system", "rest", "ajax", "scopes", "entry",
    "transform", "web_service",
)  # fmt: skip
_FRAME = re.compile(r"<input>:(\d+)")
_TIMEOUT = "maximum execution time exceeded"
_MEMORY = ("out of memory", "string too long", "stack size exceeded", "stack overflow")


class HostRefused(Exception):  # noqa: N818 - an answer, not an accident
    """A host function refuses: the script sees an error of this name and message."""

    def __init__(self, message: str, name: str = "Error") -> None:
        super().__init__(message)
        self.name = name


@cache
def _runtime_source() -> str:
    folder = resources.files(__package__) / "runtime"
    parts = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in _RUNTIME]
    return (
        "(function (host, evaluateIn, limits) {'use strict';\n"
        + "\n".join(parts)
        + "\nreturn entry;\n})(globalThis.$host, function ($scope, $locals, $source) {"
        "with ($scope) { with ($locals) { return eval($source); } } }, {deadline: $deadline})"
    )


class Realm:
    """`ask` sends one request to the runtime. Raises ScriptFailed or one of its kinds."""

    def __init__(self, host: Host, *, seconds: float) -> None:
        self._host = host
        context = quickjs.Context()
        context.set_memory_limit(MEMORY_LIMIT)
        context.set_max_stack_size(STACK_LIMIT)
        context.add_callable("$host", self._answer)
        runtime = _runtime_source().replace("$deadline", str(int((time.time() + seconds) * 1000)))
        self._entry: Callable[[str], str] | None = context.eval(runtime)
        self._starts = [0]
        self._places: list[Place | None] = [None]
        self._next_line = runtime.count("\n") + 2

    def script(self, source: str, place: Place) -> dict[str, Any]:
        """`source` prepared to run: guarded, and at lines of its own, by which errors find their way back."""
        start = self._next_line
        self._starts.append(start)
        self._places.append(place)
        self._next_line = start + source.count("\n") + 3
        return {"source": guarded(source), "line": start}

    def close(self) -> None:
        """Let go of the context, on the thread that made it: it holds us as its host, so nothing else would in time."""
        self._entry = None

    def ask(self, kind: str, **request: Any) -> Any:
        if self._entry is None:
            raise ScriptFailed("Error: this transaction has ended")
        try:
            answer = json.loads(self._entry(json.dumps({"kind": kind, **request})))
        except quickjs.JSException as error:
            raise self._failure(str(error).split("\n", 1)[0], str(error)) from None
        if "error" in answer:
            thrown = answer["error"]
            raise self._failure(f"{thrown['name']}: {thrown['message']}", thrown["stack"])
        return answer.get("value")

    def _answer(self, operation: str, arguments: str) -> str:
        try:
            return json.dumps({"value": self._host(operation, json.loads(arguments))})
        except HostRefused as refusal:
            return json.dumps({"error": {"name": refusal.name, "message": str(refusal)}})
        except Exception as error:  # noqa: BLE001 - nothing may cross the engine
            return json.dumps({"error": {"name": "InternalError", "message": f"{operation}: {error}"}})

    def _failure(self, message: str, stack: str) -> ScriptFailed:
        place = self._blamed(stack)
        lowered = message.lower()
        if _TIMEOUT in lowered:
            return ScriptTimeout(message, place)
        if any(word in lowered for word in _MEMORY):
            return ScriptMemory(message, place)
        return ScriptFailed(message, place)

    def _blamed(self, stack: str) -> Place | None:
        """The first frame that lies in a script rather than in the runtime."""
        for line in (int(found) for found in _FRAME.findall(stack)):
            index = bisect.bisect_right(self._starts, line) - 1
            place = self._places[index]
            if place is not None:
                return Place(
                    table=place.table,
                    sys_id=place.sys_id,
                    name=place.name,
                    field=place.field,
                    line=line - self._starts[index] + 1,
                )
        return None
