"""Whatever a source sends, it is refused in one way only or becomes an alert that fits its schema."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.events.adapters import Alert, Unreadable, ecdn, eventing, log_center, log_stream
from sidecar.flows.storefront_alerts import StorefrontAlerts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
(ALERT,) = (kind for kind in StorefrontAlerts.types if kind.name == "storefront.alert")
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
_ANY: Any = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def bodies(*names: str) -> Any:
    """Objects that have some of these members, with anything in them."""
    return _ANY | st.dictionaries(st.sampled_from(names), _ANY, max_size=len(names))


def fits(alerts: list[Alert]) -> None:
    for alert in alerts:
        ALERT.schema().load(json.loads(json.dumps(alert.data)))
        assert 0 < len(alert.id) <= 255
        assert 0 < len(alert.site_id) <= 32


def read(make: Any) -> None:
    try:
        found = make()
    except Unreadable:
        return
    fits(found if isinstance(found, list) else [found])


_FIELDS = st.lists(bodies("title", "value", "text"), max_size=2)
_ATTACHMENTS = st.lists(st.fixed_dictionaries({"fields": _FIELDS, "text": _ANY}), max_size=2)
_MESSAGES = st.fixed_dictionaries({"text": st.text(), "attachments": _ANY | _ATTACHMENTS})


@settings(max_examples=150, deadline=None)
@given(bodies("text", "attachments", "blocks") | _MESSAGES)
def test_log_center(body: Any) -> None:
    read(lambda: log_center.alert(body, b"", NOW))


@settings(max_examples=150, deadline=None)
@given(bodies("text", "name", "ts", "data", "severity", "status", "alert_type"))
def test_ecdn(body: Any) -> None:
    read(lambda: ecdn.alert(body, b"", NOW))


_PAYLOADS = bodies("processId", "uuid", "type", "targetSystem", "errorState", "startDate", "endDate", "codeVersion")


@settings(max_examples=150, deadline=None)
@given(_PAYLOADS, st.sampled_from([*eventing.STATES, "other"]), _SCALARS, st.text(max_size=20))
def test_eventing(payload: Any, kind: str, at: Any, header: str) -> None:
    named = {"x-sf-cc-event-id": kind, "x-sf-cc-timestamp": str(at), "x-sf-cc-site-id": header}
    read(lambda: eventing.alert({"payload": payload}, b"", lambda name: named.get(name, header), NOW))


_HEADS = st.builds(
    "[{}] {} {} {}".format,
    st.sampled_from(["2026-03-02 08:55:01.123 GMT", "9999-99-99 99:99:99.999 GMT", "2026-03-02 08:55:01,1 GMT"]),
    st.sampled_from(["ERROR", "WARN", "FATAL", "INFO"]),
    st.sampled_from(
        ["", "A|1|Sites-RefArch-Site|Cart-Show|PipelineCall|abcdefgh custom.x", "SystemJobThread|1|job|step", "||||"]
    ),
    st.text(max_size=80),
)
_TEXTS = st.text(max_size=80) | _HEADS | _ANY.map(json.dumps) | st.lists(_HEADS, max_size=3).map("\n".join)


@settings(max_examples=250, deadline=None)
@given(st.lists(_TEXTS, max_size=4), _ANY)
def test_log_stream(texts: list[str], at: Any) -> None:
    records = [{"data": base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()} for text in texts]
    body = {"requestId": "r-1", "timestamp": at, "records": records}
    read(lambda: log_stream.alerts(body, NOW))


@settings(max_examples=100, deadline=None)
@given(bodies("requestId", "timestamp", "records"))
def test_log_stream_protocol(body: Any) -> None:
    read(lambda: log_stream.alerts(body, NOW))
