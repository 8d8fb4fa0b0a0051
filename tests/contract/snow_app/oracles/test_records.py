"""Every declared record is one that ServiceNow's own type definitions (``@servicenow/sdk-core``) accept."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace

import pytest

from tests.contract.snow_app.oracles.compiler import complaints
from tests.contract.snow_app.oracles.declared import Declared, everything
from tests.contract.snow_app.oracles.planted import PLANTED

# The definitions type these as lists of roles; the Table API takes them as one text.
ROLE_LISTS = frozenset({"roles", "read_roles", "write_roles"})
# Tables the definitions do not describe: the compiler lets everything pass there. The dictionary check knows them.
# The tables of Flow Designer are judged by a build of the SDK instead (tests/conformance/now_sdk.py).
UNTYPED = frozenset(
    {
        *("sys_choice", "sys_choice_set", "sys_documentation", "sys_rest_message_headers", "sys_ui_script"),
        *("sys_hub_action_input", "sys_hub_action_output", "sys_hub_action_type_definition"),
        *("sys_hub_step_ext_input", "sys_hub_step_ext_output", "sys_hub_step_instance"),
    }
)
_HEAD = (
    "import type {} from '@servicenow/sdk-core/global'",
    "import { Record as R } from '@servicenow/sdk-core/db'",
)
_OPTIONS = {"strict": True, "module": "nodenext", "moduleResolution": "nodenext", "target": "es2022"}


def typed(records: list[Declared]) -> str:
    """A TypeScript source, one record a line after the two lines of its head."""
    return "\n".join((*_HEAD, *(f"R({json.dumps(_record(record))})" for record in records), ""))


def _record(record: Declared) -> dict[str, object]:
    data = {
        column: value.split(",") if column in ROLE_LISTS and isinstance(value, str) else value
        for column, value in record.columns.items()
    }
    return {"$id": record.sys_id, "table": record.table, "data": data}


def first_of(table: str, records: tuple[Declared, ...]) -> Declared:
    return next(record for record in records if record.table == table)


def spoiled(records: tuple[Declared, ...]) -> list[Declared]:
    """Each planted error in a record of its own, because one error in an object hides an unknown column beside it;
    then an unknown column in a record of each table."""
    tables = dict.fromkeys(record.table for record in records)
    bogus = [first_of(table, records) for table in tables]
    return [
        *(planted.into(first_of(planted.table, records)) for planted in PLANTED),
        *(replace(record, columns={**record.columns, "zz_bogus": "1"}) for record in bogus),
    ]


# The definitions alone cost 17 s of processor time and over a gigabyte: one run, and so one test, for everything.
@pytest.mark.timeout(600)
def test_every_record_is_accepted_and_every_planted_error_found(tmp_path):
    records = everything()
    planted = spoiled(records)
    files = {"declared.ts": typed(list(records)), "spoiled.ts": typed(planted)}
    said: dict[tuple[str, int], list[str]] = defaultdict(list)
    for one in complaints(tmp_path, files, _OPTIONS):
        said[one.file, one.line - 1 - len(_HEAD)].append(one.text)
    assert len(records) > 80
    assert {records[place].name: texts for (file, place), texts in said.items() if file == "declared.ts"} == {}
    for place, error in enumerate(PLANTED):
        texts = said["spoiled.ts", place]
        assert bool(texts) == bool(error.types), (error, texts)
        assert re.search(error.types or "", " ".join(texts)), (error, texts)
    silent = {planted[place].table for place in range(len(PLANTED), len(planted)) if not said["spoiled.ts", place]}
    assert silent == UNTYPED
