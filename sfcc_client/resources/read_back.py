"""Writing a record that has no version, and reading it again to know what came of it; and values of attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from sfcc_client.errors import CommerceError, OutcomeUnknown, Rejected, StateConflict, Transient
from sfcc_client.request import Call, Request

Record = TypeVar("Record")
Scalar = str | bool | int | Decimal | None


def settled(
    request: Request,
    call: Call,
    *,
    send: Callable[[], object],
    read: Callable[[], Record],
    done: Callable[[Record], bool],
) -> tuple[Record, bool]:
    """The record after a write, and whether it says what was wanted.

    A write that failed in a way that may have changed something is settled by reading: a repeated PUT is refused when
    the first one arrived. Raises what the write raised when nothing came of it, and OutcomeUnknown when nobody can say.
    """
    failure: CommerceError | None = None
    try:
        send()
    except (Transient, StateConflict, Rejected) as error:
        failure = error
    try:
        after = read()
    except Transient as error:
        raise outcome_unknown(request, failure or error, call) from None
    if failure is not None and not done(after):
        raise failure
    return after, done(after)


def says(custom: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
    """Whether the custom attributes of a record have these values; an empty text is an absent one."""
    return all(_same(custom.get(name), value) for name, value in attributes.items())


def json_values(attributes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in attributes.items():
        if isinstance(value, Mapping):
            yield name, dict(value)
        else:
            yield name, float(value) if isinstance(value, Decimal) else value


def conflict(subject: str, what: str, found: str | None, call: Call) -> StateConflict:
    state = f" ({found})" if found else ""
    kind = subject.removeprefix("such ").partition(" ")[0]
    return StateConflict(
        f"The {what} of {subject} is not what the change is for{state}; look at the {kind} again.",
        found=found,
        operation=call.operation,
    )


def outcome_unknown(request: Request, error: CommerceError, call: Call) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"No answer says whether the change of {request.subject} happened; look before you repeat it.",
        request_id=error.request_id or call.correlation_id,
        status=error.status,
        operation=call.operation,
    )


def _same(found: Any, wanted: Any) -> bool:
    """Texts by locale are the same when those that are wanted are there."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(found.get(locale) == text for locale, text in wanted.items())
    return bool(_present(found) == _present(wanted))


def _present(value: Any) -> Any:
    return None if value == "" else value
