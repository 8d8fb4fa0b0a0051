"""``sfcc-snow events``: what came in, what became of it, and what an operator may do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from sfcc_client import SystemClock
from sidecar.cli import event_tables as shown
from sidecar.cli.failures import explained
from sidecar.engine import Database
from sidecar.engine.desk import STATES, Choice, EventDesk
from sidecar.engine.pauses import UPSTREAMS, Pauses
from sidecar.settings import SidecarSettings

_AGES = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_AGE = re.compile(r"(\d{1,6})([smhd])")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def events() -> None:
    """Events: list, show, replay, drop and count them; pause and resume what they go to.

    An event is named by its reference, such as E000123, or by its sender's id. What it says is never shown.
    """


def _moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    age = _AGE.fullmatch(value)
    if age:
        return datetime.now(UTC) - timedelta(seconds=int(age[1]) * _AGES[age[2]])
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("Say an age such as 2h or 3d, or a time such as 2026-03-02T09:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _chosen(*, states: bool) -> Callable[[Any], Any]:
    """The options that choose events."""

    def decorated(command: Any) -> Any:
        options = [
            click.option("--flow", default="", help="Of this flow only."),
            click.option("--from", "first", metavar="EVENT", help="From this event on."),
            click.option("--to", "last", metavar="EVENT", help="Up to this event."),
            click.option("--since", callback=_moment, metavar="AGE|TIME", help="Accepted since: 2h, 3d, or a time."),
        ]
        if states:
            options.append(
                click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="In this state.")
            )
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


@events.command(name="list")
@_chosen(states=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="The newest so many.")
@_json
def list_events(limit: int, as_json: bool, **chosen: Any) -> None:
    """List events, the newest last."""
    with _database() as database:
        desk = EventDesk(database)
        shown.lines(desk.list(_choice(desk, (), chosen), limit=limit), as_json=as_json)


@events.command()
@click.argument("event")
@_json
def show(event: str, as_json: bool) -> None:
    """Show one event: what became of it, each attempt that failed, what was done, and what it waits for."""
    with _database() as database:
        desk = EventDesk(database)
        found = desk.show(_seq(desk, event))
        if found is not None:
            shown.event(found, as_json=as_json)


@events.command()
@click.argument("names", nargs=-1, metavar="[EVENT]...")
@_chosen(states=False)
@click.option("--again", is_flag=True, help="Also what was delivered or refused: as if nothing had been done yet.")
@_json
def replay(names: tuple[str, ...], again: bool, as_json: bool, **chosen: Any) -> None:
    """Let parked events go on where they stopped: by name, range or flow.

    What an event already did is not done twice, unless it was delivered and you say --again.
    """
    with _database() as database:
        desk = EventDesk(database)
        choice = _choice(desk, names, chosen)
        if choice.everything:
            raise click.UsageError("Say which: events by name, --flow, --from and --to, or --since.")
        if not names and not again:
            choice = replace(choice, states=("parked",))
        shown.replayed(desk.replay(choice, again=again), as_json=as_json)


@events.command()
@click.argument("names", nargs=-1, metavar="[EVENT]...")
@_chosen(states=False)
@click.option("--reason", required=True, help="Why, for whoever looks later; without personal data.")
@_json
def drop(names: tuple[str, ...], reason: str, as_json: bool, **chosen: Any) -> None:
    """Give up events that wait or are parked, so that those behind them go on."""
    with _database() as database:
        desk = EventDesk(database)
        choice = _choice(desk, names, chosen)
        if choice.everything:
            raise click.UsageError("Say which: events by name, --flow, --from and --to, or --since.")
        shown.number("dropped", desk.drop(choice, reason=reason, now=datetime.now(UTC)), as_json=as_json)


@events.command()
@_json
def count(as_json: bool) -> None:
    """Count events by flow and state, and say what is paused."""
    with _database() as database:
        pauses = Pauses(database, clock=SystemClock()).all()
        shown.counts(EventDesk(database).counts(), pauses, as_json=as_json)


@events.command()
@click.argument("upstream", type=click.Choice(UPSTREAMS))
@click.option("--reason", default="maintenance", show_default=True, help="Why, for whoever looks.")
def pause(upstream: str, reason: str) -> None:
    """Let no flow call an upstream until it is resumed. Events are accepted meanwhile, and wait."""
    with _database() as database:
        Pauses(database, clock=SystemClock()).pause(upstream, reason)
    click.echo(f"Flows leave {upstream} alone from now on. sfcc-snow events resume {upstream} ends it.")


@events.command()
@click.argument("upstream", type=click.Choice(UPSTREAMS))
def resume(upstream: str) -> None:
    """Let flows call an upstream again, whoever paused it."""
    with _database() as database:
        was = Pauses(database, clock=SystemClock()).resume(upstream)
    click.echo(f"Flows call {upstream} again." if was else f"{upstream} was not paused.")


@contextmanager
def _database() -> Iterator[Database]:
    with explained(OSError, ValueError):
        url = SidecarSettings.read().events_url
        try:
            database = Database(url)
        except SQLAlchemyError as error:
            kind = type(error).__name__
            raise click.ClickException(f"The database of the events cannot be opened ({kind}).") from None
        try:
            yield database
        finally:
            database.close()


def _choice(desk: EventDesk, names: tuple[str, ...], chosen: dict[str, Any]) -> Choice:
    first, last = chosen.pop("first"), chosen.pop("last")
    return Choice(
        seqs=tuple(_seq(desk, name) for name in names),
        first=_seq(desk, first) if first else None,
        last=_seq(desk, last) if last else None,
        **chosen,
    )


def _seq(desk: EventDesk, name: str) -> int:
    found = desk.seq_of(name)
    if found is None:
        raise click.ClickException(f"There is no event {name}.")
    return found
