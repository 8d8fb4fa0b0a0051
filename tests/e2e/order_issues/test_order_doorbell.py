"""A change in ServiceNow rings the sidecar, or the sweep finds it: either way the order shows it, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sfcc_client.emulator.loopback import LoopbackServer
from sfcc_client.sweep_store import MemorySweepStore
from sidecar.api.schemas import ChangeSchema
from sidecar.errors import IdTaken
from sidecar.flows.changes import ChangeSweep
from sidecar.flows.order_issues.failed_orders import FailedOrders
from sidecar.intake import Change
from snow_app import SnowClient, errors
from snow_app.app import AppParameters
from snow_app.install import applied

SCOPE = "x_acme_sfcc"


class Bell:
    """Takes changes as ``POST /v1/changes`` does, or answers `status`."""

    def __init__(self) -> None:
        self.status = 202
        self.heard: list[Change] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        assert environ["PATH_INFO"] == "/v1/changes"
        assert environ["HTTP_AUTHORIZATION"].startswith("Basic ")
        if self.status == 202:
            self.heard.append(ChangeSchema().load(body))
        start(f"{self.status} X", [("Content-Type", "application/json")])
        return [b'{"status":"accepted"}']


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def ringing(each: Any, bell: Bell) -> Iterator[Any]:
    """The world of `each`, its instance told where the sidecar is; nothing rang yet."""
    with LoopbackServer(bell) as server:
        _told_where(each.desk.admin, server.url)
        each.desk.snow.instance.run_pending()
        bell.heard.clear()
        yield each
        each.desk.snow.instance.run_pending()


def _told_where(admin: SnowClient, url: str) -> None:
    applied(admin, AppParameters(scope=SCOPE, sidecar_url=url, token_id="snow_1", token_secret="hush"))


def _heard(world: Any, bell: Bell, order: Any) -> list[Change]:
    world.desk.snow.instance.run_pending()
    return [change for change in bell.heard if change.order_no == order.order_no]


def _taken(world: Any, change: Change) -> None:
    world.engine().take(change.type, change.data, site_id=change.site_id, event_id=change.event_id)


def _sweep(world: Any, **more: Any) -> ChangeSweep:
    return ChangeSweep(
        snow=world.desk.user,
        database=world.database,
        tell=lambda change: _taken(world, change),
        clock=world.clock,
        scope=SCOPE,
        **more,
    )


def _answer(world: Any, order: Any, text: str = "On its way.") -> None:
    world.desk.admin.table(world.desk.rung).update(world.case(order).sys_id, {"comments": text})


def _shown(world: Any, order: Any) -> str | None:
    return world.read(order.order_no).custom.get("c_snCaseComment")


def test_the_bell_says_which_record_and_nothing_of_it(ringing, bell):
    order = ringing.order()
    ringing.report(order)
    _answer(ringing, order, "A secret answer.")
    heard = _heard(ringing, bell, order)
    assert heard
    case = ringing.case(order)
    assert {change.table for change in heard} == {ringing.desk.rung}
    assert {change.sys_id for change in heard} == {case.sys_id}
    assert heard[-1].event_id == f"change:{case.sys_id}:{case['sys_updated_on']}:{case['sys_mod_count']}"
    assert "secret" not in repr(heard)
    for change in heard:
        _taken(ringing, change)
    ringing.engine().run()
    assert _shown(ringing, order) == "A secret answer."


@pytest.mark.parametrize("status", [500, 401])
def test_losing_every_bell_heals_within_one_sweep(ringing, bell, status):
    bell.status = status
    order = ringing.order()
    ringing.report(order)
    _answer(ringing, order)
    assert _heard(ringing, bell, order) == []
    _sweep(ringing).run()
    ringing.engine().run()
    assert _shown(ringing, order) == "On its way."


def test_what_the_bell_told_the_sweep_does_not_tell_again(ringing, bell):
    order = ringing.order()
    ringing.report(order)
    _answer(ringing, order)
    for change in _heard(ringing, bell, order):
        _taken(ringing, change)
    before = _events_about(ringing, order)
    assert before > 1
    for _ in range(2):
        _sweep(ringing).run()
        assert _events_about(ringing, order) == before


def _events_about(world: Any, order: Any) -> int:
    with world.database.reading() as connection:
        counted = connection.exec_driver_sql("SELECT count(*) FROM events WHERE key LIKE ?", (f"%:{order.order_no}",))
        return int(counted.scalar_one())


def test_other_records_ring_nobody(ringing, bell):
    bell.heard.clear()
    row = ringing.desk.admin.table(ringing.desk.rung).insert({"short_description": "Something else"})
    ringing.desk.admin.table(ringing.desk.rung).update(row.sys_id, {"short_description": "Still something else"})
    ringing.desk.snow.instance.run_pending()
    assert [change for change in bell.heard if change.sys_id == row.sys_id] == []


# The cursor (L1, L2, L16) --------------------------------------------------------------------------------------------


def _stamped(world: Any, order: Any, at: datetime, count: int) -> None:
    """A change as it is seen after the fact: at this moment, so many changes by then."""
    values = {"sys_updated_on": f"{at:%Y-%m-%d %H:%M:%S}", "sys_mod_count": str(count)}
    world.desk.snow.instance.records.update(world.desk.rung, world.case(order).sys_id, values)


def test_changes_during_and_across_runs_are_all_told_once(world):
    order, told = world.order(), []
    world.report(order)
    sys_id = world.case(order).sys_id
    world.clock.at = datetime(2030, 1, 1, 12, 0, 0, 999_999, tzinfo=UTC)
    sweep = ChangeSweep(snow=world.desk.user, database=world.database, tell=told.append, clock=world.clock, scope=SCOPE)
    sweep.run()
    told.clear()
    started = world.clock.now()
    offsets = (-120, -1, 0, 0, 1, 59, 60)  # seconds around the start of a run, two in the same one
    expected = set()
    for count, offset in enumerate(offsets, start=100):
        at = started + timedelta(seconds=offset)
        _stamped(world, order, at, count)
        expected.add(f"change:{sys_id}:{at:%Y-%m-%d %H:%M:%S}:{count}")
        sweep.run()
        world.clock.sleep(20)
    assert {change.event_id for change in told if change.sys_id == sys_id} == expected
    world.clock.at = datetime.now(UTC).replace(microsecond=0)


def test_a_run_that_breaks_starts_over(world):
    order = world.order()
    world.report(order)

    def breaks(_: Change) -> None:
        raise errors.Unavailable("away")

    with pytest.raises(errors.Unavailable):
        ChangeSweep(snow=world.desk.user, database=world.database, tell=breaks, clock=world.clock, scope=SCOPE).run()
    _answer(world, order)
    _sweep(world).run()
    world.engine().run()
    assert _shown(world, order) == "On its way."


def test_rows_that_were_not_asked_for_end_the_run_before_any_is_used(world):
    """As from an instance that dropped the condition."""
    order = world.order()
    world.report(order)
    row = {
        "sys_id": "0" * 32,
        "sys_updated_on": "2039-01-01 00:00:00",
        "correlation_id": "somebody-elses",
        "sys_mod_count": "1",
        "sys_class_name": world.desk.rung,
    }
    world.desk.snow.faults.add(
        method="GET",
        path=f"/api/now/table/{world.desk.rung}",
        status=200,
        body=json.dumps({"result": [row]}),
        headers={"X-Total-Count": "1"},
        times=1,
    )
    told: list[Change] = []
    with pytest.raises(errors.BadAnswer):
        ChangeSweep(
            snow=world.desk.user, database=world.database, tell=told.append, clock=world.clock, scope=SCOPE
        ).run()
    assert told == []


def test_a_change_that_was_told_in_other_words_does_not_end_the_run(world):
    order, told = world.order(), []
    world.report(order)

    def tell(change: Change) -> None:
        told.append(change)
        raise IdTaken("known")

    ChangeSweep(snow=world.desk.user, database=world.database, tell=tell, clock=world.clock, scope=SCOPE).run()
    assert len([change for change in told if change.order_no == order.order_no]) == 1


# Orders that failed --------------------------------------------------------------------------------------------------


def _failed_orders(world: Any, store: MemorySweepStore) -> FailedOrders:
    def take(document: Any) -> None:
        world.engine().take(
            document["type"], document["data"], site_id=document["source"]["site"], event_id=document["id"]
        )

    return FailedOrders(
        commerce=world.commerce, store=store, take=take, clock=world.clock, realm="zzrf", instance="001"
    )


def _failed_now(world: Any) -> Any:
    order = world.order()
    row = world.shop.state.orders.get(order.order_no)
    stamp = world.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    world.shop.state.orders.save({**row, "status": "failed", "paymentStatus": "not_paid", "lastModified": stamp})
    return world.read(order.order_no)


def test_a_failure_nobody_told_of_is_found_once(world):
    order, store = _failed_now(world), MemorySweepStore()
    for _ in range(2):
        _failed_orders(world, store).run(order.site_id)
        world.engine().run()
    case = world.case(order)
    (note,) = world.desk.notes(case.sys_id, "work_notes")
    assert "Failure: found by the sweep" in note
    # What we wrote to the order made it a changed order: the next run reads it again, and nothing comes of it.
    _failed_orders(world, MemorySweepStore()).run(order.site_id)
    world.engine().run()
    assert len(world.desk.notes(case.sys_id, "work_notes")) == 1


@pytest.mark.parametrize("first", ["sweep", "shop"])
def test_the_shops_event_and_the_sweeps_are_one_case(world, first):
    order = _failed_now(world)
    told: dict[str, Callable[[], object]] = {
        "sweep": lambda: _failed_orders(world, MemorySweepStore()).run(order.site_id),
        "shop": lambda: world.put("order.failed", order, stage="payment_auth", attempt=1),
    }
    for name in (first, *(told.keys() - {first})):
        told[name]()
        world.engine().run()
    case = world.case(order)
    notes = "\n".join(world.desk.notes(case.sys_id, "work_notes"))
    assert notes.count("stage payment_auth") == 1
    assert len(world.desk.notes(case.sys_id, "work_notes")) == {"shop": 1, "sweep": 2}[first]
