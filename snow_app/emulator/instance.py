"""One ServiceNow instance without its web server: dictionary, properties, sessions, and work that waits.

The other rooms stand on this one. Entry points the server calls when it builds an instance:

- ``snow_app.emulator.scripts.attach(instance)`` sets `Instance.scripts`;
- ``snow_app.emulator.forms.blueprint(instance)`` returns the Flask blueprint of the pages. Pages that sign a person in
  put the user name into ``flask.session["user_name"]``; the REST routes accept that session as well.

Reads and writes go through a `Session`. A write runs built-in behaviour, then `Scripts.before`, stores the row, then
`Scripts.after`, and leaves `Scripts.queued` to `run_pending`. No lock is held while a script runs.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from snow_app.emulator.access import ADMIN, Access
from snow_app.emulator.clock import Clock, ForwardClock
from snow_app.emulator.dictionary import Dictionary
from snow_app.emulator.lockout import note_failure, note_success
from snow_app.emulator.model import (
    GLOBAL_SCOPE,
    Choice,
    Column,
    Operation,
    Row,
    RuleAbort,
    Scripts,
    TableDef,
    User,
)
from snow_app.emulator.notifications import Notifications
from snow_app.emulator.queue import Values, WorkQueue
from snow_app.emulator.quotas import Quotas
from snow_app.emulator.records import Records
from snow_app.emulator.secrets import fits
from snow_app.emulator.session import Session
from snow_app.emulator.slas import ServiceLevels
from snow_app.emulator.store import Store

__all__ = [
    "Choice",
    "Clock",
    "Column",
    "Dictionary",
    "Instance",
    "Operation",
    "Row",
    "RuleAbort",
    "Scripts",
    "Session",
    "TableDef",
    "User",
]

NewId = Callable[[], str]

_ADDRESS = "glide.servlet.uri"

MAX_STOPS = 10_000
"""How often `Instance.advance` stops on its way."""

GUEST = "guest"
"""The user who calls without saying who they are."""

CURRENT_APPLICATION = "apps.current_app"
"""The user preference that holds the sys_id of the current application."""


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def random_id() -> str:
    """A fresh sys_id."""
    return uuid.uuid4().hex


class Instance:
    """The state of one local ServiceNow. Thread-safe; `close` releases the database."""

    def __init__(
        self,
        store: Store,
        *,
        base_url: str = "http://127.0.0.1",
        clock: Clock = system_clock,
        new_id: NewId = random_id,
    ) -> None:
        self.store = store
        self.base_url = base_url
        self.secure_url = ""
        """The address of the TLS port, empty without one."""
        self.clock = ForwardClock(clock, store)
        self.new_id = new_id
        self.dictionary = Dictionary(store)
        self.records = Records(store, self.dictionary)
        self.access = Access(store, self.dictionary)
        self.scripts: Scripts | None = None
        self._properties: dict[str, str] | None = None
        self.trust: Callable[[str], None] = lambda _: None
        self._active: dict[str, tuple[Row, ...]] = {}
        self._configured = 0
        self.slas = ServiceLevels(self)
        self.notifications = Notifications(self)
        self.quotas = Quotas(self)
        self._work = WorkQueue(store)
        self._work.handle("written", self._follow_write)
        self._draining = threading.RLock()
        self.work_waits = threading.Event()
        """Set while deferred work waits."""

    # Settings --------------------------------------------------------------------------------------------------------

    def property(self, name: str, default: str | None = None) -> str | None:
        """The value of a sys_properties row, or the default when there is no such row or it is empty."""
        known = self._written_properties()
        if name == _ADDRESS and name not in known:
            return f"{self.base_url}/"
        return known.get(name) or default

    def _written_properties(self) -> dict[str, str]:
        known = self._properties
        if known is None:
            rows = self.store.rows("SELECT name, value FROM sys_properties")
            known = self._properties = {str(key): str(value) for key, value in rows}
        return known

    def active(self, table: str) -> tuple[Row, ...]:
        """The active records of a configuration table, kept until a record of it is written. Not to be changed."""
        found = self._active.get(table)
        if found is None:
            seen = self._configured
            found = tuple(self.records.all(table, active="true"))
            if seen == self._configured:
                self._active[table] = found
        return found

    def forget_active(self, table: str) -> None:
        """Read the records of a configuration table anew when next asked."""
        self._configured += 1
        self._active.pop(table, None)

    def forget_properties(self) -> None:
        """Read properties anew when next asked."""
        self._properties = None

    def address(self, scheme: str, host: str) -> str:
        """What links of an answer start with, for a request that came by this scheme to this host.

        That is the configured address; without one, that of the port the request came to. The host counts only where
        `glide.rest.replace_request_host_with_property` is off.
        """
        if self.property("glide.rest.replace_request_host_with_property", "true") != "true":
            return f"{scheme}://{host}"
        own = self.secure_url if scheme == "https" else self.base_url
        return (self._written_properties().get(_ADDRESS) or own).rstrip("/")

    def next_number(self, table: str) -> str:
        """The next number by the sys_number row of the table or of the nearest one above; empty without one."""
        for name in self.dictionary.lineage(table):
            found = self.records.first("sys_number", category=name)
            if found:
                first = int(float(found["number"] or 1000)) + 1
                with self.store.transaction():
                    self.store.run("INSERT OR IGNORE INTO _counters VALUES (?, ?)", (name, first))
                    counted = self.store.row(
                        "UPDATE _counters SET next = next + 1 WHERE name = ? RETURNING next - 1", (name,)
                    )
                digits = int(float(found["maximum_digits"] or 7))
                return f"{found['prefix']}{str(counted[0] if counted else first).zfill(digits)}"
        return ""

    # People ----------------------------------------------------------------------------------------------------------

    def session(
        self, user_name: str, application: str | None = None, *, elevated: frozenset[str] = frozenset()
    ) -> Session:
        """A unit of work for a user. `application` is a sys_scope sys_id; without it the user's current one holds.
        Of the user's roles those with elevated privilege count only when they are named in `elevated`.

        Raises LookupError for an unknown or inactive user.
        """
        row = self.records.first("sys_user", user_name=user_name)
        if row is None or row["active"] == "false":
            raise LookupError(f"no active user {user_name!r}")
        user = self._user(row, elevated)
        return Session(self, user, application or self.current_application(user.sys_id))

    def sign_in(self, user_name: str, password: str) -> Session | None:
        """A session for these credentials, None when they are wrong or the user is inactive or locked out."""
        row = self.records.first("sys_user", user_name=user_name) if user_name else None
        if row is None or row["active"] == "false" or row["locked_out"] == "true":
            return None
        if not fits(password, row["user_password"]):
            note_failure(self, row)
            return None
        note_success(self, row)
        return self.session(user_name)

    def _user(self, row: Row, elevated: frozenset[str]) -> User:
        external = row.get("sys_class_name") == "customer_contact"
        implied = {"snc_external", "sn_customerservice.customer"} if external else {"snc_internal"}
        if row["user_name"] == GUEST:
            implied = set()
        roles = self.access.roles_of(row["sys_id"])
        return User(
            sys_id=row["sys_id"],
            user_name=row["user_name"],
            name=row["name"] or row["user_name"],
            email=row["email"],
            roles=(roles - (self.access.elevated_roles() - elevated)) | implied,
            time_zone=row["time_zone"] or self.property("glide.sys.default.tz", "UTC") or "UTC",
            locale=row["preferred_language"] or self.property("glide.sys.language", "en") or "en",
            date_format=row["date_format"] or self.property("glide.sys.date_format", "yyyy-MM-dd") or "",
            time_format=row["time_format"] or self.property("glide.sys.time_format", "HH:mm:ss") or "",
        )

    def elevated(self, user: User) -> User:
        """The user with elevated roles, when the instance is set to treat admin so."""
        if ADMIN in user.roles and self.property("emulator.security.elevated") == "true":
            return replace(user, roles=user.roles | {"security_admin"})
        return user

    def current_application(self, user_id: str) -> str:
        """The application (sys_scope sys_id) new records of this user land in."""
        found = self.records.first("sys_user_preference", user=user_id, name=CURRENT_APPLICATION)
        if found and self.records.get("sys_scope", found["value"]):
            return found["value"]
        return GLOBAL_SCOPE

    def trust_authorities_with(self, trust: Callable[[str], None]) -> None:
        """Name what makes the TLS port accept client certificates of an authority (PEM), those known already first."""
        self.trust = trust
        for authority in self.active("sys_ca_certificate"):
            trust(authority["pem_certificate"])

    # Work that waits -------------------------------------------------------------------------------------------------

    def defer(self, work: Callable[[], None]) -> None:
        """Keep work for the next `run_pending`; a restart forgets it."""
        self._work.add(work)
        self.work_waits.set()

    def does(self, kind: str, work: Callable[[Session, Values], None]) -> None:
        """Name who does the work of a kind that `keep` puts off."""
        self._work.handle(kind, lambda values: work(self._author(values), values))

    def keep(self, kind: str, session: Session, values: Values) -> None:
        """Keep work of a kind for the next `run_pending`, to be done as this user; it survives a restart."""
        who = {"user": session.user.user_name, "application": session.application}
        self._work.keep(kind, {**values, **who})
        self.work_waits.set()

    def _author(self, values: Values) -> Session:
        """The user who put work off; the system, where that user is gone."""
        try:
            return self.session(values["user"], values["application"])
        except LookupError:
            return self.session("system")

    def written(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        """Put off what follows a write: asynchronous rules and notifications. It survives a restart."""
        who = {"user": session.user.user_name, "application": session.application}
        self._work.keep("written", {"op": op, "table": table, "current": current, "previous": previous, **who})
        self.work_waits.set()

    def _follow_write(self, write: Values) -> None:
        if self.scripts is None:
            return
        session = self._author(write)
        facts = (write["op"], write["table"], write["current"], write["previous"])
        self.scripts.queued(*facts, session)
        self.notifications.written(*facts, session.user.sys_id)

    def run_pending(self) -> None:
        """Do what is due and all deferred work, including work that this work defers. Blocks until none is left."""
        with self._draining:
            now = self.clock()
            self.slas.due(now)
            if self.scripts is not None:
                self.scripts.due(now)
            self.work_waits.clear()
            while self._work.next_done():
                pass
            self.notifications.send()

    def advance(self, until: datetime) -> int:
        """Put the clock forward to a moment and do what falls due on the way, each at its own time.

        Returns the number of stops made. After `MAX_STOPS` the rest of the way is taken at once.
        """
        with self._draining:
            self.run_pending()
            stops = 0
            while stops < MAX_STOPS:
                following = self._following()
                if following is None or following > until:
                    break
                self.clock.put(following)
                self.run_pending()
                stops += 1
            self.clock.put(until)
            self.run_pending()
            self.slas.refresh(self.clock())
        return stops

    def _following(self) -> datetime | None:
        """The next moment at which something is due by itself."""
        now = self.clock()
        moments = [self.slas.following(now), self.scripts.following(now) if self.scripts else None]
        return min((moment for moment in moments if moment is not None), default=None)

    def close(self) -> None:
        """Release the database."""
        self.store.close()
