"""Whatever comes in whatever order: one open incident at most, no recovery by older news, no cause lost."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sidecar.flows.storefront_alerts.group import ALIVE
from sidecar.flows.storefront_alerts.inhibition import cause_of
from sidecar.flows.storefront_alerts.machine import Around, decided, folded, next_look
from tests.unit.sidecar.flows.storefront_alerts.alerts import BEGIN, POLICY, SITE, alert, at, group

_STEP = st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 30))
"""(minutes until it is accepted, good news, how old the evidence is then)."""
_QUIET = timedelta(hours=12)


def lived(steps):
    """(act, group before, group after) of every decision, with looks whenever one is due."""
    state, now = group(), BEGIN
    told = []

    def look(until):
        nonlocal state, now
        while (due := next_look(state, now, POLICY)) is not None and due <= until:
            now = max(now, due)
            decision = decided(state, now, Around(), POLICY)
            told.append((decision.act, state, decision.group))
            if decision.group == state and decision.act == "nothing":
                break
            state = decision.group

    for wait, good, age in steps:
        accepted = now + timedelta(minutes=wait)
        look(accepted)
        now = accepted
        minutes = (accepted - BEGIN).total_seconds() / 60 - age
        state = folded(state, alert(minutes, good=good), now=accepted, policy=POLICY)
    look(now + _QUIET)
    return told, state


@given(st.lists(_STEP, max_size=25))
def test_never_two_open_incidents_of_a_group(steps):
    told, _ = lived(steps)
    is_open = False
    for act, _, _ in told:
        if act in ("open", "reopen"):
            assert not is_open
            is_open = True
        elif act == "resolve":
            assert is_open
            is_open = False
        elif act == "update":
            assert is_open


@given(st.lists(_STEP, max_size=25))
def test_only_newer_evidence_resolves(steps):
    told, _ = lived(steps)
    for act, before, _ in told:
        if act == "resolve":
            assert before.latest_good > before.latest_bad


@given(st.lists(_STEP, min_size=1, max_size=25))
def test_what_still_fails_has_an_incident(steps):
    _, state = lived(steps)
    assert (state.phase in ALIVE) is state.failing


_KINDS = ("load_shedding", "slas_rate", "api_timeout", "payment_failures", "checkout_failures", "order_rate_drop")


@given(st.lists(st.tuples(st.sampled_from(_KINDS), st.integers(0, 200)), min_size=1, max_size=8))
def test_among_failures_that_explain_each_other_one_is_told(failures):
    states = []
    for kind, sample in failures:
        first = alert(0, signal=kind, message="m", sampleSize=sample, api="checkout/shopper-baskets")
        states.append(folded(group(first), first, now=at(0), policy=POLICY))
        states.append(
            folded(states[-1], alert(1, signal=kind, message="m", sampleSize=sample), now=at(1), policy=POLICY)
        )
    latest = {state.key: state for state in states}
    opened = 0
    ripe = 0
    for state in latest.values():
        cause = cause_of(state, latest.values(), at(2), POLICY)
        alone = decided(state, at(2), Around(), POLICY).act == "open"
        muted = decided(state, at(2), Around(cause=cause.key if cause else ""), POLICY).act == "open"
        ripe += alone
        opened += muted
        assert state.site_id == SITE
    assert (opened > 0) is (ripe > 0)
