"""``sfcc-snow doctor``: what works, what will not, and what to do about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table

from sidecar.cli import findings
from sidecar.cli.findings import Finding
from sidecar.settings import InvalidSettings, SfccSettings, SidecarSettings, SnowSettings
from sidecar.variables import Section

Part = TypeVar("Part", bound=Section)
_STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red", "off": "dim"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--deadline", type=click.FloatRange(0.1, 60), default=5.0, show_default=True, help="Seconds per check.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, deadline: float) -> None:
    """Check the settings and both platforms. Nothing is written, no customer is read.

    Exit code 0 when nothing failed, 1 otherwise.
    """
    report = list(_report(deadline))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in report], indent=1))
    else:
        _print(report)
    ctx.exit(1 if any(finding.level == "failed" for finding in report) else 0)


def _report(deadline: float) -> Iterator[Finding]:
    yield from findings.package()
    yield from _checked(SidecarSettings, findings.process)
    yield from _checked(SfccSettings, lambda settings: findings.commerce(settings, deadline_s=deadline))
    yield from _checked(SnowSettings, findings.servicenow)


def _checked(section: type[Part], check: Callable[[Part], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of one section; what is wrong with its variables, when it cannot be read."""
    try:
        settings = section.read()
    except InvalidSettings as error:
        yield from findings.invalid(error)
        return
    yield from check(settings)


def _print(report: list[Finding]) -> None:
    table = Table("check", "result", "what will not work", "what to do", show_lines=False)
    for finding in report:
        style = _STYLES[finding.level]
        result = f"[{style}]{finding.level}[/{style}] {_plain(finding.outcome)}"
        table.add_row(_plain(finding.check), result, _plain(finding.consequence), _plain(finding.remedy))
    Console().print(table)
    counts = Counter(finding.level for finding in report)
    click.echo(f"{len(report)} checks: {counts['failed']} failed, {counts['warning']} with a warning.")


def _plain(text: str) -> str:
    """Text that rich does not read as markup."""
    return text.replace("[", "\\[")
