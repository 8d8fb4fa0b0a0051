"""An SDK for ServiceNow, the scoped app as declarations, and its installer."""

from snow_app import errors
from snow_app.batch import BatchItem, BatchResult
from snow_app.client import SnowClient, Table
from snow_app.query import Query
from snow_app.row import Record
from snow_app.settings import SnowSettings

__all__ = ["BatchItem", "BatchResult", "Query", "Record", "SnowClient", "SnowSettings", "Table", "errors"]
