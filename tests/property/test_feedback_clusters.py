"""Cluster ids do not depend on the order of arrival, and masking holds for any text."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.engine import Database, sqlite_url
from sidecar.engine.pseudonyms import prepared
from sidecar.events.event import Event
from sidecar.flows.feedback import clusters
from sidecar.flows.feedback.events import SUBMITTED, SubmittedSchema
from sidecar.flows.feedback.ladder import place_of
from sidecar.flows.feedback.text import words_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = (
    "the zip broke",
    "Reißverschluss kaputt",
    "where is my refund",
    "返金がまだです",
    "Do you ship to the Faroe Islands?",
    "page crashes",
)
SAID = st.tuples(st.sampled_from(TEXTS), st.sampled_from(["", "VV1001-pine-M", "VV1001-rust-L", "VV1002-sand"]))


def stored(said: Sequence[tuple[int, tuple[str, str]]], *, twice: bool = False) -> dict[int, str]:
    """Event number to cluster, after all of them came in in this order."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "events.sqlite"))
        prepared(database)
        found = {}
        for number, (text, product) in [*said, *(said if twice else ())]:
            data = {"text": text, "locale": "en", "submittedAt": AT.isoformat()} | (
                {"productId": product} if product else {}
            )
            event = Event(
                seq=number,
                id=str(number),
                type=SUBMITTED,
                version=1,
                site_id="S",
                time=AT,
                accepted_at=AT,
                key="",
                data=SubmittedSchema().load(data),
            )
            with database.transaction() as connection:
                found[number] = clusters.assigned(connection, event, place_of(event.data), {}, None)
        database.close()
    return found


@settings(max_examples=25, deadline=None)
@given(said=st.lists(SAID, min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_ids_are_the_same_in_any_order_and_when_repeated(said, order):
    numbered = list(enumerate(said, start=1))
    shuffled = list(numbered)
    order.shuffle(shuffled)
    assert stored(numbered) == stored(shuffled) == stored(shuffled, twice=True)


@settings(max_examples=200, deadline=None)
@given(text=st.text(min_size=1, max_size=300), locale=st.sampled_from(["en-GB", "de-DE", "fr-FR", "ja-JP", "xx"]))
def test_any_text_has_words_and_folding_twice_changes_nothing(text, locale):
    words = words_of(text, locale)
    assert words_of(words.text, locale).text == words.text


@settings(max_examples=100, deadline=None)
@given(before=st.sampled_from(TEXTS), name=st.from_regex(r"[a-z]{3,10}", fullmatch=True), after=st.sampled_from(TEXTS))
def test_an_address_never_stays(before, name, after):
    assert f"{name}qz" not in words_of(f"{before} {name}qz@example.com {after}").text
