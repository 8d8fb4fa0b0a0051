"""Deadlines, repeats, limits and malformed answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
import requests

from sfcc_client import CommerceClient, errors

ORDER = {"orderNo": "00000410"}


def by_number(client: CommerceClient, **options):
    return client.orders.by_number("00000410", site_id="RefArchDE", **options)


def test_sends_token_site_and_correlation_id(client, upstream) -> None:
    asked = upstream.admin_order(json=ORDER)
    by_number(client, correlation_id="c360-7f3a")
    sent = asked.last_request
    assert sent.qs == {"siteid": ["refarchde"]}
    assert sent.headers["Authorization"] == "Bearer am-token"
    assert sent.headers["correlation-id"] == "c360-7f3a"
    assert upstream.account_manager.last_request.headers["correlation-id"] == "c360-7f3a"


def test_correlation_id_is_cleaned_or_made(client, upstream) -> None:
    asked = upstream.admin_order(json=ORDER)
    by_number(client, correlation_id="mara@example.com\r\nX: y")
    assert asked.last_request.headers["correlation-id"] == "mara-example-com-X-y"
    by_number(client)
    assert asked.last_request.headers["correlation-id"] == "call-1"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_get_is_tried_three_times(client, upstream, clock, status: int) -> None:
    asked = upstream.admin_order(status_code=status)
    with pytest.raises(errors.Transient):
        by_number(client)
    assert asked.call_count == 3
    assert len(clock.slept) == 2
    assert all(pause <= 0.4 for pause in clock.slept)


def test_get_succeeds_after_a_failure(client, upstream) -> None:
    upstream.mocker.get(requests_mock_any(), [{"status_code": 503}, {"json": ORDER}])
    assert by_number(client).order_no == "00000410"


def requests_mock_any():
    import requests_mock  # noqa: PLC0415

    return requests_mock.ANY


@pytest.mark.parametrize("status", [429, 500, 503])
def test_post_is_never_repeated(client, upstream, status: int) -> None:
    asked = upstream.customer_search({"status_code": status})
    with pytest.raises(errors.Transient):
        client.customers.by_email("mara@example.com", site_id="RefArchDE")
    assert asked.call_count == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413])
def test_final_statuses_are_not_repeated(client, upstream, status: int) -> None:
    asked = upstream.admin_order(status_code=status)
    with pytest.raises(errors.Terminal):
        by_number(client)
    assert asked.call_count == 1


def test_retry_after_is_kept_to(client, upstream, clock) -> None:
    upstream.admin_order(status_code=429, headers={"Retry-After": "2"})
    with pytest.raises(errors.RateLimited) as caught:
        by_number(client)
    assert clock.slept == [2.0, 2.0]
    assert caught.value.retry_after == 2.0


def test_long_retry_after_is_handed_to_the_caller(client, upstream, clock) -> None:
    asked = upstream.admin_order(status_code=429, headers={"Retry-After": "60"})
    with pytest.raises(errors.RateLimited) as caught:
        by_number(client)
    assert (asked.call_count, clock.slept, caught.value.retry_after) == (1, [], 60.0)


def test_repeats_end_with_the_deadline(client, upstream, clock) -> None:
    asked = upstream.admin_order(status_code=503, headers={"Retry-After": "2"})
    with pytest.raises(errors.Unavailable):
        by_number(client, deadline=3.0)
    assert asked.call_count == 2
    assert sum(clock.slept) < 3.0


def test_maintenance_is_not_waited_for(client, upstream, clock) -> None:
    upstream.admin_order(status_code=503, headers={"sfdc_maintenance": "system"})
    with pytest.raises(errors.Maintenance):
        by_number(client)
    assert clock.slept == []
    assert client.load.maintenance == "system"


def test_timeouts_shrink_with_the_deadline(client, upstream, clock) -> None:
    def slow_token(request, context):
        clock.pass_by(1.5)
        return {"access_token": "am-token", "expires_in": 1799}

    upstream.mocker.post("https://account.demandware.com/dwsso/oauth2/access_token", json=slow_token)
    asked = upstream.admin_order(json=ORDER)
    by_number(client, deadline=2.0)
    assert asked.last_request.timeout == (0.5, 0.5)
    by_number(client)
    assert asked.last_request.timeout == (3.05, 10.0)


def test_deadline_passed_before_the_request(client, upstream, clock) -> None:
    def late_token(request, context):
        clock.pass_by(5)
        return {"access_token": "am-token", "expires_in": 1799}

    upstream.mocker.post("https://account.demandware.com/dwsso/oauth2/access_token", json=late_token)
    asked = upstream.admin_order(json=ORDER)
    with pytest.raises(errors.TimedOut):
        by_number(client, deadline=2.0)
    assert asked.call_count == 0


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (requests.exceptions.ReadTimeout("https://secret"), errors.TimedOut),
        (requests.exceptions.ConnectTimeout("https://secret"), errors.Unreachable),
        (requests.exceptions.ConnectionError("https://secret"), errors.Unreachable),
        (requests.exceptions.ChunkedEncodingError("https://secret"), errors.Unreachable),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED https://secret"), errors.Untrusted),
        (requests.exceptions.SSLError("EOF https://secret"), errors.Unreachable),
        (requests.exceptions.InvalidHeader("Bearer secret"), errors.Rejected),
        (OSError("https://secret"), errors.Unreachable),
    ],
)
def test_broken_exchanges_are_typed_and_quote_nothing(client, upstream, raised: Exception, kind: type) -> None:
    upstream.admin_order(exc=raised)
    with pytest.raises(errors.CommerceError) as caught:
        by_number(client)
    assert type(caught.value) is kind
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Please wait</body></html>",
        b"{",
        b"\xff\xfe",
        b'{"orderNo": NaN}',
        b'{"orderNo": 1' + b"0" * 5000 + b"}",
        b"[" * 200_000,
        b"[]",
        b"7",
        b"null",
        b"",
        b"{}",
        b'{"orderNo": 410}',
        b'{"orderNo": "1", "productItems": {}}',
        b'{"orderNo": "1", "orderTotal": "12.00"}',
        b'{"orderNo": "1", "orderTotal": 1e999999999}',
        b'{"orderNo": "1", "creationDate": "yesterday"}',
        b'{"orderNo": "1", "creationDate": "0001-01-01T00:00:00+14:00"}',
        b'{"orderNo": "1", "customerInfo": "mara@example.com"}',
    ],
)
def test_an_answer_that_makes_no_sense_is_a_bad_answer(client, upstream, body: bytes) -> None:
    asked = upstream.admin_order(content=body, headers={"sfdc_correlation_id": "up-9"})
    with pytest.raises(errors.BadAnswer) as caught:
        by_number(client)
    assert asked.call_count == 1
    assert caught.value.transient
    assert (caught.value.code, caught.value.status, caught.value.request_id) == ("bad_answer", 200, "up-9")
    assert "mara" not in str(caught.value)


def test_answers_over_ten_megabytes_are_refused(client, upstream) -> None:
    upstream.admin_order(content=b'{"orderNo": "1", "x": "' + b"x" * (10 * 1024 * 1024) + b'"}')
    with pytest.raises(errors.BadAnswer, match="larger than 10 MB"):
        by_number(client)


def test_redirects_are_not_followed(client, upstream) -> None:
    elsewhere = upstream.mocker.get("https://evil.example.net/", json=ORDER)
    upstream.admin_order(status_code=302, headers={"Location": "https://evil.example.net/"})
    with pytest.raises(errors.Rejected, match="redirects"):
        by_number(client)
    assert not elsewhere.called


def test_cookies_are_not_kept(client, upstream) -> None:
    asked = upstream.admin_order(json=ORDER, headers={"Set-Cookie": "dwsid=abc; Path=/"})
    by_number(client)
    by_number(client)
    assert "Cookie" not in asked.last_request.headers


def test_environment_is_not_read(client, upstream, monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.net:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    asked = upstream.admin_order(json=ORDER)
    by_number(client)
    assert not asked.last_request.proxies
    assert asked.last_request.verify is True


def test_401_signs_in_again_exactly_once(client, upstream) -> None:
    asked = upstream.admin_order(status_code=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    with pytest.raises(errors.SignInRefused):
        by_number(client)
    assert asked.call_count == 2
    assert upstream.account_manager.call_count == 2


def test_401_recovers_with_the_new_token(client, upstream) -> None:
    tokens = iter(["stale", "fresh"])
    upstream.mocker.post(
        "https://account.demandware.com/dwsso/oauth2/access_token",
        json=lambda request, context: {"access_token": next(tokens), "expires_in": 1799},
    )

    def answered(request, context):
        if request.headers["Authorization"] == "Bearer fresh":
            return json.dumps(ORDER)
        context.status_code = 401
        return "{}"

    upstream.admin_order(text=answered)
    assert by_number(client).order_no == "00000410"


def test_load_headers_are_a_passive_signal(client, upstream, clock) -> None:
    assert client.load.seen_at is None
    upstream.admin_order(json=ORDER, headers={"sfdc_load": "85", "sfdc_load_status": "WARN"})
    by_number(client)
    assert (client.load.percent, client.load.status, client.load.seen_at) == (85, "WARN", clock.now())
    upstream.admin_order(json=ORDER, headers={"sfdc_load": "much"})
    by_number(client)
    assert client.load.percent is None


@pytest.mark.parametrize(
    ("order_no", "sent"),
    [("a/b?c#d", "a%2fb%3fc%23d"), ("50%", "50%25"), ("é", "%c3%a9"), ("..a", "..a")],
)
def test_path_segments_are_encoded(client, upstream, order_no: str, sent: str) -> None:
    asked = upstream.mocker.get(requests_mock_any(), json=ORDER)
    client.orders.by_number(order_no, site_id="RefArchDE")
    assert asked.last_request.path.endswith(f"/orders/{sent}")


@pytest.mark.parametrize("order_no", ["", ".", ".."])
def test_segments_that_would_leave_the_path_are_refused(client, upstream, order_no: str) -> None:
    asked = upstream.mocker.get(requests_mock_any(), json=ORDER)
    with pytest.raises(errors.Rejected):
        client.orders.by_number(order_no, site_id="RefArchDE")
    assert not asked.called


def test_amounts_are_exact(client, upstream) -> None:
    upstream.admin_order(content=b'{"orderNo": "1", "currency": "BHD", "orderTotal": 0.105}')
    assert by_number(client).total.amount == Decimal("0.105")


def test_messages_name_the_record_unless_it_is_no_identifier(client, upstream) -> None:
    upstream.mocker.get(requests_mock_any(), status_code=404)
    with pytest.raises(errors.NotFound, match=r"no such customer\."):
        client.customers.by_number("Mara Kowalski", site_id="RefArchDE")
    with pytest.raises(errors.NotFound, match=r"no customer 00001234\."):
        client.customers.by_number("00001234", site_id="RefArchDE")


def test_an_email_address_never_becomes_part_of_a_path(client, upstream) -> None:
    with pytest.raises(errors.Rejected) as caught:
        client.customers.by_number("mara@example.com", site_id="RefArchDE")
    assert "mara" not in str(caught.value)
    assert not upstream.mocker.called


def test_every_family_has_a_pool_for_many_threads(client_with: Callable[..., CommerceClient]) -> None:
    transport = client_with(pool_size=48)._transport
    adapters = {
        id(session.get_adapter("https://x")): session.get_adapter("https://x")
        for session in transport._sessions.values()
    }
    assert len(adapters) == 5
    assert all(adapter._pool_maxsize == 48 for adapter in adapters.values())
