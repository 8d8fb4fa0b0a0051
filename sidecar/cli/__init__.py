"""The one command, ``sfcc-snow``. A subcommand's module is imported when that subcommand runs, and not before."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click


class Entry(NamedTuple):
    """Where a subcommand lives, and what the list of commands says about it."""

    module: str
    attribute: str
    help: str


ENTRIES = {
    "demo": Entry("sidecar.cli.demo", "demo", "Start everything on this machine; print the case form's address."),
    "serve": Entry("sidecar.cli.serve", "serve", "Run the sidecar."),
    "doctor": Entry("sidecar.cli.doctor", "doctor", "Check settings and both platforms; say what will not work."),
    "app": Entry("sidecar.cli.app", "app", "Install the app in ServiceNow: plan, apply, verify, export, uninstall."),
    "worker": Entry("sidecar.cli.worker", "worker", "Hand events to their flows, beside the sidecar or instead of it."),
    "events": Entry("sidecar.cli.events", "events", "Events: list, show, replay, drop, count; pause and resume."),
    "token": Entry("sidecar.cli.token", "token", "Manage the tokens of the sidecar's clients."),
    "access": Entry("sidecar.cli.access", "access", "Export, erase or verify the access log."),
    "feedback": Entry("sidecar.cli.feedback", "feedback", "Report what recurs in what shoppers say."),
    "emulate": Entry("sidecar.cli.emulate", "emulate", "Run a local ServiceNow or B2C Commerce."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports only the one that is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = ENTRIES.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(import_module(entry.module), entry.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in ENTRIES.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="sfcc-snow", message="%(prog)s %(version)s")
def main() -> None:
    """Salesforce B2C Commerce on the ServiceNow case form.

    Settings are environment variables, also from a file .env in the working directory. Start with: sfcc-snow demo
    """
