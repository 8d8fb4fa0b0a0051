"""Salesforce's own clients, unmodified, accept the local Commerce. They run where their packages are installed."""

from __future__ import annotations

import pytest

from sfcc_client.emulator import CommerceEmulator
from tests.conformance.commerce.operations import Operations
from tests.conformance.commerce.sdks import CLIENTS, NOT_YET, judged
from tests.conformance.commerce.tools import TOOLS
from tests.conformance.suite import Result, Suite


def run(suite: Suite) -> Result:
    try:
        (result,) = suite.run(None)
    except RuntimeError as error:
        if "not installed" in str(error):
            pytest.skip(str(error))
        raise
    return result


@pytest.mark.parametrize("suite", [*CLIENTS, *TOOLS], ids=lambda suite: suite.name)
def test_a_client_accepts_the_local_commerce(suite: Suite) -> None:
    assert {case.name: case.reason for case in run(suite).cases if case.outcome != "passed"} == {}


@pytest.fixture(scope="module")
def operations() -> Operations:
    with CommerceEmulator() as shop:
        return Operations(shop)


ORDER = "/checkout/orders/v1/organizations/f_ecom_zzrf_001/orders/1"
GOOD, UNKNOWN = {"method": "GET", "path": ORDER}, {"method": "PUT", "path": f"{ORDER}/no-such-route"}


def test_an_operation_is_named_by_its_route(operations: Operations) -> None:
    found = operations.of("GET", ORDER)
    assert found is not None
    assert found.name == "GET /checkout/orders/v1/…/orders/{order_no}"
    assert found in set(operations)
    assert operations.of("PUT", ORDER + "/no-such-route") is None


def test_a_fixed_word_of_a_path_is_written_out(operations: Operations) -> None:
    found = operations.of("PUT", ORDER + "/export-status")
    assert found is not None
    assert found.name == "PUT /checkout/orders/v1/…/orders/{order_no}/export-status"
    assert found in set(operations)


def test_a_case_proves_what_it_called_and_blames_only_the_last_call(operations: Operations) -> None:
    name = operations.of("GET", ORDER).name
    assert judged(operations, "a", "", [GOOD, GOOD]).operations == (name,)
    failed = judged(operations, "a", "Error: no", [{"method": "GET", "path": ORDER[:-2]}, GOOD])
    assert (failed.outcome, failed.reason, failed.operations) == ("failed", "Error: no", (name,))


def test_a_call_without_a_route_is_said_to_be_missing(operations: Operations) -> None:
    failed = judged(operations, "a", "Error: 404", [GOOD, UNKNOWN])
    assert failed.reason == f"{NOT_YET}: PUT {ORDER}/no-such-route"
    assert failed.operations == ()
