"""``sfcc-snow feedback``: what recurs in what shoppers say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from sidecar.cli.failures import explained
from sidecar.engine import Database
from sidecar.flows.feedback import FeedbackPolicy
from sidecar.flows.feedback.report import report as reported
from sidecar.flows.feedback.report import written
from sidecar.settings import SidecarSettings


@click.group()
def feedback() -> None:
    """Recurring feedback: trends, causes, and whether actions helped."""


@feedback.command()
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True, help="How far back.")
@click.option("--site", "site_id", default="", help="Of this site only.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=Path("feedback-report.html"),
    show_default=True,
    help="File to write; - for standard output.",
)
def report(days: int, site_id: str, output: Path) -> None:
    """Write one HTML page with charts of what recurs. It holds no personal data and loads nothing."""
    with explained():
        settings = SidecarSettings.read()
        try:
            database = Database(settings.events_url)
        except SQLAlchemyError:
            raise click.ClickException("The database of the events cannot be opened.") from None
        try:
            found = reported(database, FeedbackPolicy(), now=datetime.now(UTC), days=days, site_id=site_id)
        finally:
            database.close()
    try:
        with click.open_file(str(output), "w", encoding="utf-8", atomic=str(output) != "-") as file:
            file.write(written(found))
    except OSError as failure:
        raise click.ClickException(f"{output} cannot be written: {failure.strerror}.") from None
    click.echo(f"{found.total} feedback(s) in {len(found.lines)} cluster(s). {output}", err=True)
