"""A custom action of Flow Designer as one ``Action()`` with its script step."""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.install.actions import OwnAction
from snow_app.install.fluent.source import Code, Literal, call, literal, text
from snow_app.records.record import Row

_STEP_INDENT = "            "


def action_source(own: OwnAction, script: str) -> str:
    """The statement; `script` is the path of the step's script from here."""
    values = own.action.values
    argument: dict[str, Literal] = {
        "$id": Code(f"Now.ID[{text(own.action.sys_id)}]"),
        "name": values["name"],
        "internalName": values["internal_name"],
        "description": values["description"],
        "category": values["category"],
        "access": values["access"],
        "inputs": {row.values["element"]: _column(row) for row in own.of("sys_hub_action_input")},
        "outputs": {row.values["element"]: _column(row) for row in own.of("sys_hub_action_output")},
    }
    lines = [
        "import { StringColumn } from '@servicenow/sdk/core'",
        "import { Action, actionStep, wfa } from '@servicenow/sdk/automation'",
        "",
        f"export const {values['internal_name']} = Action(",
        f"    {literal(argument, '    ')},",
        "    (params) => {",
        *_body(own, script),
        "    }",
        ")",
    ]
    return "\n".join(lines) + "\n"


def _body(own: OwnAction, script: str) -> Iterator[str]:
    step: dict[str, Literal] = {
        "$id": Code(f"Now.ID[{text(own.step.sys_id)}]"),
        "label": own.step.values["label"],
    }
    inputs: dict[str, Literal] = {
        "required_run_time": "instance",
        "script": Code(f"Now.include({text(script)})"),
        "errorHandlingType": "stop_the_action",
        "inputVariables": {
            row.values["element"]: {
                "label": row.values["label"],
                "value": Code(f"wfa.dataPill(params.inputs.{row.values['element']}, 'string')"),
            }
            for row in own.of("sys_hub_step_ext_input")
        },
        "outputVariables": {
            row.values["element"]: Code(call("StringColumn", {"label": row.values["label"]}, _STEP_INDENT + "        "))
            for row in own.of("sys_hub_step_ext_output")
        },
    }
    outputs: dict[str, Literal] = {
        row.values["element"]: Code(f"wfa.dataPill(found.{row.values['element']}, 'string')")
        for row in own.of("sys_hub_action_output")
    }
    yield "        const found = wfa.actionStep("
    yield f"{_STEP_INDENT}actionStep.script,"
    yield f"{_STEP_INDENT}{literal(step, _STEP_INDENT)},"
    yield f"{_STEP_INDENT}{literal(inputs, _STEP_INDENT)}"
    yield "        )"
    yield f"        wfa.assignActionOutputs(params.outputs, {literal(outputs, '        ')})"


def _column(row: Row) -> Code:
    options: dict[str, Literal] = {
        "label": row.values["label"],
        "mandatory": row.values["mandatory"] == "true",
        "maxLength": int(row.values["max_length"]),
    }
    return Code(call("StringColumn", options, "            "))
