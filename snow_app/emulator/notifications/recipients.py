"""To whom a notification goes: users, groups, and what fields of the record or parameters of the event point at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snow_app.emulator.model import Row

if TYPE_CHECKING:
    from snow_app.emulator.session import Session

_ADDRESS = re.compile(r"[^@\s,<>]+@[^@\s,<>]+$")
_DISABLED = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What sets notifications off: a record (empty without one) and perhaps an event; `user` is who caused it."""

    table: str
    row: Row
    event: Row
    user: str


def addresses(session: Session, notification: Row, occasion: Occasion) -> tuple[str, ...]:
    """Every address once. Users who are inactive, have no address or do not want e-mail are left out."""
    found = _Recipients(session, notification, occasion)
    return tuple(dict.fromkeys(found.all()))


class _Recipients:
    def __init__(self, session: Session, notification: Row, occasion: Occasion) -> None:
        self._session, self._notification, self._occasion = session, notification, occasion
        self._records = session.instance.records
        self._forced = "true" in (notification["force_delivery"], notification["mandatory"])

    def all(self) -> Iterator[str]:
        notification, event = self._notification, self._occasion.event
        for sys_id in _listed(notification["recipient_users"]):
            yield from self._user(sys_id)
        for sys_id in _listed(notification["recipient_groups"]):
            yield from self._group(sys_id)
        for path in _listed(notification["recipient_fields"]):
            for value in _listed(self._session.value(self._occasion.table, self._occasion.row, path)):
                yield from self._whoever(value)
        for flag, parameter in (("event_parm_1", "parm1"), ("event_parm_2", "parm2")):
            if notification[flag] == "true":
                for value in _listed(event.get(parameter, "")):
                    yield from self._whoever(value)

    def _whoever(self, value: str) -> Iterator[str]:
        """A sys_id of a user or a group, a user name, or an address."""
        if self._records.get("sys_user_group", value):
            yield from self._group(value)
        elif _ADDRESS.match(value):
            yield value
        else:
            named = self._records.first("sys_user", user_name=value)
            yield from self._user(named["sys_id"] if named else value)

    def _group(self, sys_id: str) -> Iterator[str]:
        """A group's own address; its members where it has none or wants them told as well."""
        group = self._records.get("sys_user_group", sys_id)
        if group is None or group["active"] == "false":
            return
        if group["email"]:
            yield group["email"]
        if not group["email"] or group["include_members"] == "true":
            for member in self._records.all("sys_user_grmember", group=sys_id):
                yield from self._user(member["user"])

    def _user(self, sys_id: str) -> Iterator[str]:
        user = self._records.get("sys_user", sys_id)
        if user is None or user["active"] == "false" or not user["email"]:
            return
        unwanted = user["notification"] == _DISABLED and not self._forced
        himself = sys_id == self._occasion.user and self._notification["send_self"] == "false"
        if not unwanted and not himself:
            yield user["email"]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
