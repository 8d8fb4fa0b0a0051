"""Who may do what: roles of users, and access controls read from the instance's own sys_security_acl rows.

The controls of the nearest class decide: the table's own, else those of the tables it extends, else ``*``. One of them
must pass. A control passes when the user has one of its roles (or it names none), its condition holds and its script
answers true; admin passes where `admin_overrides` says so. A control without role, condition and script lets nobody in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from snow_app.emulator.dictionary import Dictionary
from snow_app.emulator.model import Row, User
from snow_app.emulator.store import Store

ADMIN = "admin"
EVERYTHING = "*"

_CONTROLS = """
    SELECT a.sys_id, a.name, a.operation, a.condition, a.advanced, a.script, a.admin_overrides, r.name
    FROM sys_security_acl a
    LEFT JOIN sys_security_acl_role l ON l.sys_security_acl = a.sys_id
    LEFT JOIN sys_user_role r ON r.sys_id = l.sys_user_role
    WHERE a.type = 'record' AND a.active != 'false' AND a.decision_type != 'deny' ORDER BY a.name, a.sys_id"""

_DIRECT = """
    SELECT r.name FROM sys_user_has_role h JOIN sys_user_role r ON r.sys_id = h.role
    WHERE h.user = ? AND h.state != 'inactive'
    UNION SELECT r.name FROM sys_user_grmember m JOIN sys_group_has_role h ON h."group" = m."group"
    JOIN sys_user_role r ON r.sys_id = h.role WHERE m.user = ?"""

_CONTAINED = """
    SELECT outer_role.name, inner_role.name FROM sys_user_role_contains c
    JOIN sys_user_role outer_role ON outer_role.sys_id = c.role
    JOIN sys_user_role inner_role ON inner_role.sys_id = c.contains"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One access control with its roles."""

    sys_id: str
    name: str
    roles: frozenset[str]
    condition: str
    script: str
    admin_overrides: bool

    @property
    def conditional(self) -> bool:
        return bool(self.condition or self.script)

    def admits(self, user: User) -> bool:
        """True when the user's roles satisfy it, whatever the record."""
        if ADMIN in user.roles and self.admin_overrides:
            return True
        if self.roles:
            return bool(self.roles & user.roles) or "public" in self.roles
        return self.conditional

    def settled(self, user: User) -> bool:
        """True when no record needs to be looked at."""
        return not self.conditional or (ADMIN in user.roles and self.admin_overrides)


Holds = Callable[[Control, Row], bool]
"""Whether a control's condition and script hold for a record."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a user may do with the records of a table: everything, nothing, or those a control's condition admits."""

    controls: tuple[Control, ...] = ()
    everything: bool = False

    @property
    def nothing(self) -> bool:
        return not self.everything and not self.controls

    def admits(self, row: Row, holds: Holds) -> bool:
        return self.everything or any(holds(control, row) for control in self.controls)


ALL, NONE = Verdict(everything=True), Verdict()


class Access:
    """Access controls and roles. Thread-safe: what it keeps is replaced as a whole."""

    TABLES = frozenset(
        {
            "sys_security_acl", "sys_security_acl_role", "sys_user_role", "sys_user_role_contains",
            "sys_user_has_role", "sys_user_grmember", "sys_group_has_role", "sys_user",
        }
    )  # fmt: skip
    """A change in one of these calls for `forget`."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self._store, self._dictionary = store, dictionary
        self._controls: dict[tuple[str, str], tuple[Control, ...]] | None = None
        self._elevated: frozenset[str] | None = None
        self._roles: dict[str, frozenset[str]] = {}
        self._verdicts: dict[tuple[str, str, str, frozenset[str]], Verdict] = {}

    def forget(self) -> None:
        """Read everything anew when next asked."""
        self._controls = self._elevated = None
        self._roles, self._verdicts = {}, {}

    def roles_of(self, user_id: str) -> frozenset[str]:
        """Role names granted directly or by a group, with everything those contain."""
        found = self._roles.get(user_id)
        if found is None:
            names = {str(row[0]) for row in self._store.rows(_DIRECT, (user_id, user_id))}
            contained: dict[str, set[str]] = {}
            for outer, inner in self._store.rows(_CONTAINED):
                contained.setdefault(str(outer), set()).add(str(inner))
            waiting = list(names)
            while waiting:
                new = contained.get(waiting.pop(), set()) - names
                names |= new
                waiting += new
            found = self._roles[user_id] = frozenset(names)
        return found

    def elevated_roles(self) -> frozenset[str]:
        """Roles that count only in a session that was elevated to them."""
        if self._elevated is None:
            rows = self._store.rows("SELECT name FROM sys_user_role WHERE elevated_privilege = 'true'")
            self._elevated = frozenset(str(row[0]) for row in rows)
        return self._elevated

    def verdict(self, user: User, operation: str, table: str, field: str = "") -> Verdict:
        """What this user may do (read, write, create, delete) on a table, or on one field of it."""
        key = (operation, table, field, user.roles)
        found = self._verdicts.get(key)
        if found is None:
            found = self._verdicts[key] = self._judged(user, self._nearest(operation, table, field), bool(field))
        return found

    def may_query(self, user: User, operation: str, table: str, field: str) -> bool:
        """Whether this user may ask for records by a field: `query_match` by equality, `query_range` otherwise.

        The field's own controls decide, else those of all fields, else those of the table, the nearest class first;
        without any, who may read the field may ask by it.
        """
        controls = self._all()
        for name in (f".{field}", f".{EVERYTHING}", ""):
            for owner in self._dictionary.lineage(table):
                found = controls.get((operation, f"{owner}{name}"))
                if found:
                    return not self._judged(user, found, True).nothing
        return not self.verdict(user, "read", table, field).nothing

    def guarded_fields(self, operation: str, table: str) -> tuple[str, ...]:
        """Fields of a table that have controls of their own."""
        names = [name for op, name in self._all() if op == operation and "." in name]
        lineage = self._dictionary.lineage(table)
        found = [name.split(".", 1) for name in names]
        return tuple(dict.fromkeys(column for owner, column in found if owner in lineage and column != EVERYTHING))

    def _nearest(self, operation: str, table: str, field: str) -> tuple[Control, ...]:
        controls = self._all()
        for owner in (*self._dictionary.lineage(table), EVERYTHING):
            found = controls.get((operation, f"{owner}.{field}" if field else owner))
            if found:
                return found
        return ()

    def _judged(self, user: User, controls: Sequence[Control], is_field: bool) -> Verdict:
        if not controls:
            return ALL if is_field else NONE
        admitting = tuple(control for control in controls if control.admits(user))
        return ALL if any(control.settled(user) for control in admitting) else Verdict(admitting)

    def _all(self) -> dict[tuple[str, str], tuple[Control, ...]]:
        if self._controls is None:
            roles: dict[str, set[str]] = {}
            rows = [tuple(str(value or "") for value in row) for row in self._store.rows(_CONTROLS)]
            for row in rows:
                roles.setdefault(row[0], set()).update({row[7]} - {""})
            grouped: dict[tuple[str, str], dict[str, Control]] = {}
            for sys_id, name, operation, condition, advanced, script, admin_overrides, _ in rows:
                grouped.setdefault((operation, name), {})[sys_id] = Control(
                    sys_id=sys_id,
                    name=name,
                    roles=frozenset(roles[sys_id]),
                    condition=condition,
                    script=script if advanced == "true" else "",
                    admin_overrides=admin_overrides != "false",
                )
            self._controls = {key: tuple(controls.values()) for key, controls in grouped.items()}
        return self._controls
