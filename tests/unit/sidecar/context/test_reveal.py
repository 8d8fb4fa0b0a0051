"""Revealing: permitted, recorded first, then shown; nothing without a record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sfcc_client.errors import TimedOut, Unavailable
from sidecar.context import AccessRecord, Identity, RevealRequest, Viewer
from sidecar.errors import Ambiguous, AuditUnavailable, NotFound, NotPermitted, UpstreamFailed, UpstreamTimeout

from .conftest import AGENT, CASE, MARA, NOW, Desk, order


def ask(desk: Desk, *, field: Any = "email", viewer: Viewer = AGENT, **who: str) -> str:
    identity = Identity(**(who or {"customer_no": "00004711", "site_id": "RefArchDE"}))
    request = RevealRequest(
        identity=identity, field=field, viewer=viewer, case=CASE, reason="asked by phone", ref="c360-r"
    )
    revealed = desk.service.reveal(request)
    assert (revealed.field, revealed.expires_in_s) == (field, 60)
    return revealed.value


@pytest.mark.parametrize(("field", "value"), [("email", "mara.k@example.com"), ("phone", "+49 170 1234542")])
def test_the_record_comes_first_and_holds_no_value(desk: Desk, field: str, value: str) -> None:
    assert ask(desk, field=field) == value
    assert desk.log.records == [
        AccessRecord(
            at=NOW,
            user="u1",
            action="reveal",
            field=field,
            reason="asked by phone",
            customer_no="00004711",
            site_id="RefArchDE",
            case=CASE,
            reference="c360-r",
        )
    ]
    assert value not in repr(desk.log.records)


@pytest.mark.parametrize(
    "failure", [AuditUnavailable("disk full"), OSError("disk full"), RuntimeError("mara.k@example.com")]
)
def test_without_a_record_nothing_is_revealed(desk: Desk, failure: Exception) -> None:
    desk.log.failure = failure
    with pytest.raises(AuditUnavailable) as caught:
        ask(desk)
    assert "example.com" not in str(caught.value)
    assert 'result="audit_unavailable"} 1.0' in desk.metrics.text().decode()


@pytest.mark.parametrize("roles", [("auditor",), (), ("admin",)])
def test_without_the_right_nothing_is_looked_up(desk: Desk, roles: tuple[str, ...]) -> None:
    with pytest.raises(NotPermitted):
        ask(desk, viewer=Viewer(user="u2", roles=roles))
    assert sum(desk.shop.calls.values()) == 0
    assert desk.log.records == []


def test_nothing_to_reveal(desk: Desk) -> None:
    desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, phone=None)
    with pytest.raises(NotFound):
        ask(desk, field="phone")
    with pytest.raises(NotFound):
        ask(desk, email="nobody@example.org")
    assert desk.log.records == []


def test_several_people_reveal_nobody(desk: Desk) -> None:
    desk.shop.customers["RefArchUK", "7"] = replace(MARA, customer_no="7")
    with pytest.raises(Ambiguous):
        ask(desk, email="mara.k@example.com")


def test_a_guest_has_an_address(desk: Desk) -> None:
    guest = order("G1", customer_no=None, guest=True, email="paul@example.com")
    desk.shop.orders["RefArchDE"].append(guest)
    assert ask(desk, order_no="G1") == "paul@example.com"
    assert desk.log.records[0].customer_no is None


def test_upstream_failures(desk: Desk) -> None:
    desk.shop.broken["customer"] = TimedOut("late")
    with pytest.raises(UpstreamTimeout):
        ask(desk)
    desk.shop.broken["customer"] = Unavailable("down")
    with pytest.raises(UpstreamFailed):
        ask(desk)


def test_control_characters_are_not_handed_out(desk: Desk) -> None:
    desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, phone="+49\n170\u202e1234542")
    assert ask(desk, field="phone") == "+49 1701234542"
