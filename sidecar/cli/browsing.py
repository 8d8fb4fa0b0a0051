"""Erasing browsing from the command line, where Commerce need not be configured at all."""

from __future__ import annotations

import os

import click

from sfcc_client import CommerceClient
from sidecar.browsing import erased_browsing
from sidecar.errors import UpstreamFailed
from sidecar.settings import InvalidSettings, SfccSettings


def erased_where_configured(customer_no: str) -> tuple[str, ...]:
    """The sites on which browsing was erased; ends the command with one line when Commerce refuses."""
    settings = _settings()
    if settings is None:
        return ()
    with CommerceClient(settings.commerce()) as client:
        try:
            return erased_browsing(client, customer_no)
        except UpstreamFailed as error:
            raise click.ClickException(error.message) from error


def _settings() -> SfccSettings | None:
    """None where nothing is said of Commerce at all; half a configuration is an error (InvalidSettings)."""
    try:
        return SfccSettings.read()
    except InvalidSettings:
        if any(name.startswith(SfccSettings.prefix) for name in os.environ):
            raise
        return None
