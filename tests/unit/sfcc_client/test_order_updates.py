"""Changes of orders: read, check, write, read again; and notes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests

from sfcc_client import errors
from sfcc_client.resources.oms_events import EventLine, EventTotal, OmsAdjustment, OmsFulfillment

from .conftest import INSTANCE, ORGANIZATION, SCAPI

ORDERS = f"{SCAPI}/checkout/orders/v1/organizations/{ORGANIZATION}/orders"
NUMBER = "00000410"
NOTES = f"{INSTANCE}/s/RefArchDE/dw/shop/v24_5/orders/{NUMBER}/notes"
RETURNED = OmsAdjustment(
    id="ret-1",
    type="return",
    occurred_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    status="completed",
    lines=(EventLine(id="i1", quantity=-1),),
    totals=(EventTotal(type="total", amount=-1999),),
)


class Order:
    """One order upstream; `lost` answers to writes that change it break off, `refused` is answered instead."""

    def __init__(self, mocker, **members: object) -> None:
        self.members = {"orderNo": NUMBER, "status": "new", **members}
        self.lost, self.refused, self.meanwhile = 0, None, {}
        self.reads = mocker.get(f"{ORDERS}/{NUMBER}", json=lambda *_: self.members)
        self.writes = [
            mocker.put(
                f"{ORDERS}/{NUMBER}/{name}", text=lambda request, context, m=member: self._put(m, request, context)
            )
            for name, member in {
                "status": "status",
                "payment-status": "paymentStatus",
                "external-status": "externalOrderStatus",
            }.items()
        ]
        self.writes.append(mocker.patch(f"{ORDERS}/{NUMBER}", text=self._patch))

    @property
    def written(self) -> int:
        return sum(one.call_count for one in self.writes)

    def _put(self, member: str, request, context) -> str:
        return self._done({member: request.json()["status"]}, context)

    def _patch(self, request, context) -> str:
        return self._done(request.json(), context)

    def _done(self, changes: dict, context) -> str:
        if self.refused:
            context.status_code = self.refused
            return "{}"
        self.members = {**self.members, **changes, **self.meanwhile}
        if self.lost:
            self.lost -= 1
            raise requests.ConnectionError
        context.status_code = 204
        return ""


@pytest.fixture
def order(upstream) -> Order:
    return Order(upstream.mocker)


def cancel(client, **options):
    return client.order_updates.set_status(
        NUMBER, "cancelled", **{"expected": ("new",), "site_id": "RefArchDE", **options}
    )


def decide(client, decision="accepted", **options):
    return client.order_updates.set_attributes(
        NUMBER,
        {"c_returnDecision": decision},
        **{"expected": {"c_returnDecision": None}, "site_id": "RefArchDE", **options},
    )


class TestStatus:
    def test_is_written_and_read_again(self, client, upstream, order) -> None:
        update = cancel(client)
        assert (update.changed, update.order.status) == (True, "cancelled")
        assert upstream.account_manager.last_request.text.endswith("sfcc.orders.rw")

    def test_a_repeat_answers_the_same_and_writes_nothing(self, client, order) -> None:
        cancel(client)
        update = cancel(client)
        assert (update.changed, update.order.status, order.written) == (False, "cancelled", 1)

    def test_another_state_is_a_conflict_and_nothing_is_written(self, client, upstream) -> None:
        order = Order(upstream.mocker, status="completed")
        with pytest.raises(errors.StateConflict) as caught:
            cancel(client)
        assert (caught.value.found, order.written) == ("completed", 0)
        assert caught.value.message == (
            f"The status of order {NUMBER} is not what the change is for (completed); look at the order again."
        )

    def test_a_lost_answer_is_settled_by_reading(self, client, order) -> None:
        order.lost = 3
        update = cancel(client)
        assert (update.changed, update.order.status) == (True, "cancelled")

    def test_a_refused_repeat_of_a_write_that_arrived(self, client, upstream, order) -> None:
        cancelled = {**order.members, "status": "cancelled"}
        upstream.mocker.get(f"{ORDERS}/{NUMBER}", [{"json": order.members}, {"json": cancelled}])
        order.refused = 409
        assert cancel(client).order.status == "cancelled"

    def test_a_transition_commerce_does_not_know(self, client, order) -> None:
        order.refused = 409
        with pytest.raises(errors.StateConflict):
            cancel(client)

    def test_somebody_elses_change_at_the_same_moment(self, client, order) -> None:
        order.meanwhile = {"status": "completed"}
        with pytest.raises(errors.StateConflict) as caught:
            cancel(client)
        assert caught.value.found == "completed"

    def test_a_status_that_was_not_there(self, client, order) -> None:
        update = client.order_updates.set_status(
            NUMBER, "in delivery", kind="external", expected=(None,), site_id="RefArchDE"
        )
        assert update.order.external_status == "in delivery"

    @pytest.mark.parametrize(("kind", "value"), [("payment", "half"), ("external", ""), ("external", "x" * 257)])
    def test_what_is_no_status_is_not_sent(self, client, order, kind: str, value: str) -> None:
        with pytest.raises(errors.Rejected):
            client.order_updates.set_status(NUMBER, value, kind=kind, expected=(None,), site_id="RefArchDE")
        assert (order.reads.call_count, order.written) == (0, 0)

    def test_a_missing_scope_is_named(self, client, upstream, order) -> None:
        order.refused = 403
        with pytest.raises(errors.Forbidden, match=r"the client lacks sfcc\.orders\.rw") as caught:
            cancel(client)
        assert caught.value.scope == "sfcc.orders.rw"

    def test_a_commerce_that_is_down_leaves_the_outcome_open(self, client, upstream, order) -> None:
        upstream.mocker.get(f"{ORDERS}/{NUMBER}", [{"json": order.members}, {"status_code": 503}])
        order.lost = 3
        with pytest.raises(errors.OutcomeUnknown):
            cancel(client)


class TestAttributes:
    def test_are_written_and_read_again(self, client, order) -> None:
        update = decide(client)
        assert (update.changed, update.order.custom["c_returnDecision"]) == (True, "accepted")
        assert decide(client).changed is False
        assert order.written == 1

    def test_another_value_is_a_conflict(self, client, order) -> None:
        decide(client)
        with pytest.raises(errors.StateConflict, match="c_returnDecision"):
            decide(client, "refused")
        assert order.written == 1

    @pytest.mark.parametrize("value", [False, 0])
    def test_false_and_zero_are_values(self, client, order, value: object) -> None:
        assert decide(client, value).changed

    def test_a_patch_is_not_repeated_but_settled(self, client, order) -> None:
        order.lost = 1
        assert decide(client).changed
        assert order.written == 1

    def test_only_custom_attributes(self, client, order) -> None:
        with pytest.raises(errors.Rejected, match="c_"):
            client.order_updates.set_attributes(NUMBER, {"status": "new"}, expected={}, site_id="RefArchDE")


class TestReports:
    def test_are_sent_once(self, client, upstream) -> None:
        sent = upstream.mocker.post(f"{ORDERS}/{NUMBER}/oms-status-events", status_code=202)
        client.order_updates.report(NUMBER, RETURNED, site_id="RefArchDE", oms_order_id="CS0001")
        assert sent.last_request.json() == {
            "omsOrderId": "CS0001",
            "adjustment": {
                "id": "ret-1",
                "type": "return",
                "occurredAt": "2026-11-23T09:00:00.000Z",
                "status": "completed",
                "lineItems": [{"id": "i1", "quantity": -1}],
                "totals": [{"type": "total", "amount": -1999}],
            },
        }

    @pytest.mark.parametrize("answer", [{"status_code": 503}, {"exc": requests.ReadTimeout}])
    def test_are_never_repeated_blindly(self, client, upstream, answer: dict) -> None:
        sent = upstream.mocker.post(f"{ORDERS}/{NUMBER}/oms-status-events", **answer)
        with pytest.raises(errors.OutcomeUnknown):
            client.order_updates.report(NUMBER, RETURNED, site_id="RefArchDE")
        assert sent.call_count == 1

    def test_what_the_description_refuses_is_not_sent(self, client, upstream) -> None:
        shipped = OmsFulfillment(id="s", type="shipped", occurred_at=RETURNED.occurred_at, lines=())
        with pytest.raises(errors.Rejected, match=r"needs lines.*tracking"):
            client.order_updates.report(NUMBER, shipped, site_id="RefArchDE")
        back = OmsFulfillment(id="s", type="processing", occurred_at=RETURNED.occurred_at, lines=RETURNED.lines)
        with pytest.raises(errors.Rejected, match="negative"):
            client.order_updates.report(NUMBER, back, site_id="RefArchDE")


class TestNotes:
    @pytest.fixture
    def notes(self, upstream) -> list[dict]:
        kept: list[dict] = []

        def add(request, context) -> dict:
            kept.append({"id": str(len(kept)), "created_by": "agent", **request.json()})
            return kept[-1]

        upstream.mocker.get(NOTES, json=lambda *_: {"_v": "24.5", "notes": kept})
        upstream.mocker.post(NOTES, json=add)
        return kept

    def add(self, client):
        return client.order_notes.add(NUMBER, subject="CS0001", text="Refund promised.", site_id="RefArchDE")

    def test_a_repeated_note_is_one_note(self, client, notes) -> None:
        first, second = self.add(client), self.add(client)
        assert first == second
        assert (len(notes), first.note_id, first.created_by) == (1, "0", "agent")

    def test_a_lost_answer_is_settled_by_reading(self, client, upstream, notes) -> None:
        def lost(request, context) -> dict:
            notes.append({"id": "0", **request.json()})
            raise requests.ConnectionError

        upstream.mocker.post(NOTES, json=lost)
        assert self.add(client).note_id == "0"

    def test_not_written_and_not_known(self, client, upstream, notes) -> None:
        upstream.mocker.post(NOTES, status_code=503)
        with pytest.raises(errors.OutcomeUnknown):
            self.add(client)

    def test_a_missing_permission_says_where_to_grant_it(self, client, upstream) -> None:
        fault = {"fault": {"type": "ClientAccessForbiddenException", "message": "no"}}
        upstream.mocker.get(NOTES, status_code=403, json=fault)
        with pytest.raises(errors.Forbidden, match="Open Commerce API Settings, type Shop"):
            self.add(client)
