"""What the kill test asks of a scenario, and what it gives it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from sfcc_client import Clock, CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sidecar.engine import Database, Flow
from sidecar.engine.tables import EVENTS
from snow_app import SnowClient
from snow_app.emulator import ServiceNowEmulator

SITE = "bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One event to be sent; `end` is what it must end as."""

    id: str
    type: str
    data: Mapping[str, Any]
    site_id: str = SITE
    end: str = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a worker process gives its flows; `commerce` where the scenario has a shop."""

    snow: SnowClient
    database: Database
    clock: Clock
    commerce: CommerceClient | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What stands before the first event: the shop, if there is one, and what the worker processes are told of it."""

    shop: CommerceEmulator | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Everything there is to account for once nothing is left to do. Nothing misbehaves any more."""

    snow: SnowClient
    database: Database
    documents: Sequence[Document]
    stage: Stage


@contextmanager
def bare(_: ServiceNowEmulator) -> Iterator[Stage]:
    """An instance as it comes, and no shop."""
    yield Stage()


def anything_waits(connection: Connection) -> bool:
    return connection.execute(select(EVENTS.c.seq).where(EVENTS.c.state == "waiting").limit(1)).first() is not None


def nothing_else(_: Ended) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`effects` counts, for each event id, how often it took effect in ServiceNow; `order` lists, for each key, the
    events in the order they took effect; `wrong` says what else is not as it should be.

    `prepared` makes the stage before anything misbehaves; `left` says whether something is still to be done;
    `own` whether an event that nobody sent, by its type, is one that the flows sent themselves.
    """

    flows: Callable[[World], Sequence[Flow]]
    documents: Callable[[int, random.Random, Stage], Sequence[Document]]
    effects: Callable[[Ended], Mapping[str, int]]
    order: Callable[[Ended], Mapping[str, Sequence[str]]]
    wrong: Callable[[Ended], Iterator[str]] = nothing_else
    prepared: Callable[[ServiceNowEmulator], AbstractContextManager[Stage]] = bare
    left: Callable[[Connection], bool] = anything_waits
    own: Callable[[str], bool] = lambda _: False
