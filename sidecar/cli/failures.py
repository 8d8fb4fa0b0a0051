"""Errors meant for people become one message and an exit code, never a stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from sidecar.settings import InvalidSettings


@contextmanager
def explained(*kinds: type[Exception]) -> Iterator[None]:
    """Inside the block, InvalidSettings and `kinds` end the command with their message (exit code 1)."""
    expected: tuple[type[Exception], ...] = (InvalidSettings, *kinds)
    try:
        yield
    except expected as error:
        raise click.ClickException(_wording(error)) from error


def _wording(error: Exception) -> str:
    """The message; of an operating system's error without its number, and with the file."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
