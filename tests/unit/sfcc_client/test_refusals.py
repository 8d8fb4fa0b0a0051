"""Every error shape becomes one typed error that quotes ids, never bodies."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcc_client import errors
from sfcc_client.refusals import error_from, request_id_of, retry_after_of, upstream_code_of
from sfcc_client.request import Request

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


def request(**changes: object) -> Request:
    given = {"family": "scapi", "method": "GET", "path": "/x", "operation_id": "getOrder", "subject": "order 00000410"}
    return Request(**{**given, **changes})  # type: ignore[arg-type]


def refusal(status: int, body: object = None, headers: dict[str, str] | None = None, **changes: object):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_from(status, headers or {}, raw, request(**changes), sent_id="call-1", now=NOW)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": BASE + "order-not-found", "title": "Order Not Found", "detail": "…"}, "order-not-found"),
        ({"type": BASE + "unauthorized/", "title": "Unauthorized", "detail": None}, "unauthorized"),
        ({"_v": "25.6", "fault": {"type": "OrderNotFoundException", "message": "…"}}, "OrderNotFoundException"),
        ({"error": "invalid_client", "error_description": "Basic Authorization failed."}, "invalid_client"),
        ({"code": "ValidationError", "msg": "…", "errors": []}, "ValidationError"),
        ({"title": "Unknown", "detail": None}, None),
        ({"error": {"nested": True}, "fault": "flat", "type": 7}, None),
        ([1, 2], None),
        (None, None),
    ],
)
def test_slug_of_every_shape(body: object, code: str | None) -> None:
    assert upstream_code_of(json.dumps(body).encode()) == code


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_business_manager_user_is_told_from_a_refused_client(status: int) -> None:
    said = str(refusal(status, {"error": "invalid_grant"}, operation_id="Business Manager token", signs_in=True))
    assert "access key" in said
    assert "invalid_grant" in said


def test_slug_is_plain_text_whatever_was_sent() -> None:
    code = upstream_code_of(json.dumps({"error": "<script>mara@example.com\r\n" + "x" * 500}).encode())
    assert code is not None
    assert len(code) <= 80
    assert not set("<>@\r\n") & set(code)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_body(body: bytes) -> None:
    code = upstream_code_of(body)
    assert code is None or code.isprintable()


def test_deeply_nested_body_is_no_shape() -> None:
    assert upstream_code_of(b"[" * 100_000) is None


@pytest.mark.parametrize(
    ("status", "kind", "transient"),
    [
        (302, errors.Rejected, False),
        (400, errors.Rejected, False),
        (401, errors.SignInRefused, False),
        (403, errors.Forbidden, False),
        (404, errors.NotFound, False),
        (409, errors.StateConflict, False),
        (413, errors.Rejected, False),
        (429, errors.RateLimited, True),
        (500, errors.Unavailable, True),
        (503, errors.Unavailable, True),
        (504, errors.Unavailable, True),
    ],
)
def test_status_decides_the_kind_without_a_readable_body(status: int, kind: type, transient: bool) -> None:
    error = refusal(status, b"<html>Bad gateway</html>")
    assert type(error) is kind
    assert error.transient is transient
    assert (error.status, error.request_id, error.operation) == (status, "call-1", "getOrder")
    assert "html" not in str(error)


def test_maintenance_is_told_by_its_header() -> None:
    assert isinstance(refusal(503, None, {"sfdc_maintenance": "site"}), errors.Maintenance)


@pytest.mark.parametrize(("status", "kind"), [(400, errors.SignInRefused), (409, errors.Conflict)])
def test_token_endpoints_refuse_in_their_own_way(status: int, kind: type) -> None:
    assert type(refusal(status, {"error": "conflict"}, signs_in=True)) is kind


@pytest.mark.parametrize(
    ("operation_id", "scope"),
    [
        ("getOrder", "sfcc.orders"),
        ("searchCustomerInCustomerList", "sfcc.customerlists"),
        ("getCustomerOrders", "sfcc.shopper-myaccount.orders"),
        ("getCustomerBaskets", "sfcc.shopper-myaccount.baskets"),
        ("getProducts", "sfcc.shopper-products"),
        ("POST /order_search", "POST /order_search"),
    ],
)
def test_forbidden_names_the_missing_permission(operation_id: str, scope: str) -> None:
    error = refusal(403, {"type": BASE + "forbidden"}, operation_id=operation_id)
    assert isinstance(error, errors.Forbidden)
    assert error.scope == scope
    assert f"the client lacks {scope}" in str(error)


def test_message_holds_nothing_of_the_answer_but_its_slug() -> None:
    body = {"type": BASE + "bad-request", "title": "<b>", "detail": "mara@example.com", "email": "mara@example.com"}
    assert str(refusal(400, body)) == (
        "Commerce did not accept the request for order 00000410 (HTTP 400). Reason given: bad-request."
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("99999999999", 3600.0),
        ("Mon, 23 Nov 2026 09:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("", None),
        ("Mon, 23 Nov 2026 09:00:30", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after_of({"Retry-After": value}, NOW) == seconds


def test_request_id_prefers_the_one_commerce_generated() -> None:
    assert request_id_of({"correlation-id": "ours", "sfdc_correlation_id": "theirs"}, "sent") == "theirs"
    assert request_id_of({"x-correlation-id": "a\r\nb<c>"}, "sent") == "abc"
    assert request_id_of({}, "sent") == "sent"
