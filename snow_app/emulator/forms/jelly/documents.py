"""Rendering of macros and UI pages with the script engine; keeps what phase 1 made of each macro."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from snow_app.emulator.scripts.errors import Place, ScriptFailed

from .errors import JellyError
from .nodes import Child, Node, parsed, written
from .renderer import FIRST, SECOND, Renderer

if TYPE_CHECKING:
    from snow_app.emulator.model import Row
    from snow_app.emulator.scripts.transaction import Transaction


class _EngineEvaluator:
    """The evaluator of one document in one transaction."""

    def __init__(self, transaction: Transaction, place: Place) -> None:
        self._transaction = transaction
        self._place = place

    def _ask(self, kind: str, source: str, **request: object) -> Any:
        try:
            script = self._transaction.realm.script(source, self._place)
            return self._transaction.run(kind, script=script, **request)
        except ScriptFailed as failure:
            self._transaction.scripts.report(self._transaction.session, failure, source=self._place.name)
            raise JellyError(failure.message) from None

    def evaluate(self, source: str, *, name: str, as_object: bool, with_jelly: bool) -> str:
        return str(self._ask("jellyEvaluate", source, name=name, object=as_object, jelly=with_jelly))

    def expression(self, source: str) -> tuple[str, bool]:
        answer = self._ask("jellyExpression", f"({source})")
        return str(answer["text"]), bool(answer["truthy"])

    def assign(self, name: str, source: str) -> None:
        self._ask("jellyAssign", f"({source})", name=name)

    def put(self, name: str, text: str) -> None:
        self._transaction.run("jellySet", name=name, value=text)

    def message(self, key: str) -> str:
        return self._transaction.scripts.translated(self._transaction.session, key)


class Documents:
    """Renders records that hold Jelly. Thread-safe.

    Phase 1 of a macro is kept by its sys_id and time of change, for all users alike; UI pages run both phases always.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Child, ...]] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """What cache.do does: phase 1 runs anew."""
        with self._lock:
            self._kept.clear()

    def macro(
        self, transaction: Transaction, row: Row, *, current: Row | None, table: str, variables: Mapping[str, str]
    ) -> str:
        """HTML of a sys_ui_macro on the form of `current`. Raises JellyError."""
        place = Place(table="sys_ui_macro", sys_id=row["sys_id"], name=row.get("name", ""), field="xml")
        evaluator = self._opened(transaction, row, place, variables, current=current, table=table)
        key = row["sys_id"], f"{row.get('sys_updated_on', '')}/{row.get('sys_mod_count', '')}"
        with self._lock:
            first = self._kept.get(key)
        if first is None:
            first = Renderer(FIRST, evaluator).render(parsed(row.get("xml", "")))
            with self._lock:
                self._kept[key] = first
        return written(_second(first, evaluator))

    def page(
        self, transaction: Transaction, row: Row, *, parameters: Mapping[str, str], submitted: bool = False
    ) -> str:
        """HTML of a sys_ui_page; a submitted page runs its processing script first. Raises JellyError."""
        place = Place(table="sys_ui_page", sys_id=row["sys_id"], name=row.get("name", ""), field="html")
        variables = {name: value for name, value in parameters.items() if name.startswith(("sysparm_", "jvar_"))}
        evaluator = self._opened(transaction, row, place, variables, current=None, table="", parameters=parameters)
        if submitted and row.get("processing_script"):
            evaluator.evaluate(row["processing_script"], name="", as_object=False, with_jelly=False)
        first = Renderer(FIRST, evaluator).render(parsed(row.get("html", "")))
        return written(_second(first, evaluator))

    def _opened(
        self,
        transaction: Transaction,
        row: Row,
        place: Place,
        variables: Mapping[str, str],
        *,
        current: Row | None,
        table: str,
        parameters: Mapping[str, str] | None = None,
    ) -> _EngineEvaluator:
        given: dict[str, Any] | None = (
            None if current is None else {"table": table, "values": current, "previous": current}
        )
        if given is not None and not (current or {}).get("sys_id"):
            given["is_new"] = True
        transaction.run(
            "jellyOpen",
            scope=transaction.scripts.scope_name(row.get("sys_scope", "")),
            current=given,
            variables=dict(variables),
            parameters=dict(parameters or variables),
        )
        return _EngineEvaluator(transaction, place)


def _second(first: tuple[Child, ...], evaluator: _EngineEvaluator) -> tuple[Child, ...]:
    return Renderer(SECOND, evaluator).render(Node(name="jelly", children=first))
