"""What people decide: links confirmed and dismissed, clusters merged and split, problems that are duplicates."""

from __future__ import annotations

CLUSTERS, LINKS = "x_acme_sfcc_feedback_cluster", "x_acme_sfcc_feedback"
ZIP = {"text": "The zip of my jacket is stuck", "productId": "VV1001-pine-M"}


def link_of(world, reference: str):
    return next(row for row in world.rows(LINKS) if row["reference"] == reference)


def cluster(world, label: str):
    return next(row for row in world.rows(CLUSTERS) if label in row["label"])


def test_a_suggestion_counts_only_once_a_person_confirmed_it(world):
    for _ in range(4):
        world.says(**ZIP)
    world.says("zip of the jacket broke again", productId=None)
    assert world.problems() == []
    last = link_of(world, "E000005")
    product = cluster(world, "product VV1001")
    assert (last["rung"], last["suggested"], last["score"]) == ("reason", product.sys_id, "90")
    after = world.writes(last, decision="confirmed")
    assert after["cluster"] == product.sys_id
    (problem,) = world.problems()
    assert problem[world.own("count")] == "5"


def test_a_dismissed_link_stops_to_count(world):
    for _ in range(4):
        world.says(**ZIP)
    world.writes(link_of(world, "E000001"), decision="dismissed")
    assert cluster(world, "product VV1001")["count"] == "3"
    world.says(**ZIP)
    assert world.problems() == []
    world.says(**ZIP)
    assert len(world.problems()) == 1


def test_earlier_feedback_is_suggested_for_the_product_that_later_ones_name(world):
    world.says("the zip of this jacket is stuck", productId=None)
    world.says(**ZIP)
    assert link_of(world, "E000001")["suggested"] == cluster(world, "product VV1001").sys_id


def test_similar_words_without_a_reason_only_suggest(world):
    world.says("Please bring back the green canvas cap from 2019", productId=None, category="other")
    for _ in range(6):
        world.says("please bring back that green canvas cap of 2019!!", productId=None, category="other")
    first = cluster(world, "Similar words")
    assert {link["suggested"] for link in world.rows(LINKS)} >= {first.sys_id}
    assert world.problems() == []


def test_merged_clusters_are_one_until_they_are_split(world):
    for _ in range(3):
        world.says(**ZIP)
    for _ in range(3):
        world.says(**(ZIP | {"productId": "VV1002-rust-L"}))
    one, other = cluster(world, "product VV1002"), cluster(world, "product VV1001")
    world.writes(one, merged_into=other.sys_id)
    assert (cluster(world, "product VV1001")["total"], cluster(world, "product VV1002")["total"]) == ("6", "0")
    world.says(**(ZIP | {"productId": "VV1002-rust-S"}))
    (problem,) = world.problems()
    assert problem[world.own("cluster")] == other.sys_id
    world.writes(cluster(world, "product VV1002"), merged_into="")
    assert (cluster(world, "product VV1001")["total"], cluster(world, "product VV1002")["total"]) == ("3", "4")
    assert world.history() == ["made", "made", "merged", "opened", "split"]


def test_a_problem_that_is_a_duplicate_merges_its_cluster(world):
    for product in ("VV1001-pine-M", "VV1002-rust-L"):
        for _ in range(5):
            world.says(**(ZIP | {"productId": product}))
    original, copy = world.problems()
    world.writes(copy, duplicate_of=original.sys_id)
    assert cluster(world, "product VV1001")["total"] == "10"
    world.says(**(ZIP | {"productId": "VV1002-rust-L"}))
    assert len(world.problems()) == 2
    assert world.snow.table("problem").get(original.sys_id)[world.own("count")] == "11"


def test_a_pattern_that_people_dismissed_is_not_opened_again(world):
    for _ in range(5):
        world.says(**ZIP)
    (problem,) = world.problems()
    world.writes(problem, **{world.own("decision"): "dismissed"})
    for _ in range(6):
        world.says(**ZIP)
    assert len(world.problems()) == 1
