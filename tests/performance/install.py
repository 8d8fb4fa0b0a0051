"""Installing an app over a link of 40 ms, against a client that inserts and reads back one record after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from typing import Self

import pysnc

from snow_app import SnowClient, SnowSettings
from snow_app.app import AppParameters, Facts, application
from snow_app.install import applied, planned
from snow_app.records import Registry, Row
from tests.generated_app import generated
from tests.performance import processes
from tests.performance.processes import Platform
from tests.performance.result import Progress, Result
from tests.performance.traffic import Unexpected

ROWS = 300
ROUNDS = 3
DELAY_S = 0.04
TIMES_FASTER = 10.0
ALLOWED_REQUESTS = ROWS / 50 + 12
_APP = generated(ROWS)


def measured(progress: Progress) -> Iterator[Result]:
    """Both install the same records on one instance, into scopes of their own, and read everything back; in turns, so
    that whatever else the machine does falls on both."""
    many, each = [], 0.0
    with processes.servicenow() as snow, progress(total=2 * ROUNDS * ROWS) as step:
        snow.slow_down(DELAY_S)
        with _client(snow) as client, _OneByOne(snow) as slow:
            for number in range(ROUNDS):
                many.append(_seconds(client, AppParameters(scope=f"x_acme_many{number}")))
                step(ROWS)
                each += slow.seconds(number)
                step(ROWS)
            asked = _requests(snow, client)
    taken = median(many)
    yield Result(
        promise=f"Install of {ROWS} records over a link of {DELAY_S * 1000:.0f} ms, against one by one",
        floor=f"{ROWS / each:.0f}/s",
        measured=f"{ROWS / taken:.0f}/s",
        ratio=each / taken,
        bound="at least",
        limit=TIMES_FASTER,
        detail=f"{taken:.1f} s against {each:.1f} s of a pysnc client that inserts a record and reads it back, then "
        "the next; tables, columns, choices, roles, properties, scripts and messages",
    )
    yield Result(
        promise=f"Requests of an install of {ROWS} records, everything read back",
        floor=f"{ALLOWED_REQUESTS:.0f}",
        measured=str(asked),
        ratio=asked / ALLOWED_REQUESTS,
        bound="at most",
        limit=1.0,
        detail="one for 50 records and 12 more are allowed",
    )


def _client(snow: Platform) -> SnowClient:
    told = snow.variables
    return SnowClient(
        SnowSettings(url=snow.url, username=told["SNOW_USERNAME"], password=told["SNOW_PASSWORD"], allow_http=True)
    )


def _seconds(client: SnowClient, parameters: AppParameters) -> float:
    """How long the installer takes. Raises Unexpected unless the instance then holds everything."""
    started = time.perf_counter()
    written = applied(client, parameters, _APP).written
    taken = time.perf_counter() - started
    if written != ROWS or planned(client, parameters, _APP).writes:
        raise Unexpected(f"{written} of {ROWS} records were written")
    return taken


def _requests(snow: Platform, client: SnowClient) -> int:
    snow.forget_requests()
    applied(client, AppParameters(scope="x_acme_counted"), _APP)
    return len(snow.requests())


class _OneByOne:
    """A plain pysnc client that writes the same records, a part of them in each round."""

    def __init__(self, snow: Platform) -> None:
        self._snow = snow
        told = snow.variables
        # pysnc refuses plain http by comparing the scheme's case.
        address = snow.url.replace("http://", "HTTP://")
        self._native = pysnc.ServiceNowClient(address, (told["SNOW_USERNAME"], told["SNOW_PASSWORD"]))
        self._parameters = AppParameters(scope="x_acme_each")
        self._rows = _APP(self._parameters, Facts()).rows()

    def seconds(self, number: int) -> float:
        """How long part `number` of the records takes; the first one makes the application."""
        size = ROWS // ROUNDS
        started = time.perf_counter()
        if number == 0:
            self._enter()
        for row in self._rows[number * size : (number + 1) * size]:
            self._write(row)
        return time.perf_counter() - started

    def _enter(self) -> None:
        (own,) = Registry(self._parameters.scope, [application(self._parameters)]).rows()
        self._write(own)
        self._native.session.params = {"sysparm_transaction_scope": own.sys_id}

    def _write(self, row: Row) -> None:
        record = self._native.GlideRecord(row.table)
        record.initialize()
        record.set_new_guid_value(row.sys_id)
        for column, value in {**row.values, **row.initial}.items():
            record.set_value(column, value)
        record.insert()
        stored = self._native.GlideRecord(row.table)
        if not stored.get(row.sys_id):
            raise Unexpected(f"{row.label} is not there")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._native.session.close()
