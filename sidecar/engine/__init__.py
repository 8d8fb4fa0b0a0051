"""Durable delivery: what is accepted is handled once in effect, in order per key, whatever happens to the process."""

from sidecar.engine.database import Database, sqlite_url
from sidecar.engine.flow import Flow, Json, Outcome, RecordRef, Steps, Transaction
from sidecar.engine.inline import InlineEngine

__all__ = ["Database", "Flow", "InlineEngine", "Json", "Outcome", "RecordRef", "Steps", "Transaction", "sqlite_url"]
