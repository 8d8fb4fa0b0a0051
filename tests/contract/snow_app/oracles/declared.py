"""What the oracles judge: every record the app can declare, each one once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from snow_app.app import AppParameters, Facts, application, scoped_app
from snow_app.records import Declaration, Link
from snow_app.records.identity import sys_id

SCOPE = "x_99999_sfcc"
PARAMETERS = (
    AppParameters(scope=SCOPE),
    AppParameters(scope=SCOPE, sidecar_url="https://sidecar.example.com", token_id="t", token_secret="s"),
)
FACTS = tuple(
    Facts(csm=csm, form_sys_id=form, primary_section_sys_id=section)
    for csm in (False, True)
    for form, section in ((None, None), (None, "5" * 32), ("f" * 32, None))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One record with all its columns as we declare them, links as sys_ids."""

    table: str
    name: str
    sys_id: str
    columns: Mapping[str, str | int | bool]


def everything() -> tuple[Declared, ...]:
    """The records for a form of cases and of incidents, new or configured, with and without the sidecar's address."""
    found: dict[str, Declared] = {}
    for parameters in PARAMETERS:
        for facts in FACTS:
            for declaration in (application(parameters), *scoped_app(parameters, facts)):
                one = _declared(declaration)
                found.setdefault(repr(one), one)
    return tuple(found.values())


def _declared(declaration: Declaration) -> Declared:
    return Declared(
        table=declaration.table,
        name=declaration.name,
        sys_id=sys_id(SCOPE, declaration.table, declaration.name),
        columns=dict(_columns(declaration)),
    )


def _columns(declaration: Declaration) -> Iterator[tuple[str, str | int | bool]]:
    for column, value in {**declaration.values, **declaration.initial, **declaration.secret}.items():
        yield column, sys_id(SCOPE, value.table, value.name) if isinstance(value, Link) else value
