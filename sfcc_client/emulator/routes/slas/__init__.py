"""SLAS, the shopper login service: logins, what becomes of sessions, what it says of itself."""

from sfcc_client.emulator.routes.slas import discovery, logins, sessions
from sfcc_client.emulator.routes.slas.door import blueprint

__all__ = ["blueprint", "discovery", "logins", "sessions"]
