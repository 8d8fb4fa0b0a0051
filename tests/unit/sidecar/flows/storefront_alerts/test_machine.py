"""The life of a group, case by case."""

from __future__ import annotations

import pytest

from sidecar.flows.storefront_alerts.group import Totals, read, written
from sidecar.flows.storefront_alerts.machine import MAINTENANCE, Around, next_look
from tests.unit.sidecar.flows.storefront_alerts.alerts import POLICY, after, alert, at, group, looked, opened

PAGE = {"type": "home", "metric": "LCP", "p75": 5200, "sampleSize": 900}
CHECKOUT = {"signal": "checkout_failures", "message": "Checkouts fail"}


def slow(minutes: float, *, good: bool = False, **page: object):
    return alert(minutes, good=good, signal="page_slow", message="Slow", page={**PAGE, **page})


def test_it_waits_for_what_belongs_together():
    state = after(group(), alert(0))
    assert looked(state, 0.4).act == "nothing"
    assert looked(state, 0.5).act == "open"
    assert next_look(state, at(0), POLICY) == at(0.5)


def test_recovered_before_it_opened_is_nothing():
    state = after(group(), alert(0), alert(0.2, good=True))
    assert looked(state, 5).act == "nothing"
    assert state.phase == "quiet"


def test_good_news_that_came_first_counts_against_older_failures():
    state = after(group(), alert(5, good=True), alert(3), now=6)
    assert looked(state, 10).act == "nothing"


@pytest.mark.parametrize(
    ("failures", "opens"), [((0,), False), ((0, 5), True), ((0, 5, 10), True)], ids=["one", "two", "three"]
)
def test_pages_are_slow_in_two_of_three_looks(failures, opens):
    state = group(slow(0))
    for minutes in (0, 5, 10):
        bad = minutes in failures
        one = slow(minutes, good=not bad, p75=5200 if bad else 2000)
        state = after(state, one)
    if failures[-1] != 10 and opens:
        state = after(state, slow(11))
    assert (looked(state, 12).act == "open") is opens


def test_the_same_window_twice_is_one_look():
    state = after(group(slow(0)), slow(0), slow(0))
    assert looked(state, 2).act == "nothing"


@pytest.mark.parametrize(("sample", "opens"), [(19, False), (20, True)])
def test_shares_need_a_sample(sample, opens):
    state = after(group(alert(**CHECKOUT)), alert(0, sampleSize=sample, **CHECKOUT))
    assert (looked(state, 1).act == "open") is opens


def test_small_samples_add_up():
    state = group(alert(**CHECKOUT))
    for minutes in (0, 5, 10):
        state = after(state, alert(minutes, sampleSize=7, **CHECKOUT))
    assert looked(state, 11).act == "open"


@pytest.mark.parametrize(
    ("metric", "p75", "fails"),
    [
        ("LCP", 2500, False), ("LCP", 2501, True), ("INP", 200, False), ("INP", 501, True),
        ("CLS", "0.1", False), ("CLS", "0.26", True), ("TTFB", 800, False), ("TTFB", 1801, True),
    ],
)  # fmt: skip
def test_thresholds_of_pages_are_the_public_ones(metric, p75, fails):
    state = after(group(slow(0)), slow(0, metric=metric, p75=p75))
    assert state.failing is fails


def test_an_older_recovery_resolves_nothing():
    state = after(opened(), alert(3), alert(2, good=True))
    assert looked(state, 60).act != "resolve"
    assert state.phase == "open"


def test_evidence_from_the_future_is_of_now():
    state = after(opened(), alert(500), now=2)
    state = after(state, alert(3, good=True))
    assert looked(state, 9).act == "resolve"


def test_silence_resolves_nothing_and_is_told_once():
    state = opened()
    told = looked(state, 62)
    assert (told.act, told.group.phase) == ("update", "open")
    assert looked(told.group, 600).act == "nothing"
    assert next_look(told.group, at(63), POLICY) is None


def test_it_is_held_before_it_is_resolved_and_longer_after_relapses():
    state = after(opened(), alert(2, good=True))
    assert looked(state, 6.9).act == "nothing"
    assert looked(state, 7).act == "resolve"
    state = after(state, alert(3))
    assert state.phase == "open"
    state = after(state, alert(4, good=True))
    assert looked(state, 13.9).act == "nothing"
    assert looked(state, 14).act == "resolve"


@pytest.mark.parametrize(("minutes", "act", "cycle"), [(30, "reopen", 1), (126, "reopen", 1), (128, "open", 2)])
def test_soon_it_is_the_same_incident_and_later_a_new_one(minutes, act, cycle):
    state = looked(after(opened(), alert(2, good=True)), 7).group
    state = after(state, alert(minutes))
    decision = looked(state, minutes + 0.5)
    assert (decision.act, decision.group.cycle) == (act, cycle)


def test_a_new_incident_counts_from_the_start():
    state = looked(after(opened(), alert(2, good=True)), 7).group
    state = after(state, alert(200))
    assert state.totals.alerts == 1
    assert state.relapses == ()


def test_updates_come_at_intervals_and_at_once_when_it_gets_worse():
    state = after(opened(), alert(2))
    assert looked(state, 5.9).act == "nothing"
    assert looked(state, 6).act == "update"
    worse = after(state, alert(2.2, failedCheckouts=500))
    assert looked(worse, 2.5).act == "update"


def test_impact_and_urgency_only_rise():
    state = opened(first=alert(0, failedCheckouts=500, severity="critical"))
    later = looked(after(state, alert(50)), 52).group
    assert (later.told.impact, later.told.urgency) == (1, 1)


def test_maintenance_holds_it_until_its_end():
    planned = Around(maintenance_until=at(30))
    state = looked(after(group(), alert(0)), 1, planned)
    assert (state.act, state.group.muted_by) == ("nothing", MAINTENANCE)
    assert looked(state.group, 30, Around()).act == "open"
    recovered = after(state.group, alert(20, good=True))
    assert looked(recovered, 30, Around()).act == "nothing"


def test_a_cause_mutes_and_its_end_unmutes():
    muted = looked(after(group(), alert(0)), 1, Around(cause="a" * 40))
    assert (muted.act, muted.group.muted_by) == ("nothing", "a" * 40)
    assert looked(muted.group, 2, Around()).act == "open"


def test_what_symptoms_cost_counts_for_the_cause():
    decision = looked(after(group(), alert(0)), 1, Around(symptoms=Totals(failed_checkouts=500)))
    assert decision.group.told.impact == 1


def test_a_group_is_kept_as_it_is():
    state = after(opened(), alert(2, revenueAtRisk={"amount": "12.30", "currency": "EUR"}, locales=["de_DE"]))
    state = after(state, alert(3, good=True), alert(4))
    assert read(written(state)) == state
