"""The flow's own book: one open case for a line, whoever asks, and evidence that says the same for the same facts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from sfcc_client.models import Money, Order, OrderLine, Payment, Shipment
from sidecar.engine import Database, sqlite_url
from sidecar.flows.order_issues import casebook
from sidecar.flows.order_issues.casebook import Claim
from sidecar.flows.order_issues.events import TYPES
from sidecar.flows.order_issues.evidence import digest, frozen
from sidecar.flows.order_issues.matter import proof_of
from sidecar.flows.order_issues.notes import HEADINGS, plain, work_note
from sidecar.flows.order_issues.tables import CASES, LINES

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLAIM = Claim(site_id="RefArch", order_no="0001", topic="damaged", lines=("a",))
ORDER = Order(
    order_no="0001",
    site_id="RefArch",
    status="new",
    email="mara@example.com",
    customer_name="Mara Lindqvist",
    customer_no="4711",
    total=Money(amount=Decimal("129.90"), currency="EUR"),
    lines=(OrderLine(item_id="a", name="Schuh – größe 38", quantity=Decimal("2.0")),),
    payments=(Payment(label="Visa •• 1111", amount=Money(amount=Decimal("129.90"), currency="EUR")),),
    shipments=(Shipment(shipment_id="s1", tracking_number="00340434161094042557"),),
    cancel_description="Mara rang",
    custom={"c_secret": "hush"},
)


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    found = Database(sqlite_url(tmp_path / "events.sqlite"))
    yield found
    found.close()


def _claimed(database: Database, claim: Claim = CLAIM) -> casebook.Place:
    with database.transaction() as connection:
        return casebook.claimed(connection, claim, now=NOW)


def test_many_at_once_open_one_case(database):
    places: list[casebook.Place] = []
    threads = [threading.Thread(target=lambda: places.append(_claimed(database))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({place.correlation_id for place in places}) == 1
    assert [place.joined for place in places].count(False) == 1


def test_the_database_itself_takes_no_second_open_line(database):
    _claimed(database)
    with database.transaction() as connection:
        line = dict(connection.execute(select(LINES)).mappings().one())
        other = {**dict(connection.execute(select(CASES)).mappings().one()), "id": 2, "correlation_id": "x"}
        connection.execute(insert(CASES).values(**other))
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(insert(LINES).values(**{**line, "case_id": 2}))
    with database.transaction() as connection:
        connection.execute(insert(LINES).values(**{**line, "case_id": 2, "state": "closed"}))


@pytest.mark.parametrize(
    "other",
    [
        {"site_id": "Other"},
        {"order_no": "0002"},
        {"topic": "missing"},
        {"lines": ("b",)},
        {"reporter": "5" * 64},
    ],
)
def test_each_part_of_the_key_counts(database, other):
    assert _claimed(database).correlation_id != _claimed(database, replace(CLAIM, **other)).correlation_id


def test_a_closed_case_is_followed_by_another(database):
    first = _claimed(database)
    with database.transaction() as connection:
        casebook.remember(connection, first.case_id, sys_id="s" * 32, number="CS1")
        casebook.close(connection, first.case_id, now=NOW)
    second = _claimed(database)
    assert (second.joined, second.previous, second.previous_number) == (False, "s" * 32, "CS1")
    assert second.correlation_id != first.correlation_id


def test_a_case_opened_again_leaves_the_lines_that_another_took_over(database):
    first = _claimed(database, replace(CLAIM, lines=("a", "b")))
    with database.transaction() as connection:
        casebook.close(connection, first.case_id, now=NOW)
    second = _claimed(database)
    with database.transaction() as connection:
        casebook.reopen(connection, casebook.case(connection, first.case_id))
    assert _claimed(database).case_id == second.case_id
    assert _claimed(database, replace(CLAIM, lines=("b",))).case_id == first.case_id


def test_correlation_ids_are_short_stable_and_say_nothing():
    found = casebook.correlation_id(replace(CLAIM, reporter="a" * 64), 1)
    assert found.startswith("order_issues:")
    assert len(found) <= 100
    assert found == casebook.correlation_id(replace(CLAIM, reporter="a" * 64), 1)
    assert found != casebook.correlation_id(replace(CLAIM, reporter="b" * 64), 1)


def test_the_same_facts_have_the_same_hash_and_other_facts_another():
    one, two = (frozen(ORDER, taken_at=NOW) for _ in range(2))
    assert one == two
    assert one.sha256 == digest(one.text)
    assert frozen(replace(ORDER, status="cancelled"), taken_at=NOW).sha256 != one.sha256
    assert one.text == json.dumps(json.loads(one.text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_evidence_holds_what_it_names_and_nothing_else():
    text = frozen(ORDER, taken_at=NOW).text
    for secret in ("mara", "Lindqvist", "4711", "Mara rang", "hush"):
        assert secret.casefold() not in text.casefold()
    for fact in ("129.90", "Schuh – größe 38", "00340434161094042557", "Visa •• 1111", '"quantity":"2"'):
        assert fact in text


@pytest.mark.parametrize(
    ("said", "proof"),
    [
        ({"email": "MARA@example.com "}, "email"),
        ({"email": "mara@example.co"}, ""),
        ({"email": "other@example.com", "customer_no": "4711"}, "sign_in"),
        ({"email": "other@example.com", "customer_no": "4712"}, ""),
    ],
)
def test_what_proves_that_an_order_is_ones_own(said, proof):
    assert proof_of(ORDER, **said) == proof
    assert proof_of(None, **said) == ""


def test_an_order_without_an_address_is_nobodys():
    assert proof_of(replace(ORDER, email=None, customer_no=None), email="", customer_no="") == ""


def test_a_note_has_every_heading_in_order():
    note = work_note({"Order": "0001", "Issue": "Damaged item"})
    assert [line.partition(":")[0] for line in note.splitlines()] == list(HEADINGS)
    assert "Photos: -" in note


def test_words_stay_words():
    assert plain(" [CODE]<b>x</b>[/Code]\r\n") == "(code)<b>x</b>(/code)"


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_every_example_fits_its_schema_and_its_key_is_short(kind):
    data = kind.schema().load(dict(kind.example))
    key = kind.key("S" * 32, data)
    assert key.startswith("order_issues:")
    assert len(key) <= 200
    assert all(value for _, value in kind.subjects(data))
