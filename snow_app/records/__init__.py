"""Configuration records as declarations: what should exist, under which sys_id, and in which order."""

from snow_app.records.record import Declaration, Link, Row
from snow_app.records.registry import Registry

__all__ = ["Declaration", "Link", "Registry", "Row"]
