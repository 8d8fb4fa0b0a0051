"""Service levels: definitions (``contract_sla``) that run on tasks as ``task_sla`` records, measured by schedules.

`schedule` is arithmetic over opening hours and knows no instance; `calendar` reads it from ``cmn_schedule``;
`definition` is one contract_sla; `progress` is how far a task_sla has come; `history` finds pauses from before one was
attached; `engine` decides what happens to them.
"""

from __future__ import annotations

from .engine import ServiceLevels

__all__ = ["ServiceLevels"]
