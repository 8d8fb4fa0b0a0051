"""Planned work: rows of the app's table `<scope>_maintenance`, written by people in ServiceNow."""

from __future__ import annotations

from datetime import datetime

from snow_app import Query, SnowClient
from snow_app.row import date_time


def until(snow: SnowClient, scope: str, site_id: str, now: datetime) -> datetime | None:
    """When the maintenance of the site that is on now ends, the longest if there are several; None without one.

    A row without a site is about all of them. Raises the errors of `snow_app.errors`; every row that comes back is
    compared, because the platform drops conditions it does not understand.
    """
    asked = Query().where("active", "=", True).where("starts", "<=", now).where("ends", ">", now)
    rows = snow.table(f"{scope}_maintenance").rows(asked, fields=("site_id", "starts", "ends", "active"))
    ends = [
        row.time("ends")
        for row in rows
        if row.true("active") and row["site_id"] in ("", site_id) and row["starts"] <= date_time(now) < row["ends"]
    ]
    return max((end for end in ends if end is not None), default=None)
