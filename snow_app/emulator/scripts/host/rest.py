"""sn_ws.RESTMessageV2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .. import rest_message
from ..realm import HostRefused

if TYPE_CHECKING:
    from ..transaction import Transaction


def message(transaction: Transaction, scope: str, name: str, function: str) -> dict[str, str]:
    """Endpoint and method of an installed message; a message of another scope must be public."""
    found = rest_message.installed(transaction.session, name, function)
    owner = transaction.scripts.scope_name(found.message.get("sys_scope", "")) or "global"
    if scope not in ("global", owner) and found.message.get("access") != "public":
        raise HostRefused(f"REST message '{name}' of scope '{owner}' is private")
    return {"endpoint": found.endpoint, "method": found.method}


def execute(transaction: Transaction, _: str, request: dict[str, Any]) -> dict[str, Any]:
    return rest_message.answered(rest_message.outbound(transaction.session, request))


OPERATIONS: Mapping[str, Callable[..., Any]] = {"message": message, "execute": execute}
