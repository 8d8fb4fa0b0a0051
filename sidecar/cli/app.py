"""``sfcc-snow app``: plan, apply, verify and uninstall the scoped app on the configured ServiceNow instance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TextIO

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from sidecar.cli.export import export
from sidecar.settings import InvalidSettings, SnowSettings
from snow_app import SnowClient
from snow_app.app import AppParameters
from snow_app.errors import SnowError
from snow_app.install import Action, Change, Plan, applied, planned, uninstalled, verified

_SIGNS = {
    Action.CREATE: ("+", "green"),
    Action.UPDATE: ("~", "yellow"),
    Action.REMOVE: ("-", "red"),
    Action.DRIFTED: ("!", "magenta"),
    Action.CONFLICT: ("x", "bold red"),
    Action.PACKAGE: ("^", "blue"),
}
_WORDS = {
    Action.CREATE: "to create",
    Action.UPDATE: "to update",
    Action.REMOVE: "to remove",
    Action.DRIFTED: "drifted",
    Action.CONFLICT: "in conflict",
    Action.UNCHANGED: "unchanged",
    Action.PACKAGE: "by package",
}
_LEVELS = {"problem": "red", "to_do": "yellow", "note": "dim"}
Command = Callable[..., Any]


@click.group()
def app() -> None:
    """Install the scoped app on a ServiceNow instance and keep it as declared.

    The instance comes from SNOW_URL, SNOW_USERNAME and SNOW_PASSWORD, or SNOW_CLIENT_ID and SNOW_CLIENT_SECRET.
    """


app.add_command(export)


def _described(command: Command) -> Command:
    """Options that say which app, and errors as one line instead of a trace."""

    @click.option("--scope", help="Scope of the app, x_<company code>_<name>. Default: SNOW_SCOPE.")
    @click.option(
        "--sidecar-url", help="Address of the sidecar as the instance reaches it; kept as it is when not given."
    )
    @click.option(
        "--token-file",
        type=click.File("r"),
        help="File with a sidecar token: id.secret, or JSON of `token create`; - for standard input; kept as is when "
        "not given.",
    )
    @wraps(command)
    def run(scope: str | None, sidecar_url: str | None, token_file: TextIO | None, **options: Any) -> None:
        try:
            settings = SnowSettings.read()
            token = token_file.read().strip() if token_file else None
            parameters = _parameters(settings, scope, sidecar_url, token)
            with SnowClient(settings.instance()) as client:
                command(client, parameters, **options)
        except (SnowError, InvalidSettings) as error:
            raise click.ClickException(str(error)) from None

    return run


def _parameters(settings: SnowSettings, scope: str | None, url: str | None, token: str | None) -> AppParameters:
    token_id, secret = _id_and_secret(token) if token is not None else ("", "")
    return AppParameters(
        scope=scope or settings.scope,
        name=settings.app_name,
        sidecar_url=url.rstrip("/") if url else None,
        token_id=token_id or None,
        token_secret=secret or None,
    )


def _id_and_secret(token: str) -> tuple[str, str]:
    """Of ``id.secret``, or of what ``token create --json`` prints."""
    try:
        document = json.loads(token)
    except ValueError:
        document = None
    known = document if isinstance(document, dict) else dict(zip(("id", "secret"), token.split("."), strict=False))
    token_id, secret = known.get("id"), known.get("secret")
    if not (isinstance(token_id, str) and isinstance(secret, str) and token_id and secret):
        raise click.ClickException("The token file holds no token: neither id.secret, nor JSON with id and secret.")
    return token_id, secret


@app.command()
@_described
def plan(client: SnowClient, parameters: AppParameters) -> None:
    """Show what apply would do. Writes nothing."""
    _show(planned(client, parameters), Console())


@app.command()
@click.option("--overwrite-drift", is_flag=True, help="Also restore records that were changed on the instance.")
@_described
def apply(client: SnowClient, parameters: AppParameters, overwrite_drift: bool) -> None:
    """Install or update the app, then read everything back. A second run writes nothing."""
    console = Console()
    with _bar(console) as advance:
        done = applied(client, parameters, overwrite_drift=overwrite_drift, progress=advance)
    _lines(done.kept, console)
    if done.kept:
        console.print("Kept as they are on the instance; [bold]--overwrite-drift[/] restores them.", style="magenta")
    words = f"{done.written} record(s) written and read back" if done.written else "Nothing to do: all is as declared"
    console.print(f"{words}. Scope {escape(parameters.scope)}.", style="green")


@app.command()
@_described
def verify(client: SnowClient, parameters: AppParameters) -> None:
    """Compare the instance with the declarations and say what is left for people to do. Writes nothing."""
    console = Console()
    result = verified(client, parameters)
    for finding in result.findings:
        console.print(f"[{_LEVELS[finding.level]}]{finding.level.replace('_', '-')}[/] {escape(finding.text)}")
    counts = result.plan.counts()
    console.print(f"{counts[Action.UNCHANGED]} record(s) as declared.", style="green" if result.ok else "yellow")
    if not result.ok:
        raise click.exceptions.Exit(1)


@app.command()
@click.option("--force", is_flag=True, help="Also remove records that were changed since they were installed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_described
def uninstall(client: SnowClient, parameters: AppParameters, force: bool, yes: bool) -> None:
    """Remove exactly what was installed, columns and access log with their data."""
    if not yes:
        click.confirm(
            f"Remove {parameters.scope} from {client.settings.address}, the access log and the case columns with their "
            "data included?",
            abort=True,
        )
    console = Console()
    gone = uninstalled(client, parameters, force=force)
    _lines(gone.kept, console)
    if gone.kept:
        console.print("Kept: these were there before the app.", style="dim")
    if gone.went_along:
        console.print(f"{len(gone.went_along)} record(s) that came by package went with the application.", style="dim")
    if gone.packaged:
        console.print(
            f"{len(gone.packaged)} record(s) came by package and stay, because REST cannot delete them: remove them on "
            "the instance with the elevated role security_admin.",
            style="yellow",
        )
    console.print(f"{len(gone.removed)} record(s) removed. Scope {escape(parameters.scope)}.", style="green")


def _show(found: Plan, console: Console) -> None:
    if found.survey.application is None:
        console.print(f"[green]+[/] sys_app  {escape(found.scope)}")
    _lines(found.of(*_SIGNS), console)
    counts = found.counts()
    words = ", ".join(f"{counts[action]} {word}" for action, word in _WORDS.items() if counts[action])
    form = escape(found.survey.facts.case_table)
    console.print(f"\n[bold]Plan:[/] {words or 'nothing declared'}. The panel stands on the form of {form}.")


def _lines(changes: tuple[Change, ...], console: Console) -> None:
    for change in changes:
        sign, colour = _SIGNS.get(change.action, ("=", "dim"))
        columns = f"  ({', '.join(change.columns)})" if change.columns else ""
        console.print(f"[{colour}]{sign}[/] {change.table}  {escape(change.name)}[dim]{escape(columns)}[/]")


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar that appears with the first record."""
    columns = (TextColumn("Installing"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None, visible=False)

        def advance(done: int, total: int, doing: str) -> None:
            progress.update(task, completed=done, total=total, description=escape(doing), visible=True)

        yield advance
