"""How events look on a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sidecar.engine.desk import STATES, Line, Replayed, Shown
from sidecar.engine.pauses import Pause

_COLOURS = {"waiting": "yellow", "parked": "bold red", "delivered": "green", "refused": "cyan", "dropped": "dim"}


def lines(found: Sequence[Line], *, as_json: bool) -> None:
    if as_json:
        _print([_document(line) for line in found])
        return
    table = _table("event", "accepted", "flow", "type", "key", "state", "attempts", "why, or what became of it")
    for line in found:
        table.add_row(
            line.ref,
            _time(line.accepted_at),
            escape(line.flow),
            escape(line.type),
            escape(line.key),
            _state(line.state),
            str(line.attempts),
            _why(line),
        )
    Console().print(table if found else "No event fits.")


def event(found: Shown, *, as_json: bool) -> None:
    if as_json:
        _print({**asdict(found), "line": _document(found.line)})
        return
    console, line = Console(), found.line
    console.print(f"[bold]{line.ref}[/] {_state(line.state)}  {escape(line.type)} of {escape(line.flow)}")
    facts = {
        "id": line.id,
        "key": line.key,
        "site": line.site_id,
        "happened": _time(line.time),
        "accepted": _time(line.accepted_at),
        "tried again": _time(line.retry_at),
        "settled": _time(line.settled_at),
        "waits behind": found.behind,
        "why": f"{line.code} {line.note}".strip(),
        "records": ", ".join(f"{ref.table} {ref.number or ref.sys_id}" for ref in line.records),
    }
    for name, value in facts.items():
        if value:
            console.print(f"  {name:<13}{escape(value)}", highlight=False, soft_wrap=True)
    if found.failures:
        table = _table("run", "attempt", "failed at", "code", "what happened")
        for one in found.failures:
            table.add_row(str(one.run), str(one.number), _time(one.at), f"[red]{escape(one.code)}[/]", escape(one.note))
        console.print(table)
    if found.effects:
        table = _table("run", "step", "")
        for effect in found.effects:
            done = "[green]done[/]" if effect.done else "[yellow]begun; looked up before it is done again[/]"
            table.add_row(str(effect.run), escape(effect.name), done)
        console.print(table)


def replayed(result: Replayed, *, as_json: bool) -> None:
    if as_json:
        _print(asdict(result))
        return
    click.echo(f"{result.resumed} go on where they stopped, {result.anew} are done anew.")
    if result.left:
        click.echo(f"{result.left} were left: delivered already (--again), or what they say is no longer kept.")


def number(what: str, count: int, *, as_json: bool) -> None:
    if as_json:
        _print({what: count})
    else:
        click.echo(f"{count} {what}.")


def counts(found: Mapping[str, Mapping[str, int]], pauses: Sequence[Pause], *, as_json: bool) -> None:
    if as_json:
        _print({"flows": found, "pauses": [asdict(pause) for pause in pauses]})
        return
    table = _table("flow", *STATES)
    for flow, numbers in sorted(found.items()):
        cells = [f"[{_COLOURS[state]}]{numbers[state]}[/]" if numbers[state] else "[dim]0[/]" for state in STATES]
        table.add_row(escape(flow), *cells)
    console = Console()
    console.print(table if found else "No event was accepted yet.")
    for pause in pauses:
        until = f"until {_time(pause.until)}" if pause.until else "until it is resumed"
        console.print(f"[bold yellow]{pause.upstream} is paused[/] {until}: {escape(pause.reason)}")


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _state(state: str) -> str:
    return f"[{_COLOURS[state]}]{state}[/]"


def _why(line: Line) -> str:
    if line.records and not line.code:
        return escape(", ".join(ref.number or ref.sys_id for ref in line.records))
    again = f"again at {_time(line.retry_at)}" if line.retry_at else ""
    return escape(": ".join(part for part in (line.code, line.note, again) if part))


def _time(moment: datetime | None) -> str:
    return moment.astimezone().isoformat(" ", "seconds") if moment else ""


def _document(line: Line) -> dict[str, Any]:
    return {**asdict(line), "records": [asdict(ref) for ref in line.records]}


def _print(document: Any) -> None:
    click.echo(json.dumps(document, indent=1, default=lambda value: value.isoformat()))
