"""The installer converges, notices every way in which an instance does something else, and takes off what it put on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from snow_app.app import Facts, scoped_app
from snow_app.errors import InstallStopped
from snow_app.install import Action, applied, planned, uninstalled, verified
from snow_app.install.journal import Journal, journal_of
from snow_app.row import Record
from tests.generated_app import generated

SCOPE = "x_test_shop"
OTHER_APP = "9" * 32


def installed(store, table):
    return store.rows.get(table, {}).values()


def test_a_plan_writes_nothing(store, client, parameters):
    plan = planned(client, parameters)
    assert store.writes == []
    assert store.requests == 2
    assert plan.counts()[Action.CREATE] > 50
    assert plan.writes


def test_apply_installs_and_a_second_apply_writes_nothing(store, client, parameters):
    rows = planned(client, parameters).counts()[Action.CREATE]
    store.requests = 0
    first = applied(client, parameters)
    assert first.written == rows
    assert store.requests <= rows / 50 + 12
    written, store.requests = len(store.writes), 0
    assert applied(client, parameters).written == 0
    assert len(store.writes) == written
    assert store.requests <= 12
    assert verified(client, parameters).ok


def test_queries_stay_short_however_many_records(store, client, parameters, monkeypatch):
    queries = []
    matches = store.matches
    monkeypatch.setattr(store, "matches", lambda row, query: queries.append(query) or matches(row, query))
    assert applied(client, parameters, generated(600)).written == 600
    assert verified(client, parameters, generated(600)).ok
    assert max(len(query["sysparm_query"]) for query in queries) < 10_000


def test_the_user_is_put_back_where_they_were(store, client, parameters):
    store.rows["sys_user_preference"]["p" * 32] = {
        "sys_id": "p" * 32,
        "name": "apps.current_app",
        "user": "u" * 32,
        "value": OTHER_APP,
    }
    store.current = OTHER_APP
    applied(client, parameters)
    assert store.current == OTHER_APP


def test_everything_lands_in_our_application_and_the_probe_is_gone(store, client, parameters):
    applied(client, parameters)
    app = next(iter(installed(store, "sys_app")))
    scopes = {row["sys_scope"] for table, rows in store.rows.items() for row in rows.values() if "sys_scope" in row}
    assert scopes == {app["sys_id"], "global"}
    assert not [row for row in installed(store, "sys_properties") if row["name"].endswith("probe")]


def test_without_the_picker_the_preference_is_written(store, client, parameters):
    store.picker_works = False
    assert applied(client, parameters).written
    assert verified(client, parameters).ok


@pytest.mark.parametrize("works", [True, False])
def test_records_that_would_land_elsewhere_stop_it_before_anything_is_installed(store, client, parameters, works):
    store.picker_works, store.picker_moves = works, False
    store.misbehave = lambda table, values: 403 if table == "sys_user_preference" else values
    with pytest.raises(InstallStopped):
        applied(client, parameters)
    assert not installed(store, "sys_script_include")


def test_an_interrupted_apply_is_finished_by_the_next(store, client, parameters):
    for limit in (3, 20, 45, 66):
        store.dies_after = limit
        with pytest.raises(InstallStopped):
            applied(client, parameters)
    store.dies_after = None
    applied(client, parameters)
    assert verified(client, parameters).ok
    names = [row["name"] for row in installed(store, "sys_script_include")]
    rows = scoped_app(parameters, Facts()).rows()
    assert sorted(names) == sorted(row.values["name"] for row in rows if row.table == "sys_script_include")
    written = len(store.writes)
    assert applied(client, parameters).written == 0
    assert len(store.writes) == written


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda table, values: None if table == "sys_ui_macro" else values, "is not there"),
        (
            lambda table, values: {name: value for name, value in values.items() if name != "http_method"},
            "did not store http_method",
        ),
        (
            lambda table, values: {name: value[:4000] for name, value in values.items()},
            "cut script after 4000",
        ),
        (
            lambda table, values: {**values, "label": "Other"} if table == "sys_db_object" else values,
            "another label",
        ),
        (
            lambda table, values: {**values, "sys_scope": "global"} if table == "sys_ui_page" else values,
            "landed in another application",
        ),
        (lambda table, values: 403 if table == "sys_dictionary" else values, "An access rule"),
    ],
)
def test_the_first_mismatch_stops_it_with_the_record_and_the_reason(store, client, parameters, spoil, says):
    store.misbehave = spoil
    with pytest.raises(InstallStopped, match=says):
        applied(client, parameters)


def test_a_changed_declaration_is_an_update(store, client, parameters):
    applied(client, parameters)
    moved = replace(parameters, sidecar_url="https://new.test")
    plan = planned(client, moved)
    changed = {(change.table, change.columns) for change in plan.of(Action.UPDATE)}
    assert ("sys_properties", ("value",)) in changed
    assert ("sys_rest_message", ("rest_endpoint",)) in changed
    assert not plan.of(Action.DRIFTED)
    assert applied(client, moved).written == len(plan.of(Action.UPDATE))
    assert verified(client, moved).ok


def test_drift_is_told_from_updates_and_kept_unless_wanted(store, client, parameters):
    applied(client, parameters)
    macro = next(iter(installed(store, "sys_ui_macro")))
    macro["xml"] = "<changed/>"
    kept = applied(client, parameters)
    assert kept.written == 0
    assert [change.table for change in kept.kept] == ["sys_ui_macro"]
    assert not verified(client, parameters).ok
    assert applied(client, parameters, overwrite_drift=True).written == 1
    assert verified(client, parameters).ok


def test_the_operators_settings_are_not_drift_and_stay(store, client, parameters):
    applied(client, parameters)
    setting = next(row for row in installed(store, "sys_properties") if row["name"].endswith("timeout_ms"))
    setting["value"] = "9000"
    assert applied(client, replace(parameters, sidecar_url=None, token_id=None, token_secret=None)).written == 0
    assert setting["value"] == "9000"


def test_the_secret_is_written_and_never_shown(store, client, parameters):
    applied(client, parameters)
    (profile,) = installed(store, "sys_auth_profile_basic")
    assert (profile["username"], profile["password"]) == ("t1", "hush")
    assert "hush" not in repr(planned(client, parameters))
    rotated = replace(parameters, token_id="t2", token_secret="new")
    assert applied(client, rotated).written == 1
    (profile,) = installed(store, "sys_auth_profile_basic")
    assert (profile["username"], profile["password"]) == ("t2", "new")


def test_records_of_another_application_are_a_conflict(store, client, parameters):
    name = f"{SCOPE}.agent"
    store.rows["sys_user_role"] = {"e" * 32: {"sys_id": "e" * 32, "name": name, "sys_scope": "global"}}
    with pytest.raises(InstallStopped, match="another application"):
        applied(client, parameters)
    assert store.writes == []


def test_an_existing_form_is_used_and_left_alone(store, client, parameters):
    form = {"sys_id": "f" * 32, "name": "incident", "view": "Default view", "sys_scope": "global"}
    store.rows["sys_ui_form"] = {form["sys_id"]: dict(form)}
    applied(client, parameters)
    assert [row for row in installed(store, "sys_ui_form") if row["name"] == "incident"] == [form]
    assert form["sys_id"] in {row["sys_ui_form"] for row in installed(store, "sys_ui_form_section")}
    uninstalled(client, parameters)
    assert list(installed(store, "sys_ui_form")) == [form]


def test_a_form_nobody_configured_keeps_its_own_section(store, client, parameters):
    section = {"sys_id": "5" * 32, "name": "incident", "view": "Default view", "caption": "", "sys_scope": "global"}
    store.rows["sys_ui_section"] = {section["sys_id"]: section}
    applied(client, parameters)
    (form,) = (row["sys_id"] for row in installed(store, "sys_ui_form") if row["name"] == "incident")
    parts = [row for row in installed(store, "sys_ui_form_section") if row["sys_ui_form"] == form]
    placed = {row["sys_ui_section"]: row["position"] for row in parts}
    assert placed.pop(section["sys_id"]) == "0"
    assert list(placed.values()) == ["1"]
    assert applied(client, parameters).written == 0


def test_csm_moves_the_panel_and_the_old_records_go(store, client, parameters):
    applied(client, parameters)
    store.rows["sys_db_object"]["c" * 32] = {"sys_id": "c" * 32, "name": "sn_customerservice_case", "sys_scope": "v"}
    plan = planned(client, parameters)
    assert plan.of(Action.REMOVE)
    applied(client, parameters)
    assert {row["table"] for row in installed(store, "sys_ui_formatter")} == {"sn_customerservice_case"}
    columns = {row["name"] for row in installed(store, "sys_dictionary")}
    assert {name for name in columns if not name.startswith(SCOPE)} == {
        "sn_customerservice_case",
        "incident",
        "problem",
    }
    assert verified(client, parameters).ok


def test_uninstall_leaves_the_instance_as_it_was(store, client, parameters):
    before = {table: dict(rows) for table, rows in store.rows.items()}
    applied(client, parameters)
    gone = uninstalled(client, parameters)
    assert gone.application
    left = {table: rows for table, rows in store.rows.items() if rows and table != "sys_user_preference"}
    assert left == {table: rows for table, rows in before.items() if rows}
    assert uninstalled(client, parameters).removed == ()


def test_uninstall_refuses_changed_rows_unless_forced(store, client, parameters):
    applied(client, parameters)
    macro = next(iter(installed(store, "sys_ui_macro")))
    macro["xml"] = "<changed/>"
    written = len(store.writes)
    with pytest.raises(InstallStopped, match=r"sys_ui_macro .*--force"):
        uninstalled(client, parameters)
    assert len(store.writes) == written
    uninstalled(client, parameters, force=True)
    assert not installed(store, "sys_ui_macro")


def test_uninstall_also_takes_what_an_interrupted_apply_left(store, client, parameters):
    store.dies_after = 30
    with pytest.raises(InstallStopped):
        applied(client, parameters)
    store.dies_after = None
    uninstalled(client, parameters)
    assert not installed(store, "sys_user_role")
    assert not installed(store, "sys_app")


def test_an_application_made_by_hand_is_kept(store, client, parameters):
    app = {"sys_id": "7" * 32, "scope": SCOPE, "source": SCOPE, "sys_scope": "7" * 32, "name": "Made in Studio"}
    store.rows["sys_app"] = {app["sys_id"]: dict(app)}
    applied(client, parameters)
    assert {row["sys_scope"] for row in installed(store, "sys_script_include")} == {app["sys_id"]}
    assert not uninstalled(client, parameters).application
    assert list(installed(store, "sys_app")) == [app]


def test_verify_tells_people_what_is_left_to_do(store, client, parameters):
    fresh = replace(parameters, sidecar_url=None, token_id=None, token_secret=None)
    assert not verified(client, fresh).ok
    applied(client, fresh)
    result = verified(client, fresh)
    texts = " ".join(finding.text for finding in result.findings if finding.level == "to_do")
    assert result.ok
    for word in ("sidecar.url", "auth profile", "access rule"):
        assert word in texts


def test_a_broken_journal_is_an_empty_one():
    page = Record(
        table="sys_properties", sys_id="1", values={"name": f"{SCOPE}.install.journal.1", "value": "{"}, displays={}
    )
    assert journal_of([page], SCOPE) == Journal(pages=("1",))


def said(client, parameters, level):
    return [finding.text for finding in verified(client, parameters).findings if finding.level == level]


def import_access_rules(store, client, parameters):
    for change in planned(client, parameters).of(Action.PACKAGE):
        store.rows.setdefault(change.table, {})[change.sys_id] = {"sys_id": change.sys_id, **change.row.values}


def test_verify_says_which_records_need_which_channel(store, client, parameters):
    applied(client, parameters)
    plan = planned(client, parameters)
    packaged = plan.of(Action.PACKAGE)
    (channels,) = said(client, parameters, "note")
    assert f"{len(plan.changes) - len(packaged)} records come over REST (`sfcc-snow app apply`)" in channels
    counted = Counter(change.table for change in packaged)
    assert f"{len(packaged)} come by update set (`sfcc-snow app export`): " in channels
    for table in ("sys_security_acl", "sys_security_acl_role"):
        assert f"{table} ({counted[table]})" in channels


def test_verify_says_that_the_app_denies_until_the_access_rules_are_there(store, client, parameters):
    applied(client, parameters)
    (rules,) = (text for text in said(client, parameters, "to_do") if "access rule" in text)
    for rule in rule_names(client, parameters):
        assert rule in rules
    assert "denies by default" in rules
    assert "sfcc-snow app export" in rules
    import_access_rules(store, client, parameters)
    assert not [text for text in said(client, parameters, "to_do") if "access rule" in text]
    assert verified(client, parameters).ok


def rule_names(client, parameters):
    return [one.name for one in planned(client, parameters).of(Action.PACKAGE) if one.table == "sys_security_acl"]


def test_an_access_rule_that_is_broken_or_lacks_its_role_is_a_problem(store, client, parameters):
    applied(client, parameters)
    import_access_rules(store, client, parameters)
    rule = next(iter(installed(store, "sys_security_acl")))
    rule["active"] = "false"
    store.rows["sys_security_acl_role"].popitem()
    changed, roleless = sorted(said(client, parameters, "problem"), key=lambda text: "without its role" in text)
    assert "is not as declared (active)" in changed
    assert "Access rule without its role, so it denies" in roleless
    assert not verified(client, parameters).ok


def test_verify_names_an_interrupted_apply_and_rows_that_came_another_way(store, client, parameters):
    applied(client, parameters)
    for sys_id in [row["sys_id"] for row in installed(store, "sys_properties") if ".install.journal." in row["name"]]:
        store.rows["sys_properties"].pop(sys_id)
    assert verified(client, parameters).ok
    assert any("not in the installer's journal" in text for text in said(client, parameters, "note"))
    store.dies_after = len(store.writes) + 1
    with pytest.raises(InstallStopped):
        applied(client, parameters)
    store.dies_after = None
    assert any("An apply was interrupted" in text for text in said(client, parameters, "problem"))
    applied(client, parameters)
    assert verified(client, parameters).ok


def test_verify_says_where_new_records_land(store, client, parameters):
    applied(client, parameters)
    assert not any("application picker" in text for text in said(client, parameters, "note"))
    store.pick(next(iter(installed(store, "sys_app")))["sys_id"])
    assert any("application picker" in text for text in said(client, parameters, "note"))


def test_access_rules_that_came_by_package_are_found_and_stay(store, client, parameters):
    applied(client, parameters)
    import_access_rules(store, client, parameters)
    assert any("are on the instance" in finding.text for finding in verified(client, parameters).findings)
    assert len(uninstalled(client, parameters).packaged) == len(planned(client, parameters).of(Action.PACKAGE))
    assert installed(store, "sys_security_acl")
