from __future__ import annotations

import pytest

from snow_app.app import AppParameters, Facts, scoped_app
from snow_app.errors import InvalidDeclaration
from snow_app.records import Declaration, Link, Registry
from snow_app.records.identity import SYS_ID


def declared(name, **values):
    return Declaration(table="t", name=name, values=values)


def test_sys_ids_depend_on_scope_table_and_name_only():
    one, two, other = (scoped_app(AppParameters(scope=scope), Facts()).rows() for scope in ("x_a_b", "x_a_b", "x_a_c"))
    assert [row.sys_id for row in one] == [row.sys_id for row in two]
    assert not {row.sys_id for row in one} & {row.sys_id for row in other}
    assert len({row.sys_id for row in one}) == len(one)
    assert all(SYS_ID.fullmatch(row.sys_id) and row.sys_id == row.sys_id.lower() for row in one)


def test_links_follow_rows_that_exist_already():
    registry = Registry("x_a_b", [declared("child", parent=Link(table="t", name="parent")), declared("parent")])
    found = {("t", "parent"): "f" * 32}
    parent, child = registry.rows(found)
    assert (parent.name, parent.sys_id, child.values["parent"]) == ("parent", "f" * 32, "f" * 32)


def test_needs_come_first():
    rows = scoped_app(AppParameters(), Facts(csm=True)).rows()
    ids = [row.sys_id for row in rows]
    for position, row in enumerate(rows):
        needed = [value for value in (*row.values.values(), *row.initial.values()) if value in ids]
        assert all(ids.index(value) < position for value in needed)
    order = [(row.table, row.values.get("name")) for row in rows]
    assert order.index(("sys_db_object", "x_acme_sfcc_context_access")) < order.index(
        ("sys_dictionary", "x_acme_sfcc_context_access")
    )


@pytest.mark.parametrize(
    "records",
    [
        [declared("a"), declared("a")],
        [declared("a", b=Link(table="t", name="missing"))],
        [declared("a", b=Link(table="t", name="b")), declared("b", a=Link(table="t", name="a"))],
    ],
)
def test_contradictions_are_refused(records):
    with pytest.raises(InvalidDeclaration):
        Registry("x_a_b", records)


def test_the_scope_reaches_every_name_and_no_placeholder_stays():
    rows = scoped_app(AppParameters(scope="x_12345_shop"), Facts(csm=True)).rows()
    for row in rows:
        assert "x_acme" not in str([row.name, *row.values.values(), *row.initial.values()]), row.label


def test_csm_decides_where_the_panel_stands():
    def tables(facts):
        rows = scoped_app(AppParameters(), facts).rows()
        columns = {row.values["name"] for row in rows if row.table == "sys_dictionary"}
        forms = {row.values["table"] for row in rows if row.table == "sys_ui_formatter"}
        return {name for name in columns if not name.startswith("x_acme_sfcc")}, forms

    case = "sn_customerservice_case"
    assert tables(Facts(csm=True)) == ({case, "incident", "problem"}, {case})
    assert tables(Facts(csm=False)) == ({"incident", "problem"}, {"incident"})
