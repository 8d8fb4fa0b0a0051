"""Flow `context`: the case form shows the shopper.

The columns that remember who it is, the message to the sidecar, the scripts between form and sidecar, and the panel:
macro, UI script, formatter and form section for the classic form, a page with a frame for workspaces.
"""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.facts import Facts
from snow_app.app.properties import UNSET_URL
from snow_app.app.scope import AppParameters
from snow_app.app.sources import panel, script
from snow_app.records.record import Declaration, Link, Value
from snow_app.records.schema import column

FUNCTIONS = {
    "context": "/v1/context",
    "reveal": "/v1/reveal",
    "panel_link": "/v1/panel-links",
    "change": "/v1/changes",
}
DEFAULT_VIEW = "Default view"
"""The sys_id of the default view is this text."""

_INCLUDES = {
    "ContextAjax": "What the panel may ask: checks the viewer, asks the sidecar, answers one JSON text.",
    "ContextCase": "The open case: who may see it, whom it is about, and what the panel writes on it.",
    "ContextFlow": "What flows may ask: who the shopper of a case is.",
    "ContextLog": "Writes who looked at which shopper, and remembers dismissed insights.",
    "ContextMacro": "What the case form needs to know before the panel loads. No commerce data.",
    "SidecarClient": "The one caller of the sidecar.",
}
# The form and the workspace page evaluate this one from outside the scope.
_PUBLIC = frozenset({"ContextAjax", "ContextMacro"})


def records(parameters: AppParameters, facts: Facts) -> Iterator[Declaration]:
    for owner in facts.tables_with_columns:
        yield column(owner, parameters.prefixed("customer_no"), "Commerce customer number", length=100)
        yield column(owner, parameters.prefixed("site_id"), "Commerce site", length=32)
        yield column(owner, parameters.prefixed("order_no"), "Commerce order number", length=50)
    yield from _message(parameters)
    for name, description in _INCLUDES.items():
        yield _include(parameters, name, description)
    yield from _panel(parameters)
    yield from _form(parameters, facts)


def _message(parameters: AppParameters) -> Iterator[Declaration]:
    name = parameters.own("sidecar")
    known, secret = parameters.token_id is not None, parameters.token_secret
    yield Declaration(
        table="sys_auth_profile_basic",
        name=name,
        values={"name": name, **({"username": parameters.token_id or ""} if known else {})},
        initial={} if known else {"username": "not-set"},
        secret={"password": secret} if secret is not None else {},
    )
    given = parameters.sidecar_url
    message = Link(table="sys_rest_message", name=name)

    def address(path: str) -> tuple[dict[str, Value], dict[str, Value]]:
        """The endpoint as ours when the operator named the sidecar, else as a first value to be replaced."""
        endpoint: dict[str, Value] = {"rest_endpoint": f"{given or UNSET_URL}{path}"}
        return (endpoint, {}) if given else ({}, endpoint)

    ours, first = address("")
    yield Declaration(
        table="sys_rest_message",
        name=name,
        values={
            "name": name,
            "description": "The sidecar. Scripts take its address from the property, the sign-in from here.",
            "access": "package_private",
            "authentication_type": "basic",
            "basic_auth_profile": Link(table="sys_auth_profile_basic", name=name),
            **ours,
        },
        initial=first,
    )
    for header, value in {"Content-Type": "application/json", "Accept": "application/json"}.items():
        yield Declaration(
            table="sys_rest_message_headers",
            name=f"{name} {header}",
            values={"rest_message": message, "name": header, "value": value},
        )
    for function, path in FUNCTIONS.items():
        ours, first = address(path)
        yield Declaration(
            table="sys_rest_message_fn",
            name=f"{name} {function}",
            values={
                "rest_message": message,
                "function_name": function,
                "http_method": "post",
                "authentication_type": "inherit_from_parent",
                **ours,
            },
            initial=first,
        )


def _include(parameters: AppParameters, name: str, description: str) -> Declaration:
    return Declaration(
        table="sys_script_include",
        name=parameters.own(name),
        values={
            "name": name,
            "api_name": parameters.own(name),
            "description": description,
            "script": script(f"{name}.js", parameters.scope),
            "client_callable": name == "ContextAjax",
            "access": "public" if name in _PUBLIC else "package_private",
            "active": True,
        },
    )


def _panel(parameters: AppParameters) -> Iterator[Declaration]:
    macro, ui_script, page = parameters.prefixed("case_panel"), parameters.own("panel"), parameters.prefixed("panel")
    yield Declaration(
        table="sys_ui_macro",
        name=macro,
        values={
            "name": macro,
            "description": "Commerce panel on the case form.",
            "category": "general",
            "media_type": "doctype",
            "active": True,
            "xml": panel("case_panel.xml", parameters.scope),
        },
    )
    yield Declaration(
        table="sys_ui_script",
        name=ui_script,
        values={
            "name": ui_script,
            "script_name": "panel",
            "description": "The custom element sfcc-c360.",
            "global": False,
            "active": True,
            "ui_type": 0,
            "use_scoped_format": False,
            "script": panel("panel.js", parameters.scope),
        },
    )
    yield Declaration(
        table="sys_ui_page",
        name=page,
        values={
            "name": page,
            "description": "Commerce panel in a frame: a workspace tab with sysparm_table and sysparm_sys_id.",
            "category": "general",
            "direct": True,
            "html": script("workspace_page.xml", parameters.scope),
        },
    )


def _form(parameters: AppParameters, facts: Facts) -> Iterator[Declaration]:
    owner, macro = facts.case_table, parameters.prefixed("case_panel")
    yield Declaration(
        table="sys_ui_formatter",
        name=f"{owner} {macro}",
        values={
            "name": parameters.name,
            "formatter": f"{macro}.xml",
            "type": "formatter",
            "table": owner,
            "active": True,
        },
    )
    yield Declaration(
        table="sys_ui_section",
        name=f"{owner} {macro}",
        values={"name": owner, "caption": parameters.menu, "view": DEFAULT_VIEW, "header": False, "title": False},
    )
    section = Link(table="sys_ui_section", name=f"{owner} {macro}")
    yield Declaration(
        table="sys_ui_element",
        name=f"{owner} {macro}",
        values={
            "sys_ui_section": section,
            "element": f"{macro}.xml",
            "type": "formatter",
            "sys_ui_formatter": Link(table="sys_ui_formatter", name=f"{owner} {macro}"),
            "position": 0,
        },
    )
    form: str | Link = facts.form_sys_id or Link(table="sys_ui_form", name=owner)
    if facts.form_sys_id is None:
        # A form that nobody configured has no row: ours must then name the record's own section too.
        yield Declaration(table="sys_ui_form", name=owner, values={"name": owner, "view": DEFAULT_VIEW})
        if facts.primary_section_sys_id:
            yield _placed(form, facts.primary_section_sys_id, 0, f"{owner} primary")
    yield _placed(form, section, 1, f"{owner} {macro}")


def _placed(form: str | Link, section: str | Link, position: int, name: str) -> Declaration:
    return Declaration(
        table="sys_ui_form_section",
        name=name,
        values={"sys_ui_form": form, "sys_ui_section": section, "position": position},
    )
