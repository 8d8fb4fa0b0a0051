"""Open panel pages: who looks at which case through which page. Kept in memory; the page holds only its token.

A page stays signed in while it is used: every call starts its idle time anew, up to eight hours. Several sidecars
behind one address need sticky sessions for ``/panel``; a page that lands elsewhere is told that it has expired.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from dataclasses import field as member

from cachetools import LRUCache

from sfcc_client import Clock, SystemClock
from sidecar.context import CaseRef, Identity, Viewer

LONGEST_S = 8 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page may do: read this identity's context for this viewer of this case."""

    identity: Identity
    case: CaseRef
    viewer: Viewer
    client: str = ""
    opened_at: float = member(default=0.0)
    used_at: float = member(default=0.0)


class Pages:
    """The open pages by token, at most `capacity`. Thread-safe."""

    def __init__(self, *, idle_s: float, capacity: int = 10_000, clock: Clock | None = None) -> None:
        self._idle_s = idle_s
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._pages: LRUCache[bytes, Page] = LRUCache(capacity)
        self._dismissed: LRUCache[CaseRef, frozenset[str]] = LRUCache(capacity)

    def opened(self, page: Page) -> str:
        """The token of a new page."""
        token = secrets.token_urlsafe(32)
        now = self._clock.monotonic()
        with self._lock:
            self._pages[_digest(token)] = replace(page, opened_at=now, used_at=now)
        return token

    def used(self, token: str) -> Page | None:
        """The page of a token, its idle time started anew; None when it has expired or never was."""
        key, now = _digest(token), self._clock.monotonic()
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if now - page.used_at > self._idle_s or now - page.opened_at > LONGEST_S:
                del self._pages[key]
                return None
            self._pages[key] = page = replace(page, used_at=now)
            return page

    def look_at(self, token: str, identity: Identity) -> None:
        """Let an open page go on with another identity."""
        key = _digest(token)
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages[key] = replace(page, identity=identity)

    def dismiss(self, case: CaseRef, insight: str) -> None:
        """Leave an insight out of this case's pages, those opened later included, while the process lives."""
        with self._lock:
            self._dismissed[case] = self._dismissed.get(case, frozenset()) | {insight}

    def dismissed(self, case: CaseRef) -> frozenset[str]:
        """The insights left out of this case's pages."""
        with self._lock:
            return self._dismissed.get(case, frozenset())

    def forget_all(self) -> None:
        """Close every page, when a customer one of them may show was erased."""
        with self._lock:
            self._pages.clear()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
