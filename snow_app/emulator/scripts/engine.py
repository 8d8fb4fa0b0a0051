"""The script engine of one instance: business rules, script includes, client calls, jobs and events.

Every entry point opens a `Transaction` (or joins the one this thread already runs), and none lets a script's failure
out: failures become syslog rows with script and line. Only RuleAbort leaves, because it is an answer.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from snow_app.emulator.model import GLOBAL_SCOPE, Operation, Row, RuleAbort
from snow_app.emulator.values import text

from .errors import NoSuchScript, Place, ScriptFailed
from .events import Events
from .jobs import Jobs
from .rules import Rule, Rules, Work
from .transaction import Transaction
from .web_services import ServiceAnswer, answered

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session

DEFAULT_SECONDS = 30.0


class ScriptEngine:
    """Implements `snow_app.emulator.model.Scripts`. Thread-safe: each thread has its own transactions.

    `seconds` is what one transaction may take, calls to other servers included.
    """

    def __init__(self, instance: Instance, *, seconds: float = DEFAULT_SECONDS) -> None:
        self.instance = instance
        self.seconds = seconds
        self.rules = Rules(instance)
        self.events = Events(self)
        self.jobs = Jobs(self)
        self._threads = threading.local()

    @contextmanager
    def transaction(
        self, session: Session, *, interactive: bool = False, token: str = "", client_data: dict[str, str] | None = None
    ) -> Iterator[Transaction]:
        """The running transaction of this thread for the same user, or a new one."""
        stack: list[Transaction] = self._threads.__dict__.setdefault("stack", [])
        if stack and stack[-1].session.user.sys_id == session.user.sys_id:
            yield stack[-1]
            return
        opened = Transaction(
            scripts=self, session=session, seconds=self.seconds, interactive=interactive, token=token,
            client_data={} if client_data is None else client_data,
        )  # fmt: skip
        stack.append(opened)
        try:
            yield opened
        finally:
            stack.pop().close()

    # --- business rules

    def before(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Run the before rules; they may change `current`. Raises RuleAbort when one refuses."""
        for rule in self.rules.of(table, "before", op):
            work = Work(op=op, table=table, current=current, previous=previous)
            with self.transaction(session) as transaction:
                changed, aborted = self._applied(transaction, rule, work)
            current.update(changed)
            if aborted:
                raise RuleAbort(rule.name, rule.sys_id)

    def narrowed(self, table: str, session: Session) -> tuple[str, ...]:
        """What the query rules of a table add to a query on it, rule by rule.

        Queries that a query rule makes itself are not narrowed, so that a rule may ask its own table.
        """
        if getattr(self._threads, "narrowing", False):
            return ()
        added: list[str] = []
        self._threads.narrowing = True
        try:
            for rule in self.rules.of(table, "before", "query"):
                work = Work(op="query", table=table, current={}, previous=None)
                with self.transaction(session) as transaction:
                    added += self._asked(transaction, rule, work)
        finally:
            self._threads.narrowing = False
        return tuple(added)

    def _asked(self, transaction: Transaction, rule: Rule, work: Work) -> list[str]:
        """The conditions a query rule put on `current`."""
        if not rule.script or not self._holds(transaction, rule, work):
            return []
        scripted = self._attempted(
            transaction, rule.script, rule.place(), self.scope_name(rule.scope), **work.given(rule, {})
        )
        encoded = str(scripted["current"]["query"]) if scripted else ""
        return [encoded] if encoded else []

    def after(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Run the after rules; the row is stored."""
        self._run_all("after", Work(op=op, table=table, current=current, previous=previous), session)

    def queued(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Run the asynchronous rules. Conditions see `previous`, scripts do not."""
        work = Work(op=op, table=table, current=current, previous=previous)
        self._in_background("async business rules", lambda: self._run_all("async", work, session))

    def display(self, table: str, current: Row, session: Session) -> Mapping[str, str]:
        """Run the before_display rules and return their scratchpad."""
        scratchpad: dict[str, str] = {}
        work = Work(op="display", table=table, current=current, previous=None)
        for rule in self.rules.of(table, "before_display", None):
            with self.transaction(session) as transaction:
                if self._holds(transaction, rule, work):
                    source = f"{rule.script}\n;JSON.stringify(g_scratchpad)"
                    variables = {"g_scratchpad": dict(scratchpad)}
                    answer = self._attempted(
                        transaction, source, rule.place(), self.scope_name(rule.scope),
                        variables=variables, **work.given(rule, current),
                    )  # fmt: skip
                    scratchpad.update(_object(answer))
        return scratchpad

    def _run_all(self, when: str, work: Work, session: Session) -> None:
        for rule in self.rules.of(work.table, when, work.op):
            with self.transaction(session) as transaction:
                self._applied(transaction, rule, work)

    def _applied(self, transaction: Transaction, rule: Rule, work: Work) -> tuple[Row, bool]:
        """The fields a rule changed and whether it aborted."""
        if not self._holds(transaction, rule, work):
            return {}, False
        changed = rule.set_values(work.current)
        if rule.message:
            transaction.show("error" if rule.aborts else "info", rule.message)
        if rule.aborts or not rule.script:
            return changed, rule.aborts
        scripted = self._attempted(
            transaction, rule.script, rule.place(), self.scope_name(rule.scope),
            **work.given(rule, {**work.current, **changed}),
        )  # fmt: skip
        if scripted is None:
            return changed, False
        values: Row = scripted["current"]["values"]
        changed = {name: value for name, value in values.items() if work.current.get(name, "") != value}
        return changed, bool(scripted["current"]["aborted"])

    def _holds(self, transaction: Transaction, rule: Rule, work: Work) -> bool:
        if rule.roles and not any(transaction.session.has_role(role) for role in (*rule.roles, "admin")):
            return False
        if not self.rules.matches(rule, work, transaction.session):
            return False
        if not rule.condition:
            return True
        answer = self._attempted(
            transaction, rule.condition, rule.place("condition"), self.scope_name(rule.scope),
            **work.given(rule, work.current),
        )  # fmt: skip
        return answer is not None and bool(answer["truthy"])

    # --- scripts in columns, client calls

    def evaluate(self, script: str, table: str, current: Row, session: Session) -> str:
        """The value of a script that stands in a column: its `answer` variable, else its last statement."""
        place = Place(table=table, sys_id=current.get("sys_id", ""), name="column script")
        with self.transaction(session) as transaction:
            answer = self._attempted(
                transaction, script, place, "global", variables={"answer": None},
                current={"table": table, "values": current, "previous": current}, operation="query",
            )  # fmt: skip
        if answer is None:
            return ""
        value = answer["answer"] if answer["answer"] is not None else answer["value"]
        return text(value)

    def transform(
        self,
        session: Session,
        script: Row,
        column: str,
        *,
        source: str,
        records: Mapping[str, tuple[Any, ...]],
        variables: Mapping[str, Any],
    ) -> dict[str, Any] | None:
        """Run a script of a transform map; see `Scripts.transform` and runtime/transform.js."""
        place = Place(table=script["sys_class_name"], sys_id=script["sys_id"], name=source, field=column)
        given = {
            name: {"table": table, "values": values, "previous": rest[0] if rest else values}
            for name, (table, values, *rest) in records.items()
        }
        with self.transaction(session) as transaction:
            try:
                answer: dict[str, Any] = transaction.run(
                    "transform",
                    script=transaction.realm.script(script[column], place),
                    scope=self.scope_name(script.get("sys_scope", "")),
                    records=given,
                    variables=dict(variables),
                )
            except ScriptFailed as failure:
                self.report(session, failure, source=source)
                return None
        for level, message in answer["log"]:
            self.log(session, level=level, source=source, message=message)
        return answer

    def amended(self, owner: Row, column: str, table: str, current: Row, session: Session) -> Row:
        """The fields of `current` that the script in a column of the record `owner` changed."""
        place = Place(
            table=owner.get("sys_class_name", ""), sys_id=owner["sys_id"], name=owner.get("name", ""), field=column
        )
        with self.transaction(session) as transaction:
            answer = self._attempted(
                transaction, owner[column], place, self.scope_name(owner.get("sys_scope", "")),
                current={"table": table, "values": current, "previous": current}, operation="update",
            )  # fmt: skip
        values: Row = answer["current"]["values"] if answer else {}
        return {name: value for name, value in values.items() if current.get(name, "") != value}

    def client_call(self, transaction: Transaction, api_name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Run a client-callable include: ``{"answer", "items", "unknown"}``. Raises ScriptFailed, logged already."""
        scope, _, name = api_name.rpartition(".")
        row = self.include(scope or GLOBAL_SCOPE, name)
        if row is None or row.get("client_callable") != "true":
            raise NoSuchScript(f"No client-callable script include {api_name}")
        try:
            answer: dict[str, Any] = transaction.run(
                "ajax", scope=scope or GLOBAL_SCOPE, name=name, parameters=dict(parameters)
            )
        except ScriptFailed as failure:
            self.report(transaction.session, failure, source=api_name)
            raise
        return answer

    def web_service(self, operation: Row, request: Mapping[str, Any], session: Session) -> ServiceAnswer:
        """The answer of a scripted REST resource; see web_services.py."""
        return answered(self, session, operation, request)

    def run_script(self, session: Session, source: str, place: Place, scope: str, **request: Any) -> bool:
        """Run a job's or script action's source in its own transaction; False when it failed (and was logged)."""
        with self.transaction(session) as transaction:
            return self._attempted(transaction, source, place, scope, **request) is not None

    def condition_holds(self, session: Session, source: str, place: Place, scope: str) -> bool:
        """Whether a job's condition script answers true; a failing condition does not."""
        with self.transaction(session) as transaction:
            answer = self._attempted(transaction, source, place, scope, variables={"answer": None})
        return answer is not None and (answer["answer"] is True or bool(answer["truthy"]))

    def due(self, now: datetime) -> None:
        """Run scheduled jobs and events whose time has come."""
        self._in_background("events", lambda: self.events.due(now))
        self._in_background("scheduled jobs", lambda: self.jobs.due(now))

    def following(self, now: datetime) -> datetime | None:
        """When the next job or event is due, after `now`."""
        moments = (self.events.following(now), self.jobs.following(now))
        return min((moment for moment in moments if moment is not None), default=None)

    def _in_background(self, source: str, work: Callable[[], None]) -> None:
        """Nobody waits for this work, so whatever it runs into is logged and the next work goes on."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - see above
            self.log(self.system, level="2", source=source, message=f"{type(error).__name__}: {error}")

    # --- what the rooms of this package share

    def include(self, scope: str, name: str) -> Row | None:
        """The active script include `name` of a scope, by its names and not by who asks."""
        rows = self.instance.records.all("sys_script_include", name=name, active="true")
        return next((row for row in rows if self.scope_name(row.get("sys_scope", "")) == scope), None)

    def scope_exists(self, scope: str) -> bool:
        return self.instance.records.first("sys_scope", scope=scope) is not None

    def scope_name(self, sys_id: str) -> str:
        """A scope's name from its sys_id; unknown ids count as global, as unscoped records do."""
        if not sys_id or sys_id == GLOBAL_SCOPE:
            return GLOBAL_SCOPE
        row = self.instance.records.get("sys_scope", sys_id)
        return row.get("scope") or GLOBAL_SCOPE if row else GLOBAL_SCOPE

    @property
    def system(self) -> Session:
        """The session of the platform itself."""
        return self.instance.session("system")

    def translated(self, session: Session, key: str) -> str:
        """The sys_ui_message text of a key in the user's language, else in English, else the key."""
        for language in dict.fromkeys((session.user.locale.split("-", 1)[0], "en")):
            found = self.instance.records.first("sys_ui_message", key=key, language=language)
            if found is not None:
                return found.get("message") or key
        return key

    def log(self, session: Session, *, level: str, source: str, message: str) -> None:
        """A syslog row; `level` is 0 information, 1 warning, 2 error."""
        row = {"level": level, "source": source[:100], "message": message[:8000]}
        session.insert("syslog", row, workflow=False, acl=False)

    def report(self, session: Session, failure: ScriptFailed, *, source: str = "") -> None:
        named = failure.place.name if failure.place else source or "Evaluator"
        self.log(session, level="2", source=named, message=str(failure))

    def _attempted(
        self, transaction: Transaction, source: str, place: Place, scope: str, **request: Any
    ) -> dict[str, Any] | None:
        """What a script answered, or None when it failed and the log has it."""
        try:
            return transaction.script(source, place, scope, **request)
        except ScriptFailed as failure:
            self.report(transaction.session, failure, source=place.name)
            return None


def _object(answer: dict[str, Any] | None) -> dict[str, str]:
    found = json.loads(answer["value"]) if answer is not None and answer["value"] else {}
    return {name: text(value) for name, value in found.items()} if isinstance(found, dict) else {}
