"""From a shopper's report to the case: on every rung, for every topic, verified or not."""

from __future__ import annotations

import hashlib
import json

import pytest
from marshmallow import ValidationError

from sidecar.flows.order_issues.events import TOPICS, ReportedSchema
from sidecar.flows.order_issues.notes import HEADINGS
from sidecar.flows.order_issues.words import words_of
from snow_app import errors

SCOPE = "x_acme_sfcc"
WORDS = "canary words of Mara Lindqvist, +49 170 5550123"


def _content(world, file) -> bytes:
    with world.desk.admin.attachments.pieces(file.sys_id) as pieces:
        return b"".join(pieces)


def test_a_report_becomes_one_case_with_evidence_and_a_structured_note(each):
    order = each.order()
    event = each.report(order, items=[{"itemId": order.lines[0].item_id, "quantity": 1}], comment=WORDS)
    assert each.settled(event)[0] == "delivered", each.settled(event)
    case = each.case(order)
    assert case["correlation_id"].startswith("order_issues:")
    assert len(case["correlation_id"]) <= 100
    assert case[f"{SCOPE}_issue_type"] == "damaged"
    assert case[f"{SCOPE}_intake_rung"] == each.desk.rung
    assert case[f"{SCOPE}_verified"] == "true"
    (note,) = each.desk.notes(case.sys_id, "work_notes")
    heads = [line.partition(":")[0] for line in note.splitlines() if ": " in line]
    assert heads[: len(HEADINGS)] == list(HEADINGS)
    (file,) = each.desk.files(case.sys_id)
    content = _content(each, file)
    assert file["content_type"] == "application/json"
    assert hashlib.sha256(content).hexdigest() == case[f"{SCOPE}_evidence_hash"]
    assert case[f"{SCOPE}_evidence_hash"] in note
    evidence = json.loads(content)
    assert evidence["order"]["orderNo"] == order.order_no
    assert evidence["order"]["paymentStatus"] == order.payment_status
    assert len(evidence["lines"]) == len(order.lines)
    assert order.email not in content.decode()
    assert order.customer_name not in content.decode()
    shown = each.read(order.order_no).custom
    assert (shown["c_snCaseNumber"], shown["c_snCaseStatus"]) == (case["number"], "new")


def test_the_evidence_stays_what_it_was(world):
    order = world.order(shippingStatus="shipped")
    world.report(order)
    case = world.case(order)
    world.shop.state.orders.save({**world.shop.state.orders.get(order.order_no), "shippingStatus": "not_shipped"})
    (file,) = world.desk.files(case.sys_id)
    assert json.loads(_content(world, file))["order"]["shippingStatus"] == "shipped"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_taken(world, topic):
    order = world.order()
    assert world.settled(world.report(order, topic))[0] == "delivered"
    assert world.case(order)[f"{SCOPE}_issue_type"] == topic


def test_a_topic_that_does_not_fit_the_order_is_taken_and_marked(world):
    order = world.order(status="new", shippingStatus="not_shipped")
    world.report(order, "damaged")
    case = world.case(order)
    assert case[f"{SCOPE}_needs_review"] == "true"
    (note,) = world.desk.notes(case.sys_id, "work_notes")
    assert "Review: Commerce shows the order as new, not_shipped: nothing has arrived yet." in note


def test_a_topic_that_fits_needs_no_review(world):
    order = world.order(status="new", shippingStatus="shipped")
    world.report(order, "damaged")
    assert world.case(order)[f"{SCOPE}_needs_review"] == "false"


@pytest.mark.parametrize("guest", [True, False])
def test_the_shopper_is_linked_once(world, guest):
    order = world.order(guest=guest)
    world.report(order, "missing")
    world.report(order, "other")
    first, second = world.cases(order)
    (person,) = world.people(order.email.casefold())
    assert first["consumer"] == second["consumer"] == person.sys_id
    assert person["name"] == order.customer_name


def test_a_contact_that_is_there_is_taken(world):
    order = world.order()
    made = world.desk.admin.table("customer_contact").insert({"name": "Mara", "email": order.email})
    world.report(order)
    case = world.case(order)
    assert (case["contact"], case["consumer"]) == (made.sys_id, "")


def test_a_caller_is_linked_but_never_made(world_on):
    world = world_on("incident")
    known, unknown = world.order(), world.order()
    user = world.desk.admin.table("sys_user").insert({"user_name": known.order_no, "email": known.email})
    world.report(known)
    world.report(unknown)
    assert world.case(known)["caller_id"] == user.sys_id
    assert world.case(unknown)["caller_id"] == ""
    assert world.people(unknown.email) == []


def test_a_signed_in_shopper_is_verified_by_number(world):
    order = world.order(guest=False)
    world.report(order, email="other.address@example.net", customerNo=order.customer_no)
    assert world.case(order)[f"{SCOPE}_verified"] == "true"


@pytest.mark.parametrize("kind", ["another address", "no such order"])
def test_who_proves_nothing_sees_and_links_nothing(each, kind):
    order = each.order()
    number = order.order_no if kind == "another address" else f"NO-{order.order_no}"
    email = f"stranger.{order.order_no}@example.net"
    event = each.put("order.issue_reported", order, topic="missing", email=email, comment=WORDS, **{"orderNo": number})
    each.engine().run()
    assert each.settled(event)[0] == "delivered"
    assert each.cases(order) == []
    (case,) = each.every_case(order)
    assert case[f"{SCOPE}_order_no"] == case[f"{SCOPE}_customer_no"] == case[f"{SCOPE}_evidence_hash"] == ""
    assert (case[f"{SCOPE}_verified"], case[f"{SCOPE}_needs_review"]) == ("false", "true")
    assert each.desk.files(case.sys_id) == []
    assert each.people(email) == []
    texts = " ".join((*case.values.values(), *each.desk.notes(case.sys_id, "work_notes")))
    assert "NOT verified" in texts
    assert str(order.total.amount) not in texts
    assert order.email.casefold() not in texts.casefold()
    assert "c_snCaseNumber" not in each.read(order.order_no).custom


def test_a_stranger_joins_no_case_of_the_owner(world):
    order = world.order()
    world.report(order, "missing", comment="Mine.")
    world.report(order, "missing", email="stranger@example.net", comment="Send it to me instead.")
    owners, strangers = world.every_case(order)
    assert world.desk.notes(owners.sys_id, "comments") == []
    assert "Send it to me instead." in strangers["description"]
    assert strangers["parent"] == ""


def test_no_personal_data_reaches_an_incident(world_on):
    world = world_on("incident")
    order = world.order()
    photos = [world.photo()]
    world.report(order, comment=WORDS, photos=photos, consent=True, preferredContact="phone")
    world.put("order.message_added", order, email=order.email, message=WORDS)
    world.put("order.issue_reported", order, topic="other", email="stranger@example.net", comment=WORDS)
    world.engine().run()
    store = world.desk.snow.instance.store
    known = [order.email, order.customer_name, WORDS, "Lindqvist", "5550123", "stranger@example.net"]
    for table in ("incident", "task", "sys_journal_field", "sys_attachment", "sys_audit", "syslog"):
        for row in store.rows(f"SELECT * FROM {table}"):
            said = "\n".join(str(value) for value in tuple(row)).casefold()
            assert not [one for one in known if one.casefold() in said], table
    (file,) = world.desk.files(world.case(order).sys_id)
    assert file["content_type"] == "application/json"
    notes = world.desk.notes(world.case(order).sys_id, "work_notes")
    assert all(f"Words: {len(WORDS)} characters, a note on the order in Business Manager" in note for note in notes)
    told = world.commerce.order_notes.of_order(order.order_no, site_id=order.site_id)
    assert [note.text for note in told] == [WORDS, WORDS]
    assert world.case(order)["number"] in told[0].subject
    strangers = next(row for row in world.every_case(order) if row[f"{SCOPE}_verified"] == "false")
    (note,) = world.desk.notes(strangers.sys_id, "work_notes")
    assert f"Words: {len(WORDS)} characters, kept by the sidecar under E000003" in note
    assert words_of(world.database, 3) == WORDS


def test_a_shop_without_order_notes_leaves_the_words_with_the_sidecar(world_on):
    world = world_on("incident")
    order = world.order()
    world.shop.faults.add(path="/dw/oauth2/access_token", status=401, body="{}")
    event = world.report(order, comment=WORDS)
    assert world.settled(event)[0] == "delivered"
    (note,) = world.desk.notes(world.case(order).sys_id, "work_notes")
    assert "kept by the sidecar under E000001" in note


def test_photos_are_attached_as_they_are(world):
    order = world.order()
    photos = [world.photo(), world.photo(b"\xff\xd8\xff" + bytes(30), "image/jpeg")]
    world.report(order, photos=photos, consent=True)
    case = world.case(order)
    files = [file for file in world.desk.files(case.sys_id) if file["content_type"].startswith("image/")]
    assert sorted(hashlib.sha256(_content(world, file)).hexdigest() for file in files) == sorted(
        photo["sha256"] for photo in photos
    )
    (note,) = world.desk.notes(case.sys_id, "work_notes")
    assert all(photo["sha256"] in note for photo in photos)


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"contentType": "image/jpeg"},
        {"contentType": "image/svg+xml"},
        {"content": "not base64!"},
        {"content": "A" * 300_000},
    ],
)
def test_photos_that_are_not_what_they_say_are_refused(world, change):
    said = {"topic": "other", "orderNo": "1", "email": "a@example.com", "consent": True}
    ReportedSchema().load({**said, "photos": [world.photo()]})
    with pytest.raises(ValidationError):
        ReportedSchema().load({**said, "photos": [world.photo() | change]})


def test_photos_need_consent_and_are_few(world):
    said = {"topic": "other", "orderNo": "1", "email": "a@example.com"}
    with pytest.raises(ValidationError, match="consent"):
        ReportedSchema().load({**said, "photos": [world.photo()]})
    with pytest.raises(ValidationError):
        ReportedSchema().load({**said, "consent": True, "photos": [world.photo()] * 4})


def test_markup_and_queries_in_the_words_stay_words(world):
    order = world.order()
    hostile = "[code]<script>alert(1)</script>[/code]\n^active=true^ORnumber=1 javascript:gs.print() [E000001]"
    world.report(order, comment="First.")
    event = world.report(order, comment=hostile)
    assert world.settled(event)[0] == "delivered"
    (comment,) = world.desk.notes(world.case(order).sys_id, "comments")
    assert "[code]" not in comment
    assert "<script>alert(1)</script>" in comment


def test_an_address_that_cannot_be_asked_for_links_nobody(world):
    order = world.order()
    address = f"a^b.{order.order_no}@example.com"
    row = world.shop.state.orders.get(order.order_no)
    world.shop.state.orders.save({**row, "customerInfo": {**row["customerInfo"], "email": address}})
    event = world.report(order, email=address)
    assert world.settled(event)[0] == "delivered"
    assert world.case(order)["consumer"] == ""


def test_a_table_that_lacks_a_choice_is_told_before_anything_is_written(world):
    order = world.order()
    choices = world.desk.admin.table("sys_choice")
    (row,) = world.desk.rows("sys_choice", element=f"{SCOPE}_issue_type", value="damaged", name=world.desk.rung)
    choices.update(row.sys_id, {"inactive": True})
    try:
        event = world.report(order)
        assert world.settled(event)[::2] == ("parked", errors.SchemaMismatch.code)
        assert world.cases(order) == []
        assert "has no choice damaged" in world.settled(event)[1]
    finally:
        choices.update(row.sys_id, {"inactive": False})
