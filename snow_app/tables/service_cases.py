"""Customer service cases with all their columns; `snow_app.tables.cases` holds what the sidecar reads of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import choice, moment, reference, text
from snow_app.tables.tasks import Task
from snow_app.tables.values import Choice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCase(Task):
    """A row of `sn_customerservice_case` (Customer Service Management). A closed case cannot be changed."""

    TABLE: ClassVar[str] = "sn_customerservice_case"

    contact: Reference = reference(to="customer_contact")
    consumer: Reference = reference(to="csm_consumer")
    account: Reference = reference(to="customer_account")
    category: Choice = choice()
    contact_type: Choice = choice()
    resolution_code: Choice = choice()
    resolved_at: datetime | None = moment()
    resolved_by: Reference = reference(to="sys_user")
    cause: str = text()
