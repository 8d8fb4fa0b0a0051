"""``sfcc-snow token``: the tokens of the sidecar's clients."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Column, Table

from sidecar.api.tokens import SCOPES, IssuedToken, Token, TokenFile, TokenRefused
from sidecar.cli.failures import explained
from sidecar.services import tokens_of
from sidecar.settings import SidecarSettings

_FOR_SERVICENOW = ("context:read", "panel:link", "reveal")


@click.group()
def token() -> None:
    """Manage tokens. A running sidecar sees a change within a second."""


@token.command()
@click.argument("client")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(sorted(SCOPES)),
    help=f"What it may do; repeat it. Without: what ServiceNow needs ({', '.join(_FOR_SERVICENOW)}).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(client: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make the first token of CLIENT and show its secret, once."""
    with explained(TokenRefused, OSError):
        _show(_file().create(client, scopes or _FOR_SERVICENOW), as_json)


@token.command()
@click.argument("client")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(client: str, as_json: bool) -> None:
    """Make a second token of CLIENT. The first works until you revoke it."""
    with explained(TokenRefused, OSError):
        _show(_file().rotate(client), as_json)


@token.command()
@click.argument("token_id")
def revoke(token_id: str) -> None:
    """Refuse TOKEN_ID from now on."""
    with explained(TokenRefused, OSError):
        revoked = _file().revoke(token_id)
    click.echo(f"Revoked {revoked.token_id} of {revoked.client}.")


@token.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tokens(as_json: bool) -> None:
    """Show every token, without secrets."""
    with explained(TokenRefused, OSError):
        tokens = _file().listed()
    if as_json:
        click.echo(json.dumps([_public(one) for one in tokens], indent=1))
        return
    table = Table(Column("id", no_wrap=True), "client", "scopes", "created", "state")
    for one in tokens:
        table.add_row(*(str(value) for value in _public(one).values()))
    Console().print(table if tokens else "There are no tokens. Make one: sfcc-snow token create servicenow")


def _file() -> TokenFile:
    return tokens_of(SidecarSettings.read())


def _public(one: Token) -> dict[str, str]:
    return {
        "id": one.token_id,
        "client": one.client,
        "scopes": " ".join(one.scopes),
        "created_at": one.created_at,
        "state": "active" if one.active else f"revoked {one.revoked_at}",
    }


def _show(issued: IssuedToken, as_json: bool) -> None:
    shown = {
        "client": issued.token.client,
        "id": issued.token.token_id,
        "secret": issued.secret,
        "scopes": " ".join(issued.token.scopes),
    }
    if as_json:
        click.echo(json.dumps(shown))
        return
    for name, value in shown.items():
        click.echo(f"{name:8}{value}")
    click.echo(
        "\nThe secret is shown once and kept nowhere. In ServiceNow's auth profile: user name = id, password = secret."
    )
    click.echo(f"Elsewhere: Authorization: Bearer {issued.bearer}")
