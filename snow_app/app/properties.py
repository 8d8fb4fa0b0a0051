"""The settings of the app on the instance. Their values belong to the operator; only the panel's revision is ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from snow_app.app.scope import AppParameters
from snow_app.app.sources import panel_revision
from snow_app.records.record import Declaration, Value

UNSET_URL = "https://sidecar.invalid"
"""A reserved name (RFC 2606): until the operator enters the address, every call fails at once and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    suffix: str
    kind: str
    default: str
    description: str


_SETTINGS = (
    _Setting(
        suffix="sidecar.url",
        kind="string",
        default=UNSET_URL,
        description="Address of the sidecar, without a path. The instance calls it; browsers never do.",
    ),
    _Setting(
        suffix="panel.enabled",
        kind="boolean",
        default="true",
        description="Shows the commerce panel on the case form.",
    ),
    _Setting(
        suffix="panel.timeout_ms",
        kind="integer",
        default="4000",
        description="How long a form waits for the sidecar, in milliseconds (500 to 20000).",
    ),
    _Setting(
        suffix="order_issues.group",
        kind="string",
        default="",
        description="Name of the group that new order issues go to. Empty: your own assignment rules decide.",
    ),
    _Setting(
        suffix="panel.reveal_reason_required",
        kind="boolean",
        default="false",
        description="Asks for a reason before an e-mail address or phone number is shown in full.",
    ),
)


def records(parameters: AppParameters) -> Iterator[Declaration]:
    given = {"sidecar.url": parameters.sidecar_url}
    for setting in _SETTINGS:
        value = given.get(setting.suffix)
        yield _property(
            parameters,
            setting.suffix,
            kind=setting.kind,
            description=setting.description,
            values={} if value is None else {"value": value},
            initial={"value": setting.default} if value is None else {},
        )
    yield _property(
        parameters,
        "panel.revision",
        kind="string",
        description="Changes with the panel's code, so that browsers fetch the new one. Written by the installer.",
        values={"value": panel_revision(parameters.scope)},
        initial={},
    )


def _property(
    parameters: AppParameters,
    suffix: str,
    *,
    kind: str,
    description: str,
    values: dict[str, Value],
    initial: dict[str, Value],
) -> Declaration:
    name = parameters.own(suffix)
    ours: dict[str, Value] = {
        "name": name,
        "suffix": suffix,
        "type": kind,
        "description": description,
        "is_private": False,
        "ignore_cache": False,
        "read_roles": parameters.own("admin"),
        "write_roles": parameters.own("admin"),
    }
    return Declaration(table="sys_properties", name=name, values=ours | values, initial=initial)
