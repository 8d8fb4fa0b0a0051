"""The product's own flows in the kill test: what stands before the first event, and the events.

Orders are those of the generated shop. Each thing that happens (an issue, a failed order, an outage, a complaint) is a
chain of events in its own order; the chains are sent mixed.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sfcc_client.config import AttributeNames, CommerceSettings, Site
from sfcc_client.emulator import CommerceEmulator
from sidecar.deliveries import FLOWS
from sidecar.demo.operator import commit_update_set, make_groups
from sidecar.engine import Flow
from sidecar.flows.feedback.policy import CATEGORY_OWNERS, OWNERS
from snow_app import SnowClient, SnowSettings
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.install import applied, exported
from tests.performance.scenario import Document, Stage, World

SCOPE = "x_acme_sfcc"
SITES = ("RefArchDE", "RefArchUK", "RefArchJP")
REPORTED, MESSAGE, FAILED = "order.issue_reported", "order.message_added", "order.failed"
ALERT, FEEDBACK = "storefront.alert", "feedback.submitted"
PAYMENT = "payment"
"""The topic of an order whose payment failed; nobody reports it here besides."""
_TOPICS = ("missing", "damaged", "cancel", "wrong_item", "other")
_SHARES = {"orders": 0.55, "failures": 0.07, "alerts": 0.25, "feedback": 0.13}
_CAUSES: Sequence[Mapping[str, Any]] = (
    {"signal": "payment_failures", "service": "acmepay.http.authorise", "failedCheckouts": 2, "sampleSize": 40},
    {"signal": "job_failed", "job": "OrderExport"},
    {"signal": "job_failed", "job": "CatalogImport"},
    {"signal": "quota", "quota": {"id": "api.dw.object.ProductMgr"}},
)
"""On each site. None of them explains another, which would then get no incident of its own."""
_COMPLAINTS = (
    ("The sole came off after two walks.", "en-GB"),
    ("Sole is peeling off after a week, really disappointed", "en-GB"),
    ("Die Sohle löst sich nach wenigen Tagen!", "de-DE"),
    ("La semelle se décolle déjà", "fr-FR"),
)
_PRODUCTS = ("VV1014", "VV1021", "VV1033", "VV1047", "VV1052")


def flows(world: World) -> Sequence[Flow]:
    shared = {"snow": world.snow, "commerce": world.commerce, "database": world.database, "clock": world.clock}
    return [kind(**shared, scope=SCOPE) for kind in FLOWS.values()]


@contextmanager
def prepared(servicenow: ServiceNowEmulator) -> Iterator[Stage]:
    """An instance with the app and its groups, and a shop."""
    own = {"url": servicenow.url, "username": servicenow.username, "password": servicenow.password}
    parameters = AppParameters(scope=SCOPE)
    with SnowClient(SnowSettings(allow_http=True, **own)) as snow:
        applied(snow, parameters)
    commit_update_set(servicenow, exported(parameters).document)
    make_groups(servicenow, scope=SCOPE, owners={*OWNERS.values(), *CATEGORY_OWNERS.values()})
    with CommerceEmulator() as shop:
        yield Stage(shop=shop, told={"commerce": asdict(shop.settings())})


def settings_of(told: Mapping[str, Any]) -> CommerceSettings:
    """The shop's settings as a worker process was told them."""
    sites = tuple(Site(**site) for site in told["sites"])
    return CommerceSettings(**{**told, "sites": sites, "attribute_names": AttributeNames(**told["attribute_names"])})


def documents(number: int, chance: random.Random, stage: Stage) -> list[Document]:
    assert stage.shop is not None
    orders = list(stage.shop.state.orders)
    chance.shuffle(orders)
    wanted = {name: round(share * number) + 1 for name, share in _SHARES.items()}
    chains = [
        *_until(wanted["orders"], _issues([row for row in orders if row["status"] in ("completed", "new")], chance)),
        *_until(wanted["failures"], _failures(orders)),
        *_alerts(wanted["alerts"], chance),
        *_feedback(wanted["feedback"], chance, orders),
    ]
    return list(itertools.islice(_mixed(chains, chance), number))


def _until(number: int, chains: Iterator[list[Document]]) -> list[list[Document]]:
    """As many chains as it takes for so many events."""
    found: list[list[Document]] = []
    while sum(map(len, found)) < number and (chain := next(chains, None)):
        found.append(chain)
    return found


def _mixed(chains: Sequence[Sequence[Document]], chance: random.Random) -> Iterator[Document]:
    """Any mix, each chain in its order."""
    turns = [number for number, chain in enumerate(chains) for _ in chain]
    chance.shuffle(turns)
    waiting = [iter(chain) for chain in chains]
    yield from (next(waiting[turn]) for turn in turns)


def _issues(orders: Sequence[Mapping[str, Any]], chance: random.Random) -> Iterator[list[Document]]:
    """A shopper reports an issue and writes some messages; one in three reports the same again in between."""
    for row in orders:
        order_no, topic = row["orderNo"], chance.choice(_TOPICS)
        who = {"orderNo": order_no, "email": row["customerInfo"]["email"], "locale": "en-GB"}
        chain = [REPORTED, *[MESSAGE] * chance.randint(3, 5)]
        if chance.random() < 1 / 3:
            chain.insert(chance.randint(1, len(chain)), REPORTED)
        found = []
        for place, kind in enumerate(chain):
            name = f"said-{order_no}-{place}"
            data: dict[str, Any] = {**who}
            if kind == REPORTED:
                data |= {"topic": topic, "comment": f"Something is wrong. ({name})"}
            else:
                data |= {"message": f"Is there any news? ({name})"} | ({"topic": topic} if place % 2 else {})
            found.append(Document(id=name, type=kind, data=data, site_id=row["siteId"]))
        yield found


def _failures(orders: Sequence[Mapping[str, Any]]) -> Iterator[list[Document]]:
    """Failed orders, one of them in the making for some time yet, and some that did not fail after all. Each is told
    of twice, with which nothing is to be done."""
    failed = [row for row in orders if row["status"] == "failed"]
    making = [row for row in orders if row["status"] == "created"][:1]
    placed = [row for row in orders if row["status"] == "new"][: len(failed)]
    for row in itertools.chain.from_iterable(zip([*making, *failed], placed, strict=False)):
        ends = ("delivered", "delivered") if row in making else ("delivered", "refused")
        if row["status"] == "new":
            ends = ("refused", "refused")
        data = {"orderNo": row["orderNo"], "stage": "payment_auth", "declineCode": "do_not_honor", "attempt": 1}
        yield [
            Document(id=f"failed-{row['orderNo']}-{place}", type=FAILED, data=data, site_id=row["siteId"], end=end)
            for place, end in enumerate(ends[:1] if row in making else ends)
        ]


def _alerts(number: int, chance: random.Random) -> Iterator[list[Document]]:
    """Every cause on every site goes on failing; no two messages are the same."""
    causes = [(site, cause) for site in SITES for cause in _CAUSES]
    began = datetime.now(UTC)
    for place, (site, cause) in enumerate(causes):
        found = []
        for turn in range(number // len(causes) + (place < number % len(causes))):
            until = began + timedelta(seconds=turn)
            window = {"from": (until - timedelta(minutes=5)).isoformat(), "to": until.isoformat()}
            message = f"Failed after {chance.randrange(9000)} ms: HTTP 503 from 10.0.{chance.randrange(255)}.7"
            data = {**cause, "state": "firing", "severity": "error", "message": message, "count": 2, "window": window}
            found.append(Document(id=f"alert-{place}-{turn}", type=ALERT, data=data, site_id=site))
        yield found


def _feedback(number: int, chance: random.Random, orders: Sequence[Mapping[str, Any]]) -> Iterator[list[Document]]:
    """The same complaint about some products; one in four gets a case."""
    at = datetime.now(UTC).isoformat()
    for place, product in enumerate(_PRODUCTS):
        found = []
        for turn in range(number // len(_PRODUCTS) + (place < number % len(_PRODUCTS))):
            text, locale = chance.choice(_COMPLAINTS)
            name = f"feedback-{place}-{turn}"
            said = {"text": text, "locale": locale, "submittedAt": at, "productId": product, "customerNo": name}
            data: dict[str, Any] = {**said, "category": "product", "rating": chance.randint(1, 3)}
            if turn % 4 == 0:
                data |= {"rating": 1, "consent": True, "orderNo": orders[turn]["orderNo"]}
            found.append(Document(id=name, type=FEEDBACK, data=data, site_id="RefArchUK"))
        yield found
