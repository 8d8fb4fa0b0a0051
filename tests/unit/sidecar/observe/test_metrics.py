"""Metrics: two services do not share counts, and the text format is Prometheus'."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from sidecar.observe import Metrics


def test_each_has_a_registry_of_its_own() -> None:
    one, other = Metrics(), Metrics()
    one.reads.labels("live", "one", "HIT").inc()
    assert one.registry.get_sample_value(
        "sidecar_context_reads_total", {"mode": "live", "match": "one", "cache": "HIT"}
    )
    assert other.registry.get_sample_value("sidecar_context_reads_total", {"mode": "live"}) is None


def test_text_can_be_parsed() -> None:
    metrics = Metrics()
    metrics.upstream_seconds.labels("orders", "ok").observe(0.05)
    names = {family.name for family in text_string_to_metric_families(metrics.text().decode())}
    assert "sidecar_upstream_seconds" in names
