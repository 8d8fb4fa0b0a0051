"""Customers by number and by e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sfcc_client import errors

from .conftest import problem

MARA = {
    "customerNo": "00004711",
    "customerId": "abKq",
    "email": "mara@example.com",
    "firstName": "Mara",
    "lastName": "Kowalski",
    "phoneHome": "+49 30 1",
    "phoneMobile": "+49 170 42",
    "preferredLocale": "de-DE",
    "creationDate": "2019-03-04T10:15:00.000Z",
    "lastLoginTime": "2026-11-22T11:00:00+01:00",
    "companyName": None,
    "credentials": {"login": "mara@example.com", "enabled": True, "passwordQuestion": "canary-question"},
    "birthday": "1985-01-01",
    "primaryAddress": {"address1": "canary-street"},
    "c_loyaltyTier": "Gold",
    "c_loyaltyPoints": 8240,
    "c_tags": ["a", "b"],
    "c_nested": {"deep": "canary"},
    "newMember": {"of": "a later release"},
}


def hits(*customers, total=None):
    return {"json": {"hits": [{"data": one, "relevance": 1.0} for one in customers], "total": total or len(customers)}}


def find(client, email="mara@example.com"):
    return client.customers.by_email(email, site_id="RefArchDE")


def test_by_number(client, upstream) -> None:
    upstream.customer("00004711", json=MARA)
    mara = client.customers.by_number("00004711", site_id="RefArchDE")
    assert (mara.customer_no, mara.customer_id, mara.customer_list_id) == ("00004711", "abKq", "RefArch")
    assert (mara.login, mara.email, mara.name, mara.phone) == (
        "mara@example.com", "mara@example.com", "Mara Kowalski", "+49 170 42",
    )  # fmt: skip
    assert mara.created_at == datetime(2019, 3, 4, 10, 15, tzinfo=UTC)
    assert mara.last_login_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    assert (mara.enabled, mara.company, mara.locale) == (True, None, "de-DE")
    assert dict(mara.custom) == {"c_loyaltyTier": "Gold", "c_loyaltyPoints": 8240, "c_tags": ("a", "b")}


def test_repr_shows_no_personal_data(client, upstream) -> None:
    upstream.customer("00004711", json=MARA)
    shown = repr(client.customers.by_number("00004711", site_id="RefArchDE"))
    assert "00004711" in shown
    assert not any(canary in shown for canary in ("mara", "Mara", "Kowalski", "+49", "canary", "Gold"))


def test_a_bare_document_is_enough(client, upstream) -> None:
    upstream.customer("1", json={"customerNo": "1", "credentials": None, "email": "", "enabled": "?"})
    customer = client.customers.by_number("1", site_id="RefArchDE")
    assert (customer.email, customer.login, customer.name, customer.created_at) == (None, None, "", None)


def test_unknown_number(client, upstream) -> None:
    upstream.customer("9", status_code=404, json=problem("not-found", customerId="9"))
    with pytest.raises(errors.NotFound, match="customer 9") as caught:
        client.customers.by_number("9", site_id="RefArchDE")
    assert caught.value.upstream_code == "not-found"


def test_unknown_site(client, upstream) -> None:
    with pytest.raises(errors.NotConfigured):
        client.customers.by_number("1", site_id="Elsewhere")
    assert not upstream.mocker.called


def test_by_email_asks_for_the_exact_term(client, upstream) -> None:
    asked = upstream.customer_search(hits(MARA))
    assert [one.customer_no for one in find(client, " Mara@Example.com ")] == ["00004711"]
    assert asked.last_request.json() == {
        "query": {"termQuery": {"fields": ["email"], "operator": "is", "values": ["Mara@Example.com"]}},
        "limit": 50,
        "offset": 0,
    }
    assert "mara" not in asked.last_request.url.lower()


def test_by_email_keeps_exact_matches_only(client, upstream) -> None:
    near = [
        {**MARA, "customerNo": str(n), "email": email}
        for n, email in enumerate(
            [
                "MARA@EXAMPLE.COM",
                "mara@example.com.evil.net",
                "xmara@example.com",
                None,
                "mara@example.co",
                "mara+1@example.com",
            ]
        )
    ]
    upstream.customer_search(hits(*near))
    assert [one.customer_no for one in find(client)] == ["0"]


def test_by_email_may_find_several(client, upstream) -> None:
    upstream.customer_search(hits(MARA, {**MARA, "customerNo": "2", "customerId": "other"}))
    assert [one.customer_no for one in find(client)] == ["00004711", "2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("STRASSE@example.com", "straße@example.com"), ("jose\u0301@example.com", "jos\u00e9@example.com")],
)
def test_addresses_are_equal_across_case_and_composition(client, upstream, one: str, other: str) -> None:
    upstream.customer_search(hits({**MARA, "email": one}))
    assert len(find(client, other)) == 1


@pytest.mark.parametrize("email", ["", "   ", "x" * 250 + "@example.com"])
def test_by_email_of_nothing_searchable(client, upstream, email: str) -> None:
    assert find(client, email) == ()
    assert not upstream.mocker.called


def test_by_email_pages_up_to_a_cap(client, upstream) -> None:
    page = hits(*[{**MARA, "customerNo": str(n)} for n in range(50)], total=5000)
    asked = upstream.customer_search(page)
    assert len(find(client)) == 200
    assert [request.json()["offset"] for request in asked.request_history] == [0, 50, 100, 150]


def test_by_email_stops_at_a_short_page(client, upstream) -> None:
    full = hits(*[{**MARA, "customerNo": str(n)} for n in range(50)], total=51)
    asked = upstream.customer_search(full, hits(MARA, total=51))
    assert len(find(client)) == 51
    assert asked.call_count == 2


def test_by_email_without_a_total_goes_on_until_a_short_page(client, upstream) -> None:
    full = hits(*[{**MARA, "customerNo": str(n)} for n in range(50)])
    del full["json"]["total"]
    upstream.customer_search(full, {"json": {"hits": []}})
    assert len(find(client)) == 50


def test_no_hits_member_means_none(client, upstream) -> None:
    upstream.customer_search({"json": {"total": 0}})
    assert find(client) == ()


@pytest.mark.parametrize(
    "result", [{"hits": {}}, {"hits": [7]}, {"hits": [{"data": None}]}, {"hits": [{"data": {"email": "a"}}]}]
)
def test_search_results_of_another_shape(client, upstream, result: dict) -> None:
    upstream.customer_search({"json": result})
    with pytest.raises(errors.BadAnswer):
        find(client)


def test_custom_numbers_stay_exact(client, upstream) -> None:
    upstream.customer("1", text='{"customerNo": "1", "c_credit": 0.1, "c_name": "a\\u0000b\\ud800"}')
    custom = client.customers.by_number("1", site_id="RefArchDE").custom
    assert custom["c_credit"] == Decimal("0.1")
    assert custom["c_name"] == "ab"
