"""Causes, patterns, seasons and verdicts, in numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.flows.feedback import FeedbackPolicy, clusters
from sidecar.flows.feedback.actions import plain, texts_of
from sidecar.flows.feedback.causes import Cause, standing_out
from sidecar.flows.feedback.patterns import pattern
from sidecar.flows.feedback.recurrence import judged

from .conftest import NOW

POLICY = FeedbackPolicy()


def test_lift_is_share_here_over_share_in_all():
    cause = Cause(dimension="carrier", value="DPX", support=8, size=10, others=12, rest=90)
    assert cause.lift == pytest.approx(0.8 / 0.2)
    assert cause.chance < 0.001
    assert cause.text == "Carrier DPX: 8 of 10 here, elsewhere 13 % (lift 4.0, chance below 0.1 %)"


def test_the_chance_is_the_upper_tail_of_the_hypergeometric_distribution():
    # 4 of 8 have the value; all 3 drawn have it: C(4,3) / C(8,3) = 4 / 56.
    cause = Cause(dimension="carrier", value="DPX", support=3, size=3, others=1, rest=5)
    assert cause.chance == pytest.approx(4 / 56)


def test_a_cause_needs_support_lift_and_little_chance():
    inside = [{"carrier": ["DPX"], "warehouse": ["HAM1"]}] * 9 + [{"carrier": ["UPX"], "warehouse": ["HAM1"]}]
    outside = [{"carrier": ["UPX"], "warehouse": ["HAM1"]}] * 40
    found = standing_out(inside, outside, POLICY)
    assert [(one.dimension, one.value) for one in found] == [("carrier", "DPX")]
    assert standing_out(inside[:2], outside, POLICY) == ()
    assert standing_out(inside, outside, POLICY, without={"carrier"}) == ()


def crossed(database, cluster_id: str, policy: FeedbackPolicy = POLICY) -> bool:
    with database.reading() as connection:
        cluster = clusters.read(connection, cluster_id)
        return pattern(connection, cluster, policy, NOW.timestamp()).holds(policy)


def test_what_every_week_brings_is_no_pattern_and_more_than_that_is(database, gives):
    for week in range(1, 5):
        for nth in range(6):
            gives(ago=7 * week + nth / 8)
    for nth in range(6):
        cluster = gives(ago=nth / 8)
    assert not crossed(database, cluster)
    for nth in range(6):
        gives(ago=1 + nth / 8)
    assert crossed(database, cluster)


def test_a_season_that_brings_more_of_everything_is_no_pattern(database, gives):
    for week in range(1, 5):
        for nth in range(4):
            gives(ago=7 * week + nth / 8)
            gives(ago=7 * week + nth / 8, text="where is my refund")
    for nth in range(12):
        cluster = gives(ago=nth / 8)
        gives(ago=nth / 8, text="where is my refund")
    assert not crossed(database, cluster)


def test_too_few_customers_or_too_old_is_no_pattern(database, gives):
    for _ in range(9):
        one = gives(customerNo="C1")
    assert not crossed(database, one)
    for nth in range(9):
        other = gives(text="where is my refund", ago=8 + nth)
    assert not crossed(database, other)
    assert crossed(database, one, replace(POLICY, least_customers=1))


@pytest.mark.parametrize(
    ("after", "expected", "last", "name"),
    [
        (0, 2.9, False, "watching"),
        (0, 2.9, True, "unclear"),
        (0, 3.0, False, "stopped"),
        (1, 4.0, False, "stopped"),
        (2, 4.0, False, "recurred"),
        (5, 1.0, False, "recurred"),
    ],
)
def test_three_answers_to_whether_it_stopped(after, expected, last, name):
    assert judged(after, expected, 7, POLICY, last=last).name == name


def test_texts_by_locale():
    assert texts_of("One.") == {"default": "One."}
    assert texts_of("One.\n[de] Zwei.\n[fr] Trois.") == {"default": "One.", "de": "Zwei.", "fr": "Trois."}
    assert texts_of("[ja] 一。") == {"default": "一。", "ja": "一。"}
    assert texts_of("  ") == {}


def test_a_workaround_is_read_as_text():
    assert plain("<p>Pull &amp; lift.</p><p>Then&nbsp;close &lt;it&gt;.</p>") == "Pull & lift.\nThen close <it>."
