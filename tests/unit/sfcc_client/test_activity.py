"""Activity from the custom API and from Einstein, and the shopper's refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

import sfcc_client
from sfcc_client import errors
from sfcc_client.models import UNDATED, ActivityItem, Customer

from .conftest import EINSTEIN, problem

ANSWER = {
    "customerId": "abKq",
    "consent": {"tracking": True, "changedAt": "2026-01-01T00:00:00Z"},
    "retentionDays": 30,
    "data": [
        {"at": "2026-11-22T10:00:00Z", "kind": "view", "text": "Jacket", "productId": "jacket", "count": 3},
        {"at": "2026-11-23T08:00:00Z", "kind": "search", "text": "footprint 2p", "results": 12, "count": 1},
        {"at": "2026-11-23T08:30:00Z", "kind": "hologram", "text": "of a later release"},
        {"kind": "page", "text": "Returns", "at": None},
    ],
}


def mara(**custom: object) -> Customer:
    return Customer(
        customer_no="00004711", customer_id="abKq", login="mara@example.com", custom=MappingProxyType(custom)
    )


def activity_of(client, customer=None):
    return client.activity.of_customer(customer or mara(), site_id="RefArchDE")


@pytest.fixture
def client(client_with):
    return client_with(activity="custom_api")


class TestCustomApi:
    def test_newest_first(self, client, upstream) -> None:
        asked = upstream.custom_api("shopper-activity/activities", json=ANSWER)
        activity = activity_of(client)
        assert activity.items == (
            ActivityItem(at=datetime(2026, 11, 23, 8, tzinfo=UTC), kind="search", text="footprint 2p", results=12),
            ActivityItem(
                at=datetime(2026, 11, 22, 10, tzinfo=UTC), kind="view", text="Jacket", count=3, product_id="jacket"
            ),
            ActivityItem(kind="page", text="Returns"),
        )
        assert (activity.opted_out_at, activity.window) == (None, timedelta(days=30))
        assert asked.last_request.qs == {
            "siteid": ["refarchde"],
            "c_customer_id": ["abkq"],
            "c_customer_no": ["00004711"],
        }

    def test_searches_are_not_shown_by_repr(self, client, upstream) -> None:
        upstream.custom_api("shopper-activity/activities", json=ANSWER)
        assert "footprint" not in repr(activity_of(client))

    @pytest.mark.parametrize(
        ("consent", "at"),
        [
            ({"tracking": False, "changedAt": "2026-10-01T00:00:00Z"}, datetime(2026, 10, 1, tzinfo=UTC)),
            ({"tracking": False}, UNDATED),
        ],
    )
    def test_refusal_in_the_answer_hides_what_comes_with_it(self, client, upstream, consent: dict, at) -> None:
        upstream.custom_api("shopper-activity/activities", json={**ANSWER, "consent": consent})
        activity = activity_of(client)
        assert (activity.items, activity.opted_out_at) == ((), at)

    @pytest.mark.parametrize("days", [None, 0, -1, 10**12])
    def test_implausible_retention_is_unknown(self, client, upstream, days: int | None) -> None:
        upstream.custom_api("shopper-activity/activities", json={"retentionDays": days})
        assert activity_of(client).window is None

    def test_at_most_fifty(self, client, upstream) -> None:
        upstream.custom_api("shopper-activity/activities", json={"data": ANSWER["data"] * 100})
        assert len(activity_of(client).items) == 50

    def test_not_there(self, client, upstream) -> None:
        upstream.custom_api("shopper-activity/activities", status_code=404)
        with pytest.raises(errors.NotConfigured):
            activity_of(client)

    def test_a_customer_without_an_id_left_no_trace(self, client, upstream) -> None:
        assert activity_of(client, Customer(customer_no="1")).items == ()
        assert not upstream.mocker.called

    @pytest.mark.parametrize("body", [[], {"data": {}}, {"data": [{"at": "now"}]}, {"consent": {"tracking": "no"}}])
    def test_other_shapes(self, client, upstream, body: object) -> None:
        upstream.custom_api("shopper-activity/activities", json=body)
        with pytest.raises(errors.BadAnswer):
            activity_of(client)


PATH = "shopper-activity/activities"
SCHEMA = Path(sfcc_client.__file__).parent / "cartridge/int_servicenow/cartridge/rest-apis/shopper-activity/schema.yaml"


def record(client, customer=None, **deed):
    deed = {"kind": "search", "text": "tent", **deed}
    return client.activity.record(customer or mara(), site_id="RefArchDE", **deed)


class TestRecord:
    def test_the_entry_it_became(self, client, upstream) -> None:
        entry = {"at": "2026-11-23T09:00:00.000Z", "kind": "search", "text": "tent", "results": 12, "count": 2}
        asked = upstream.custom_api(PATH, "POST", status_code=201, json=entry)
        assert record(client, results=12) == ActivityItem(
            at=datetime(2026, 11, 23, 9, tzinfo=UTC), kind="search", text="tent", results=12, count=2
        )
        assert asked.last_request.json() == {"kind": "search", "text": "tent", "results": 12}
        assert "tent" not in asked.last_request.url

    def test_without_consent(self, client, upstream) -> None:
        upstream.custom_api(PATH, "POST", status_code=409, json=problem("tracking-refused"))
        with pytest.raises(errors.TrackingRefused, match="customer 00004711 was not recorded") as caught:
            record(client)
        assert (caught.value.status, caught.value.transient) == (409, False)

    def test_a_refusal_on_the_customer_stops_the_request(self, client, upstream) -> None:
        with pytest.raises(errors.TrackingRefused):
            record(client, mara(c_trackingOptOut="2026-10-01"))
        assert not upstream.mocker.called

    def test_another_conflict_is_not_a_refusal(self, client, upstream) -> None:
        upstream.custom_api(PATH, "POST", status_code=409, json=problem("conflict"))
        with pytest.raises(errors.StateConflict):
            record(client)

    def test_never_repeated(self, client, upstream) -> None:
        asked = upstream.custom_api(PATH, "POST", status_code=503)
        with pytest.raises(errors.Unavailable):
            record(client)
        assert asked.call_count == 1

    @pytest.mark.parametrize("deed", [{"kind": "buy"}, {"text": ""}, {"text": "x" * 257}])
    def test_what_is_no_activity_is_not_sent(self, client, upstream, deed: dict) -> None:
        with pytest.raises(errors.Rejected):
            record(client, **deed)
        assert not upstream.mocker.called

    @pytest.mark.parametrize("body", [{}, {"kind": "hologram"}, []])
    def test_other_shapes(self, client, upstream, body: object) -> None:
        upstream.custom_api(PATH, "POST", status_code=201, json=body)
        with pytest.raises(errors.BadAnswer):
            record(client)


class TestErase:
    def test_the_number_is_enough(self, client, upstream) -> None:
        asked = upstream.custom_api(PATH, "DELETE", status_code=204)
        client.activity.erase(Customer(customer_no="00004711"), site_id="RefArchDE")
        assert asked.last_request.qs == {"siteid": ["refarchde"], "c_customer_no": ["00004711"]}

    @pytest.mark.parametrize(
        ("status", "kind"), [(401, errors.SignInRefused), (403, errors.Forbidden), (404, errors.NotConfigured)]
    )
    def test_a_refusal_is_an_error(self, client, upstream, status: int, kind: type[errors.CommerceError]) -> None:
        upstream.custom_api(PATH, "DELETE", status_code=status)
        with pytest.raises(kind):
            client.activity.erase(mara(), site_id="RefArchDE")

    def test_a_missing_scope_is_named(self, client, upstream) -> None:
        upstream.custom_api(PATH, "DELETE", status_code=403, json=problem("forbidden"))
        with pytest.raises(errors.Forbidden, match="c_shopper_activity"):
            client.activity.erase(mara(), site_id="RefArchDE")


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_only_declared_parameters_are_sent(client, upstream, method: str) -> None:
    """The platform answers 400 to any other."""
    description = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    declared = {
        description["components"]["parameters"][row["$ref"].rpartition("/")[2]]["name"]
        for row in description["paths"]["/activities"][method]["parameters"]
    }
    answer = {"status_code": 204} if method == "delete" else {"json": {"kind": "search", "text": "tent"}}
    asked = upstream.custom_api(PATH, method.upper(), **answer)
    calls = {
        "get": lambda: activity_of(client),
        "post": lambda: record(client),
        "delete": lambda: client.activity.erase(mara(), site_id="RefArchDE"),
    }
    calls[method]()
    assert set(asked.last_request.qs) == {name.lower() for name in declared}


@pytest.mark.parametrize("provider", ["einstein", "none"])
def test_only_the_custom_api_records_and_erases(client_with, upstream, provider: str) -> None:
    client = client_with(activity=provider)
    for attempt in (lambda: record(client), lambda: client.activity.erase(mara(), site_id="RefArchDE")):
        with pytest.raises(errors.NotConfigured, match="custom_api"):
            attempt()
    assert not upstream.mocker.called


def test_a_number_that_is_an_address_is_not_sent(client, upstream) -> None:
    with pytest.raises(errors.Rejected):
        client.activity.erase(Customer(customer_no="mara@example.com"), site_id="RefArchDE")
    assert not upstream.mocker.called


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-10-01", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2026-10-01T08:00:00.000Z", datetime(2026, 10, 1, 8, tzinfo=UTC)),
        (True, UNDATED),
        ("yes", UNDATED),
    ],
)
@pytest.mark.parametrize("provider", ["custom_api", "einstein"])
def test_a_refusal_on_the_customer_stops_every_request(client_with, upstream, provider: str, value, at) -> None:
    activity = activity_of(client_with(activity=provider), mara(c_trackingOptOut=value))
    assert (activity.items, activity.opted_out_at) == ((), at)
    assert not upstream.mocker.called


@pytest.mark.parametrize("value", ["", None, False])
def test_an_empty_attribute_is_no_refusal(client, upstream, value) -> None:
    upstream.custom_api("shopper-activity/activities", json=ANSWER)
    assert activity_of(client, mara(c_trackingOptOut=value)).opted_out_at is None


def test_none(client_with) -> None:
    client = client_with(activity="none")
    assert not client.activity.configured
    with pytest.raises(errors.NotConfigured):
        activity_of(client)


class TestEinstein:
    @pytest.fixture
    def client(self, client_with):
        return client_with(activity="einstein")

    @pytest.fixture
    def recommenders(self, upstream):
        rows = [
            {"name": "similar", "recommenderType": "similar"},
            {"name": "seen", "recommenderType": "recently-viewed"},
        ]
        return upstream.mocker.get(
            f"{EINSTEIN}/v3/personalization/recommenders/zzrf-RefArchDE", json={"recommenders": rows}
        )

    def recs(self, upstream, **answer):
        return upstream.mocker.post(f"{EINSTEIN}/v3/personalization/recs/zzrf-RefArchDE/seen", **answer)

    def test_recently_viewed_under_current_names(self, client, upstream, recommenders) -> None:
        asked = self.recs(
            upstream,
            json={
                "recs": [
                    {"id": "jacket", "product_name": "Old name"},
                    {"id": "gone", "product_name": "Gone"},
                    {"id": "x"},
                ]
            },
        )
        upstream.products(json={"data": [{"id": "jacket", "name": "Trail Jacket"}]})
        activity = activity_of(client)
        assert [(item.text, item.product_id, item.at, item.kind) for item in activity.items] == [
            ("Trail Jacket", "jacket", None, "view"),
            ("Gone", "gone", None, "view"),
            ("x", "x", None, "view"),
        ]
        assert asked.last_request.json() == {
            "cookieId": "usid-1",
            "userId": "ENC1",
            "realm": "zzrf",
            "instanceType": "prd",
        }
        assert asked.last_request.headers["x-cq-client-id"] == "einstein-client"
        assert "Authorization" not in asked.last_request.headers

    def test_the_recommender_is_looked_up_once(self, client, upstream, recommenders) -> None:
        self.recs(upstream, json={"recs": []})
        activity_of(client)
        activity_of(client)
        assert recommenders.call_count == 1

    def test_no_recommender(self, client, upstream) -> None:
        upstream.mocker.get(f"{EINSTEIN}/v3/personalization/recommenders/zzrf-RefArchDE", json={"recommenders": []})
        with pytest.raises(errors.NotConfigured, match="recently-viewed"):
            activity_of(client)

    def test_einsteins_own_error_shape(self, client, upstream, recommenders) -> None:
        self.recs(upstream, status_code=400, json={"code": "ValidationError", "msg": "…", "errors": []})
        with pytest.raises(errors.Rejected) as caught:
            activity_of(client)
        assert caught.value.upstream_code == "ValidationError"

    def test_without_products_einsteins_names_stay(self, client, upstream, recommenders) -> None:
        self.recs(upstream, json={"recs": [{"id": "jacket", "product_name": "Old name"}]})
        upstream.products(status_code=403, json=problem("forbidden"))
        assert activity_of(client).items[0].text == "Old name"
