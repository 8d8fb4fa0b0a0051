"""``sfcc-snow access``: the log of who looked at which customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from sidecar.audit import AccessLog, LoggedEntry, Subject
from sidecar.cli.browsing import erased_where_configured
from sidecar.cli.failures import explained
from sidecar.cli.people import erased_events, events_about
from sidecar.errors import SidecarError
from sidecar.guest_orders import forgotten_guest
from sidecar.services import access_log_of
from sidecar.settings import SidecarSettings

_KINDS = {"customer": "customer_no", "email": "email", "order": "order_no"}


@click.group()
def access() -> None:
    """Export, erase or verify the access log; export or erase the events of a person.

    Entries stand under the customer number; under the e-mail address or order number only when nobody was found, or for
    a guest.
    """


def _subject_options(command: Any) -> Any:
    for option in reversed(_KINDS):
        command = click.option(f"--{option}", help=f"The {_KINDS[option].replace('_', ' ')}.")(command)
    return command


def _subjects(chosen: dict[str, str | None]) -> list[Subject]:
    subjects = [Subject(kind=_KINDS[name], value=value) for name, value in chosen.items() if value]
    if not subjects:
        raise click.UsageError("Say whom: --customer, --email or --order.")
    return subjects


@access.command()
@_subject_options
def export(**chosen: str | None) -> None:
    """Print every entry and every event about one person as JSON lines, oldest first (GDPR article 15)."""
    subjects = _subjects(chosen)
    with _log() as log:
        for subject in subjects:
            for logged in log.export(subject):
                click.echo(json.dumps(_line(logged)))
        for event in events_about(subjects):
            click.echo(json.dumps(event))


@access.command()
@_subject_options
@click.confirmation_option(prompt="Nobody will be able to read these entries again. Erase?")
def erase(**chosen: str | None) -> None:
    """Destroy the key of one person's entries, and empty their events; the chain of the log stays verifiable.

    A customer's browsing is erased first, on every configured site that records it; when Commerce refuses, the log is
    left alone too.

    This does not reach into a running sidecar's memory. DELETE /v1/customers/{customer_no} does both at once.
    """
    with _log() as log:
        subjects = _subjects(chosen)
        sites = erased_where_configured(chosen["customer"]) if chosen["customer"] else ()
        if sites:
            click.echo(f"Browsing erased on {', '.join(sites)}.")
        if chosen["email"] and forgotten_guest(SidecarSettings.read(), chosen["email"]):
            click.echo("The index of guests' orders forgot the address.")
        emptied = erased_events(subjects)
        if emptied:
            click.echo(f"{emptied} events are empty now.")
        count = sum(log.erase(subject, by="command line") for subject in subjects)
    click.echo(f"{count} entries can no longer be read.")


@access.command()
@click.option("--expect", metavar="COUNT:HEAD", help="A count and head noted earlier; shows entries cut off since.")
@click.pass_context
def verify(ctx: click.Context, expect: str | None) -> None:
    """Recompute the chain. Exit code 1 when an entry was changed, removed or put in."""
    with _log() as log:
        result = log.verify(_expected(expect))
    if result.intact:
        click.echo(f"{result.entries} entries, all as written. Note this down: {result.entries}:{result.head}")
    else:
        click.echo(f"Entry {result.broken_at} is not as it was written.", err=True)
        ctx.exit(1)


@contextmanager
def _log() -> Iterator[AccessLog]:
    with explained(SidecarError, OSError, ValueError):
        log = access_log_of(SidecarSettings.read())
        try:
            yield log
        finally:
            log.close()


def _expected(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    count, colon, head = text.partition(":")
    if not colon or not count.isdigit():
        raise click.UsageError("--expect is COUNT:HEAD, as verify prints it.")
    return int(count), head


def _line(logged: LoggedEntry) -> dict[str, Any]:
    values = asdict(logged.entry)
    subject = values.pop("subject")
    named = {"field" if name == "field_name" else name: value for name, value in values.items()}
    return {"seq": logged.seq, "at": logged.at, subject["kind"]: subject["value"], **named}
