"""What an instance already has, as far as it decides which records we declare."""

from __future__ import annotations

from dataclasses import dataclass

INCIDENT = "incident"
CASE = "sn_customerservice_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`csm` when Customer Service Management is there. `form_sys_id` is the default form of the case table when it was
    configured by somebody else, `primary_section_sys_id` the section that shows the record's own fields."""

    csm: bool = False
    form_sys_id: str | None = None
    primary_section_sys_id: str | None = None

    @property
    def case_table(self) -> str:
        """The table whose form shows the panel."""
        return CASE if self.csm else INCIDENT

    @property
    def tables_with_columns(self) -> tuple[str, ...]:
        """The tables that remember the shopper."""
        return (CASE, INCIDENT) if self.csm else (INCIDENT,)
