"""The schema handshake against a local instance: what a table cannot take is said before anything is written."""

from __future__ import annotations

import pytest

from snow_app import errors
from snow_app.handshake import Need, shake

FITTING = (
    Need(column="short_description", longest=160),
    Need(column="correlation_id", longest=100),
    Need(column="state", choices=frozenset({"1", "10", "3"})),
    Need(column="category", choices=frozenset({"0"})),
)
CASE = "sn_customerservice_case"


@pytest.fixture
def colleague(connect):
    """A user who may not read the dictionary."""
    return connect("integration")


def _problems(client, *needs: Need, table: str = CASE) -> tuple[str, ...]:
    with pytest.raises(errors.SchemaMismatch) as caught:
        shake(client, table, needs)
    assert all(problem in caught.value.message for problem in caught.value.problems)
    return caught.value.problems


def test_a_table_that_fits_is_taken(client, colleague):
    shake(client, CASE, FITTING)
    shake(colleague, CASE, FITTING)


def test_every_problem_is_named_at_once(client):
    assert _problems(
        client,
        *FITTING,
        Need(column="no_such_column"),
        Need(column="correlation_id", longest=101),
        Need(column="contact_type", choices=frozenset({"web", "pigeon"})),
    ) == (
        f"{CASE} has no column no_such_column.",
        "correlation_id holds 100 characters, 101 are needed.",
        f"{CASE}.contact_type has no choice pigeon.",
    )


def test_the_nearest_class_says_which_choices_there_are(client):
    """Task has other states than cases."""
    assert _problems(client, Need(column="state", choices=frozenset({"4"}))) == (f"{CASE}.state has no choice 4.",)


def test_without_the_dictionary_a_row_says_which_columns_there_are(client, colleague):
    client.table(CASE).insert({"short_description": "One to look at"})
    assert _problems(
        colleague, *FITTING, Need(column="no_such_column"), Need(column="state", choices=frozenset({"4"}))
    ) == (
        f"{CASE} has no column no_such_column.",
        f"{CASE}.state has no choice 4.",
    )


def test_a_missing_table_is_missing(client):
    with pytest.raises(errors.TableMissing):
        shake(client, "sn_nowhere", (Need(column="number"),))
