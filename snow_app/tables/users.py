"""Users and groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import boolean, moment, reference, text
from snow_app.tables.row import Row
from snow_app.tables.values import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Row):
    """A row of `sys_user`. Passwords are no part of it."""

    TABLE: ClassVar[str] = "sys_user"

    user_name: str = text(shown=True)
    name: str = text(writable=False)
    first_name: str = text()
    last_name: str = text()
    email: str = text()
    phone: str = text()
    title: str = text()
    employee_number: str = text()
    active: bool | None = boolean()
    locked_out: bool | None = boolean()
    vip: bool | None = boolean()
    web_service_only: bool | None = boolean("web_service_access_only")
    time_zone: str = text()
    company: Reference = reference(to="core_company")
    department: Reference = reference(to="cmn_department")
    manager: Reference = reference(to="sys_user")
    last_login: datetime | None = moment("last_login_time", writable=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Row):
    """A row of `sys_user_group`."""

    TABLE: ClassVar[str] = "sys_user_group"

    name: str = text(shown=True)
    description: str = text()
    email: str = text()
    active: bool | None = boolean()
    manager: Reference = reference(to="sys_user")
    parent: Reference = reference(to="sys_user_group")
