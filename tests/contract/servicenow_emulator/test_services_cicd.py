"""The CICD API: progress, update sets from creation to commit, and what is inactive."""

import pytest

from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.updatesets import committed, previewed, uploaded

CICD = "/api/sn_cicd"
SET, OTHER = "a" * 32, "b" * 32


def export(value: str, set_id: str = SET, updated: str = "") -> bytes:
    """An update-set file with one property in it."""
    stamp = f"<sys_updated_on>{updated}</sys_updated_on>" if updated else ""
    payload = (
        f'<record_update><sys_properties action="INSERT_OR_UPDATE"><sys_id>{"c" * 32}</sys_id>'
        f"<name>acme.colour</name><value>{value}</value>{stamp}</sys_properties></record_update>"
    )
    escaped = payload.replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<unload><sys_remote_update_set action="INSERT_OR_UPDATE"><sys_id>{set_id}</sys_id><name>Colours</name>'
        f"<application>global</application></sys_remote_update_set>"
        f'<sys_update_xml action="INSERT_OR_UPDATE"><sys_id>{set_id[:30]}01</sys_id><name>colour</name>'
        f"<remote_update_set>{set_id}</remote_update_set><payload>{escaped}</payload></sys_update_xml></unload>"
    ).encode()


def load(snow, value: str, set_id: str = SET, **more: str) -> None:
    uploaded(snow.instance.session("admin"), export(value, set_id, **more))


def result(answer, status: int = 200):
    assert answer.status_code == status, answer.text
    return answer.json()["result"]


def finished(snow, who, answer):
    """What the progress of a call says in the end."""
    told = result(answer)
    assert (told["status"], told["status_label"], told["percent_complete"], told["error"]) == ("0", "Pending", 0, "")
    assert told["links"]["progress"]["url"].endswith(f"/api/sn_cicd/progress/{told['links']['progress']['id']}")
    snow.instance.run_pending()
    return result(who.at("GET", f"{CICD}/progress/{told['links']['progress']['id']}"))


def colour(api) -> list[str]:
    return [row["value"] for row in api.get("table/sys_properties", name="acme.colour").json()["result"]]


@pytest.fixture
def pipeline(snow, api, sign_in):
    """A user with nothing but the role of pipelines."""
    user = api.made("sys_user", user_name="pipeline", user_password="pipeline", name="Pipeline")
    role = api.get("table/sys_user_role", name="sn_cicd.sys_ci_automation").json()["result"][0]["sys_id"]
    snow.instance.session("admin").insert("sys_user_has_role", {"user": user["sys_id"], "role": role}, acl=False)
    return sign_in("pipeline")


def test_a_set_is_previewed_and_committed(snow, api, pipeline) -> None:
    load(snow, "blue")
    early = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/commit/{SET}"))
    assert (early["status"], early["status_label"]) == ("3", "Failed")
    assert "preview it first" in early["error"]
    assert colour(api) == []
    done = finished(snow, pipeline, pipeline.at("POST", f"/api/sn_cicd/v1/update_set/preview/{SET}"))
    assert (done["status"], done["percent_complete"], done["links"]["source"]["id"]) == ("2", 100, SET)
    done = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/commit/{SET}"))
    assert (done["status"], done["status_label"], done["status_detail"]) == (
        "2",
        "Successful",
        "1 inserted, 0 updated, 0 deleted",
    )
    assert colour(api) == ["blue"]


def test_force_previews_and_accepts_problems(snow, api, pipeline) -> None:
    api.made("sys_properties", sys_id="c" * 32, name="acme.colour", value="local")
    load(snow, "old", updated="2020-01-01 00:00:00")
    preview = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/preview/{SET}"))
    assert preview["status_detail"] == "1 problem(s)"
    refused = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/commit/{SET}"))
    assert (refused["status"], colour(api)) == ("3", ["local"])
    forced = pipeline.at("POST", f"{CICD}/update_set/commit/{SET}", params={"force_commit": "true"})
    assert finished(snow, pipeline, forced)["status"] == "2"
    assert colour(api) == ["old"]


def test_several_are_committed_in_the_order_given(snow, api, pipeline) -> None:
    load(snow, "first")
    load(snow, "second", OTHER)
    params = {"remote_update_set_ids": f"{OTHER},{SET}", "force_commit": "true"}
    assert (
        finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/commitMultiple", params=params))["status"]
        == "2"
    )
    assert colour(api) == ["first"]
    again = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/commitMultiple", params=params))
    assert again["status"] == "2", "what is committed already is passed over"
    params = {"remote_update_set_ids": f"{SET},{'0' * 32}"}
    assert pipeline.at("POST", f"{CICD}/update_set/commitMultiple", params=params).status_code == 404
    assert pipeline.at("POST", f"{CICD}/update_set/commitMultiple").status_code == 400


def test_a_set_is_created_in_an_application(api, pipeline) -> None:
    params = {"update_set_name": "Sprint 1", "scope": "global", "description": "d"}
    told = result(pipeline.at("POST", f"{CICD}/update_set/create", params=params))
    assert (told["status"], told["status_message"]) == ("2", "Successfully created update set: Sprint 1")
    row = api.get(f"table/sys_update_set/{told['update_set_id']}").json()["result"]
    assert (row["name"], row["state"], row["description"]) == ("Sprint 1", "in progress", "d")
    for params, status in (
        ({"update_set_name": "x"}, 400),
        ({"scope": "global"}, 400),
        ({"update_set_name": "x", "scope": "no"}, 404),
    ):
        assert pipeline.at("POST", f"{CICD}/update_set/create", params=params).status_code == status, params


def test_a_set_is_retrieved_from_another_instance(snow, api, pipeline) -> None:
    with ServiceNowEmulator() as other:
        load(other, "there")
        admin = other.instance.session("admin")
        previewed(admin, SET)
        local = committed(admin, SET).update_set
        source = {"name": "Other", "url": other.url, "username": "admin", "password": "admin", "instance_id": "other-1"}
        api.made("sys_update_set_source", **source)
        params = {"update_set_id": local, "update_source_instance_id": "other-1", "auto_preview": "true"}
        for _ in range(2):
            answer = pipeline.at("POST", f"{CICD}/update_set/retrieve", params={**params, "cleanup_retrieved": "true"})
            done = finished(snow, pipeline, answer)
            assert (done["status"], done["status_message"]) == ("2", "Update set retrieved")
        kept = api.get("table/sys_remote_update_set", remote_sys_id=local).json()["result"]
        assert [(row["name"], row["state"]) for row in kept] == [("Colours", "previewed")]
        missing = pipeline.at("POST", f"{CICD}/update_set/retrieve", params={**params, "update_set_id": "0" * 32})
        assert "answered 404" in finished(snow, pipeline, missing)["error"]
    done = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/commit/{kept[0]['sys_id']}"))
    assert (done["status"], colour(api)) == ("2", ["there"])
    gone = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/retrieve", params=params))
    assert (gone["status"], "Other was asked" in gone["error"]) == ("3", True)
    for params, status in (
        ({}, 400),
        ({"update_set_id": local}, 400),
        ({"update_set_id": local, "update_source_id": "0" * 32}, 404),
    ):
        assert pipeline.at("POST", f"{CICD}/update_set/retrieve", params=params).status_code == status, params


def test_a_plugin_is_activated(snow, api, pipeline) -> None:
    plugin = api.get("table/sys_plugins", source="com.snc.incident").json()["result"][0]
    api.patch(f"table/sys_plugins/{plugin['sys_id']}", {"active": "false"})
    done = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/plugin/com.snc.incident/activate"))
    assert done["status"] == "2"
    assert api.get(f"table/sys_plugins/{plugin['sys_id']}").json()["result"]["active"] == "true"
    assert pipeline.at("POST", f"{CICD}/plugin/no.such/activate").status_code == 404


def test_test_suites_say_that_they_are_off(api, pipeline) -> None:
    run = {"test_suite_name": "Smoke"}
    told = result(pipeline.at("POST", f"{CICD}/testsuite/run", params=run))
    assert (told["status"], "sn_atf.schedule.enabled" in told["error"], "links" in told) == ("3", True, False)
    api.made("sys_properties", name="sn_atf.schedule.enabled", value="true")
    assert pipeline.at("POST", f"{CICD}/testsuite/run", params=run).status_code == 404
    assert pipeline.at("POST", f"{CICD}/testsuite/run").status_code == 400
    assert pipeline.at("GET", f"{CICD}/testsuite/results/{'0' * 32}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "app_repo/install", 405),
        ("POST", "app_repo/publish", 405),
        ("POST", "app/batch/install", 405),
        ("POST", "app/batch/rollback/x", 405),
        ("GET", "app/batch/results/x", 405),
        ("POST", "plugin/x/rollback", 405),
        ("POST", "sc/import", 405),
        ("POST", "sc/apply_stash/x", 405),
        ("POST", "instance_scan/full_scan", 405),
        ("POST", "instance_scan/suite_scan/x/scoped_apps", 405),
        ("GET", "instance_scan/result/x", 405),
        ("GET", "update_set/create", 405),
        ("GET", f"progress/{'0' * 32}", 404),
        ("POST", f"update_set/preview/{'0' * 32}", 404),
        ("POST", f"update_set/commit/{'0' * 32}", 404),
        ("POST", "update_set/back_out", 400),
        ("POST", "no_such", 400),
    ],
)
def test_what_is_refused(api, agent, pipeline, method, path, status) -> None:
    assert pipeline.at(method, f"{CICD}/{path}").status_code == status
    if status in (404,):
        assert agent.at(method, f"{CICD}/{path}").status_code == 403


def committed_set(snow, api, pipeline, set_id: str = SET) -> str:
    """The local update set that committing a loaded set made."""
    answer = pipeline.at("POST", f"{CICD}/update_set/commit/{set_id}", params={"force_commit": "true"})
    assert finished(snow, pipeline, answer)["status"] == "2"
    return api.get(f"table/sys_remote_update_set/{set_id}").json()["result"]["update_set"]["value"]


def test_what_a_set_inserted_is_backed_out(snow, api, pipeline) -> None:
    load(snow, "blue")
    local = committed_set(snow, api, pipeline)
    done = finished(snow, pipeline, pipeline.at("POST", f"{CICD}/update_set/back_out", params={"update_set_id": local}))
    assert (done["status"], done["status_detail"]) == ("2", "1 record(s) deleted")
    assert colour(api) == []
    assert api.get(f"table/sys_update_set/{local}").status_code == 404
    assert api.get(f"table/sys_remote_update_set/{SET}").json()["result"]["state"] == "loaded"
    assert committed_set(snow, api, pipeline) != local, "it can be committed again"


def test_a_set_that_changed_a_record_is_not_backed_out(snow, api, pipeline) -> None:
    api.made("sys_properties", sys_id="c" * 32, name="acme.colour", value="local")
    load(snow, "blue")
    local = committed_set(snow, api, pipeline)
    back_out = f"{CICD}/update_set/back_out"
    done = finished(snow, pipeline, pipeline.at("POST", back_out, params={"update_set_id": local}))
    assert (done["status"], "earlier version is not kept" in done["error"], colour(api)) == ("3", True, ["blue"])
    made = api.made("sys_update_set", name="by hand")["sys_id"]
    done = finished(snow, pipeline, pipeline.at("POST", back_out, params={"update_set_id": made}))
    assert (done["status"], "not committed" in done["error"]) == ("3", True)
    assert pipeline.at("POST", back_out, params={"update_set_id": "0"}).status_code == 404


def test_who_may_use_it(agent, sign_in) -> None:
    for path in ("app_repo/install", "update_set/create?update_set_name=x&scope=global", "testsuite/run"):
        assert agent.at("POST", f"{CICD}/{path}").status_code == 403, path
    assert sign_in("nobody").at("POST", f"{CICD}/update_set/create").status_code == 401
