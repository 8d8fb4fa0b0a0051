"""Cases, import sets and tokens against the instance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from snow_app import Query, errors
from snow_app.services import CaseApi, ImportSets

CLIENT = {"client_id": "local-client", "client_secret": "local-secret"}


def test_a_case_by_its_own_interface(client):
    api = CaseApi(client)
    made = api.create({"short_description": "Late", "nonsense": "x"})
    assert made.number.startswith("CS")
    api.update(made.sys_id, {"comments": "Where is it?"})
    assert api.get(made.sys_id)["short_description"] == "Late"
    assert [one["value"] for one in api.activities(made.sys_id)] == ["Where is it?"]
    assert [one.sys_id for one in api.rows(Query().where("number", "=", made.number))] == [made.sys_id]
    with pytest.raises(errors.NotFound):
        api.get("0" * 32)


@pytest.fixture
def staging(client):
    """A staging table whose map coalesces incidents on the correlation id."""
    tables = client.table("sys_db_object")
    parent = tables.first(Query().where("name", "=", "sys_import_set_row"), fields=("name",))
    tables.insert({"name": "u_imp", "label": "Imp", "super_class": parent.sys_id})
    pairs = {"u_key": "correlation_id", "u_title": "short_description"}
    for name in pairs:
        client.table("sys_dictionary").insert(
            {"name": "u_imp", "element": name, "internal_type": "string", "column_label": name[2:].title()}
        )
    made = client.table("sys_transform_map").insert(
        {"name": "Tasks", "source_table": "u_imp", "target_table": "incident"}
    )
    for source, target in pairs.items():
        client.table("sys_transform_entry").insert(
            {
                "map": made.sys_id,
                "source_table": "u_imp",
                "target_table": "incident",
                "source_field": source,
                "target_field": target,
                "coalesce": source == "u_key",
            }
        )
    return "u_imp"


def test_a_row_is_pushed_and_transformed(client, staging):
    imports = ImportSets(client)
    (first,) = imports.push(staging, {"u_key": "A-1", "u_title": "one"}).outcomes
    (again,) = imports.push(staging, {"u_key": "A-1", "u_title": "two"}).outcomes
    assert (first.status, again.status, again.sys_id) == ("inserted", "updated", first.sys_id)
    assert client.table("incident").get(first.sys_id)["short_description"] == "two"
    assert imports.push_many(staging, [{"Key": "A-2", "Title": "three"}]).import_set


@pytest.mark.parametrize(
    "ways", [{"user": "agent", **CLIENT}, {"user": "", "password": "", **CLIENT}], ids=["password", "client"]
)
def test_a_token_that_was_taken_away_is_renewed_once(snow, connect, ways):
    client = connect(**ways)
    table = client.table("sys_user_preference")
    assert list(table.rows(limit=1)) is not None
    issued = snow.instance.records.all("oauth_credential", type="access_token")
    for token in issued:
        snow.instance.records.delete("oauth_credential", token["sys_id"])
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: list(table.rows(limit=1)), range(32)))
    assert len(issued) == 1
    assert len(snow.instance.records.all("oauth_credential", type="access_token")) == 1


def test_a_wrong_secret_is_no_sign_in(connect):
    with pytest.raises(errors.SignInRefused):
        list(connect(**{**CLIENT, "client_secret": "wrong"}).table("incident").rows())
