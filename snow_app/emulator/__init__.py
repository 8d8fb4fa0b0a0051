"""A local ServiceNow: Table API, metadata that takes effect, scripts that run, forms that render.

`COVERAGE.md` says what is emulated and what is not.
"""

from snow_app.emulator.instance import Instance
from snow_app.emulator.server import ServiceNowEmulator

__all__ = ["Instance", "ServiceNowEmulator"]
