"""Which REST API a path belongs to, as rate limits, quotas and access policies name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PATH = re.compile(r"/api/(?P<namespace>[^/]+)(?:/(?P<version>v\d+))?/(?P<service>[^/]+)(?:/(?P<rest>.*))?$")

NAMES: Final = {
    "now/table": "Table API",
    "now/stats": "Aggregate API",
    "now/attachment": "Attachment API",
    "now/batch": "Batch API",
    "now/import": "Import Set API",
    "sn_chg_rest/change": "Change Management API",
    "sn_customerservice/case": "Case API",
    "sn_km_api/knowledge": "Knowledge Management API",
    "sn_cicd": "CICD API",
}
"""REST API path → what the platform calls it."""

_WITH_TABLE: Final = frozenset({"now/table", "now/stats", "now/import"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One call: the API's path without version, the version (empty for the latest), the table if there is one."""

    api: str
    version: str
    table: str
    method: str

    @classmethod
    def of(cls, method: str, path: str) -> Called:
        found = _PATH.match(path)
        if found is None:
            return cls(api="", version="", table="", method=method)
        namespace = found["namespace"]
        api = namespace if namespace == "sn_cicd" else f"{namespace}/{found['service']}"
        table = (found["rest"] or "").split("/", 1)[0] if api in _WITH_TABLE else ""
        return cls(api=api, version=found["version"] or "", table=table, method=method)

    @property
    def name(self) -> str:
        """What people call the API."""
        return NAMES.get(self.api, self.api)
