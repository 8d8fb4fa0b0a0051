"""What changes of state do to a customer service case."""

import pytest

RESOLVING = {"resolution_code": "1", "close_notes": "done"}


@pytest.mark.parametrize(
    ("state", "active", "filled", "empty"),
    [
        ("1", "true", (), ("resolved_at", "closed_at")),
        ("10", "true", (), ("resolved_at", "closed_at")),
        ("18", "true", (), ("resolved_at", "closed_at")),
        ("6", "true", ("resolved_at", "resolved_by"), ("closed_at",)),
        ("3", "false", ("resolved_at", "closed_at", "closed_by"), ()),
    ],
)
def test_what_each_state_sets(api, state, active, filled, empty) -> None:
    made = api.made("sn_customerservice_case", short_description="x", state="10" if state == "1" else "1")
    answer = api.patch(f"table/sn_customerservice_case/{made['sys_id']}", {"state": state, **RESOLVING})
    assert answer.status_code == 200, answer.text
    row = answer.json()["result"]
    assert (row["state"], row["active"]) == (state, active)
    assert all(row[name] for name in filled)
    assert not any(row[name] for name in empty)


def test_resolving_needs_code_and_notes(api) -> None:
    made = api.made("sn_customerservice_case", short_description="x")
    assert api.patch(f"table/sn_customerservice_case/{made['sys_id']}", {"state": "6"}).status_code == 403


def test_a_closed_case_stays(api) -> None:
    made = api.made("sn_customerservice_case", short_description="x", state="3", **RESOLVING)
    refused = api.patch(f"table/sn_customerservice_case/{made['sys_id']}", {"state": "10"})
    assert refused.status_code == 403
    assert "'Prevent update of closed case^" in refused.json()["error"]["detail"]


def test_the_customers_comment_reopens_what_awaits_it(api, snow) -> None:
    customer = snow.instance.session("employee")
    for state, expected in (("18", "10"), ("1", "1")):
        made = api.made("sn_customerservice_case", short_description="x", contact=customer.user.sys_id, state=state)
        customer.update("sn_customerservice_case", made["sys_id"], {"comments": "here"}, acl=False)
        assert api.get(f"table/sn_customerservice_case/{made['sys_id']}").json()["result"]["state"] == expected
