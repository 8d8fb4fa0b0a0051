"""The sidecar's desk: what it writes on a case stands there, and what it reads of cases is exact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sidecar.context import CaseRef
from sidecar.desk import CaseDesk, desk_of
from sidecar.settings import Secret, SnowSettings
from snow_app import SnowClient
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.install import applied

SCOPE = "x_acme_sfcc"
TABLE = "sn_customerservice_case"


@pytest.fixture(scope="module")
def settings() -> Iterator[SnowSettings]:
    with ServiceNowEmulator(port=0) as snow:
        yield SnowSettings(url=snow.url, username=snow.username, password=Secret(snow.password), scope=SCOPE)


@pytest.fixture(scope="module")
def desk(settings: SnowSettings) -> Iterator[CaseDesk]:
    made = desk_of(settings)
    assert made is not None
    applied(made._client, AppParameters(scope=SCOPE, name=settings.app_name))
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(desk: CaseDesk) -> SnowClient:
    return desk._client


def new_case(client: SnowClient, **values: str) -> CaseRef:
    row = client.table(TABLE).insert({"short_description": "Where is my parcel?", **values})
    return CaseRef(table=TABLE, sys_id=row.sys_id)


def test_what_an_agent_chose_and_found_is_on_the_case(desk: CaseDesk, client: SnowClient) -> None:
    case = new_case(client)
    desk.link(case, customer_no="00004711", site_id="RefArchDE")
    desk.link(case, order_no="00031204")
    row = client.table(TABLE).get(case.sys_id)
    assert [row[f"{SCOPE}_{name}"] for name in ("customer_no", "site_id", "order_no")] == [
        "00004711",
        "RefArchDE",
        "00031204",
    ]


def test_a_note_is_a_work_note(desk: CaseDesk, client: SnowClient) -> None:
    case = new_case(client)
    desk.note(case, "Order 00031204\nis on its way")
    notes = [row["value"] for row in client.table("sys_journal_field").rows() if row["element_id"] == case.sys_id]
    assert notes == ["Order 00031204\nis on its way"]


def test_the_words_of_a_case_and_the_others_about_the_same_order(desk: CaseDesk, client: SnowClient) -> None:
    column = f"{SCOPE}_order_no"
    case = new_case(client, description="footprint 2p", **{column: "00099001"})
    for order_no in ("00099001", "00099001", "00099002", ""):
        new_case(client, **({column: order_no} if order_no else {}))
    file = desk.of_case(case, order_no="00099001", deadline=10.0)
    assert file.text == "Where is my parcel?\nfootprint 2p"
    assert file.earlier_contacts == 2
    assert desk.of_case(case, order_no=None).earlier_contacts == 0


def test_a_case_that_is_gone(desk: CaseDesk) -> None:
    assert desk.of_case(CaseRef(table=TABLE, sys_id="f" * 32), order_no=None).text == ""


@pytest.mark.parametrize("missing", [{"url": ""}, {"username": "", "password": Secret()}])
def test_without_an_address_or_a_user_there_is_no_desk(settings: SnowSettings, missing: dict[str, str]) -> None:
    given = {"url": settings.url, "username": "u", "password": Secret("p"), **missing}
    assert desk_of(SnowSettings(**given)) is None
