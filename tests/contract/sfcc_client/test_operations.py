"""Changes of orders, content, releases and signals against the local tenant: what is written is what is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from sfcc_client import CommerceClient, errors
from sfcc_client.emulator import CommerceEmulator
from sfcc_client.resources.oms_events import OmsAdjustment

SITE = "RefArchDE"


@pytest.fixture
def order_no(shop: CommerceEmulator) -> str:
    return next(str(one["orderNo"]) for one in shop.state.orders.find("site", SITE) if one["status"] == "new")


def test_an_order_is_cancelled_once(shop, client: CommerceClient, order_no: str) -> None:
    first = client.order_updates.set_status(order_no, "cancelled", expected=("new",), site_id=SITE)
    again = client.order_updates.set_status(order_no, "cancelled", expected=("new",), site_id=SITE)
    assert (first.changed, again.changed, again.order.status) == (True, False, "cancelled")
    assert [one.method for one in shop.requests if one.path.endswith(f"{order_no}/status")] == ["PUT"]
    with pytest.raises(errors.StateConflict):
        client.order_updates.set_status(order_no, "failed", expected=("cancelled",), site_id=SITE)


def test_external_status_of_an_order(client: CommerceClient, order_no: str) -> None:
    before = client.orders.by_number(order_no, site_id=SITE).external_status
    update = client.order_updates.set_status(order_no, "inspected", kind="external", expected=(before,), site_id=SITE)
    assert update.order.external_status == "inspected"


def test_a_product_is_marked_once_and_shoppers_see_it(shop, client: CommerceClient) -> None:
    notice = {"c_serviceFlag": True, "c_serviceNotice": {"default": "Runs small.", "de": "Fällt klein aus."}}
    nothing = dict.fromkeys(notice)
    first = client.product_updates.set_attributes("VV1012", notice, expected=nothing)
    again = client.product_updates.set_attributes("VV1012", notice, expected=nothing)
    assert (first.changed, again.changed) == (True, False)
    assert [one.method for one in shop.requests if one.path.endswith("/VV1012")].count("PATCH") == 1
    variant = client.product_updates.shown("VV1012-fog-36-39", site_id=SITE)
    assert variant is not None
    assert dict(variant.custom) == {"c_serviceFlag": True, "c_serviceNotice": "Fällt klein aus."}
    assert "Fällt klein aus." in requests.get(f"{shop.url}/s/{SITE}/products/VV1012", timeout=10).text
    with pytest.raises(errors.StateConflict):
        client.product_updates.set_attributes("VV1012", {"c_serviceFlag": False}, expected=nothing)
    with pytest.raises(errors.Rejected, match="define it"):
        client.product_updates.set_attributes("VV1012", {"c_unheardOf": "x"}, expected={})
    with pytest.raises(errors.NotFound):
        client.product_updates.by_id("none")
    client.product_updates.set_attributes("VV1012", nothing, expected=notice)
    assert client.product_updates.by_id("VV1012").custom == {}


def test_content_is_published_shown_and_retired(client: CommerceClient) -> None:
    texts = {"name": {"default": "Returns"}, "body": {"default": "<p>Within 30 days.</p>"}}
    first = client.content.publish("sn-kb1", library_id=SITE, folder_id="help", **texts)
    assert (first.online, dict(first.body)) == (True, texts["body"])
    assert client.content.publish("sn-kb1", library_id=SITE, folder_id="help", **texts) == first
    shown = client.content.shown("sn-kb1", site_id=SITE)
    assert shown is not None
    assert shown.body == "<p>Within 30 days.</p>"
    for _ in range(2):
        assert client.content.retire("sn-kb1", library_id=SITE).online is False
    assert client.content.shown("sn-kb1", site_id=SITE) is None
    with pytest.raises(errors.NotFound, match="folder nowhere"):
        client.content.publish("sn-kb1", library_id=SITE, folder_id="nowhere", **texts)


def test_notes_are_added_once(client: CommerceClient, order_no: str) -> None:
    first = client.order_notes.add(order_no, subject="CS0001", text="Refund promised.", site_id=SITE)
    assert client.order_notes.add(order_no, subject="CS0001", text="Refund promised.", site_id=SITE) == first
    assert first in client.order_notes.of_order(order_no, site_id=SITE)


def test_an_event_is_taken(client: CommerceClient, clock, order_no: str) -> None:
    event = OmsAdjustment(id="ret-1", type="return", occurred_at=clock.now(), status="completed")
    client.order_updates.report(order_no, event, site_id=SITE)


def test_only_staging_replicates(client: CommerceClient) -> None:
    with pytest.raises(errors.Rejected, match="not-on-staging"):
        client.releases.replicate_content("sn-kb1", site_id=SITE)


def test_metrics(client: CommerceClient, clock) -> None:
    metrics = client.signals.metrics("overall", since=clock.now() - timedelta(hours=1), until=clock.now())
    assert any(series.points for metric in metrics for series in metric.series)


def test_activate_and_roll_back(client: CommerceClient) -> None:
    versions = client.releases.code_versions()
    active = next(one for one in versions if one.active)
    other = next((one for one in versions if not one.active), None)
    if other is None:
        pytest.skip("the tenant has one code version")
    with pytest.raises(errors.StateConflict) as caught:
        client.releases.activate(other.code_version_id, expected="another")
    assert caught.value.found == active.code_version_id
    assert client.releases.activate(other.code_version_id, expected=active.code_version_id).active
    assert client.releases.roll_back(expected=other.code_version_id).code_version_id == active.code_version_id
    with pytest.raises(errors.StateConflict):
        client.releases.roll_back(expected=other.code_version_id)


def test_a_job_is_started_once_and_waited_for(client: CommerceClient, clock) -> None:
    since = clock.now() - timedelta(minutes=1)
    started = client.releases.start_job("sfcc-search-index-content-full-update")
    ended = client.releases.finished_job(started.job_id, started.execution_id, deadline=600)
    assert ended.done
    runs = client.releases.job_executions(since=since, job_id=started.job_id)
    assert [run.execution_id for run in runs] == [started.execution_id]
    assert all(run.failed for run in client.signals.failed_jobs(since=since))
    with pytest.raises(errors.NotFound):
        client.releases.start_job("no-such-job")


def test_log_files_and_load(client: CommerceClient) -> None:
    assert all(file.name and file.size >= 0 for file in client.signals.log_files())
    client.releases.code_versions()
    client.orders.probe(site_id=SITE)
    assert client.signals.load.percent is not None


def test_a_client_without_a_resource_is_told_which(shop: CommerceEmulator, client: CommerceClient) -> None:
    shop.faults.add(path="/s/-/dw/data/v25_6/code_versions", status=403, times=1)
    with pytest.raises(errors.Forbidden, match=r"GET /code_versions: allow it .* type Data"):
        client.releases.code_versions()
