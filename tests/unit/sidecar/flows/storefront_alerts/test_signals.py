"""What Commerce's own figures are worth: thresholds, samples, windows, and ids that do not change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from sfcc_client.models import Load
from sfcc_client.models_operations import JobExecution, Metric, MetricSeries
from sidecar.flows.storefront_alerts.events import AlertSchema
from sidecar.flows.storefront_alerts.signals import Span, of_apis, of_jobs, of_load, of_orders, spans
from tests.unit.sidecar.flows.storefront_alerts.alerts import POLICY, at

SPAN = Span(start=at(0), end=at(5))


def metric(metric_id: str, name: str, points: dict[float, float]) -> Metric:
    values = tuple((int(at(minutes).timestamp()), Decimal(str(value))) for minutes, value in points.items())
    return Metric(metric_id=metric_id, title="", unit="", series=(MetricSeries(name=name, points=values),))


def apis(requests: int, errors: int = 0, milliseconds: int = 0, name: str = "checkout/shopper-baskets"):
    counted = {"requestCount": requests, "errorCount": errors, "responseTime": milliseconds}
    metrics = [metric(metric_id, name, {1: value, 7: 10_000}) for metric_id, value in counted.items()]
    return {one.data["signal"]: one for one in of_apis(metrics, SPAN, POLICY)}


@pytest.mark.parametrize(("requests", "errors", "state"), [(100, 5, "resolved"), (100, 6, "firing"), (19, 19, None)])
def test_an_api_fails_above_its_share(requests, errors, state):
    found = apis(requests, errors).get("api_errors")
    assert (found and found.data["state"]) == state


@pytest.mark.parametrize(
    ("name", "mean", "state"),
    [("checkout/shopper-baskets", 8001, "firing"), ("checkout/shopper-baskets", 8000, "resolved"),
     ("ocapi/data", 8001, "resolved"), ("ocapi/data", 48001, "firing")],
)  # fmt: skip
def test_an_api_is_slow_near_its_limit(name, mean, state):
    assert apis(100, 0, 100 * mean, name)["api_timeout"].data["state"] == state


@pytest.mark.parametrize(("now", "state"), [(49, "firing"), (50, "resolved")])
def test_orders_drop_below_half_of_the_hour_before(now, state):
    points = dict.fromkeys(range(-60, 0, 5), 100) | {1: now}
    (found,) = of_orders([metric("orderCount", "RefArchDE", points)], SPAN, POLICY)
    assert (found.site_id, found.data["state"]) == ("RefArchDE", state)


def test_a_quiet_shop_cannot_drop():
    assert list(of_orders([metric("orderCount", "S", {-20: 3})], SPAN, POLICY)) == []


@pytest.mark.parametrize(
    ("status", "state", "severity"),
    [("THROTTLE", "firing", "critical"), ("WARN", "firing", "warning"), (None, "resolved", "info")],
)
def test_load_by_its_status(status, state, severity):
    (found,) = of_load(Load(percent=70, status=status, seen_at=at(2)), at(3), POLICY)
    assert (found.data["state"], found.data["severity"]) == (state, severity)


def test_load_of_long_ago_says_nothing():
    assert list(of_load(Load(percent=95, status="THROTTLE", seen_at=at(-5)), at(0), POLICY)) == []


def run(execution_id: str, outcome: str, state: str = "finished") -> JobExecution:
    return JobExecution(
        execution_id=execution_id, job_id="J", state=state, outcome=outcome, started_at=at(0), ended_at=at(1)
    )


def test_a_run_is_told_once_by_its_id():
    found = list(of_jobs([run("1", "error"), run("2", "ok"), run("3", "", state="running")]))
    assert [(one.id, one.data["state"]) for one in found] == [
        ("signals:job:1", "firing"), ("signals:job:2", "resolved"),
    ]  # fmt: skip


def test_every_signal_is_a_valid_alert_and_good_news_fits_its_group():
    bad, good = (apis(100, errors)["api_errors"] for errors in (50, 0))
    assert bad.group == good.group
    for one in [
        *apis(100, 50, 10**6).values(),
        *of_load(Load(percent=95, status="WARN", seen_at=at(5)), at(6), POLICY),
    ]:
        assert AlertSchema().load(dict(one.data)).window.to == at(5)


def test_windows_are_the_same_whenever_they_are_asked_for():
    assert spans(at(7), POLICY)[-1] == SPAN
    assert [one.end for one in spans(at(9.99), POLICY)] == [at(5) - timedelta(minutes=back) for back in (10, 5, 0)]
