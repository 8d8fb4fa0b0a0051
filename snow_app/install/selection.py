"""Which records a file carries, and whose they are: the same for every kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from snow_app.app import AppParameters, Facts, application, scoped_app
from snow_app.errors import InvalidSettings
from snow_app.records.identity import SYS_ID
from snow_app.records.record import Declaration, Row
from snow_app.records.registry import Identity, Registry

# What stands on the form is the instance's own matter: a form of ours could hide the sections it already has.
_OF_THE_INSTANCE = frozenset({"sys_ui_form", "sys_ui_form_section"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The application that the records belong to."""

    scope: str
    name: str
    sys_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`rows` are the records of the file, `app` the application's own, `declared` every row of the app by sys_id, and
    `declarations` what each row was made of. `what` names the selection for people."""

    what: str
    owner: Owner
    app: Row
    rows: tuple[Row, ...]
    declared: Mapping[str, Row]
    declarations: Mapping[Identity, Declaration]


def selected(
    parameters: AppParameters, facts: Facts | None, *, everything: bool, application_id: str | None
) -> Selection:
    """The records that only a package can bring, or with `everything` those of the whole app for an instance with these
    `facts`, the place on the form left out. Nothing that an operator enters is among them.

    `application_id` is the sys_id of the application where somebody else made it. Raises InvalidSettings when it is
    none.
    """
    if application_id is not None and not SYS_ID.fullmatch(application_id):
        raise InvalidSettings("The sys_id of the application has 32 letters and digits.")
    plain = replace(parameters, sidecar_url=None, token_id=None, token_secret=None)
    chosen = facts or Facts()
    (app,) = Registry(plain.scope, [application(plain)]).rows()
    registry = scoped_app(plain, chosen)
    declared = registry.rows()
    rows = tuple(row for row in declared if row.channel == "package")
    what = "access rules"
    if everything:
        what = "app with CSM" if chosen.csm else "app without CSM"
        rows = tuple(row for row in declared if row.table not in _OF_THE_INSTANCE)
    return Selection(
        what=what,
        owner=Owner(scope=plain.scope, name=plain.name, sys_id=application_id or app.sys_id),
        app=app,
        rows=rows,
        declared={row.sys_id: row for row in declared},
        declarations={(one.table, one.name): one for one in registry},
    )
