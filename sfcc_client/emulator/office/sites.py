"""What the back office knows about each site: names, cartridge path, whether shoppers get in."""

from __future__ import annotations

import re
import threading
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.state import State
from sfcc_client.emulator.tokens import Clock

_CARTRIDGES = re.compile(r"[A-Za-z_]\w*(:[A-Za-z_]\w*)*")


class CartridgePathInvalid(Exception):  # noqa: N818 - the house names errors by what happened
    """Not a list of cartridge names with colons between them."""


class Sites:
    """Documents in the shape of Sites 1.3.0. Thread-safe."""

    def __init__(self, state: State, clock: Clock, cartridges: str) -> None:
        self._state, self._clock = state, clock
        self._created = iso(clock.now())
        self._lock = threading.Lock()
        self._cartridges = dict.fromkeys(state.sites, cartridges)
        self._changed: dict[str, str] = {}

    def all(self) -> list[dict[str, Any]]:
        return [document for site_id in self._state.sites if (document := self.get(site_id)) is not None]

    def get(self, site_id: str) -> dict[str, Any] | None:
        site = self._state.sites.get(site_id)
        if site is None:
            return None
        return {
            "id": site_id,
            "displayName": {"default": site.label},
            "description": {"default": f"{site.label} ({site.currency})"},
            "customerListLink": {"customerListId": site.customer_list_id, "title": site.customer_list_id},
            "inDeletion": False,
            "storefrontStatus": "maintenance" if self._state.maintenance else "online",
            "cartridges": self._cartridges[site_id],
            "customCartridges": self._cartridges[site_id],
            "creationDate": self._created,
            "lastModified": self._changed.get(site_id, self._created),
        }

    def cartridges_of(self, site_id: str) -> list[str]:
        """The cartridge path of a site, in the order it is searched. KeyError when there is no such site."""
        return self._cartridges[site_id].split(":")

    def set_cartridges(self, site_id: str, path: str) -> None:
        """KeyError when there is no such site. Raises CartridgePathInvalid."""
        if not _CARTRIDGES.fullmatch(path):
            raise CartridgePathInvalid
        with self._lock:
            if site_id not in self._cartridges:
                raise KeyError(site_id)
            self._cartridges[site_id] = path
            self._changed[site_id] = iso(self._clock.now())
