"""A change request's type and its model go together: each sets the other where that was left open."""

from __future__ import annotations

# Importing this room first registers its hook first: a template decides the type before the model follows it.
from snow_app.emulator.behaviour import changes  # noqa: F401
from snow_app.emulator.behaviour.write import BEFORE, Write, hook


@hook(BEFORE, "change_request", "insert")
def pair_type_and_model(write: Write) -> None:
    """A model presets fields that were not given; a change without a model takes the one that presets its type."""
    row, records = write.current, write.session.instance.records
    model = records.get("chg_model", row.get("chg_model", ""))
    if model is not None:
        row |= {
            name: value for name, value in _preset(model["record_preset"]) if name in row and name not in write.given
        }
        return
    models = records.all("chg_model", active="true")
    row["chg_model"] = next(
        (one["sys_id"] for one in models if ("type", row.get("type", "")) in _preset(one["record_preset"])), ""
    )


def _preset(encoded: str) -> list[tuple[str, str]]:
    pairs = (term.partition("=") for term in encoded.split("^") if term != "EQ")
    return [(name, value) for name, separator, value in pairs if separator]
