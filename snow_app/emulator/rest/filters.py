"""What a list request filters by: `sysparm_query`, or else name=value pairs that may hold display values."""

from __future__ import annotations

from snow_app.emulator.instance import Column, Session
from snow_app.emulator.rest.request import Request

_OWN_PARAMETERS = ("sysparm_", "sysparmUser", "JSONv2", "jvar_")


def encoded_filter(request: Request, table: str) -> str:
    """The encoded query of a request; `sysparm_query` excludes the other form."""
    query = request.params.get("sysparm_query", "")
    category = request.params.get("sysparm_query_category", "")
    if query or category:
        return query
    columns = request.session.instance.dictionary.columns(table)
    terms = []
    for name, value in request.pairs:
        column = columns.get(name.split(".")[0])
        if name.startswith(_OWN_PARAMETERS) or column is None:
            continue
        terms.append(_term(request.session, name, columns.get(name), value))
    return "^".join(terms)


def _term(session: Session, name: str, column: Column | None, value: str) -> str:
    if column is None or not value:
        return f"{name}={escaped(value)}"
    if column.choices and all(choice.value != value for choice in column.choices):
        labelled = [choice.value for choice in column.choices if choice.label.lower() == value.lower()]
        return f"{name}IN{','.join(labelled)}" if labelled else f"{name}={escaped(value)}"
    named = column.reference and not column.reference_key and session.instance.dictionary.table(column.reference)
    if named and session.instance.records.get(column.reference, value) is None:
        return _by_display(session, name, column, value)
    return f"{name}={escaped(value)}"


def _by_display(session: Session, name: str, column: Column, value: str) -> str:
    """References accept the referenced record's display value, users also their user name."""
    shown = f"{name}.{session.instance.dictionary.display_column(column.reference)}={escaped(value)}"
    if "user_name" in session.instance.dictionary.columns(column.reference):
        return f"{name}.user_name={escaped(value)}^OR{shown}"
    return shown


def escaped(value: str) -> str:
    """A value that cannot end its own condition."""
    return value.replace("^", "^^")
