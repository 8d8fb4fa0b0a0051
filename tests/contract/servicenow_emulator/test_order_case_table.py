"""Order Operations Case Management: there when asked for, with the documented table, number and roles."""

from __future__ import annotations

import pytest

from snow_app import SnowClient, SnowSettings, errors
from snow_app.emulator import ServiceNowEmulator


def _client(snow: ServiceNowEmulator, user: str) -> SnowClient:
    return SnowClient(SnowSettings(url=snow.url, username=user, password=user, allow_http=True))


def test_an_order_case_is_a_case_with_numbers_of_its_own():
    with ServiceNowEmulator(order_cases=True) as snow, _client(snow, "agent") as agent:
        made = agent.table("sn_order_case").insert({"short_description": "Two orders, one problem"})
        assert made["number"].startswith("ORDCS")
        found = agent.table("sn_customerservice_case").get(made.sys_id)
        assert found["sys_class_name"] == "sn_order_case"


def test_nobody_else_sees_order_cases():
    with ServiceNowEmulator(order_cases=True) as snow, _client(snow, "agent") as agent, _client(snow, "lead") as lead:
        agent.table("sn_order_case").insert({"short_description": "Two orders, one problem"})
        with pytest.raises(errors.TableForbidden):
            list(lead.table("sn_order_case").rows())


def test_without_cases_there_are_no_order_cases():
    with ServiceNowEmulator(csm=False, order_cases=True) as snow:
        assert snow.instance.dictionary.table("sn_order_case") is None
