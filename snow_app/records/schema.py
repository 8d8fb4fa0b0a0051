"""Tables, columns and choices as declarations (sys_db_object, sys_dictionary, sys_choice_set, sys_choice)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from snow_app.records.record import Declaration, Value


def table(name: str, label: str) -> Declaration:
    """A table of ours: other applications may read it, REST may reach it, only our own scripts write it.

    `create_access_controls` stays off: over REST it is unpredictable whether the platform then generates rules.
    """
    return Declaration(
        table="sys_db_object",
        name=name,
        values={
            "name": name,
            "label": label,
            "access": "public",
            "read_access": True,
            "create_access": False,
            "update_access": False,
            "delete_access": False,
            "alter_access": False,
            "actions_access": False,
            "client_scripts_access": False,
            "configuration_access": False,
            "ws_access": True,
            "is_extendable": False,
            "create_access_controls": False,
            "live_feed_enabled": False,
        },
    )


def column(
    owner: str, element: str, label: str, kind: str = "string", length: int | None = None, **more: Value
) -> Declaration:
    """One column of `owner`. `kind` is the platform's internal type; `more` are further columns of sys_dictionary."""
    values: dict[str, Value] = {
        "name": owner,
        "element": element,
        "column_label": label,
        "internal_type": kind,
        "active": True,
        "mandatory": False,
        **more,
    }
    if length is not None:
        values["max_length"] = length
    return Declaration(table="sys_dictionary", name=f"{owner}.{element}", values=values)


def choices(owner: str, element: str, labels: Mapping[str, str]) -> Iterator[Declaration]:
    """The choice list of a column, in the order of `labels` (value to label, English)."""
    yield Declaration(table="sys_choice_set", name=f"{owner}.{element}", values={"name": owner, "element": element})
    for sequence, (value, label) in enumerate(labels.items()):
        yield Declaration(
            table="sys_choice",
            name=f"{owner}.{element}.{value}",
            values={
                "name": owner,
                "element": element,
                "value": value,
                "label": label,
                "language": "en",
                "sequence": sequence * 10,
                "inactive": False,
            },
        )
