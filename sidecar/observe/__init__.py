"""Logs and metrics of the process, without personal data."""

from sidecar.observe.lines import Lines
from sidecar.observe.metrics import Metrics
from sidecar.observe.redaction import redact_event, redacted

__all__ = ["Lines", "Metrics", "redact_event", "redacted"]
