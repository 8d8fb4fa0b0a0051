"""No text of the allowed length makes a pattern run for long: the bound is far above what each takes."""

from __future__ import annotations

import base64
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from sidecar.events.adapters import Unreadable, log_stream
from sidecar.events.adapters.alert import cleaned
from sidecar.events.scrub import scrubbed

PIECES = [
    "1",
    "1 ",
    "4111 ",
    "a-",
    "x-",
    "dw_",
    "A1",
    "DE89 ",
    "|",
    "\n",
    " ",
    "\t",
    "a.",
    "=",
    "[",
    "exp ",
    "eyJ.",
    "(",
    ": ",
    "cookie:",
]


@pytest.mark.parametrize("piece", PIECES)
def test_scrubbing(piece: str) -> None:
    started = time.process_time()
    scrubbed(piece * (4000 // len(piece)))
    cleaned(piece * (8000 // len(piece)))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("piece", [*PIECES, "[2026-03-02 08:55:01.123 GMT] ERROR ", "{}\n", '{"message":"[x"}\n'])
def test_a_record_as_long_as_a_body_may_be(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    body = {"requestId": "r", "timestamp": 0, "records": [{"data": base64.b64encode(text.encode()).decode()}]}
    started = time.process_time()
    with suppress(Unreadable):
        log_stream.alerts(body, datetime(2026, 3, 2, tzinfo=UTC))
    assert time.process_time() - started < 10
