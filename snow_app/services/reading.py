"""What the services answer, in the SDK's own types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from snow_app.answers import Answer
from snow_app.errors import BadAnswer
from snow_app.row import Record, record


def one(table: str, answer: Answer) -> Record:
    """The record of an answer, which some samples of the documentation wrap in an array."""
    return record(table, mapping(answer))


def many(table: str, answer: Answer) -> tuple[Record, ...]:
    """The records of an answer."""
    result = answer.result()
    if not isinstance(result, list) or not all(isinstance(each, Mapping) for each in result):
        raise BadAnswer(f"ServiceNow answered {answer.operation} without a list.", operation=answer.operation)
    return tuple(record(table, each) for each in result)


def mapping(answer: Answer) -> Mapping[str, Any]:
    """The object of an answer."""
    result = answer.result()
    if isinstance(result, list) and len(result) == 1:
        result = result[0]
    if not isinstance(result, Mapping):
        raise BadAnswer(f"ServiceNow answered {answer.operation} without a record.", operation=answer.operation)
    return result
