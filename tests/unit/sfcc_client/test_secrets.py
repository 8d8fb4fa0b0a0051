"""Canaries: secrets and personal data appear in no repr, no log line, no exception text."""

from __future__ import annotations

import logging
import traceback

import pytest

from sfcc_client import CommerceClient, errors

from .conftest import SECRETS, problem

PERSONAL = ("mara", "kowalski")
TOKENS = ("am-token", "shopper-token", "guest-token", "bm-token", "canary-refresh")


def told(error: BaseException) -> str:
    """All a handler could print of an error, its causes included."""
    return "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 429, 500, 503])
def test_whatever_fails_nothing_is_told(client: CommerceClient, upstream, status: int, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    body = problem("bad-request", email="mara.kowalski@example.com", accessToken="canary-refresh")
    answer = {"status_code": status, "json": body}
    upstream.customer_search(answer)
    upstream.shopper("orders", **answer)
    upstream.shopper("baskets", **answer)
    upstream.order_search(**answer)
    upstream.mocker.post(upstream.guest._url, **answer)
    from sfcc_client.models import Customer  # noqa: PLC0415

    mara = Customer(customer_no="00004711", customer_id="abKq", login="mara.kowalski@example.com")
    attempts = [
        lambda: client.customers.by_email("mara.kowalski@example.com", site_id="RefArchDE"),
        lambda: client.orders.of_customer(mara, site_id="RefArchDE"),
        lambda: client.orders.of_guest("mara.kowalski@example.com", site_id="RefArchDE"),
        lambda: client.baskets.of_customer(mara, site_id="RefArchDE"),
        lambda: client.products.by_ids(["x"], site_id="RefArchDE"),
        lambda: client.customers.by_number("mara.kowalski@example.com", site_id="RefArchDE"),
    ]
    said = ""
    failures = 0
    for attempt in attempts:
        try:
            said += repr(attempt())
        except errors.CommerceError as error:
            failures += 1
            said += told(error).replace(traceback.format_tb(error.__traceback__)[-1], "")
    said = "\n".join(line for line in said.splitlines() if "lambda: client" not in line)
    said += "\n".join(record.getMessage() for record in caplog.records)
    assert failures > 0
    assert not [canary for canary in (*SECRETS, *TOKENS, *PERSONAL) if canary in said.lower()]


def test_urls_hold_no_personal_data(client: CommerceClient, upstream) -> None:
    upstream.customer_search({"json": {"hits": []}})
    upstream.order_search(json={"hits": []})
    client.customers.by_email("mara.kowalski@example.com", site_id="RefArchDE")
    client.orders.of_guest("mara.kowalski@example.com", site_id="RefArchDE")
    urls = " ".join(request.url for request in upstream.mocker.request_history).lower()
    assert not any(canary in urls for canary in (*PERSONAL, *SECRETS))


def test_the_client_shows_nothing(client: CommerceClient) -> None:
    shown = repr(client) + repr(vars(client)) + repr(vars(client._gateway))
    assert not any(secret in shown for secret in SECRETS)
