"""Business rules, events and jobs."""

import pytest

from snow_app.emulator.errors import Aborted


def rule_body(statement: str) -> str:
    return f"(function executeRule(current, previous) {{ {statement} }})(current, previous);"


def test_a_before_rule_changes_what_is_stored(rule, admin) -> None:
    rule(rule_body("current.description = 'by rule: ' + current.short_description;"))
    row = admin.insert("incident", {"short_description": "x"})
    assert admin.get("incident", row["sys_id"])["description"] == "by rule: x"


def test_rules_run_in_their_order_and_see_each_other(rule, admin) -> None:
    rule(rule_body("current.description += 'b';"), order="200", name="second")
    rule(rule_body("current.description = 'a';"), order="100", name="first")
    assert admin.insert("incident", {})["description"] == "ab"


def test_rules_of_the_parent_table_run_too(rule, admin) -> None:
    rule(rule_body("current.description = 'task rule';"), collection="task")
    assert admin.insert("incident", {})["description"] == "task rule"


def test_an_abort_refuses_the_write(rule, admin, engine) -> None:
    rule(
        rule_body(
            "if (current.short_description == 'no') { gs.addErrorMessage('Not this one'); "
            "current.setAbortAction(true); }"
        ),
        name="Guard",
    )
    with engine.transaction(admin) as transaction, pytest.raises(Aborted, match="Guard"):
        admin.insert("incident", {"short_description": "no"})
    assert [(m.level, m.text) for m in transaction.messages] == [("error", "Not this one")]
    assert admin.count("incident", "short_description=no") == 0
    assert admin.insert("incident", {"short_description": "yes"})


def test_abort_action_and_message_need_no_script(rule, admin, engine) -> None:
    rule(abort_action="true", add_message="true", message="Closed", filter_condition="priority=1^EQ")
    with engine.transaction(admin) as transaction, pytest.raises(Aborted):
        admin.insert("incident", {"impact": "1", "urgency": "1"})
    assert transaction.messages[0].text == "Closed"
    assert admin.insert("incident", {"impact": "3", "urgency": "3"})


def test_a_script_that_writes_learns_of_the_abort(rule, run) -> None:
    rule(rule_body("current.setAbortAction(true);"))
    assert run("var gr = new GlideRecord('incident'); gr.initialize(); gr.insert()") is None


@pytest.mark.parametrize(
    ("condition", "change", "ran"),
    [
        ("stateCHANGESTO2", {"state": "2"}, True),
        ("stateCHANGESTO2", {"urgency": "1"}, False),
        ("stateVALCHANGES", {"state": "2"}, True),
        ("stateCHANGESFROM1", {"state": "2"}, True),
        ("stateCHANGESFROM3", {"state": "2"}, False),
        ("urgency=1^ORurgency=2", {"urgency": "2"}, True),
        ("caller_id.user_name=agent", {"state": "2"}, False),
    ],
)
def test_filter_conditions(rule, admin, condition, change, ran) -> None:
    row = admin.insert("incident", {"state": "1", "urgency": "3"})
    rule(rule_body("current.description = 'ran';"), filter_condition=condition, action_insert="false")
    assert (admin.update("incident", row["sys_id"], change)["description"] == "ran") is ran


def test_script_conditions_and_roles(rule, admin, instance) -> None:
    rule(rule_body("current.description += 'c';"), condition="current.urgency == 1")
    rule(rule_body("current.description += 'r';"), role_conditions="nobody_has_it")
    assert admin.insert("incident", {"urgency": "1"})["description"] == "cr"  # admin has every role
    assert admin.insert("incident", {"urgency": "2"})["description"] == "r"
    assert instance.session("agent").insert("incident", {"urgency": "2"}, acl=False)["description"] == ""


def test_set_field_values_without_a_script(rule, admin) -> None:
    rule(template="description=set^close_notes=SAMEASshort_description^EQ")
    row = admin.insert("incident", {"short_description": "copy"})
    assert (row["description"], row["close_notes"]) == ("set", "copy")


def test_after_rules_see_both_states(rule, admin) -> None:
    script = (
        "var log = new GlideRecord('incident'); log.initialize(); "
        "log.short_description = previous.state + '>' + current.state; log.insert();"
    )
    row = admin.insert("incident", {"state": "1"})
    rule(rule_body(script), when="after", action_insert="false", filter_condition="stateCHANGESTO2")
    admin.update("incident", row["sys_id"], {"state": "2"})
    assert admin.count("incident", "short_description=1>2") == 1


def test_asynchronous_rules_wait_and_have_no_previous(rule, admin, instance) -> None:
    script = (
        "(function (current, previous) { var gr = new GlideRecord('incident'); "
        "gr.get(current.getUniqueValue()); gr.description = 'async ' + (previous === null); "
        "gr.setWorkflow(false); gr.update(); })(current, previous);"
    )
    rule(script, when="async")
    row = admin.insert("incident", {})
    assert admin.get("incident", row["sys_id"])["description"] == ""
    instance.run_pending()
    assert admin.get("incident", row["sys_id"])["description"] == "async true"


def test_set_workflow_false_runs_no_rules(rule, run, admin) -> None:
    rule(rule_body("current.description = 'ran';"))
    run(
        "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'quiet'; "
        "gr.setWorkflow(false); gr.insert()"
    )
    assert admin.query("incident", "short_description=quiet")[0]["description"] == ""


def test_a_rule_that_triggers_itself_ends(rule, admin, logged) -> None:
    rule(
        rule_body("var gr = new GlideRecord('incident'); gr.initialize(); gr.insert();"),
        when="after",
        action_update="false",
    )
    admin.insert("incident", {})
    assert 1 < admin.count("incident") < 10
    assert any("too deep" in message for message in logged())


def test_a_failing_rule_is_logged_and_the_write_goes_on(rule, admin, logged) -> None:
    rule("\n\ncurrent.nothing.more();", name="Broken")
    assert admin.insert("incident", {"short_description": "still here"})["short_description"] == "still here"
    assert any("(Broken) at line 3" in message for message in logged())


def test_scratchpads_come_from_before_display_rules(rule, admin, engine) -> None:
    rule("g_scratchpad.vip = current.urgency == 1; g_scratchpad.note = 'n';", when="before_display")
    row = admin.insert("incident", {"urgency": "1"})
    assert engine.display("incident", row, admin) == {"vip": "true", "note": "n"}


@pytest.mark.parametrize(
    ("values", "ran"),
    [
        ({"when": "before"}, False),
        ({"when": "after"}, False),
        ({"when": "async"}, True),
        ({"when": "before", "script": "", "template": "description=ran^EQ"}, True),
        ({"when": "before", "script": "", "abort_action": "true", "template": "description=ran^EQ"}, False),
    ],
)
def test_scoped_rules_on_foreign_tables_are_limited(rule, scoped, admin, instance, values, ran) -> None:
    script = (
        "var gr = new GlideRecord('incident'); gr.get(current.sys_id + ''); "
        "gr.description = 'ran'; gr.update(); current.description = 'ran';"
    )
    rule(**{"script": script, "application": scoped, **values, "action_update": "false"})
    row = admin.insert("incident", {})
    instance.run_pending()
    assert (admin.get("incident", row["sys_id"])["description"] == "ran") is ran


def test_scripts_in_columns_are_evaluated(engine, admin) -> None:
    row = admin.insert("incident", {"urgency": "1"})
    assert engine.evaluate("answer = current.urgency == 1", "incident", row, admin) == "true"
    assert engine.evaluate("current.urgency == 2", "incident", row, admin) == "false"
    assert engine.evaluate("gs.getUserName()", "incident", row, admin) == "admin"
    assert engine.evaluate("throw new Error('x')", "incident", row, admin) == ""


def test_events_run_their_script_actions(admin, run, instance, clock, logged) -> None:
    admin.insert("sysevent_register", {"event_name": "x_acme_test.shipped", "table": "incident"})
    script = "current.description = event.parm1 + '/' + event.parm2; current.update();"
    admin.insert(
        "sysevent_script_action",
        {"name": "Note", "event_name": "x_acme_test.shipped", "script": script, "active": "true"},
    )
    row = admin.insert("incident", {})
    fire = (
        f"var gr = new GlideRecord('incident'); gr.get('{row['sys_id']}'); "
        f"gs.eventQueue('x_acme_test.shipped', gr, 'a', 'b');"
    )
    run(fire)
    assert admin.query("sysevent", "name=x_acme_test.shipped")[0]["state"] == "ready"
    instance.run_pending()
    assert admin.get("incident", row["sys_id"])["description"] == "a/b"
    assert admin.query("sysevent", "name=x_acme_test.shipped")[0]["state"] == "processed"
    assert logged() == []


def test_a_later_event_waits_for_its_time(admin, run, instance, clock) -> None:
    script = "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'event'; gr.insert();"
    admin.insert("sysevent_script_action", {"name": "Later", "event_name": "later", "script": script, "active": "true"})
    run("var at = new GlideDateTime(); at.addSeconds(60); gs.eventQueueScheduled('later', null, '', '', at);")
    instance.run_pending()
    assert admin.count("incident", "short_description=event") == 0
    clock.forward(seconds=61)
    instance.run_pending()
    instance.run_pending()
    assert admin.count("incident", "short_description=event") == 1


@pytest.mark.parametrize(
    ("schedule", "waits", "due"),
    [
        ({"run_type": "periodically", "run_period": "1970-01-01 00:15:00"}, {"minutes": 14}, {"minutes": 1}),
        ({"run_type": "daily", "run_time": "1970-01-01 13:00:00"}, {"minutes": 59}, {"minutes": 1}),
        ({"run_type": "weekly", "run_time": "1970-01-01 10:00:00", "run_dayofweek": "3"}, {"hours": 45}, {"hours": 1}),
        ({"run_type": "monthly", "run_dayofmonth": "31"}, {"days": 6}, {"days": 1}),
        ({"run_type": "once", "run_start": "2026-11-23 14:00:00"}, {"minutes": 119}, {"minutes": 1}),
    ],
)
def test_jobs_run_when_their_time_comes(admin, engine, instance, clock, schedule, waits, due) -> None:
    script = "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'job'; gr.insert();"
    admin.insert("sysauto_script", {"name": "Job", "active": "true", "script": script, **schedule})

    def runs() -> int:
        instance.run_pending()
        return admin.count("incident", "short_description=job")

    assert runs() == 0
    clock.forward(**waits)
    assert runs() == 0
    clock.forward(**due)
    assert runs() == 1
    assert runs() == 1


def test_a_job_with_a_false_condition_stays(admin, engine, instance, clock) -> None:
    script = "var gr = new GlideRecord('incident'); gr.initialize(); gr.insert();"
    job = {
        "name": "Job",
        "active": "true",
        "script": script,
        "run_type": "periodically",
        "run_period": "1970-01-01 00:01:00",
    }
    admin.insert("sysauto_script", {**job, "conditional": "true", "condition": "answer = false"})
    instance.run_pending()
    clock.forward(minutes=2)
    instance.run_pending()
    assert admin.count("incident") == 0


def test_a_job_can_be_executed_now(admin, run, instance) -> None:
    script = "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'now'; gr.insert();"
    job = admin.insert("sysauto_script", {"name": "Job", "active": "true", "script": script, "run_type": "on_demand"})
    run(f"var job = new GlideRecord('sysauto_script'); job.get('{job['sys_id']}'); gs.executeNow(job);")
    instance.run_pending()
    assert admin.count("incident", "short_description=now") == 1
