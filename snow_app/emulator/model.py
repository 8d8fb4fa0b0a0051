"""The words the local ServiceNow's rooms share: rows, columns, tables, users, and what a script engine must offer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from snow_app.emulator.scripts.web_services import ServiceAnswer
    from snow_app.emulator.session import Session

Row = dict[str, str]
"""One record: column name to stored value. Always strings, empty for no value; times are UTC `yyyy-MM-dd HH:mm:ss`."""

Operation = Literal["insert", "update", "delete"]

GLOBAL_SCOPE = "global"
"""sys_id and name of the Global application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One sys_choice row of a column; `dependent` is the value of the column it depends on, or empty."""

    value: str
    label: str
    sequence: int = 0
    dependent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One sys_dictionary row. `table` is the class that defines it, `scope` the sys_id of its application."""

    name: str
    table: str
    type: str = "string"
    label: str = ""
    reference: str = ""
    max_length: int = 40
    mandatory: bool = False
    read_only: bool = False
    default: str = ""
    choices: tuple[Choice, ...] = ()
    choice_mode: int = 0
    display: bool = False
    unique: bool = False
    dependent: str = ""
    attributes: str = ""
    reference_key: str = ""
    scope: str = GLOBAL_SCOPE
    sys_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDef:
    """One sys_db_object row. `parent` is the name of the table it extends, `scope` the sys_id of its application."""

    name: str
    label: str
    sys_id: str
    parent: str = ""
    scope: str = GLOBAL_SCOPE
    extendable: bool = False
    ws_access: bool = True
    flags: Mapping[str, str] = field(default_factory=dict)
    """Every other column of the sys_db_object row, such as `read_access` or `configuration_access`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A sys_user row with its roles, inherited and contained ones included."""

    sys_id: str
    user_name: str
    name: str
    email: str = ""
    roles: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    locale: str = "en"
    date_format: str = "yyyy-MM-dd"
    time_format: str = "HH:mm:ss"


class RuleAbort(Exception):  # noqa: N818 - the platform calls it an abort
    """A business rule refused the operation. `table` defaults to the table being written."""

    def __init__(self, name: str, sys_id: str, table: str = "") -> None:
        super().__init__(f"aborted by business rule {name!r}")
        self.name, self.sys_id, self.table = name, sys_id, table


class Scripts(Protocol):
    """What the instance asks of a script engine. `table` is always the row's own class, rows carry every column."""

    def before(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Run the before rules; they may change `current`. Raises RuleAbort when one refuses."""

    def after(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Run the after rules; the row is stored."""

    def queued(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Run the asynchronous rules. Called by `Instance.run_pending`, once per write."""

    def display(self, table: str, current: Row, session: Session) -> Mapping[str, str]:
        """Run the before_display rules and return their scratchpad."""

    def narrowed(self, table: str, session: Session) -> tuple[str, ...]:
        """The encoded queries that the query rules of a table add to every query on it, one for each rule."""

    def evaluate(self, script: str, table: str, current: Row, session: Session) -> str:
        """The value of a script that stands in a column: an ACL's script, a calculated default."""

    def transaction(self, session: Session) -> AbstractContextManager[object]:
        """Scripts that run within share one realm and one time limit."""

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
        """Run a transform map's script, which stands in a column of `script`; `source` names it in the log.

        `records` are (table, values[, previous]) by variable name; without previous the record is new. The answer is
        ``{"value", "variables", "records"}``, the latter two as the script left them; None when the script failed.
        """

    def amended(self, owner: Row, column: str, table: str, current: Row, session: Session) -> Row:
        """The fields of `current` that the script in a column of the record `owner` changed."""

    def web_service(self, operation: Row, request: Mapping[str, Any], session: Session) -> ServiceAnswer:
        """What the script of a sys_ws_operation row answers to a request; its failure is an answer, too."""

    def due(self, now: datetime) -> None:
        """Run scheduled jobs whose time has come. Called at the start of each `Instance.run_pending`."""

    def following(self, now: datetime) -> datetime | None:
        """When something is due next after `now`."""
