"""From an action on a problem to what shoppers see, and from there to the end of the complaints, or not."""

from __future__ import annotations

import pytest
import requests

from tests.e2e.feedback.conftest import SITE


@pytest.fixture
def problem(world):
    for _ in range(6):
        world.says(orderNo="00012345", consent=True, rating=1)
    (made,) = world.problems()
    return made


def help_page(shop, content_id: str) -> requests.Response:
    return requests.get(f"{shop.url}/s/{SITE}/help/{content_id}", timeout=20)


def published(world, problem, text: str = "The zip of this jacket may jam. We replace it free of charge."):
    chosen = {"action": "notice", "action_text": text, "publish": True}
    return world.writes(problem, **{world.own(name): value for name, value in chosen.items()})


def in_state(world, instance, problem, state: str, **more: str):
    """A person moves the problem, as the buttons of the form do."""
    session = instance.instance.session("admin")
    needed = {
        "assigned_to": session.user.sys_id,
        "cause_notes": "Known",
        "fix_notes": "Mended",
        "close_notes": "Mended",
    }
    session.update("problem", problem.sys_id, {"state": state, **needed, **more}, acl=False)
    row = world.snow.table("problem").get(problem.sys_id)
    world.changed(row)
    instance.instance.run_pending()
    return world.snow.table("problem").get(problem.sys_id)


def test_a_notice_stands_on_the_storefront_until_it_is_withdrawn(world, problem, shop):
    after = published(world, problem, "Zips may jam.\n[de] Der Reißverschluss <kann> klemmen.")
    assert after[world.own("action_note")] == "Shown at once: this instance does not replicate."
    assert (after[world.own("action_state")], after[world.own("recurrence")]) == ("published", "watching")
    shown = help_page(shop, after[world.own("action_target")])
    assert (shown.status_code, "Zips may jam." in shown.text) == (200, True)
    german = requests.get(shown.url, params={"locale": "de-DE"}, timeout=20).text
    assert "Der Reißverschluss &lt;kann&gt; klemmen." in german
    gone = world.writes(after, **{world.own("publish"): False})
    assert gone[world.own("action_state")] == "withdrawn"
    assert help_page(shop, after[world.own("action_target")]).status_code == 404


def test_the_workaround_of_a_known_error_is_what_shoppers_read(world, problem, shop):
    known = {"known_error": True, "workaround": "<p>Pull &amp; lift the zip.</p>"}
    world.snow.table("problem").update(problem.sys_id, known)
    after = world.writes(problem, **{world.own("action"): "notice", world.own("publish"): True})
    assert "Pull &amp; lift the zip." in help_page(shop, after[world.own("action_target")]).text


def test_an_action_that_cannot_be_done_says_on_the_problem_what_is_missing(world, problem):
    after = world.writes(problem, **{world.own("action"): "notice", world.own("publish"): True})
    assert after[world.own("action_state")] == "refused"
    assert "no text for shoppers" in after[world.own("action_note")]
    wrong = {"action": "content_fix", "action_text": "Better.", "action_target": "no-such-page"}
    after = world.writes(problem, **{world.own(name): value for name, value in wrong.items()})
    assert "no content asset no-such-page" in after[world.own("action_note")]
    assert world.counts()["feedback"].get("parked") is None


def test_a_quiet_week_after_the_action_lets_the_problem_close(world, problem, instance):
    published(world, problem)
    world.passes(days=8)
    after = world.snow.table("problem").get(problem.sys_id)
    assert after[world.own("recurrence")] == "stopped"
    assert after[world.own("recurrence_note")].startswith("Stopped: may be closed. 0 in ")
    closed = in_state(world, instance, problem, "107", resolution_code="fix_applied")
    assert (closed["state"], closed[world.own("reopen")]) == ("107", "false")


def test_closed_before_that_it_is_taken_up_again(world, problem, instance):
    published(world, problem)
    closed = in_state(world, instance, problem, "107", resolution_code="fix_applied")
    assert (closed["state"], closed[world.own("reopen")]) == ("103", "false")
    assert "Closed before it was certain" in closed[world.own("recurrence_note")]


def test_nothing_mended_may_be_closed_at_any_time(world, problem, instance):
    closed = in_state(world, instance, problem, "107", resolution_code="risk_accepted")
    assert closed["state"] == "107"


def test_complaints_that_go_on_are_seen_at_the_next_look(world, problem):
    published(world, problem)
    for _ in range(4):
        world.says()
        world.time.sleep(86_400)
    world.passes(days=4)
    after = world.snow.table("problem").get(problem.sys_id)
    assert after[world.own("recurrence")] == "recurred"


def test_a_complaint_that_comes_back_reopens_its_closed_problem(world, problem, instance):
    published(world, problem)
    world.passes(days=8)
    in_state(world, instance, problem, "107", resolution_code="fix_applied")
    world.passes(days=20)
    world.says()
    world.says()
    assert world.snow.table("problem").get(problem.sys_id)["state"] == "107"
    world.says()
    instance.instance.run_pending()
    (after,) = world.problems()
    assert (after.sys_id, after["state"]) == (problem.sys_id, "103")
    assert after[world.own("recurrence")] == "recurred"
