"""What is counted. No label ever holds a customer, an e-mail, an order or a path with an id in it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Every metric of the process, in a registry of its own so that two services in one process do not collide."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.requests = Counter(
            "sidecar_requests_total",
            "HTTP requests by route template, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "sidecar_request_seconds",
            "Time to answer, by route template.",
            ("route",),
            buckets=_LATENCY,
            registry=self.registry,
        )
        self.reads = Counter(
            "sidecar_context_reads_total",
            "Context reads by mode, identity match and cache state.",
            ("mode", "match", "cache"),
            registry=self.registry,
        )
        self.sections = Counter(
            "sidecar_context_sections_total",
            "Sections answered, by section and status.",
            ("section", "status"),
            registry=self.registry,
        )
        self.facts = Counter(
            "sidecar_cache_reads_total",
            "Cached facts asked for, by kind and outcome (hit, stale, miss, pending, failed).",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self.upstream_seconds = Histogram(
            "sidecar_upstream_seconds",
            "Time of one upstream load, by capability and outcome (ok or the error's code).",
            ("capability", "outcome"),
            buckets=_LATENCY,
            registry=self.registry,
        )
        self.breaker_open = Gauge(
            "sidecar_breaker_open",
            "1 while an upstream capability is left alone.",
            ("capability",),
            registry=self.registry,
        )
        self.cache_bytes = Gauge(
            "sidecar_cache_bytes", "Estimated bytes held, by store.", ("store",), registry=self.registry
        )
        self.cache_entries = Gauge(
            "sidecar_cache_entries", "Entries held, by store.", ("store",), registry=self.registry
        )
        self.reveals = Counter(
            "sidecar_reveals_total",
            "Reveals of masked fields, by field and result (shown or the error's code).",
            ("field", "result"),
            registry=self.registry,
        )
        self.round_done = Gauge(
            "sidecar_round_done_timestamp_seconds",
            "When a repeated job last succeeded, by job.",
            ("job",),
            registry=self.registry,
        )
        self.events = Gauge(
            "sidecar_events",
            "Events that are not settled, by flow and state.",
            ("flow", "state"),
            registry=self.registry,
        )
        self.oldest_event_seconds = Gauge(
            "sidecar_oldest_event_seconds",
            "Age of the oldest event of a flow that waits to be handled.",
            ("flow",),
            registry=self.registry,
        )
        self.attempts = Counter(
            "sidecar_attempts_total",
            "Attempts at events, by flow and what became of them (delivered, refused or the error's code).",
            ("flow", "outcome"),
            registry=self.registry,
        )
        self.upstream_paused = Gauge(
            "sidecar_upstream_paused",
            "1 while flows get nothing to an upstream.",
            ("upstream",),
            registry=self.registry,
        )
        self.events_stored = Counter(
            "sidecar_events_stored_total",
            "Events stored, by type, source and result (new, again, or other: an id that another event has).",
            ("type", "source", "result"),
            registry=self.registry,
        )

    def text(self) -> bytes:
        """The Prometheus text format (version 0.0.4)."""
        return generate_latest(self.registry)
