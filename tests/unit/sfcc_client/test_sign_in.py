"""Account Manager, SLAS and Business Manager sign-ins."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sfcc_client import errors
from sfcc_client.models import Customer

from .conftest import ACCOUNT_MANAGER, ORGANIZATION, SCAPI, SECRETS

MARA = Customer(customer_no="00004711", customer_id="abKq", login="mara@example.com")
TSOB = f"{SCAPI}/shopper/auth/v1/organizations/{ORGANIZATION}/oauth2/trusted-system/token"
ORDER = {"orderNo": "1"}


def basic_of(request) -> str:
    kind, _, encoded = request.headers["Authorization"].partition(" ")
    assert kind == "Basic"
    return base64.b64decode(encoded).decode()


def form_of(request) -> dict[str, str]:
    from urllib.parse import parse_qsl  # noqa: PLC0415

    return dict(parse_qsl(request.text))


def read_order(client):
    return client.orders.by_number("1", site_id="RefArchDE")


class TestAccountManager:
    def test_request(self, client, upstream) -> None:
        upstream.admin_order("1", json=ORDER)
        read_order(client)
        sent = upstream.account_manager.last_request
        assert basic_of(sent) == "am-client:am%2Fsecret%2B1"
        assert form_of(sent) == {
            "grant_type": "client_credentials",
            "scope": "SALESFORCE_COMMERCE_API:zzrf_001 sfcc.customerlists sfcc.orders",
        }

    def test_custom_scopes_are_asked_for_when_used(self, client_with, upstream) -> None:
        upstream.admin_order("1", json=ORDER)
        read_order(client_with(loyalty="custom_api", activity="custom_api", activity_scope="c_seen"))
        assert form_of(upstream.account_manager.last_request)["scope"].split() == [
            "SALESFORCE_COMMERCE_API:zzrf_001", "c_loyalty_info", "c_seen", "sfcc.customerlists", "sfcc.orders",
        ]  # fmt: skip

    def test_kept_until_a_minute_before_expiry(self, client, upstream, clock) -> None:
        upstream.admin_order("1", json=ORDER)
        read_order(client)
        clock.pass_by(1799 - 60 - 1)
        read_order(client)
        assert upstream.account_manager.call_count == 1
        clock.pass_by(1)
        read_order(client)
        assert upstream.account_manager.call_count == 2

    def test_a_short_lived_token_is_still_kept_for_half_its_life(self, client, upstream, clock) -> None:
        upstream.admin_order("1", json=ORDER)
        upstream.mocker.post(f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token",
                             json={"access_token": "brief", "expires_in": 30})  # fmt: skip
        read_order(client)
        clock.pass_by(14)
        read_order(client)
        assert sum("dwsso" in request.path for request in upstream.mocker.request_history) == 1

    def test_one_unassigned_scope_does_not_disable_the_others(self, client_with, upstream) -> None:
        def granted(request, context):
            asked = form_of(request)["scope"].split()
            if "sfcc.customerlists" in asked:
                context.status_code = 400
                return {"error": "invalid_scope", "error_description": "The requested scope is invalid"}
            return {"access_token": "am-token", "expires_in": 1799}

        client = client_with()
        upstream.mocker.post(f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token", json=granted)
        upstream.admin_order("1", json=ORDER)
        assert read_order(client).order_no == "1"
        with pytest.raises(errors.Forbidden, match=r"the client lacks sfcc\.customerlists") as caught:
            client.customers.by_number("1", site_id="RefArchDE")
        assert (caught.value.upstream_code, caught.value.scope) == ("invalid_scope", "sfcc.customerlists")

    @pytest.mark.parametrize(
        ("status", "body", "kind"),
        [
            (401, {"error": "invalid_client", "error_description": "am/secret+1"}, errors.SignInRefused),
            (400, {"error": "invalid_grant"}, errors.SignInRefused),
            (429, None, errors.RateLimited),
            (503, None, errors.Unavailable),
            (200, None, errors.BadAnswer),
            (200, {"expires_in": 1799}, errors.BadAnswer),
            (200, {"access_token": "a b"}, errors.BadAnswer),
            (200, {"access_token": "a\r\nX: y"}, errors.BadAnswer),
            (200, {"access_token": "a\n"}, errors.BadAnswer),
            (200, {"access_token": 7}, errors.BadAnswer),
            (200, {"access_token": "a", "expires_in": "never"}, errors.BadAnswer),
            (200, {"access_token": "a", "expires_in": -1}, errors.BadAnswer),
            (200, ["a"], errors.BadAnswer),
        ],
    )
    def test_refusals(self, client, upstream, status: int, body: object, kind: type) -> None:
        asked = upstream.mocker.post(f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token", status_code=status, json=body)
        with pytest.raises(errors.CommerceError) as caught:
            read_order(client)
        assert type(caught.value) is kind
        assert asked.call_count == 1
        assert not any(secret in str(caught.value) for secret in SECRETS)

    def test_a_refused_sign_in_is_not_repeated_as_an_expired_token(self, client, upstream) -> None:
        asked = upstream.mocker.post(f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token", status_code=401)
        orders = upstream.admin_order("1", json=ORDER)
        with pytest.raises(errors.SignInRefused):
            read_order(client)
        assert (asked.call_count, orders.call_count) == (1, 0)


class TestTrustedSystem:
    def test_request(self, client, upstream) -> None:
        upstream.shopper("orders", json={"data": [], "total": 0})
        client.orders.of_customer(MARA, site_id="RefArchDE")
        sent = upstream.trusted_system.last_request
        assert basic_of(sent) == f"slas-client:{SECRETS[1]}"
        assert "mara" not in sent.url
        assert form_of(sent) == {
            "grant_type": "client_credentials",
            "hint": "ts_ext_on_behalf_of",
            "login_id": "mara@example.com",
            "idp_origin": "ecom",
            "channel_id": "RefArchDE",
            "client_id": "slas-client",
            "dnt": "true",
        }

    def test_one_token_serves_orders_and_basket(self, client, upstream, clock) -> None:
        upstream.shopper("orders", json={"data": [], "total": 0})
        upstream.shopper("baskets", json={"baskets": [], "total": 0})
        client.orders.of_customer(MARA, site_id="RefArchDE")
        clock.pass_by(1739)
        client.baskets.of_customer(MARA, site_id="RefArchDE")
        assert upstream.trusted_system.call_count == 1
        clock.pass_by(1)
        client.baskets.of_customer(MARA, site_id="RefArchDE")
        assert upstream.trusted_system.call_count == 2

    def test_sixteen_threads_sign_in_once(self, client, upstream) -> None:
        ready = threading.Barrier(16)
        upstream.shopper("baskets", json={"baskets": [], "total": 0})

        def read(_):
            ready.wait(5)
            return client.baskets.of_customer(MARA, site_id="RefArchDE")

        with ThreadPoolExecutor(16) as pool:
            assert list(pool.map(read, range(16))) == [None] * 16
        assert upstream.trusted_system.call_count == 1

    def test_every_site_has_its_own_token(self, client, upstream) -> None:
        upstream.shopper("baskets", json={"baskets": [], "total": 0})
        client.baskets.of_customer(MARA, site_id="RefArchDE")
        client.baskets.of_customer(MARA, site_id="RefArchJP")
        assert upstream.trusted_system.call_count == 2

    def test_conflict_is_waited_out(self, client, upstream, clock) -> None:
        token = {"access_token": "shopper-token", "expires_in": 1800, "customer_id": "abKq"}
        asked = upstream.mocker.post(TSOB, [{"status_code": 409, "json": {"error": "conflict"}}, {"json": token}])
        upstream.shopper("baskets", json={"baskets": [], "total": 0})
        client.baskets.of_customer(MARA, site_id="RefArchDE")
        assert (asked.call_count, clock.slept) == (2, [3.0])

    def test_conflict_beyond_the_deadline_is_not_waited_for(self, client, upstream, clock) -> None:
        asked = upstream.mocker.post(TSOB, status_code=409, json={"error": "conflict"})
        with pytest.raises(errors.Conflict) as caught:
            client.baskets.of_customer(MARA, site_id="RefArchDE", deadline=2.5)
        assert (asked.call_count, clock.slept, caught.value.retry_after) == (1, [], 3.0)
        assert caught.value.transient

    def test_conflict_twice_is_told(self, client, upstream, clock) -> None:
        asked = upstream.mocker.post(TSOB, status_code=409, json={"error": "conflict"})
        with pytest.raises(errors.Conflict):
            client.baskets.of_customer(MARA, site_id="RefArchDE")
        assert (asked.call_count, clock.slept) == (2, [3.0])

    def test_answer_without_a_shopper_is_unusable(self, client, upstream) -> None:
        upstream.mocker.post(TSOB, json={"access_token": "t", "expires_in": 1800})
        with pytest.raises(errors.BadAnswer, match="customer_id"):
            client.baskets.of_customer(MARA, site_id="RefArchDE")

    @pytest.mark.parametrize("login", ["guest", "x" * 129])
    def test_logins_that_would_mean_somebody_else_are_never_sent(self, client, upstream, login: str) -> None:
        with pytest.raises(errors.Rejected):
            client.baskets.of_customer(Customer(customer_no="1", login=login), site_id="RefArchDE")
        assert upstream.trusted_system.call_count == 0

    def test_an_unknown_login_is_told_apart_from_a_wrong_secret(self, client, upstream) -> None:
        upstream.mocker.post(TSOB, status_code=400, json={"error": "invalid_request"})
        with pytest.raises(errors.SignInRefused, match="on behalf of this shopper") as caught:
            client.baskets.of_customer(MARA, site_id="RefArchDE")
        assert "mara" not in str(caught.value)

    @pytest.mark.parametrize("read", ["orders", "baskets"])
    def test_signing_somebody_else_in_stops_everything(self, client, upstream, read: str) -> None:
        stranger = {"access_token": "t", "expires_in": 1800, "customer_id": "somebodyElse"}
        upstream.mocker.post(TSOB, json=stranger)
        search = upstream.order_search(json={"hits": [], "total": 0})
        with pytest.raises(errors.InvalidSettings, match="customer_list_id"):
            getattr(client, read).of_customer(MARA, site_id="RefArchDE")
        assert not search.called

    @pytest.mark.parametrize("read", ["orders", "baskets", "loyalty", "activity"])
    def test_a_site_of_another_customer_list_is_refused(self, client_with, upstream, read: str) -> None:
        foreign = Customer(customer_no="1", login="mara@example.com", customer_list_id="Elsewhere")
        with pytest.raises(errors.Rejected, match="another customer list"):
            getattr(client_with(activity="custom_api"), read).of_customer(foreign, site_id="RefArchDE")
        assert not upstream.mocker.called

    def test_missing_permission_is_named(self, client, upstream) -> None:
        upstream.mocker.post(TSOB, status_code=403, json={"error": "forbidden"})
        with pytest.raises(errors.Forbidden, match=r"the client lacks sfcc\.ts_ext_on_behalf_of"):
            client.baskets.of_customer(MARA, site_id="RefArchDE")

    def test_401_on_a_shopper_path_signs_in_again_once(self, client, upstream) -> None:
        baskets = upstream.shopper("baskets", status_code=401, json={})
        with pytest.raises(errors.SignInRefused):
            client.baskets.of_customer(MARA, site_id="RefArchDE")
        assert (baskets.call_count, upstream.trusted_system.call_count) == (2, 2)


def test_guest_token_of_a_private_client(client, upstream) -> None:
    upstream.products(json={"data": []})
    client.products.by_ids(["a"], site_id="RefArchDE")
    client.products.by_ids(["a"], site_id="RefArchDE")
    sent = upstream.guest.last_request
    assert upstream.guest.call_count == 1
    assert basic_of(sent) == f"slas-client:{SECRETS[1]}"
    assert form_of(sent) == {"grant_type": "client_credentials", "channel_id": "RefArchDE", "dnt": "true"}


class TestBusinessManager:
    def test_request(self, client, upstream) -> None:
        search = upstream.order_search(json={"hits": [], "total": 0})
        client.orders.of_guest("mara@example.com", site_id="RefArchDE")
        sent = upstream.business_manager.last_request
        assert basic_of(sent) == f"reader:{SECRETS[2]}:{SECRETS[3]}"
        assert sent.qs == {"client_id": ["ocapi-client"]}
        assert search.last_request.headers["Authorization"] == "Bearer bm-token"
        assert search.last_request.headers["x-dw-client-id"] == "ocapi-client"

    def test_the_account_manager_client_stands_in(self, client_with, upstream) -> None:
        upstream.order_search(json={"hits": [], "total": 0})
        client = client_with(ocapi_client_id="", ocapi_client_secret="")
        client.orders.of_guest("mara@example.com", site_id="RefArchDE")
        sent = upstream.business_manager.last_request
        assert basic_of(sent) == f"reader:{SECRETS[2]}:{SECRETS[0]}"
        assert sent.qs == {"client_id": ["am-client"]}

    def test_without_a_user_nothing_is_asked(self, client_with, upstream) -> None:
        with pytest.raises(errors.NotConfigured, match="bm_user"):
            client_with(bm_user="").orders.of_guest("mara@example.com", site_id="RefArchDE")
        assert not upstream.mocker.called
