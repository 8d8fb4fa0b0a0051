"""A record changed in ServiceNow: which one, and nothing of what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`updated_on` is aware; `mod_count` tells two changes within one second apart. The flow is the correlation id's
    prefix. Empty means that the record names none."""

    table: str
    sys_id: str
    updated_on: datetime
    correlation_id: str
    mod_count: int | None = None
    site_id: str = ""
    order_no: str = ""

    @property
    def event_id(self) -> str:
        count = "" if self.mod_count is None else f":{self.mod_count}"
        return f"change:{self.sys_id}:{self.updated_on:%Y-%m-%d %H:%M:%S}{count}"

    @property
    def type(self) -> str:
        return f"{self.correlation_id.partition(':')[0]}.record_changed"

    @property
    def data(self) -> dict[str, Any]:
        named = {
            "table": self.table,
            "sysId": self.sys_id,
            "updatedAt": self.updated_on.isoformat(),
            "correlationId": self.correlation_id,
            "siteId": self.site_id,
            "orderNo": self.order_no,
        }
        return {name: value for name, value in named.items() if value}
