"""Everything one emulated tenant is made of, and how a route reaches it."""

from __future__ import annotations

import random
import threading
import uuid
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from sfcc_client.emulator.clients import Clients
from sfcc_client.emulator.office.instance import Office
from sfcc_client.emulator.orders import OrderTexts
from sfcc_client.emulator.sessions import Sessions
from sfcc_client.emulator.state import SiteRecord, State
from sfcc_client.emulator.tokens import Clock, Tokens

EXTENSION = "commerce"


class Ids:
    """Fresh UUIDs from a seed, so that a run can be repeated. Thread-safe."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids of an emulator, not secrets
        self._lock = threading.Lock()

    def __call__(self) -> str:
        with self._lock:
            return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """State, clock, clients, tokens and running sessions of one tenant."""

    state: State
    clock: Clock
    clients: Clients
    tokens: Tokens
    sessions: Sessions
    new_id: Ids = field(repr=False)
    einstein_client_id: str
    orders: OrderTexts = field(default_factory=OrderTexts, repr=False)
    office: Office = field(repr=False)

    def site(self, site_id: str) -> SiteRecord | None:
        return self.state.sites.get(site_id)


def world() -> World:
    """The world of the application that serves this request."""
    return cast(World, current_app.extensions[EXTENSION])
