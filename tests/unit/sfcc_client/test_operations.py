"""Content, releases, custom objects and signals: what is sent, and what is never sent twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import requests

from sfcc_client import errors

from .conftest import INSTANCE, ORGANIZATION, SCAPI

DATA = f"{INSTANCE}/s/-/dw/data/v25_6"
ASSET = f"{DATA}/libraries/Help/content/sn-kb1"
PROCESSES = f"{SCAPI}/operation/replications/v1/organizations/{ORGANIZATION}/granular-processes"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXTS = {"name": {"default": "Returns"}, "body": {"default": "<p>30 days</p>"}}


def fault(name: str) -> dict:
    return {"_v": "25.6", "fault": {"type": name, "message": "mara@example.com"}}


class Library:
    """One asset upstream, with its resource state."""

    def __init__(self, mocker) -> None:
        self.asset: dict | None = None
        self.writes: list = []
        self.folder = mocker.put(f"{DATA}/libraries/Help/folder_assignments/sn-kb1/faq", json={})
        mocker.get(ASSET, json=self._read)
        mocker.put(ASSET, json=self._write)
        mocker.patch(ASSET, json=self._write)

    def _read(self, _: object, context) -> dict:
        context.status_code = 200 if self.asset else 404
        return self.asset or fault("ContentNotFoundException")

    def _write(self, request, context) -> dict:
        self.writes.append(request)
        sent = request.headers.get("x-dw-resource-state")
        if sent != (self.asset["_resource_state"] if self.asset else "not_exists"):
            context.status_code = 409
            return fault("ResourceStateConflictException")
        self.asset = {**(self.asset or {}), **request.json(), "_resource_state": f"s{len(self.writes)}"}
        return self.asset


@pytest.fixture
def library(upstream) -> Library:
    return Library(upstream.mocker)


class TestContent:
    def publish(self, client, **changes):
        return client.content.publish("sn-kb1", library_id="Help", folder_id="faq", **{**TEXTS, **changes})

    def test_published_changed_and_retired(self, client, library) -> None:
        first = self.publish(client)
        assert (first.online, dict(first.body), first.state) == (True, TEXTS["body"], "s1")
        assert self.publish(client) == first
        changed = self.publish(client, body={"default": "<p>60 days</p>", "de-DE": "<p>60 Tage</p>"})
        assert changed.body["de-DE"] == "<p>60 Tage</p>"
        assert client.content.retire("sn-kb1", library_id="Help").online is False
        assert client.content.retire("sn-kb1", library_id="Help").online is False
        assert [one.method for one in library.writes] == ["PUT", "PATCH", "PATCH"]
        assert self.publish(client).online is True
        assert library.folder.call_count == 4

    def test_somebody_elses_change_is_not_overwritten(self, client, upstream, library) -> None:
        self.publish(client)
        stale = {**library.asset, "_resource_state": "s0"}
        upstream.mocker.get(ASSET, json=stale)
        with pytest.raises(errors.StateConflict):
            self.publish(client, body={"default": "other"})

    def test_no_such_library(self, client, upstream) -> None:
        upstream.mocker.get(ASSET, status_code=404, json=fault("LibraryNotFoundException"))
        with pytest.raises(errors.NotFound):
            self.publish(client)

    def test_shown_or_not(self, client, upstream) -> None:
        url = f"{SCAPI}/experience/shopper-experience/v1/organizations/{ORGANIZATION}/contents/sn-kb1"
        upstream.mocker.get(url, [{"json": {"id": "sn-kb1", "c_body": "<p>x</p>"}}, {"status_code": 404}])
        assert client.content.shown("sn-kb1", site_id="RefArchDE").body == "<p>x</p>"
        assert client.content.shown("sn-kb1", site_id="RefArchDE") is None


class TestReleases:
    @pytest.mark.parametrize("answer", [{"status_code": 500}, {"exc": requests.ReadTimeout}])
    def test_nothing_is_started_twice(self, client, upstream, answer: dict) -> None:
        started = upstream.mocker.post(f"{DATA}/jobs/Reindex/executions", **answer)
        queued = upstream.mocker.post(PROCESSES, **answer)
        for start in (
            lambda: client.releases.start_job("Reindex"),
            lambda: client.releases.replicate_content("sn-kb1", library_id="Help"),
        ):
            with pytest.raises(errors.OutcomeUnknown):
                start()
        assert (started.call_count, queued.call_count) == (1, 1)

    def test_waits_for_a_job_within_the_deadline(self, client, upstream, clock) -> None:
        run = {"id": "7", "job_id": "Reindex", "execution_status": "running"}
        url = f"{DATA}/jobs/Reindex/executions/7"
        done = {**run, "execution_status": "finished", "exit_status": {"code": "OK", "status": "ok"}}
        upstream.mocker.get(url, [{"json": run}, {"json": run}, {"json": done}])
        ended = client.releases.finished_job("Reindex", "7", deadline=60)
        assert (ended.outcome, ended.failed, clock.slept) == ("ok", False, [5.0, 5.0])
        upstream.mocker.get(url, json=run)
        with pytest.raises(errors.TimedOut):
            client.releases.finished_job("Reindex", "7", deadline=12)

    def test_replicated_not_on_staging(self, client, upstream) -> None:
        upstream.mocker.post(PROCESSES, status_code=422, json={"type": "x/not-on-staging", "title": "", "detail": ""})
        with pytest.raises(errors.Rejected, match="not-on-staging"):
            client.releases.replicate_product("p1")


class TestSignals:
    def test_metrics(self, client, upstream) -> None:
        series = [{"id": "a", "name": "all", "data": [{"timestamp": 1, "value": 2.5}]}]
        metric = {"metricId": "m", "title": "t", "description": "d", "dataSeries": series}
        url = f"{SCAPI}/observability/metrics/v1/organizations/{ORGANIZATION}/metrics/scapi-hooks"
        asked = upstream.mocker.get(url, json={"data": [metric]})
        (found,) = client.signals.metrics("scapi-hooks", since=NOW - timedelta(hours=24), until=NOW)
        assert found.series[0].points == ((1, Decimal("2.5")),)
        assert asked.last_request.qs["to"] == [str(int(NOW.timestamp()))]
        with pytest.raises(errors.Rejected):
            client.signals.metrics("overall", since=NOW - timedelta(hours=25), until=NOW)
        upstream.mocker.get(url, status_code=403)
        with pytest.raises(errors.Forbidden, match=r"the client lacks sfcc\.metrics"):
            client.signals.metrics("scapi-hooks", since=NOW - timedelta(hours=1), until=NOW)

    @pytest.mark.parametrize("listing", ["", "<html>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;"])
    def test_a_listing_that_is_none(self, client, upstream, listing: str) -> None:
        upstream.mocker.register_uri(
            "PROPFIND", f"{INSTANCE}/on/demandware.servlet/webdav/Sites/Logs", text=listing, status_code=207
        )
        with pytest.raises(errors.BadAnswer):
            client.signals.log_files()


def test_custom_objects(client, upstream) -> None:
    url = f"{DATA}/sites/RefArchDE/custom_objects/Case/k1"
    upstream.mocker.put(url, json=lambda request, _: {"_type": "custom_object", **request.json()})
    upstream.mocker.delete(url, status_code=404)
    kept = client.custom_objects.put("Case", "k1", {"c_state": "open"}, site_id="RefArchDE")
    assert dict(kept.attributes) == {"c_state": "open"}
    client.custom_objects.delete("Case", "k1", site_id="RefArchDE")
    with pytest.raises(errors.Rejected, match="c_"):
        client.custom_objects.put("Case", "k1", {"state": "open"})


class TestCachePurge:
    URL = f"{SCAPI}/cdn/zones/v1/organizations/{ORGANIZATION}/zones/z1/cachepurge"
    PATH = "shop.example.com/worker.js"

    @pytest.fixture
    def purge(self, upstream):
        def answered(**options):
            return upstream.mocker.post(self.URL, **options)

        return answered

    def test_what_is_sent(self, client, purge) -> None:
        asked = purge(json={"data": {"cachePurged": True, "details": "Cache purged successfully"}})
        client.releases.purge_cache("z1", self.PATH)
        assert asked.last_request.json() == {"path": self.PATH}

    def test_a_purge_that_was_not_done_is_no_success(self, client, purge) -> None:
        purge(json={"data": {"cachePurged": False, "details": "1084 : Unable to purge."}})
        with pytest.raises(errors.Rejected, match="did not purge"):
            client.releases.purge_cache("z1", self.PATH)

    @pytest.mark.parametrize(
        ("options", "error"),
        [
            ({"json": {}}, errors.BadAnswer),
            ({"json": {"data": {}}}, errors.BadAnswer),
            ({"status_code": 404, "json": {}}, errors.NotFound),
            ({"status_code": 403, "json": {}}, errors.Forbidden),
        ],
    )
    def test_what_else_can_come(self, client, purge, options, error) -> None:
        purge(**options)
        with pytest.raises(error):
            client.releases.purge_cache("z1", self.PATH)
