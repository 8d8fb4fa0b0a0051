"""A custom action of Flow Designer as declarations: one script step between inputs and outputs.

The records and values are those that ``now-sdk build`` 4.9.0 writes for such an action. They travel by package, because
REST loses parts of them. An action arrives as a draft; somebody publishes it in Flow Designer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from snow_app.records.identity import sys_id
from snow_app.records.record import Declaration, Link, Value

ACTION, STEP = "sys_hub_action_type_definition", "sys_hub_step_instance"
_SCRIPT_STEP: Final = "106afb6647032200b4fad7527c9a71e7"
SCRIPT_VARIABLE: Final = "71aa7f6647032200b4fad7527c9a719b"
_RUNTIME_VARIABLE: Final = "74315b04b3201300176b051a16a8dc2b"
_MAPPER: Final = "element_mapping_provider=com.glide.flow_design.action.data.FlowDesignVariableMapper"
_TEXT: Final = "uiType=string,uiTypeLabel=String"
_LENGTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An input or output of type string, at most 100 characters."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomAction:
    """`name` is what people see, `internal_name` never changes. Inputs are mandatory; the script step has the same
    inputs and outputs and reads and writes them as ``inputs`` and ``outputs``."""

    scope: str
    name: str
    internal_name: str
    description: str
    category: str
    step: str
    script: str
    inputs: Sequence[Variable]
    outputs: Sequence[Variable]

    @property
    def sys_id(self) -> str:
        return sys_id(self.scope, ACTION, self.internal_name)

    @property
    def step_sys_id(self) -> str:
        return sys_id(self.scope, STEP, self.internal_name)

    @property
    def cid(self) -> str:
        """The step's sys_id with dashes: how expressions name it."""
        own = self.step_sys_id
        return "-".join((own[:8], own[8:12], own[12:16], own[16:20], own[20:]))

    def declarations(self) -> Iterator[Declaration]:
        yield self._declared(ACTION, "", self._definition())
        yield self._declared(STEP, "", self._step())
        yield from self._step_values()
        for order, variable in enumerate(self.inputs, 1):
            yield from self._input(variable, order)
        for order, variable in enumerate(self.outputs, 1):
            yield from self._output(variable, order)
        yield from self._status()

    def _declared(self, table: str, suffix: str, values: dict[str, Value]) -> Declaration:
        name = f"{self.internal_name} {suffix}".strip()
        return Declaration(table=table, name=name, channel="package", values=values)

    def _definition(self) -> dict[str, Value]:
        return {
            "name": self.name,
            "internal_name": self.internal_name,
            "description": self.description,
            "category": self.category,
            "access": "public",
            "active": True,
            "state": "draft",
            "system_level": False,
            "label_cache": json.dumps(self._labels(), ensure_ascii=False, separators=(",", ":")),
        }

    def _labels(self) -> list[dict[str, object]]:
        """What the designer shows for each expression."""
        inputs = [self._label(f"action.{one.name}", f"action➛{one.label}", "action") for one in self.inputs]
        start = f"step[{self.cid}]"
        status = self._label(f"{start}.__step_status__", f"step➛{self.step}➛Step Status", "step", base="object")
        outputs = []
        for one in self.outputs:
            shown = one.name.replace("_", " ").title()
            label = self._label(f"{start}.{one.name}", f"step➛{self.step}➛{shown}", "step")
            outputs.append(label | {"reference_display": shown, "column_name": one.name})
        return [*inputs, status, *outputs]

    @staticmethod
    def _label(name: str, label: str, kind: str, base: str = "string") -> dict[str, object]:
        return {
            "name": f"{{{{{name}}}}}",
            "label": label,
            "type": kind,
            "ref": "",
            "reference_display": "",
            "base_type": base,
            "parent_table_name": "",
            "column_name": "",
            "choices": None,
            "attributes": {},
        }

    def _step(self) -> dict[str, Value]:
        return {
            "action": Link(table=ACTION, name=self.internal_name),
            "active": True,
            "cid": self.cid,
            "error_handling_type": 1,
            "label": self.step,
            "order": 1,
            "step_type": _SCRIPT_STEP,
        }

    def _step_values(self) -> Iterator[Declaration]:
        for title, variable, value in (
            ("script", SCRIPT_VARIABLE, self.script),
            ("runtime", _RUNTIME_VARIABLE, "instance"),
        ):
            values: dict[str, Value] = {
                "document": STEP,
                "document_key": Link(table=STEP, name=self.internal_name),
                "order": 100,
                "value": value,
                "variable": variable,
            }
            yield self._declared("sys_variable_value", title, values)

    def _input(self, variable: Variable, order: int) -> Iterator[Declaration]:
        step, own = self._of(STEP, "sys_hub_step_ext_input"), self._of(ACTION, "sys_hub_action_input")
        text: dict[str, Value] = {"element": variable.name, "label": variable.label, "internal_type": "string"}
        # Empty, but there: the SDK cannot read an action whose inputs do not have the column.
        text["default_value"] = ""
        attributes = f"{_MAPPER},{_TEXT}"
        mandatory: dict[str, Value] = {"mandatory": True, "max_length": _LENGTH, "order": order}
        yield self._declared("sys_hub_step_ext_input", variable.name, {**step, **text, "attributes": attributes})
        yield self._declared("sys_hub_action_input", variable.name, {**own, **text, **mandatory})
        yield self._mapping(STEP, "sys_hub_step_ext_input", variable.name, f"action.{variable.name}")
        yield self._title("sys_hub_action_input", variable.name, variable.label)

    def _output(self, variable: Variable, order: int) -> Iterator[Declaration]:
        step, own = self._of(STEP, "sys_hub_step_ext_output"), self._of(ACTION, "sys_hub_action_output")
        text: dict[str, Value] = {"element": variable.name, "label": variable.label, "internal_type": "string"}
        attributes = f"{_MAPPER},pwd2droppable=true,{_TEXT},uiUniqueId={self.sys_id}-{variable.name}"
        more: dict[str, Value] = {"mandatory": False, "max_length": _LENGTH, "order": order, "attributes": attributes}
        yield self._declared(
            "sys_hub_step_ext_output", variable.name, {**step, **text, "attributes": f"{_MAPPER},{_TEXT}"}
        )
        yield self._declared("sys_hub_action_output", variable.name, {**own, **text, **more})
        yield self._mapping(ACTION, "sys_hub_action_output", variable.name, f"step[{self.cid}].{variable.name}")
        yield self._title("sys_hub_action_output", variable.name, variable.label)

    def _status(self) -> Iterator[Declaration]:
        """The two outputs that every action has."""
        own = self._of(ACTION, "sys_hub_action_output")
        error = f"{_MAPPER},action_error_output=true"
        outputs: tuple[dict[str, Value], ...] = (
            {
                "element": "__action_status__",
                "label": "Action Status",
                "internal_type": "string",
                "max_length": 65000,
                "order": 1,
                "attributes": f"{error},uiType=object,uiTypeLabel=Object,uiUniqueId={self.sys_id}-action-status,"
                "co_type_name=FDACTIONSTATUS",
            },
            {
                "element": "__dont_treat_as_error__",
                "label": "Don't Treat as Error",
                "internal_type": "boolean",
                "max_length": 40,
                "order": 2,
                "default_value": "true",
                "attributes": f"{error},uiType=boolean,uiTypeLabel=True/False,uiUniqueId={self.sys_id}-action-error,"
                "visible_in_ui=false",
            },
        )
        for output in outputs:
            element = str(output["element"])
            yield self._declared("sys_hub_action_output", element, {**own, **output, "mandatory": False})
            yield self._title("sys_hub_action_output", element, str(output["label"]))

    def _variables(self, table: str, owner: str) -> str:
        """The name under which the variables of an owner are kept."""
        return f"var__m_{table}_{self.sys_id if owner == ACTION else self.step_sys_id}"

    def _of(self, owner: str, table: str) -> dict[str, Value]:
        link = Link(table=owner, name=self.internal_name)
        return {
            "active": True,
            "model": link,
            "model_id": link,
            "model_table": owner,
            "name": self._variables(table, owner),
        }

    def _mapping(self, owner: str, table: str, field: str, expression: str) -> Declaration:
        values: dict[str, Value] = {
            "field": field,
            "id": Link(table=owner, name=self.internal_name),
            "table": self._variables(table, owner),
            "value": f"{{{{{expression}}}}}",
        }
        return self._declared("sys_element_mapping", f"{table} {field}", values)

    def _title(self, table: str, element: str, label: str) -> Declaration:
        values: dict[str, Value] = {
            "name": self._variables(table, ACTION),
            "element": element,
            "language": "en",
            "label": label,
        }
        return self._declared("sys_documentation", f"{table} {element}", values)
