"""The cartridge's scripts and the emulated tenant, asked the same, answer the same, and as schema.yaml says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
import requests
from lxml import etree

from sfcc_client.emulator import CommerceEmulator

from .conftest import CARTRIDGES, call, description

ADA = {"siteId": "North", "c_customer_id": "abOne", "c_customer_no": "0001"}
REED = {"siteId": "North", "c_customer_id": "abTwo", "c_customer_no": "0002"}
STRANGER = {"siteId": "North", "c_customer_id": "abNobody", "c_customer_no": "0009"}
OTHER_ID = {**ADA, "c_customer_id": "abTwo"}
ACTIVITY, LOYALTY = "shopper-activity/activities", "loyalty-info/customers"
MEMBERSHIP = {
    "loyaltySince": "2019-03-02",
    "loyaltyTier": "Gold",
    "loyaltyPoints": 8240,
    "loyaltyNextTier": "Platinum",
    "loyaltyPointsToNext": 1760,
    "loyaltyExpiringPoints": 1200,
    "loyaltyExpiringOn": "2026-12-31",
    "loyaltyVoucherCount": 2,
    "loyaltyVoucherTotal": 15.5,
}
CREATED = "2025-10-18T09:00:00.000Z"

Step = tuple[str, str, dict[str, str], Any]


@dataclass
class MovedClock:
    at: datetime = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def iso(self) -> str:
        return self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def shop(clock: MovedClock) -> Iterator[CommerceEmulator]:
    ada = {"customerListId": "People", "customerNo": "0001", "customerId": "abOne", "email": "ada@example.com"}
    reed = {"customerListId": "People", "customerNo": "0002", "customerId": "abTwo", "email": "reed@example.com"}
    membership = {f"c_{name}": value for name, value in MEMBERSHIP.items()}
    dataset = {
        "sites": [{"id": "North", "customerListId": "People", "label": "North", "locale": "en-GB", "currency": "GBP"}],
        "customers": [
            {**ada, "lastName": "Moss", "creationDate": CREATED, **membership},
            {**reed, "lastName": "Reed", "creationDate": CREATED, "c_trackingOptOut": "2026-11-19"},
        ],
    }
    with CommerceEmulator(clock=clock, dataset=dataset) as opened:
        yield opened


def world(clock: MovedClock) -> dict[str, Any]:
    """The same tenant for the scripts."""
    root = etree.parse(CARTRIDGES / "metadata/int_servicenow/meta/custom-objecttype-definitions.xml").getroot()
    ns = "{http://www.demandware.com/xml/impex/metadata/2006-10-31}"
    types = {
        kind.get("type-id"): {
            "key": kind.find(f"{ns}key-definition").get("attribute-id"),
            "attributes": [row.get("attribute-id") for row in kind.iter(f"{ns}attribute-definition")],
        }
        for kind in root.iter(f"{ns}custom-type")
    }
    return {
        "now": clock.iso(),
        "types": types,
        "site": {"id": "North", "currency": "GBP"},
        "preferences": {"serviceNowActivityRetentionDays": 30},
        "customers": [
            {"customerNo": "0001", "customerId": "abOne", "creationDate": CREATED, "custom": MEMBERSHIP},
            {
                "customerNo": "0002",
                "customerId": "abTwo",
                "creationDate": CREATED,
                "custom": {"trackingOptOut": "2026-11-19"},
            },
        ],
    }


def deed(text: str, kind: str = "search", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "text": text, **more}


BAD = (
    {},
    [],
    "x",
    deed("x", "buy"),
    deed("x", "constructor"),
    deed(""),
    deed(5),
    deed("\u0000 "),
    deed("x" * 257),
    deed("x", at="now"),
    deed("x", results=-1),
    deed("x", results=1.5),
    deed("x", results=True),
    deed("x", results=1_000_001),
    deed("x", "view", productId=""),
    deed("x", "view", productId="mara@example.com"),
    deed("x", "view", productId=None),
)
TEXTS = (
    "footprint 2p  waterproof\t",
    "order of mara.k+x@example.com",
    "mara%40example.com",
    "4111 1111 1111 1111 2 pieces",
    "4111-1111-1111-1112",
    "parcel 003404341612885555120",
    "\u202etent\u2066 \u0007",
    "テント\u30002人用",
    "a@b.c " * 42,
)
STORIES: dict[str, list[Step | int]] = {
    "recording and reading": [
        ("GET", ACTIVITY, ADA, None),
        ("POST", ACTIVITY, ADA, deed("teapot", results=3)),
        1,
        ("POST", ACTIVITY, ADA, deed("Mug", "view", productId="mug")),
        ("POST", ACTIVITY, ADA, deed("Mug", "view", productId="mug-2")),
        ("POST", ACTIVITY, ADA, deed("Mug", "page")),
        1,
        ("POST", ACTIVITY, ADA, deed("teapot", results=4)),
        ("GET", ACTIVITY, ADA, None),
    ],
    "retention": [
        ("POST", ACTIVITY, ADA, deed("teapot")),
        86_400 * 20,
        ("POST", ACTIVITY, ADA, deed("cup")),
        86_400 * 11,
        ("GET", ACTIVITY, ADA, None),
        ("POST", ACTIVITY, ADA, deed("teapot")),
        ("GET", ACTIVITY, ADA, None),
    ],
    "consent": [
        ("GET", ACTIVITY, REED, None),
        ("POST", ACTIVITY, REED, deed("teapot")),
        ("GET", ACTIVITY, STRANGER, None),
        ("POST", ACTIVITY, STRANGER, deed("teapot")),
        ("GET", ACTIVITY, OTHER_ID, None),
        ("POST", ACTIVITY, OTHER_ID, deed("teapot")),
    ],
    "erasing": [
        ("POST", ACTIVITY, ADA, deed("teapot")),
        ("DELETE", ACTIVITY, {"siteId": "North", "c_customer_no": "0001"}, None),
        ("DELETE", ACTIVITY, {"siteId": "North", "c_customer_no": "0001"}, None),
        ("DELETE", ACTIVITY, {"siteId": "North", "c_customer_no": "0009"}, None),
        ("GET", ACTIVITY, ADA, None),
    ],
    "a cap": [
        *(step for number in range(55) for step in (1, ("POST", ACTIVITY, ADA, deed(f"search {number}")))),
        ("GET", ACTIVITY, ADA, None),
    ],
    "scrubbed": [
        *(step for text in TEXTS for step in (1, ("POST", ACTIVITY, ADA, deed(text)))),
        ("GET", ACTIVITY, ADA, None),
    ],
    "refused bodies": [*(("POST", ACTIVITY, ADA, body) for body in BAD), ("GET", ACTIVITY, ADA, None)],
    "loyalty": [
        ("GET", LOYALTY, ADA, None),
        ("GET", LOYALTY, REED, None),
        ("GET", LOYALTY, STRANGER, None),
        ("GET", LOYALTY, OTHER_ID, None),
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_both_answer_the_same(
    story: str, clock: MovedClock, shop: CommerceEmulator, answers: Callable[..., Any]
) -> None:
    given, calls, emulated = world(clock), [], []
    with requests.Session() as session:
        for step in STORIES[story]:
            if isinstance(step, int):
                clock.at += timedelta(seconds=step)
                continue
            method, path, query, body = step
            calls.append((step, call(clock.iso(), *step)))
            emulated.append(asked(shop, session, method, path, query, body))
    scripted = answers(given, [one for _, one in calls])
    for ((method, path, _, _), _), ours, theirs in zip(calls, scripted, emulated, strict=True):
        assert ours["status"] == theirs["status"]
        for answer in (ours, theirs):
            check(answer, method, path)
        assert compared(ours) == compared(theirs)


def test_nothing_scrubbed_is_stored(clock: MovedClock, answers: Callable[..., Any]) -> None:
    steps = [("POST", ACTIVITY, ADA, deed(text)) for text in TEXTS] + [("GET", ACTIVITY, ADA, None)]
    told = json.dumps(answers(world(clock), [call(clock.iso(), *step) for step in steps])[-1], ensure_ascii=False)
    assert "example.com" not in told
    assert "4111 1111 1111 1111" not in told
    assert "003404341612885555120" in told


def asked(shop: CommerceEmulator, session: requests.Session, method: str, path: str, query: Any, body: Any) -> Any:
    settings = shop.settings()
    scopes = f"SALESFORCE_COMMERCE_API:{settings.tenant_id} c_loyalty_info c_shopper_activity"
    token = session.post(
        f"{shop.url}/dwsso/oauth2/access_token",
        auth=(settings.client_id, settings.client_secret),
        data={"grant_type": "client_credentials", "scope": scopes},
        timeout=10,
    ).json()["access_token"]
    api, endpoint = path.split("/", 1)
    answer = session.request(
        method,
        f"{shop.url}/custom/{api}/v1/organizations/{settings.organization_id}/{endpoint}",
        params=query,
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    return {"status": answer.status_code, "body": answer.json() if answer.content else None}


def check(answer: dict[str, Any], method: str, path: str) -> None:
    """The status is declared, and the body is what the description says for it."""
    api, endpoint = path.split("/", 1)
    document = description(api)
    response = document["paths"][f"/{endpoint}"][method.lower()]["responses"][str(answer["status"])]
    if "content" not in response:
        assert answer["body"] is None
        return
    ((_, content),) = response["content"].items()
    schema = {**content["schema"], "components": with_null(document["components"])}
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(answer["body"])


def with_null(node: Any) -> Any:
    """OpenAPI's ``nullable`` in the words of JSON Schema."""
    if isinstance(node, list):
        return [with_null(part) for part in node]
    if not isinstance(node, dict):
        return node
    copy = {name: with_null(part) for name, part in node.items() if name != "nullable"}
    return {**copy, "type": [copy["type"], "null"]} if node.get("nullable") else copy


def compared(answer: dict[str, Any]) -> Any:
    """A problem by its slug: the gateway's wording is its own."""
    if answer["status"] >= 400:
        return answer["body"]["type"].rsplit("/", 1)[-1]
    return answer["body"]
