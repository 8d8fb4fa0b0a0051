"""Configuration items: classes, relations, and the CMDB Instance API."""

import pytest


@pytest.fixture
def relation_type(api):
    return api.get("table/cmdb_rel_type", sysparm_query="name=Depends on::Used by").json()["result"][0]["sys_id"]


def made(api, **attributes: str):
    answer = api.post("cmdb/instance/cmdb_ci_linux_server", {"attributes": attributes, "source": "ServiceNow"})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_an_item_is_made_with_the_columns_of_its_class(api) -> None:
    item = made(api, name="lnx-1", cpu_name="i5", no_such="x")
    attributes = item["attributes"]
    assert (attributes["name"], attributes["cpu_name"], attributes["firewall_status"]) == ("lnx-1", "i5", "Intranet")
    assert (attributes["sys_class_name"], attributes["discovery_source"]) == ("cmdb_ci_linux_server", "ServiceNow")
    assert attributes["first_discovered"] == attributes["last_discovered"] != ""
    assert "no_such" not in attributes
    assert (item["inbound_relations"], item["outbound_relations"]) == ([], [])
    seen = api.get(f"table/cmdb_ci/{attributes['sys_id']}").json()["result"]
    assert seen["sys_class_name"] == "cmdb_ci_linux_server"


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_item_is_changed_and_read(api, method) -> None:
    sys_id = made(api, name="lnx-1")["attributes"]["sys_id"]
    path = f"cmdb/instance/cmdb_ci_linux_server/{sys_id}"
    answer = api(method, path, json={"attributes": {"ram": "4096"}, "source": "ServiceNow"})
    assert answer.json()["result"]["attributes"]["ram"] == "4096"
    read = api.get(path).json()["result"]["attributes"]
    assert (read["ram"], read["name"]) == ("4096", "lnx-1")


def test_relations_stand_on_both_sides(api, relation_type) -> None:
    parent, child = (made(api, name=name)["attributes"]["sys_id"] for name in ("lnx-1", "lnx-2"))
    body = {"outbound_relations": [{"type": relation_type, "target": child}]}
    path = f"cmdb/instance/cmdb_ci_linux_server/{parent}"
    relation = api.post(f"{path}/relation", body).json()["result"]["outbound_relations"][0]
    assert relation["type"]["display_value"] == "Depends on::Used by"
    assert (relation["target"]["value"], relation["target"]["display_value"]) == (child, "lnx-2")
    assert relation["target"]["link"].endswith(f"/api/now/cmdb/instance/cmdb_ci/{child}")
    other = api.get(f"cmdb/instance/cmdb_ci_linux_server/{child}").json()["result"]["inbound_relations"][0]
    assert (other["sys_id"], other["target"]["value"]) == (relation["sys_id"], parent)
    removed = api.delete(f"{path}/relation/{relation['sys_id']}")
    assert (removed.status_code, removed.json()["result"]["outbound_relations"]) == (200, [])


def test_relations_end_with_their_item(api, relation_type) -> None:
    parent, child = (made(api, name=name)["attributes"]["sys_id"] for name in ("lnx-1", "lnx-2"))
    row = api.made("cmdb_rel_ci", parent=parent, child=child, type=relation_type)
    api.delete(f"table/cmdb_ci_linux_server/{child}")
    assert api.get(f"table/cmdb_rel_ci/{row['sys_id']}").status_code == 404


def test_an_item_comes_with_its_relations_or_not_at_all(api, relation_type) -> None:
    body = {
        "attributes": {"name": "lnx-3"},
        "source": "ServiceNow",
        "inbound_relations": [{"type": relation_type, "target": "nothing"}],
    }
    assert api.post("cmdb/instance/cmdb_ci_linux_server", body).status_code == 400
    assert api.get("table/cmdb_ci_linux_server", sysparm_query="name=lnx-3").json()["result"] == []


def test_a_list_names_items(api) -> None:
    made(api, name="lnx-1")
    rows = api.get("cmdb/instance/cmdb_ci_linux_server", sysparm_query="name=lnx-1").json()["result"]
    assert [set(row) for row in rows] == [{"sys_id", "name"}]
    first = api.get("cmdb/instance/cmdb_ci_linux_server", sysparm_limit="1").json()["result"]
    assert len(first) == 1


def test_refusals(api, employee) -> None:
    assert api.get("cmdb/instance/incident").status_code == 400
    assert api.get("cmdb/instance/no_such_class").status_code == 400
    assert api.get("cmdb/instance/cmdb_ci_linux_server/nothing").status_code == 404
    assert api.post("cmdb/instance/cmdb_ci_linux_server", {"attributes": {"name": "x"}}).status_code == 400, "no source"
    assert employee.get("cmdb/instance/cmdb_ci_linux_server").status_code == 403
