"""The embedded CDN: the zone in front of the storefronts, and what it was told to forget.

Nothing is cached here, so that nothing grows old; what counts is whether a purge names something that can be purged.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

_REFUSED = "1084 : Unable to purge '{path}'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """A purge that was done, of a path, of everything with one of the tags, or of both."""

    path: str | None = None
    tags: Sequence[str] = ()


class Edge:
    """One zone with its host name. Thread-safe."""

    def __init__(self, tenant_id: str) -> None:
        self.zone_id = f"{tenant_id.encode().hex():0<32}"[:32]
        self.host = f"{tenant_id.replace('_', '-')}.example.com"
        self.purges: list[Purge] = []
        self._lock = threading.Lock()
        image, host = rf"dw/image/v2/{tenant_id}/\S*", re.escape(self.host)
        self._paths = re.compile(rf"{host}/(dw/shop/[^/\s]+/products|{image}|worker\.js|(mobify|callback)\S*)")

    def purge(self, purge: Purge) -> str | None:
        """What went wrong, None when the edge forgot it. Only some paths of the zone's own host are cached at all."""
        if purge.path is None and not purge.tags:
            return _REFUSED.format(path="")
        if purge.path is not None and ("*" in purge.path or not self._paths.fullmatch(purge.path)):
            return _REFUSED.format(path=purge.path)
        with self._lock:
            self.purges.append(purge)
        return None
