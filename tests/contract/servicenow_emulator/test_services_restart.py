"""What the services put off survives a stop: rows to transform, workers, conflict checks, pipelines."""

import json

import pytest

from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.rest.request import Request
from snow_app.emulator.rest.routes import served


class Quiet:
    """An instance that serves no port, so that what waits keeps waiting."""

    def __init__(self, path) -> None:
        self.snow = ServiceNowEmulator(path=path)
        self.session = self.snow.instance.session("admin")

    def ask(self, method: str, url: str, document=None):
        body = json.dumps(document).encode() if document is not None else b""
        reply = served(Request.of(method, url, self.session, headers={}, body=body))
        assert reply.status in (200, 201, 202), reply.body
        return json.loads(reply.body)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "snow.db"


def test_what_waits_is_done_after_a_restart(path) -> None:
    first = Quiet(path)
    admin, records = first.session, first.snow.instance.records
    parent = records.first("sys_db_object", name="sys_import_set_row")["sys_id"]
    admin.insert("sys_db_object", {"name": "u_imp", "label": "Imp", "super_class": parent})
    admin.insert("sys_dictionary", {"name": "u_imp", "element": "u_title", "column_label": "Title"})
    made = admin.insert("sys_transform_map", {"name": "m", "source_table": "u_imp", "target_table": "incident"})
    admin.insert(
        "sys_transform_entry", {"map": made["sys_id"], "source_field": "u_title", "target_field": "short_description"}
    )
    item = admin.insert("cmdb_ci", {"name": "till"})["sys_id"]
    planned = {"cmdb_ci": item, "start_date": "2030-01-01 10:00:00", "end_date": "2030-01-01 11:00:00"}
    change = admin.insert("change_request", planned)["sys_id"]
    admin.insert("change_request", planned)

    first.ask("POST", "/api/now/import/u_imp/insertMultiple", {"records": [{"Title": "late"}]})
    changes = "/api/sn_chg_rest/change"
    added = first.ask("POST", f"{changes}/{change}/ci", {"association_type": "affected", "cmdb_ci_sys_ids": item})
    looked = first.ask("GET", f"{changes}/{change}/schedule")
    first.ask("POST", f"{changes}/{change}/conflict")
    pipeline = first.ask("POST", "/api/sn_cicd/plugin/com.snc.incident/activate")
    assert records.all("incident", short_description="late") == []
    first.snow.stop()

    second = Quiet(path)
    second.snow.instance.run_pending()
    assert len(second.snow.instance.records.all("incident", short_description="late")) == 1
    for worker in (added, looked):
        told = second.ask("GET", f"{changes}/worker/{worker['result']['worker']['sysId']}")
        assert told["result"]["state"]["display_value"] == "Complete"
    assert len(second.ask("GET", f"{changes}/{change}/ci?association_type=affected")["result"]) == 1
    assert second.ask("GET", f"{changes}/{change}/conflict")["result"]["status"] == "Conflict"
    progress = second.ask("GET", f"/api/sn_cicd/progress/{pipeline['result']['links']['progress']['id']}")
    assert progress["result"]["status"] == "2"
    second.snow.stop()


def test_a_conflict_check_can_be_stopped_while_it_waits(path) -> None:
    quiet = Quiet(path)
    admin = quiet.session
    item = admin.insert("cmdb_ci", {"name": "till"})["sys_id"]
    planned = {"cmdb_ci": item, "start_date": "2030-01-01 10:00:00", "end_date": "2030-01-01 11:00:00"}
    change = admin.insert("change_request", planned)["sys_id"]
    conflict = f"/api/sn_chg_rest/change/{change}/conflict"
    quiet.ask("POST", conflict)
    assert quiet.ask("GET", conflict)["result"]["job_status"] == "1"
    assert served(Request.of("DELETE", conflict, admin, headers={})).status == 200
    quiet.snow.instance.run_pending()
    assert quiet.ask("GET", conflict)["result"]["status"] == "Not Run"
    quiet.snow.stop()


def test_a_pipeline_is_pending_then_running_then_done(path) -> None:
    quiet = Quiet(path)
    links = quiet.ask("POST", "/api/sn_cicd/plugin/com.snc.incident/activate")["result"]["links"]
    progress = f"/api/sn_cicd/progress/{links['progress']['id']}"
    assert quiet.ask("GET", progress)["result"]["status_label"] == "Pending"
    seen = []
    update = type(quiet.session).update

    def watched(session, table, sys_id, values, **options):
        if table == "sys_plugins":
            seen.append(quiet.ask("GET", progress)["result"]["status_label"])
        return update(session, table, sys_id, values, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(quiet.session), "update", watched)
        quiet.snow.instance.run_pending()
    assert seen == ["Running"]
    assert quiet.ask("GET", progress)["result"]["status_label"] == "Successful"
    quiet.snow.stop()
