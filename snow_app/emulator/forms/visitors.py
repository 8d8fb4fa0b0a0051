"""Who is at the door: signing in, the browser session, its token, and its turn.

A browser session keeps the user's name and a token (g_ck) in the signed cookie; the token must come back with every
write. The platform serves one transaction at a time per browser session: `Turns` makes the others wait, and turns away
those behind too many.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import flask

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session

MAX_WAITING = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A signed-in person's request. `token` is g_ck; `by_cookie` is False for Basic credentials."""

    session: Session
    token: str = field(repr=False)
    key: str = field(repr=False)
    by_cookie: bool = True


class Doorway:
    """Finds the visitor of the current request. `sign_in_as` signs every browser in as that user."""

    def __init__(self, instance: Instance, sign_in_as: str | None = None) -> None:
        self._instance = instance
        self._sign_in_as = sign_in_as

    def visitor(self) -> Visitor | None:
        """The visitor, or None when nobody is signed in."""
        credentials = flask.request.authorization
        if credentials is not None and credentials.type == "basic":
            session = self._instance.sign_in(credentials.username or "", credentials.password or "")
            return (
                None
                if session is None
                else Visitor(session=session, token="", key=session.user.sys_id, by_cookie=False)
            )
        if "user_name" not in flask.session and self._sign_in_as and not flask.session.get("signed_out"):
            self.let_in(self._sign_in_as)
        name = flask.session.get("user_name")
        if not name:
            return None
        try:
            session = self._instance.session(name, elevated=frozenset(flask.session.get("elevated", ())))
        except LookupError:
            flask.session.clear()
            return None
        return Visitor(session=session, token=self._token(), key=flask.session["key"])

    def signed_in(self, user_name: str, password: str) -> bool:
        """Whether the credentials are right; then the browser session is theirs."""
        if self._instance.sign_in(user_name, password) is None:
            return False
        self.let_in(user_name)
        return True

    def let_in(self, user_name: str) -> None:
        flask.session.clear()
        flask.session["user_name"] = user_name
        self._token()

    def sign_out(self) -> None:
        flask.session.clear()
        flask.session["signed_out"] = True

    def may_elevate_to(self, session: Session) -> frozenset[str]:
        """The elevated roles this person holds; they count only after `elevate`."""
        access = self._instance.access
        return access.roles_of(session.user.sys_id) & access.elevated_roles()

    def elevate(self, session: Session, role: str) -> bool:
        """Let an elevated role count for the rest of the browser session; an empty one ends that. False: not theirs."""
        if role and role not in self.may_elevate_to(session):
            return False
        flask.session["elevated"] = [role] if role else []
        return True

    def _token(self) -> str:
        if "ck" not in flask.session:
            flask.session["ck"] = secrets.token_hex(36)
        if "key" not in flask.session:
            flask.session["key"] = secrets.token_hex(16)
        return str(flask.session["ck"])


def is_genuine(visitor: Visitor, token: str) -> bool:
    """Whether a write comes from a page of ours. Basic credentials are not sent by other sites, so need no token."""
    return not visitor.by_cookie or (token != "" and hmac.compare_digest(token, visitor.token))


class TooManyWaiting(Exception):  # noqa: N818 - an answer
    """More than `MAX_WAITING` requests of one browser session wait already."""


class Turns:
    """One running transaction per browser session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._waiting: dict[str, int] = {}

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Wait for the session's other transactions. Raises TooManyWaiting."""
        with self._lock:
            if self._waiting.get(key, 0) > MAX_WAITING:
                raise TooManyWaiting
            self._waiting[key] = self._waiting.get(key, 0) + 1
            lock = self._locks.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._lock:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key], self._locks[key]
