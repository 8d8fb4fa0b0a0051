"""The application itself and what an operator may choose about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from snow_app.errors import InvalidSettings
from snow_app.records.record import Declaration

VERSION = "0.1.0"
RELEASED = "2026-11-23 00:00:00"
"""When this version was made, as the platform writes times (UTC). Changes with the version, never with the clock."""
_SCOPE = re.compile(r"x_[a-z0-9]{1,10}(_[a-z0-9]+)+")
_LONGEST_SCOPE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class AppParameters:
    """`scope` is ``x_<company code>_<name>``, at most 18 characters; the company code is the instance's own.

    `sidecar_url`, `token_id` and `token_secret` are written when given; without them an installed app keeps what its
    operator entered. Raises InvalidSettings with every problem at once.
    """

    scope: str = "x_acme_sfcc"
    name: str = "Commerce for Service"
    menu: str = "Commerce"
    sidecar_url: str | None = None
    token_id: str | None = None
    token_secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        problems = []
        if len(self.scope) > _LONGEST_SCOPE or not _SCOPE.fullmatch(self.scope):
            problems.append("scope is not like x_acme_sfcc, at most 18 characters")
        if not self.name.strip() or not self.menu.strip():
            problems.append("name or menu is empty")
        if self.sidecar_url is not None and not _is_address(self.sidecar_url):
            problems.append("sidecar_url is not an address like https://sidecar.example.com of at most 180 characters")
        if (self.token_id is None) != (self.token_secret is None):
            problems.append("token_id and token_secret belong together")
        if problems:
            raise InvalidSettings("The app cannot be installed like this: " + "; ".join(problems) + ".")

    def own(self, suffix: str) -> str:
        """A dotted name of ours, such as ``x_acme_sfcc.agent``."""
        return f"{self.scope}.{suffix}"

    def prefixed(self, suffix: str) -> str:
        """A table, column or macro name of ours, such as ``x_acme_sfcc_order_no``."""
        return f"{self.scope}_{suffix}"


def application(parameters: AppParameters) -> Declaration:
    """The application record. An instance that has one of this scope keeps its own."""
    return Declaration(
        table="sys_app",
        name=parameters.scope,
        values={"scope": parameters.scope, "source": parameters.scope},
        initial={
            "name": parameters.name,
            "version": VERSION,
            "short_description": "Shows service agents who the shopper of a case is.",
            "js_level": "helsinki_es5",
            "runtime_access_tracking": "permissive",
            "active": True,
        },
    )


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.query and len(url) <= 180
