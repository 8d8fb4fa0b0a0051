"""What happens to a case after it was opened: more reports, messages, answers, closing, and the day it goes back."""

from __future__ import annotations

import pytest

from sidecar.flows.order_issues.watching import halted, reconciled
from snow_app.errors import NotFound

SCOPE = "x_acme_sfcc"


def _close(world, order):
    case = world.case(order)
    world.desk.admin.table(world.desk.rung).update(case.sys_id, world.closing())
    return world.case(order)


def _comment(world, order, text: str):
    case = world.case(order)
    world.desk.admin.table(world.desk.rung).update(case.sys_id, {"comments": text})
    return world.case(order)


def _ring(world, order) -> tuple[str, str, str]:
    event = world.change(world.case(order), order)
    world.engine().run()
    return world.settled(event)


def _writes(world) -> int:
    return sum(1 for one in world.shop.requests if one.method == "PATCH")


# More of the same ----------------------------------------------------------------------------------------------------


def test_a_second_report_joins_the_open_case(each):
    order = each.order()
    each.report(order, comment="First.")
    each.report(order, comment="Second.")
    case = each.case(order)
    assert len(each.desk.notes(case.sys_id, "work_notes")) == 2
    comments = each.desk.notes(case.sys_id, "comments")
    assert [one.partition("\n")[0] for one in comments] == ([] if each.desk.rung == "incident" else ["Second."])
    assert len(each.desk.files(case.sys_id)) == 2


def test_topics_are_cases_of_their_own(world):
    order = world.order()
    for topic in ("damaged", "missing"):
        world.report(order, topic)
    assert [row[f"{SCOPE}_issue_type"] for row in world.cases(order)] == ["damaged", "missing"]


def test_lines_are_cases_of_their_own_until_one_report_names_both(world):
    order = world.order()
    for lines in (["a"], ["b"], ["a", "b"], ["c", "b"]):
        world.report(order, items=[{"itemId": line} for line in lines])
    first, second = world.cases(order)
    assert len(world.desk.notes(first.sys_id, "work_notes")) == 2
    assert len(world.desk.notes(second.sys_id, "work_notes")) == 2
    world.report(order, items=[{"itemId": "c"}])
    assert len(world.desk.notes(second.sys_id, "work_notes")) == 3


@pytest.mark.parametrize("told", [True, False])
def test_a_recurrence_opens_another_case_linked_to_the_old_one(each, told):
    order = each.order()
    each.report(order, comment="First.")
    old = _close(each, order)
    if told:
        assert _ring(each, order)[0] == "delivered"
    each.report(order, comment="Again.")
    (new,) = [row for row in each.cases(order) if row.sys_id != old.sys_id]
    assert new["parent"] == old.sys_id
    assert new["correlation_id"] != old["correlation_id"]
    (note,) = each.desk.notes(new.sys_id, "work_notes")
    assert f"Earlier case: {old['number']}" in note
    assert each.read(order.order_no).custom["c_snCaseNumber"] == new["number"]


def test_a_case_closed_while_we_write_gets_a_successor(each):
    """Nobody saw it closed before the note was sent."""
    order = each.order()
    each.report(order, comment="First.")
    old = each.case(order)

    def closing(step: str, point: str) -> None:
        if (step, point) == ("case", "kept"):
            each.desk.admin.table(each.desk.rung).update(old.sys_id, each.closing())

    event = each.put("order.issue_reported", order, topic="damaged", email=order.email, comment="Again.")
    each.engine(closing).run()
    assert each.settled(event)[0] == "delivered"
    (new,) = [row for row in each.cases(order) if row.sys_id != old.sys_id]
    assert new["parent"] == old.sys_id
    assert len(each.desk.notes(new.sys_id, "work_notes")) == 1


# Messages ------------------------------------------------------------------------------------------------------------


def test_a_message_is_a_public_comment_on_the_open_case(world):
    order = world.order()
    world.report(order, comment="First.")
    world.put("order.message_added", order, email=order.email.upper(), message="The right one too.")
    world.engine().run()
    case = world.case(order)
    (comment,) = world.desk.notes(case.sys_id, "comments")
    assert comment.startswith("The right one too.")
    assert len(world.desk.notes(case.sys_id, "work_notes")) == 1


def test_a_message_finds_the_case_of_its_topic_or_the_newest(world):
    order = world.order()
    for topic in ("damaged", "missing"):
        world.report(order, topic)
    world.put("order.message_added", order, email=order.email, message="To the first.", topic="damaged")
    world.put("order.message_added", order, email=order.email, message="To the newest.")
    world.engine().run()
    first, second = world.cases(order)
    assert [one.partition("\n")[0] for one in world.desk.notes(first.sys_id, "comments")] == ["To the first."]
    assert [one.partition("\n")[0] for one in world.desk.notes(second.sys_id, "comments")] == ["To the newest."]


def test_a_message_without_a_case_opens_one(each):
    order = each.order()
    each.put("order.message_added", order, email=order.email, message="Hello?")
    each.engine().run()
    case = each.case(order)
    assert case[f"{SCOPE}_issue_type"] == "other"
    assert ("Hello?" in case["description"]) == (each.desk.rung != "incident")


def test_a_strangers_message_stays_off_the_owners_case(world):
    order = world.order()
    world.report(order)
    world.put("order.message_added", order, email="stranger@example.net", message="Where is it?")
    world.engine().run()
    owners, strangers = world.every_case(order)
    assert world.desk.notes(owners.sys_id, "comments") == []
    assert strangers[f"{SCOPE}_verified"] == "false"


# Back to the order ---------------------------------------------------------------------------------------------------


def test_state_and_public_answers_go_back_to_the_order_internal_notes_never(each):
    order = each.order()
    each.report(order)
    case = each.case(order)
    rows = each.desk.admin.table(each.desk.rung)
    rows.update(case.sys_id, {"work_notes": "Suspicious buyer."})
    rows.update(case.sys_id, {"comments": "We send another pair."})
    rows.update(case.sys_id, {"state": "2" if each.desk.rung == "incident" else "10"})
    assert _ring(each, order)[0] == "delivered"
    shown = each.read(order.order_no).custom
    assert shown["c_snCaseStatus"] == "open"
    assert shown["c_snCaseComment"] == "We send another pair."
    assert "Suspicious" not in str(shown)


def test_our_own_write_never_comes_back(world):
    order = world.order()
    world.report(order)
    world.put("order.message_added", order, email=order.email, message="Any news?")
    world.engine().run()
    before = _writes(world)
    state, note, _ = _ring(world, order)
    assert (state, _writes(world)) == ("refused", before)
    assert note.endswith("Nothing new.")


def test_a_shopper_cannot_speak_for_the_agent(world):
    order = world.order()
    world.report(order)
    forged = "2026-01-01 10:00:00 - Robin Achter (Additional comments)\nYou get all your money back."
    world.put("order.message_added", order, email=order.email, message=forged)
    world.engine().run()
    _ring(world, order)
    assert world.read(order.order_no).custom.get("c_snCaseComment") is None


def test_what_somebody_else_wrote_into_our_attributes_is_put_right_and_said(world):
    order = world.order()
    world.report(order)
    row = world.shop.state.orders.get(order.order_no)
    world.shop.state.orders.save({**row, "c_snCaseStatus": "resolved", "c_other": "theirs"})
    _comment(world, order, "We look into it.")
    state, note, _ = _ring(world, order)
    shown = world.read(order.order_no).custom
    assert (state, shown["c_snCaseStatus"], shown["c_other"]) == ("delivered", "new", "theirs")
    assert "Somebody had changed" in note


def test_a_write_in_between_is_seen_and_tried_again(world):
    order = world.order()
    world.report(order)
    _comment(world, order, "We look into it.")
    event = world.change(world.case(order), order)

    def meddling(step: str, point: str) -> None:
        if (step, point) == ("order attributes", "before"):
            row = world.shop.state.orders.get(order.order_no)
            world.shop.state.orders.save({**row, "c_snCaseStatus": "meddled"})

    world.engine(meddling).run()
    assert world.settled(event)[::2] == ("waiting", "changed_meanwhile")
    world.clock.sleep(6)
    world.engine().run()
    assert world.settled(event)[0] == "delivered"
    assert world.read(order.order_no).custom["c_snCaseStatus"] == "new"


def test_the_order_shows_its_newest_open_case(world):
    order = world.order()
    for topic in ("damaged", "missing"):
        world.report(order, topic)
    old, new = world.cases(order)
    world.desk.admin.table(world.desk.rung).update(old.sys_id, {"comments": "About the old one."})
    event = world.change(old, order)
    world.engine().run()
    shown = world.read(order.order_no).custom
    assert shown["c_snCaseNumber"] == new["number"]
    assert shown.get("c_snCaseComment") is None
    assert "shows another case" in world.settled(event)[1]


def test_a_case_that_is_opened_again_takes_reports_again(world):
    order = world.order()
    world.report(order)
    old = _close(world, order)
    _ring(world, order)
    world.desk.snow.instance.records.update(world.desk.rung, old.sys_id, {"state": "10"})
    _ring(world, order)
    world.report(order, comment="Again.")
    assert len(world.desk.notes(world.case(order).sys_id, "work_notes")) == 2


# The day it goes back ------------------------------------------------------------------------------------------------


def test_a_restored_record_is_found_out_and_left_alone_until_it_is_reconciled(each):
    order = each.order()
    each.report(order, comment="First.")
    case = each.case(order)
    backup = each.desk.snow.instance.records.get(each.desk.rung, case.sys_id)
    _comment(each, order, "We send another pair.")
    assert _ring(each, order)[0] == "delivered"
    each.desk.snow.instance.records.update(each.desk.rung, case.sys_id, backup)
    shown = dict(each.read(order.order_no).custom)
    state, note, code = _ring(each, order)
    assert (state, code) == ("parked", "record_restored")
    assert case["number"] in note
    assert case["correlation_id"] in note
    before = len(each.desk.notes(case.sys_id, "work_notes"))
    waiting = each.put("order.issue_reported", order, topic="damaged", email=order.email, comment="More.")
    each.engine().run()
    assert each.settled(waiting)[0] == "waiting"
    assert len(each.desk.notes(case.sys_id, "work_notes")) == before
    assert dict(each.read(order.order_no).custom) == shown
    ((correlation_id, number, _),) = halted(each.database)
    assert (correlation_id, number) == (case["correlation_id"], case["number"])
    reconciled(each.database, each.flow.cases, correlation_id)
    assert halted(each.database) == ()
    each.replay()
    each.engine().run()
    assert each.settled(waiting)[0] == "delivered"
    assert len(each.desk.notes(case.sys_id, "work_notes")) == before + 1


def test_a_record_that_is_gone_is_replaced_once_reconciled(world):
    order = world.order()
    world.report(order)
    case = world.case(order)
    world.desk.admin.table(world.desk.rung).delete(case.sys_id)
    with pytest.raises(NotFound):
        world.desk.admin.table(world.desk.rung).get(case.sys_id)
    event = world.report(order, comment="More.")
    assert world.settled(event)[::2] == ("parked", "record_restored")
    assert reconciled(world.database, world.flow.cases, case["correlation_id"]) is None
    world.replay()
    world.engine().run()
    assert world.settled(event)[0] == "delivered"
    assert world.case(order).sys_id != case.sys_id
    assert world.case(order)["parent"] == ""


def test_a_replayed_event_adds_no_second_note(world):
    order = world.order()
    world.report(order, comment="First.")
    event = world.report(order, comment="Second.")
    world.replay(event)
    world.engine().run()
    case = world.case(order)
    assert len(world.desk.notes(case.sys_id, "work_notes")) == 2
    assert len(world.desk.notes(case.sys_id, "comments")) == 1
