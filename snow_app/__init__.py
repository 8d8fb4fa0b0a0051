"""An SDK for ServiceNow, the scoped app as declarations, and its installer."""

from snow_app import errors
from snow_app.attachments import Attachment, Attachments
from snow_app.batch import BatchItem, BatchResult
from snow_app.client import SnowClient, Table
from snow_app.moments import Period
from snow_app.query import Query
from snow_app.row import Record
from snow_app.settings import SnowSettings
from snow_app.statistics import Group
from snow_app.tables import TypedTable
from snow_app.upserts import Upserted

__all__ = [
    "Attachment",
    "Attachments",
    "BatchItem",
    "BatchResult",
    "Group",
    "Period",
    "Query",
    "Record",
    "SnowClient",
    "SnowSettings",
    "Table",
    "TypedTable",
    "Upserted",
    "errors",
]
