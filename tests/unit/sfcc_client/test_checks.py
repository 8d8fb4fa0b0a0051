"""What `ping` says about a tenant."""

from __future__ import annotations

from sfcc_client.models import Check

from .conftest import ACCOUNT_MANAGER, INSTANCE, ORGANIZATION, SCAPI, problem

CHECKED_PER_SITE = ["customers", "orders", "products", "baskets", "order_search", "loyalty", "activity"]


def healthy(upstream) -> None:
    upstream.customer_search({"json": {"hits": [], "total": 0}})
    upstream.mocker.get(f"{SCAPI}/checkout/orders/v1/organizations/{ORGANIZATION}/orders", json={"data": []})
    upstream.mocker.get(
        f"{SCAPI}/customer/shopper-customers/v1/organizations/{ORGANIZATION}/customers/abKq/baskets", json={"total": 0}
    )
    upstream.products(json={"data": []})
    for site in ("RefArchDE", "RefArchJP"):
        upstream.mocker.post(f"{INSTANCE}/s/{site}/dw/shop/v24_5/order_search", json={"total": 0})
    upstream.custom_api("shopper-activity/activities", json={})


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_everything_works(client_with, upstream) -> None:
    healthy(upstream)
    checks = client_with(activity="custom_api").ping()
    assert [check.name for check in checks] == [
        "account_manager",
        *(f"{name}:{site}" for site in ("RefArchDE", "RefArchJP") for name in CHECKED_PER_SITE),
    ]
    assert {check.state for check in checks} == {"ok"}


def test_what_is_not_configured_is_off_and_not_tried(client_with, upstream) -> None:
    healthy(upstream)
    checks = by_name(client_with(bm_user="", loyalty="none", activity="none").ping())
    off = {name for name, check in checks.items() if check.state == "off"}
    assert off == {
        f"{name}:{site}" for site in ("RefArchDE", "RefArchJP") for name in ("order_search", "loyalty", "activity")
    }
    assert upstream.business_manager.call_count == 0


def test_each_failure_is_told_alone(client, upstream) -> None:
    healthy(upstream)
    upstream.customer_search(
        {"status_code": 403, "json": problem("forbidden"), "headers": {"sfdc_correlation_id": "up-1"}}
    )
    checks = by_name(client.ping())
    failed = checks["customers:RefArchDE"]
    assert (failed.state, failed.code, failed.request_id) == ("failed", "forbidden", "up-1")
    assert "the client lacks sfcc.customerlists" in failed.message
    assert checks["orders:RefArchDE"].state == "ok"


def test_scopes_that_were_not_granted(client, upstream) -> None:
    healthy(upstream)
    granted = "SALESFORCE_COMMERCE_API:zzrf_001 sfcc.orders.rw"
    upstream.mocker.post(
        f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token",
        json={"access_token": "am-token", "expires_in": 1799, "scope": granted},
    )
    signed_in = by_name(client.ping())["account_manager"]
    assert signed_in.state == "failed"
    assert "lacks sfcc.customerlists:" in signed_in.message


def test_a_wrong_secret_fails_without_an_exception(client, upstream) -> None:
    healthy(upstream)
    upstream.mocker.post(
        f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token", status_code=401, json={"error": "invalid_client"}
    )
    checks = by_name(client.ping())
    assert checks["account_manager"].code == "sign_in_refused"
    assert checks["baskets:RefArchDE"].state == "ok"


def test_the_trusted_system_flow_is_what_baskets_try(client, upstream) -> None:
    healthy(upstream)
    upstream.mocker.post(upstream.trusted_system._url, status_code=403, json={"error": "forbidden"})
    failed = by_name(client.ping())["baskets:RefArchDE"]
    assert "sfcc.ts_ext_on_behalf_of" in failed.message


def test_no_customer_is_asked_about(client_with, upstream) -> None:
    healthy(upstream)
    client_with(activity="custom_api").ping()
    asked = [request for request in upstream.mocker.request_history if "activities" in request.url]
    assert {request.qs["c_customer_id"][0] for request in asked} == {"sfcc-snow-check"}
