"""From single voices to one problem: thresholds, links, and what must not become a pattern."""

from __future__ import annotations

ORDER = {"orderNo": "00012345", "consent": True, "rating": 1}


def test_a_pattern_becomes_one_problem_with_its_cases(world):
    for _ in range(4):
        world.says(**ORDER)
    assert world.problems() == []
    world.says("Reißverschluss klemmt", locale="de-DE", **ORDER)
    world.says("ファスナーが壊れた", locale="ja-JP", **ORDER)
    (problem,) = world.problems()
    assert world.counts() == {"feedback": {"delivered": 6}}
    assert problem["short_description"] == "Recurring feedback, Zip or closure: product 25752986M"
    assert (problem[world.own("count")], problem[world.own("customers")]) == ("6", "6")
    cases = world.cases()
    assert len(cases) == 6
    assert {case["problem"] for case in cases} == {problem.sys_id}
    (cluster,) = world.rows("x_acme_sfcc_feedback_cluster")
    assert (cluster["problem"], cluster["total"]) == (problem.sys_id, "6")
    links = world.rows("x_acme_sfcc_feedback")
    assert {(link["cluster"], link["rung"], link["score"]) for link in links} == {(cluster.sys_id, "product", "100")}
    assert {link["language"] for link in links} == {"en", "de", "ja"}


def test_cases_that_belong_to_the_problem_are_not_written_again(world, instance):
    for _ in range(6):
        world.says(**ORDER)
    instance.requests.clear()
    world.says(**ORDER)
    written = [one.path for one in instance.requests if one.method == "PATCH" and "sn_customerservice_case" in one.path]
    (newest,) = {path.rpartition("/")[2].partition("?")[0] for path in written}
    assert newest == max(world.cases(), key=lambda case: case["number"]).sys_id
    assert len({case["problem"] for case in world.cases()}) == 1


def test_one_angry_customer_is_no_pattern(world):
    for _ in range(12):
        world.says(customerNo="C0815")
    assert world.problems() == []


def test_those_who_do_not_say_who_they_are_count_as_one(world):
    for _ in range(12):
        world.says(customerNo=None)
    assert world.problems() == []
