"""An install that fails, loses its link or dies on the way is finished by the next apply: nothing twice, the journal
right, and an uninstall leaves nothing."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from waitress.channel import ClientDisconnected

from snow_app import SnowClient
from snow_app.app import App, AppParameters, Facts
from snow_app.emulator import ServiceNowEmulator
from snow_app.errors import InstallStopped, SnowError
from snow_app.install import Action, applied, planned, uninstalled, verified
from snow_app.install.reading import same
from snow_app.records import Row
from snow_app.records.identity import NATURAL_KEYS
from tests.generated_app import generated

PARAMETERS = AppParameters(scope="x_acme_many")
BATCH = "/api/now/v1/batch"
ROOT = Path(__file__).parents[3]
# Two batches look and one proves the scope before the first that writes.
LOOKING = 3
Moment = Callable[[int, int], bool]
"""Whether it is now, by the number of the batch and how many came after everything was written (-1 until then)."""
# What an instance keeps of whoever worked on it.
OF_USE = frozenset({"syslog", "sys_user_preference"})


@pytest.fixture
def snow() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator(port=0) as running:
        yield running


def whole(client: SnowClient, app: App) -> bool:
    """Whether the instance and its journal are as one undisturbed install leaves them."""
    plan = planned(client, PARAMETERS, app)
    journal = plan.survey.journal
    entries = [journal.entry(change.table, change.sys_id) for change in plan.changes]
    return (
        plan.survey.probe is None
        and {change.action for change in plan.changes} == {Action.UNCHANGED}
        and len(journal.entries) == len(plan.changes)
        and all(entry and entry.unchanged(change.stored) for entry, change in zip(entries, plan.changes, strict=True))
        and not any(entry.adopted for entry in entries)
        and verified(client, PARAMETERS, app).ok
        and applied(client, PARAMETERS, app).written == 0
    )


def set_property(snow: ServiceNowEmulator, name: str, value: str) -> None:
    session = snow.instance.session(snow.username)
    (row,) = session.query("sys_properties", f"name={name}", acl=False)
    session.update("sys_properties", row["sys_id"], {"value": value}, acl=False)


def on_each_batch(snow: ServiceNowEmulator, look: Callable[[int], None]) -> None:
    """Call `look` with its number before every batch is served, in the server's thread."""
    turns = itertools.count()
    snow.faults.sleep = lambda _: look(next(turns))
    snow.faults.add(method="POST", path=BATCH, delay=0.001)


def fail(snow: ServiceNowEmulator, after: int, **fault: object) -> None:
    """Let so many batches pass and the next one meet `fault`."""
    snow.faults.clear()
    snow.faults.add(method="POST", path=BATCH, times=after)
    snow.faults.add(method="POST", path=BATCH, times=1, **fault)


@pytest.mark.timeout(600)
def test_a_thousand_records_and_every_kind_of_failure(snow, client, contents):
    """Each apply gets a little further than the one before it."""
    app, before = generated(1000), contents()
    refused = {"status": 500, "body": '{"error": {"message": "boom"}}'}
    for after, fault in ((LOOKING, refused), (LOOKING + 5, {"drop": True}), (LOOKING + 6, refused)):
        fail(snow, after, **fault)
        with pytest.raises(SnowError):
            applied(client, PARAMETERS, app)
    snow.faults.clear()
    # From here on the instance gets to a part of each batch only, and the rest is sent again.
    set_property(snow, "emulator.rest.batch.seconds", "0.05")
    assert 0 < applied(client, PARAMETERS, app).written < 1000
    set_property(snow, "emulator.rest.batch.seconds", "30")
    assert whole(client, app)
    assert twice(snow) == []
    assert len(uninstalled(client, PARAMETERS, app).removed) == 1000
    assert sizes(contents()) == sizes(before)


def test_an_instance_that_gets_to_nothing_is_told_and_left_to_be_finished(snow, client):
    def stall(number: int) -> None:
        if number == LOOKING + 1:
            set_property(snow, "emulator.rest.batch.seconds", "0")

    on_each_batch(snow, stall)
    with pytest.raises(InstallStopped, match=r"did not get to .* run apply again"):
        applied(client, PARAMETERS, generated(60))
    snow.faults.clear()
    set_property(snow, "emulator.rest.batch.seconds", "30")
    assert 0 < applied(client, PARAMETERS, generated(60)).written < 60
    assert whole(client, generated(60))


def killed(snow: ServiceNowEmulator, app: App, word: str, moment: Moment) -> None:
    """An apply in a process of its own that dies while it sends a batch, which the instance never sees."""
    ours = app(PARAMETERS, Facts(csm=True)).rows()
    command = [sys.executable, "-m", "tests.generated_app", snow.url, PARAMETERS.scope, str(len(ours)), word]
    after_all = itertools.count()
    with subprocess.Popen(command, cwd=ROOT) as child:

        def look(number: int) -> None:
            if child.poll() is None and moment(number, next(after_all) if written(snow, ours) else -1):
                child.send_signal(signal.SIGKILL)
                child.wait()
                raise ClientDisconnected

        on_each_batch(snow, look)
        child.wait(timeout=120)
    snow.faults.clear()
    assert child.returncode == -signal.SIGKILL


def written(snow: ServiceNowEmulator, rows: Sequence[Row]) -> bool:
    """Whether the instance holds all of them as they should be."""
    stored = [snow.instance.records.get(row.table, row.sys_id) or {} for row in rows]
    return all(
        same(there.get(column, ""), value)
        for row, there in zip(rows, stored, strict=True)
        for column, value in row.values.items()
    )


MOMENTS: dict[str, Moment] = {
    "first write": lambda number, _: number == LOOKING,
    "second write": lambda number, _: number == LOOKING + 1,
    "read-back": lambda _, after_all: after_all == 0,
    "journal": lambda _, after_all: after_all == 1,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_install_is_finished_by_the_next(snow, client, contents, moment):
    app, before = generated(120), contents()
    killed(snow, app, "first", MOMENTS[moment])
    applied(client, PARAMETERS, app)
    assert whole(client, app)
    assert twice(snow) == []
    assert current_application(snow) == "global"
    uninstalled(client, PARAMETERS, app)
    assert sizes(contents()) == sizes(before)


@pytest.mark.parametrize("finished", [True, False])
def test_a_killed_install_can_be_taken_off(snow, client, contents, finished):
    app, before = generated(120), contents()
    moment = MOMENTS["journal" if finished else "second write"]
    killed(snow, app, "first", moment)
    uninstalled(client, PARAMETERS, app)
    assert sizes(contents()) == sizes(before)
    assert current_application(snow) == "global"


def test_an_update_that_was_killed_before_its_journal_is_no_change_by_others(snow, client):
    applied(client, PARAMETERS, generated(120))
    second, third = (generated(120, word=word) for word in ("second", "third"))
    killed(snow, second, "second", MOMENTS["journal"])
    applied(client, PARAMETERS, second)
    assert whole(client, second)
    assert not planned(client, PARAMETERS, third).of(Action.DRIFTED)
    assert applied(client, PARAMETERS, third).written
    assert whole(client, third)


def twice(snow: ServiceNowEmulator) -> list[tuple[str, ...]]:
    """The natural keys that stand in more than one record."""
    keys = {**NATURAL_KEYS, "sys_documentation": ("name", "element", "language")}
    found = Counter(
        (table, *(row.get(column, "") for column in columns))
        for table, columns in keys.items()
        for row in snow.instance.records.all(table)
    )
    return [key for key, times in found.items() if times > 1]


def current_application(snow: ServiceNowEmulator) -> str:
    session = snow.instance.session(snow.username)
    return snow.instance.current_application(session.user.sys_id)


def sizes(found: dict[str, list[str]]) -> dict[str, int]:
    """How many rows each table holds."""
    return {name: len(rows) for name, rows in found.items() if rows and name not in OF_USE}
