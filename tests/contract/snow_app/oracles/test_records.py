"""Every declared record is one that ServiceNow's own type definitions (``@servicenow/sdk-core``) accept."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tests.contract.snow_app.oracles.compiler import Complaint, complaints
from tests.contract.snow_app.oracles.declared import Declared, everything
from tests.contract.snow_app.oracles.planted import PLANTED

# The definitions type these as lists of roles; the Table API takes them as one text.
ROLE_LISTS = frozenset({"roles", "read_roles", "write_roles"})
# Tables the definitions do not describe: the compiler lets everything pass there. The dictionary check knows them.
UNTYPED = frozenset({"sys_choice", "sys_choice_set", "sys_rest_message_headers", "sys_ui_script"})
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


@pytest.fixture(scope="module")
def spoiled() -> list[Declared]:
    """Each planted error in a record of its own, because one error in an object hides an unknown column beside it;
    then an unknown column in a record of each table."""
    records = everything()
    tables = dict.fromkeys(record.table for record in records)
    bogus = [first_of(table, records) for table in tables]
    return [
        *(planted.into(first_of(planted.table, records)) for planted in PLANTED),
        *(replace(record, columns={**record.columns, "zz_bogus": "1"}) for record in bogus),
    ]


@pytest.fixture(scope="module")
def judged(spoiled, tmp_path_factory) -> list[Complaint]:
    """One run over both files: nearly all of its time goes into reading the definitions."""
    files = {"declared.ts": typed(list(everything())), "spoiled.ts": typed(spoiled)}
    return complaints(tmp_path_factory.mktemp("records"), files, _OPTIONS)


def test_every_record_is_accepted(judged):
    records = everything()
    assert len(records) > 80
    found = [one for one in judged if one.file == "declared.ts"]
    assert [f"{records[one.line - 1 - len(_HEAD)].name}: {one.text}" for one in found] == []


def test_every_planted_error_is_found(judged, spoiled):
    said = {
        number: [one.text for one in judged if (one.file, one.line) == ("spoiled.ts", number + 1 + len(_HEAD))]
        for number in range(len(spoiled))
    }
    for number, planted in enumerate(PLANTED):
        assert bool(said[number]) == bool(planted.types), (planted, said[number])
        assert re.search(planted.types or "", " ".join(said[number])), (planted, said[number])
    silent = {spoiled[number].table for number in range(len(PLANTED), len(spoiled)) if not said[number]}
    assert silent == UNTYPED
