"""Routes of the service APIs beyond the Table API; all of them answer JSON only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from snow_app.emulator.rest import case, case_details, import_set
from snow_app.emulator.rest.request import Reply

_VERSION = r"(?:/(?P<version>v\d))?"
_IMPORT = rf"/api/now{_VERSION}/import"
_CASE = rf"/api/sn_customerservice{_VERSION}/case"

SERVICES: Final[tuple[tuple[str, dict[str, Callable[..., Reply]]], ...]] = (
    (rf"{_IMPORT}/(?P<name>[^/]+)", {"POST": import_set.created}),
    (rf"{_IMPORT}/(?P<name>[^/]+)/insertMultiple", {"POST": import_set.created_together}),
    (rf"{_IMPORT}/(?P<name>[^/]+)/(?P<sys_id>[^/]+)", {"GET": import_set.found}),
    (_CASE, {"GET": case.listed, "POST": case.created}),
    (rf"{_CASE}/field_values/(?P<field>[^/]+)", {"GET": case_details.field_values}),
    (rf"{_CASE}/(?P<case>[^/]+)", {"GET": case.found, "PUT": case.updated}),
    (rf"{_CASE}/(?P<case>[^/]+)/activities", {"GET": case_details.activities}),
    (rf"{_CASE}/(?P<case>[^/]+)/field_values/(?P<field>[^/]+)", {"GET": case_details.field_values_of}),
)
"""Path pattern → method → handler; the first match counts."""
