"""The options of commands that read a site export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_Decorated = Callable[[Callable[..., Any]], Callable[..., Any]]
schemas_option = click.option(
    "--schemas",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the official xsd files to check the export against.",
)


def export_option(name: str) -> _Decorated:
    return click.option(
        name,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Your own shop: a site export (zip).",
    )


def one_shop(data: object, export: object, schemas: object) -> None:
    """Refuse options that contradict each other."""
    if data is not None and export is not None:
        raise click.UsageError("A shop comes from a JSON file or from a site export, not from both.")
    if schemas is not None and export is None:
        raise click.UsageError("--schemas checks a site export; name one.")
