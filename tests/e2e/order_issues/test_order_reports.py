"""From a shopper's report to the case: on every rung, for every topic, verified or not."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from sidecar.flows.order_issues.events import TOPICS
from sidecar.flows.order_issues.notes import HEADINGS

SCOPE = "x_acme_sfcc"
CANARY = "canary words of Mara Lindqvist, +49 170 5550123"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def photo(content: bytes = PNG, kind: str = "image/png") -> dict[str, str]:
    encoded = base64.b64encode(content).decode()
    return {"contentType": kind, "sha256": hashlib.sha256(content).hexdigest(), "content": encoded}


def test_a_report_becomes_one_case_with_evidence_and_a_structured_note(each):
    order = each.order()
    event = each.report(order, items=[{"itemId": order.lines[0].item_id, "quantity": 1}], comment=CANARY)
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


def _content(world, file) -> bytes:
    with world.desk.admin.attachments.pieces(file.sys_id) as pieces:
        return b"".join(pieces)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_taken(world, topic):
    order = world.order()
    assert world.settled(world.report(order, topic))[0] == "delivered"
    assert world.case(order)[f"{SCOPE}_issue_type"] == topic
