"""Writing records: defaults, numbers, choices, journals, cascades."""

from collections.abc import Callable

import pytest

from snow_app.emulator.errors import Aborted, DataPolicy, InvalidTable, NoRecord, Refused
from snow_app.emulator.instance import Instance, Operation, Row, RuleAbort, Session


def test_a_new_incident_has_the_platforms_defaults(admin: Session) -> None:
    row = admin.insert("incident", {"short_description": "Parcel is late"})
    expected = {
        "state": "1", "incident_state": "1", "active": "true", "impact": "3", "urgency": "3", "priority": "5",
        "severity": "3", "escalation": "0", "approval": "not requested", "upon_approval": "proceed",
        "upon_reject": "cancel", "notify": "1", "knowledge": "false", "made_sla": "true", "reassignment_count": "0",
        "category": "inquiry", "contact_type": "phone", "sys_domain": "global", "sys_domain_path": "/",
        "opened_by": admin.user.sys_id, "opened_at": "2026-11-23 10:00:00", "sys_created_on": "2026-11-23 10:00:00",
        "sys_created_by": "admin", "sys_mod_count": "0", "sys_class_name": "incident",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert admin.get("incident", row["sys_id"]) == row


def test_numbers_count_up_per_table(admin: Session) -> None:
    numbers = [
        admin.insert(table, {})["number"] for table in ("incident", "incident", "sn_customerservice_case", "task")
    ]
    assert numbers == ["INC0010001", "INC0010002", "CS0001001", "TASK0020001"]


def test_what_does_not_fit_is_not_kept(admin: Session) -> None:
    row = admin.insert(
        "incident",
        {"bogus": "x", "category": "no such", "state": "99", "short_description": "s" * 200, "opened_at": "yesterday"},
    )
    assert "bogus" not in row
    assert (row["category"], row["state"], len(row["short_description"]), row["opened_at"]) == ("inquiry", "1", 160, "")


def test_a_setting_lets_values_in_that_are_no_choice(admin: Session) -> None:
    name = "glide.rest.choice.allow_non_existing_value"
    admin.update("sys_properties", admin.query("sys_properties", f"name={name}")[0]["sys_id"], {"value": "true"})
    assert admin.insert("incident", {"category": "no such"})["category"] == "no such"


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [("1", "1", "1"), ("1", "3", "3"), ("2", "2", "3"), ("3", "1", "3"), ("2", "3", "4"), ("3", "3", "5")],
)
def test_priority_follows_impact_and_urgency(
    incident: Callable[..., Row], impact: str, urgency: str, priority: str
) -> None:
    assert incident(impact=impact, urgency=urgency, priority="2")["priority"] == priority


def test_resolving_wants_its_fields_by_label_and_stamps_who(admin: Session, incident: Callable[..., Row]) -> None:
    sys_id = incident()["sys_id"]
    with pytest.raises(DataPolicy) as refused:
        admin.update("incident", sys_id, {"state": "6", "close_notes": "sent again"})
    assert refused.value.detail == "Data Policy Exception: The following fields are mandatory: Resolution code"
    with pytest.raises(DataPolicy) as refused:
        admin.update("incident", sys_id, {"state": "7"})
    assert set(refused.value.labels) == {"Resolution code", "Resolution notes"}
    closing = {"close_code": "Solution provided", "close_notes": "sent again"}
    resolved = admin.update("incident", sys_id, {"state": "6", **closing})
    assert (resolved["resolved_by"], resolved["active"]) == (admin.user.sys_id, "true")
    closed = admin.update("incident", sys_id, {"incident_state": "7"})
    assert (closed["state"], closed["active"], closed["closed_by"]) == ("7", "false", admin.user.sys_id)
    reopened = admin.update("incident", sys_id, {"state": "2"})
    assert (reopened["active"], reopened["closed_at"], reopened["reopen_count"]) == ("true", "", "1")


def test_a_closed_case_stays_as_it_is(admin: Session) -> None:
    case = admin.insert("sn_customerservice_case", {"short_description": "Where is it?"})
    assert (case["priority"], case["category"], case["state"]) == ("4", "1", "1")
    admin.update("sn_customerservice_case", case["sys_id"], {"state": "3", "resolution_code": "1", "close_notes": "ok"})
    with pytest.raises(Aborted, match="aborted by Business Rule 'Prevent update of closed case\\^"):
        admin.update("sn_customerservice_case", case["sys_id"], {"short_description": "again"})


def test_an_update_counts_only_when_something_changes(admin: Session, incident: Callable[..., Row], clock) -> None:  # type: ignore[no-untyped-def]
    row = incident()
    clock.move(minutes=5)
    assert admin.update("incident", row["sys_id"], {"short_description": row["short_description"]}) == row
    changed = admin.update(
        "incident", row["sys_id"], {"short_description": "new", "sys_id": "other", "sys_mod_count": "9"}
    )
    assert (changed["sys_id"], changed["sys_mod_count"], changed["sys_updated_on"]) == (
        row["sys_id"],
        "1",
        "2026-11-23 10:05:00",
    )


def test_updating_through_the_parent_keeps_the_class(admin: Session, incident: Callable[..., Row]) -> None:
    changed = admin.update("task", incident()["sys_id"], {"impact": "1", "urgency": "1"})
    assert (changed["sys_class_name"], changed["priority"]) == ("incident", "1")


def test_journals_hold_nothing_and_show_everything(admin: Session, incident: Callable[..., Row], clock) -> None:  # type: ignore[no-untyped-def]
    row = incident(comments="first")
    clock.move(minutes=1)
    row = admin.update("incident", row["sys_id"], {"work_notes": "second"})
    assert (row["work_notes"], row["comments"]) == ("", "")
    entries = admin.query("sys_journal_field", f"element_id={row['sys_id']}^ORDERBYsys_created_on")
    assert [(e["name"], e["element"], e["value"]) for e in entries] == [
        ("incident", "comments", "first"),
        ("incident", "work_notes", "second"),
    ]
    # The admin lives in Berlin, an hour ahead.
    assert admin.display("incident", row, "comments_and_work_notes") == (
        "2026-11-23 11:01:00 - System Administrator (Work notes)\nsecond\n\n"
        "2026-11-23 11:00:00 - System Administrator (Additional comments)\nfirst\n\n"
    )


def test_a_note_on_a_closed_incident_is_accepted_and_lost(admin: Session, incident: Callable[..., Row]) -> None:
    closing = {"close_code": "Duplicate", "close_notes": "x"}
    row = incident(state="7", **closing)
    admin.update("incident", row["sys_id"], {"work_notes": "too late"})
    assert admin.query("sys_journal_field", f"element_id={row['sys_id']}") == []


def test_a_record_takes_what_belongs_to_it_along(admin: Session, incident: Callable[..., Row]) -> None:
    message = admin.insert("sys_rest_message", {"name": "Shop", "rest_endpoint": "http://shop"})
    function = admin.insert(
        "sys_rest_message_fn", {"rest_message": message["sys_id"], "function_name": "get", "http_method": "get"}
    )
    assert function["qualified_name"] == "Shop.get"
    admin.insert(
        "sys_rest_message_fn_headers", {"rest_message_function": function["sys_id"], "name": "Accept", "value": "x"}
    )
    admin.delete("sys_rest_message", message["sys_id"])
    assert admin.count("sys_rest_message_fn", f"rest_message={message['sys_id']}") == 0
    assert admin.count("sys_rest_message_fn_headers", f"rest_message_function={function['sys_id']}") == 0
    row = incident(work_notes="n")
    admin.delete("incident", row["sys_id"])
    assert admin.count("sys_journal_field", f"element_id={row['sys_id']}") == 0
    assert admin.get("task", row["sys_id"]) is None


def test_a_sys_id_may_be_chosen_but_not_twice(admin: Session) -> None:
    chosen = "AAAABBBBCCCCDDDDEEEEFFFF00001111"
    assert admin.insert("incident", {"sys_id": chosen})["sys_id"] == chosen
    with pytest.raises(Refused, match="Error during insert of incident"):
        admin.insert("incident", {"sys_id": chosen})


def test_what_is_not_there_is_said_so(admin: Session) -> None:
    with pytest.raises(InvalidTable):
        admin.insert("no_such_table", {})
    with pytest.raises(NoRecord):
        admin.update("incident", "0" * 32, {"state": "2"})
    with pytest.raises(NoRecord):
        admin.delete("incident", "0" * 32)


class RecordingRules:
    """A script engine that notes what it is asked and refuses what says so."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, str]] = []

    def before(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        self._note("before", op, table, current)
        if "EICAR" in current.get("short_description", ""):
            raise RuleAbort("Refuse viruses", "1" * 32)
        if op != "delete":
            current["correlation_display"] = f"set before {op}"

    def after(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        assert (session.get(table, current["sys_id"]) is None) == (op == "delete")
        self._note("after", op, table, current)

    def queued(self, op: Operation, table: str, current: Row, previous: Row | None, session: Session) -> None:
        self._note("queued", op, table, current)

    def display(self, table: str, current: Row, session: Session) -> dict[str, str]:
        return {}

    def narrowed(self, table: str, session: Session) -> tuple[str, ...]:
        return ()

    def evaluate(self, script: str, table: str, current: Row, session: Session) -> str:
        return script.upper()

    def following(self, now: object) -> None:
        return None

    def due(self, now: object) -> None:
        self.seen.append(("due", "", "", ""))

    def _note(self, when: str, op: str, table: str, current: Row) -> None:
        if table == "incident":
            self.seen.append((when, op, table, current["short_description"]))


def test_rules_run_before_after_and_later(instance: Instance, admin: Session) -> None:
    rules = RecordingRules()
    instance.scripts = rules
    row = admin.insert("incident", {"short_description": "a"})
    assert row["correlation_display"] == "set before insert"
    admin.update("incident", row["sys_id"], {"short_description": "b"})
    admin.delete("incident", row["sys_id"])
    admin.insert("incident", {"short_description": "quiet"}, workflow=False)
    now = [("before", "insert", "incident", "a"), ("after", "insert", "incident", "a")]
    now += [("before", "update", "incident", "b"), ("after", "update", "incident", "b")]
    now += [("before", "delete", "incident", "b"), ("after", "delete", "incident", "b")]
    assert rules.seen == now
    instance.run_pending()
    later = [("due", "", "", "")] + [
        ("queued", op, "incident", text) for op, text in (("insert", "a"), ("update", "b"), ("delete", "b"))
    ]
    assert rules.seen[len(now) :] == later
    instance.run_pending()
    assert rules.seen[len(now) + len(later) :] == [("due", "", "", "")]


def test_a_rule_that_refuses_leaves_nothing_behind(instance: Instance, admin: Session) -> None:
    instance.scripts = RecordingRules()
    with pytest.raises(Aborted) as refused:
        admin.insert("incident", {"short_description": "EICAR"})
    assert refused.value.detail == (
        f"Operation against file 'incident' was aborted by Business Rule 'Refuse viruses^{'1' * 32}'. "
        "Business Rule Stack:Refuse viruses"
    )
    assert admin.count("incident", "short_description=EICAR") == 0
