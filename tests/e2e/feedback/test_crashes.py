"""The process dies at every point of every step: what is left, once it went on, is what no crash would have left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.feedback.conftest import SITE, World

ORDER = {"orderNo": "00012345", "consent": True, "rating": 1}
ACTION = {"action": "notice", "action_text": "Zips may jam.", "publish": True}
CLUSTERS, LINKS = "x_acme_sfcc_feedback_cluster", "x_acme_sfcc_feedback"
Point = tuple[str, str]


class Crash(BaseException):
    """The process dies."""


def crossing(world: World) -> Callable[..., None]:
    """The fifth feedback, which makes a case and opens the problem."""
    for _ in range(4):
        world.says(**ORDER)
    world.says(run=False, **ORDER)
    return lambda **more: world.engine(**more).run()


def suggesting(world: World) -> Callable[..., None]:
    """One that names a product for an earlier one, and one that is suggested for it."""
    world.says("the zip of this jacket is stuck", productId=None)
    world.says("the zip of this jacket is stuck", productId="VV1001-pine-M", run=False)
    world.says("zip of the jacket broke again", productId=None, run=False)
    return lambda **more: world.engine(**more).run()


def publishing(world: World) -> Callable[..., None]:
    for _ in range(5):
        world.says(**ORDER)
    (problem,) = world.problems()
    world.snow.table("problem").update(problem.sys_id, {world.own(name): value for name, value in ACTION.items()})
    data = {"table": "problem", "sysId": problem.sys_id, "correlationId": problem["correlation_id"]}
    world.engine().take("feedback.record_changed", data, site_id=SITE, event_id="change:1")
    return lambda **more: world.engine(**more).run()


def looking(world: World) -> Callable[..., None]:
    publishing(world)()
    world.time.sleep(8 * 86_400)
    return lambda **more: world.engine(**more).run()


def deciding(world: World) -> Callable[..., None]:
    for _ in range(4):
        world.says("The zip of my jacket is stuck", productId="VV1001-pine-M")
    world.says("zip of the jacket broke again", productId=None)
    link = next(row for row in world.rows("x_acme_sfcc_feedback") if row["suggested"])
    world.snow.table(link.table).update(link.sys_id, {"decision": "confirmed"})
    data = {"table": link.table, "sysId": link.sys_id, "correlationId": link["correlation_id"]}
    world.engine().take("feedback.record_changed", data, site_id=SITE, event_id="change:1")
    return lambda **more: world.engine(**more).run()


def left(world: World) -> list[tuple[str, ...]]:
    """What stands in ServiceNow, without what differs from run to run anyway."""
    own = world.own
    rows = [
        *((row["label"], row["count"], row["total"], bool(row["problem"])) for row in world.rows(CLUSTERS)),
        *((row["reference"], row["rung"], row["decision"], bool(row["suggested"])) for row in world.rows(LINKS)),
        *((row["short_description"], bool(row["problem"])) for row in world.cases()),
        *(
            (row[own("count")], row[own("action_state")], row[own("recurrence")], row["state"])
            for row in world.problems()
        ),
    ]
    return sorted(tuple(map(str, row)) for row in rows)


@pytest.mark.parametrize("scene", [crossing, suggesting, publishing, looking, deciding])
def test_a_crash_anywhere_leaves_the_same_records(scene, scenes):
    """One world without a crash tells the points; then one world dies at each of them."""
    points: list[Point] = []
    calm = scenes()
    scene(calm)(observe=lambda step, point: points.append((step, point)))
    wanted = left(calm)
    assert len(points) > 4
    for nth in range(len(points)):
        world = scenes()
        proceed = scene(world)
        seen = 0

        def dies(step: str, point: str) -> None:
            nonlocal seen
            seen += 1
            if seen == nth + 1:  # noqa: B023 - called before the loop goes on
                raise Crash

        with pytest.raises(Crash):
            proceed(observe=dies)
        proceed()
        assert left(world) == wanted, points[nth]
        assert set(world.counts()["feedback"]) <= {"delivered", "waiting"}, points[nth]


def test_the_same_feedback_twice_is_one(world):
    for _ in range(2):
        engine = world.engine()
        data = {"text": "late", "locale": "en", "submittedAt": "2026-03-02T09:00:00Z"}
        engine.take("feedback.submitted", data, site_id=SITE, event_id="same")
        engine.run()
    assert len(world.rows(LINKS)) == 1
