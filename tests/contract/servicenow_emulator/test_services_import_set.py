"""The Import Set API: staging, transform maps with their scripts, and what each row becomes."""

import pytest

COLUMNS = ("u_key", "u_title", "u_user", "u_state", "u_due", "u_more")


@pytest.fixture
def staging(api) -> str:
    """A staging table, made over REST."""
    parent = api.get("table/sys_db_object", name="sys_import_set_row").json()["result"][0]["sys_id"]
    api.made("sys_db_object", name="u_imp_task", label="Task Import", super_class=parent)
    for name in COLUMNS:
        label = name.removeprefix("u_").title()
        api.made(
            "sys_dictionary",
            name="u_imp_task",
            element=name,
            column_label=label,
            internal_type="string",
            max_length=400,
        )
    return "u_imp_task"


@pytest.fixture
def made_map(api, staging):
    """A transform map into incident that coalesces on the correlation id."""

    def make(entries=(), scripts=(), **values):
        made = api.made(
            "sys_transform_map", **{"name": "Tasks", "source_table": staging, "target_table": "incident", **values}
        )
        fields = [
            {"source_field": "u_key", "target_field": "correlation_id", "coalesce": "true"},
            {"source_field": "u_title", "target_field": "short_description"},
            *entries,
        ]
        for field in fields:
            api.made("sys_transform_entry", map=made["sys_id"], source_table=staging, target_table="incident", **field)
        for when, script in scripts:
            api.made("sys_transform_script", map=made["sys_id"], when=when, script=script)
        return made["sys_id"]

    return make


def sent(api, staging: str, **values):
    answer = api.post(f"import/{staging}", values)
    assert answer.status_code == 201, answer.text
    return answer.json()["result"][0]


def incident(api, sys_id: str):
    return api.get(f"table/incident/{sys_id}", sysparm_exclude_reference_link="true").json()["result"]


def test_a_row_is_inserted_then_updated_then_unchanged(snow, api, staging, made_map) -> None:
    made_map()
    answer = api.post(f"import/{staging}", {"u_key": "A-1", "u_title": "one", "no_such": "x"})
    body = answer.json()
    result = body["result"][0]
    number = incident(api, result["sys_id"])["number"]
    assert (answer.status_code, body["staging_table"]) == (201, staging)
    assert body["import_set"].startswith("ISET00")
    assert result == {
        "transform_map": "Tasks",
        "table": "incident",
        "display_name": "number",
        "display_value": number,
        "record_link": f"{snow.url}/api/now/table/incident/{result['sys_id']}",
        "status": "inserted",
        "sys_id": result["sys_id"],
    }
    assert list(result) == [
        "transform_map",
        "table",
        "display_name",
        "display_value",
        "record_link",
        "status",
        "sys_id",
    ]
    again = sent(api, staging, u_key="a-1", u_title="two")
    assert (again["status"], again["sys_id"]) == ("updated", result["sys_id"]), "coalesce ignores case"
    same = sent(api, staging, u_key="a-1", u_title="")
    assert (same["status"], same["sys_id"]) == ("ignored", result["sys_id"])
    assert same["status_message"] == "No field values changed"
    assert incident(api, result["sys_id"])["short_description"] == "two", "empty values are not copied"
    assert api.post(f"import/{staging}", {"u_key": "B"}).json()["import_set"] == body["import_set"], "one set a day"


def test_a_row_can_be_read_again(api, staging, made_map) -> None:
    made_map()
    answer = api.post(f"import/{staging}", {"u_key": "A-1", "u_title": "one"})
    row = answer.headers["Location"].rpartition("/")[2]
    assert api.get(f"import/{staging}/{row}").json() == answer.json()
    stored = api.get(f"table/{staging}/{row}").json()["result"]
    assert (stored["sys_import_state"], stored["u_title"]) == ("inserted", "one")
    assert api.get(f"import/{staging}/{'0' * 32}").status_code == 404


@pytest.mark.parametrize(
    ("settings", "given", "status", "message"),
    [
        ({}, {"u_title": "no key"}, "skipped", "coalesce values not present: Correlation id"),
        ({"create_new_record_on_empty_coalesce_fields": "true"}, {"u_title": "no key"}, "inserted", None),
        ({"target_table": "no_such"}, {"u_key": "1"}, "error", "no_such"),
    ],
)
def test_rows_without_a_key(api, staging, made_map, settings, given, status, message) -> None:
    made_map(**settings)
    result = sent(api, staging, **given)
    assert result["status"] == status
    assert (message is None) == ("error_message" not in result)
    assert (message or "") in result.get("error_message", "")


def test_values_become_references_choices_and_times(api, staging, made_map) -> None:
    made_map(
        entries=[
            {"source_field": "u_user", "target_field": "assigned_to", "reference_value_field": "user_name"},
            {"source_field": "u_state", "target_field": "state"},
            {"source_field": "u_due", "target_field": "due_date", "date_format": "dd-MM-yyyy HH:mm:ss"},
        ]
    )
    result = sent(api, staging, u_key="1", u_user="agent", u_state="On Hold", u_due="24-11-2026 10:00:00")
    row = incident(api, result["sys_id"])
    agent = api.get("table/sys_user", user_name="agent").json()["result"][0]["sys_id"]
    # The administrator's time zone is Berlin's.
    assert (row["assigned_to"], row["state"], row["due_date"]) == (agent, "3", "2026-11-24 09:00:00")


@pytest.mark.parametrize(
    ("action", "status", "groups"),
    [("create", "inserted", 1), ("ignore", "inserted", 0), ("reject", "skipped", 0)],
)
def test_an_unknown_reference(api, staging, made_map, action, status, groups) -> None:
    made_map(entries=[{"source_field": "u_more", "target_field": "assignment_group", "choice_action": action}])
    assert sent(api, staging, u_key="1", u_more="Night Watch")["status"] == status
    assert len(api.get("table/sys_user_group", name="Night Watch").json()["result"]) == groups


def test_null_empties_a_field(api, staging, made_map) -> None:
    made_map()
    sys_id = sent(api, staging, u_key="1", u_title="one")["sys_id"]
    assert sent(api, staging, u_key="1", u_title="NULL")["status"] == "updated"
    assert incident(api, sys_id)["short_description"] == ""


def test_scripts_run_in_their_order(api, staging, made_map) -> None:
    made_map(
        entries=[
            {
                "target_field": "description",
                "use_source_script": "true",
                "source_script": "answer = (function (source) { return source.u_title.toUpperCase(); })(source);",
            }
        ],
        run_script="true",
        script="(function (source, target, isUpdate) { target.description += ' map:' + isUpdate; })"
        "(source, target, action === 'update');",
        scripts=[
            ("onBefore", "target.description += ' before'; log.warn('row ' + source.u_key);"),
            (
                "onAfter",
                "var note = new GlideRecord('incident'); note.get(target.sys_id); response.copied = note.number;",
            ),
            ("onStart", "gs.setProperty('import.trace', map.name + ' ' + import_set.table_name);"),
            ("onComplete", "gs.setProperty('import.trace', gs.getProperty('import.trace') + ' complete');"),
        ],
    )
    result = sent(api, staging, u_key="1", u_title="one")
    row = incident(api, result["sys_id"])
    assert row["description"] == "ONE map:false before"
    assert result["copied"] == row["number"]
    assert sent(api, staging, u_key="1", u_title="one")["status"] == "updated"
    assert incident(api, result["sys_id"])["description"] == "ONE map:true before"
    trace = api.get("table/sys_properties", name="import.trace").json()["result"][0]["value"]
    assert trace == "Tasks u_imp_task complete"
    assert api.get("table/syslog", source="Tasks", message="row 1").json()["result"][0]["level"] == "1"


@pytest.mark.parametrize(
    ("when", "script", "status", "told"),
    [
        ("onBefore", "ignore = true;", "ignored", ("status_message", "Row transform ignored by onBefore script")),
        ("onBefore", "error = true; error_message = 'no ' + source.u_title;", "error", ("error_message", "no one")),
        ("onBefore", "(function (source, map, log, target) { ignore = true; })(source, map, log, target);",
         "ignored", ("status_message", "Row transform ignored by onBefore script")),
        ("onStart", "ignore = true;", "ignored", ("status_message", "Transform ignored by onStart script")),
    ],
)  # fmt: skip
def test_a_script_stops_a_row(api, staging, made_map, when, script, status, told) -> None:
    made_map(scripts=[(when, script)])
    result = sent(api, staging, u_key="1", u_title="one")
    assert (result["status"], result[told[0]]) == (status, told[1])
    assert api.get("table/incident", correlation_id="1").json()["result"] == []


def test_a_rule_refuses_the_target(api, staging, made_map) -> None:
    made_map(entries=[{"source_field": "u_state", "target_field": "state"}])
    result = sent(api, staging, u_key="1", u_title="one", u_state="Closed")
    assert result["status"] == "error"
    assert "Resolution code" in result["error_message"]
    row = api.get("table/u_imp_task", sysparm_display_value="true").json()["result"][0]
    assert row["sys_import_state"] == "Error"
    assert row["sys_row_error"]["display_value"] == result["error_message"]


def test_business_rules_run_unless_the_map_says_no(api, staging, made_map) -> None:
    rule = "current.description = 'ruled';"
    api.made(
        "sys_script", name="r", collection="incident", when="before", action_insert="true", advanced="true", script=rule
    )
    sys_id = made_map()
    ruled = sent(api, staging, u_key="1", u_title="one")["sys_id"]
    api.patch(f"table/sys_transform_map/{sys_id}", {"run_business_rules": "false"})
    free = sent(api, staging, u_key="2", u_title="two")["sys_id"]
    assert [incident(api, one)["description"] for one in (ruled, free)] == ["ruled", ""]


def test_each_map_gives_a_result(api, staging, made_map) -> None:
    made_map(name="Second", order="200")
    made_map(name="First", order="10")
    made_map(name="Off", active="false")
    results = api.post(f"import/{staging}", {"u_key": "1", "u_title": "one"}).json()["result"]
    assert [(one["transform_map"], one["status"]) for one in results] == [("First", "inserted"), ("Second", "ignored")]


def test_nested_values_are_printed_as_java_prints_them(api, staging) -> None:
    answer = api.post(f"import/{staging}", {"u_more": {"a": 1, "b": [True, {"c": "d"}]}})
    assert (answer.status_code, answer.json()["result"]) == (201, [])
    assert api.get(f"table/{staging}").json()["result"][0]["u_more"] == "{a=1, b=[true, {c=d}]}"


def test_many_rows_are_transformed_later(snow, api, staging, made_map) -> None:
    made_map()
    document = {"records": [{"Key": str(n), "Title": f"row {n}"} for n in range(3)]}
    answer = api.post(f"import/{staging}/insertMultiple", document)
    assert answer.status_code == 201
    assert set(answer.json()) == {"import_set_id", "multi_import_set_id"}
    snow.instance.run_pending()
    import_set = api.get(f"table/sys_import_set/{answer.json()['import_set_id']}").json()["result"]
    assert (import_set["state"], import_set["mode"]) == ("processed", "asynchronous")
    rows = api.get("table/incident", sysparm_query="ORDERBYcorrelation_id").json()["result"]
    assert [row["short_description"] for row in rows] == ["row 0", "row 1", "row 2"]
    run = api.get("table/sys_import_set_run", set=import_set["sys_id"]).json()["result"][0]
    assert (run["total"], run["inserts"], run["state"]) == ("3", "3", "complete")
    more = api(
        "POST",
        f"import/{staging}/insertMultiple",
        json=document,
        params={"multi_import_set_id": answer.json()["multi_import_set_id"]},
    )
    assert more.json()["multi_import_set_id"] == answer.json()["multi_import_set_id"]


def test_many_rows_can_be_transformed_at_once_by_column_name(snow, api, staging, made_map) -> None:
    made_map()
    api.made(
        "sys_rest_insert_multiple", source_table=staging, transformation="synchronous", column_mapping="column_name"
    )
    answer = api.post(f"import/{staging}/insertMultiple", {"records": [{"u_key": "1", "u_title": "now"}]})
    assert answer.status_code == 201
    assert api.get("table/incident", correlation_id="1").json()["result"][0]["short_description"] == "now"


def test_who_may_load(api, agent, employee, integration, staging, made_map) -> None:
    made_map()
    assert employee.post(f"import/{staging}", {"u_key": "1"}).status_code == 403
    assert agent.post(f"import/{staging}", {"u_key": "1"}).status_code == 403
    assert sent(integration, staging, u_key="1", u_title="one")["status"] == "inserted"


def test_what_cannot_be_loaded(api, staging) -> None:
    for path, status in (
        ("import/no_such", 400), ("import/incident", 400), ("import/sys_import_set_row", 400),
    ):  # fmt: skip
        assert api.post(path, {"u_key": "1"}).status_code == status, path
    assert api.post(f"import/{staging}/insertMultiple", {"u_key": "1"}).status_code == 400
    assert api.get(f"import/{staging}").status_code == 405
    assert api("POST", f"import/{staging}", data="<a/>", headers={"Content-Type": "application/xml"}).status_code == 415
    assert api("POST", f"import/{staging}", json={}, headers={"Accept": "text/csv"}).status_code == 406
