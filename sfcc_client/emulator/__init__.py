"""A local B2C Commerce over HTTP; what it covers stands in COVERAGE.md."""

from sfcc_client.emulator.clients import ApiClient, BusinessUser
from sfcc_client.emulator.commerce import CommerceEmulator

__all__ = ["ApiClient", "BusinessUser", "CommerceEmulator"]
