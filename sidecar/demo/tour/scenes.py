"""The scenes, one for each flow, in the order in which they play."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from sidecar.demo.tour.scene import Act, Scene, Stage, TourFailed
from sidecar.engine import RecordRef

ISSUES = "order_issues"
ALERTS = "storefront_alerts"
FEEDBACK = "feedback"
_ANSWER = "We have asked the carrier and write again today."
_PRODUCT = "VV1014"
_COMPLAINTS = (
    ("The sole came off after two walks.", "en-GB", "ada"),
    ("Sole is peeling off after a week, really disappointed", "en-GB", "ben"),
    ("Die Sohle löst sich nach wenigen Tagen!", "de-DE", "cleo"),
    ("Sohle nach drei Wochen abgelöst 😡", "de-DE", "dora"),
    ("La semelle se décolle déjà", "fr-FR", "emil"),
    ("ソールがすぐに剥がれました", "ja-JP", "fumi"),
    ("the sole fell off, again", "en-GB", "gus"),
)


def _order_issue(stage: Stage) -> Iterator[Act]:
    shopper = stage.shopper
    who = {"orderNo": shopper["order_no"], "email": shopper["email"], "locale": "en-GB"}
    told = {**who, "topic": "missing", "comment": "The tracking has not moved for days.", "consent": True}
    (line,) = stage.settled(stage.send("order.issue_reported", {**told, "customerNo": shopper["customer_no"]}))
    case = _record(line.records, ISSUES)
    form = stage.form(case.table, case.sys_id)
    yield Act(flow=ISSUES, happened="A shopper reports a parcel that does not come", number=case.number, url=form)
    stage.settled(stage.send("order.message_added", {**who, "message": "Is there any news?"}))
    yield Act(flow=ISSUES, happened="The shopper writes again: the same case", number=case.number, url=form)
    stage.snow.table(case.table).update(case.sys_id, {"comments": _ANSWER})

    def shown() -> str | None:
        order = stage.commerce.orders.by_number(shopper["order_no"], site_id=shopper["site_id"])
        said = order.custom.get("c_snCaseComment") if order else None
        return str(said) if said and _ANSWER in str(said) else None

    stage.awaited("the agent's answer on the order", shown)
    shop = f"{stage.shop_url}/s/{shopper['site_id']}/order"
    yield Act(flow=ISSUES, happened="The agent answers: the shop shows it", number=shopper["order_no"], url=shop)


def _storefront_alert(stage: Stage) -> Iterator[Act]:
    began = datetime.now(UTC)

    def alert(state: str, count: int) -> str:
        now = datetime.now(UTC)
        return stage.send(
            "storefront.alert",
            {
                "signal": "payment_failures",
                "state": state,
                "severity": "critical",
                "message": "Authorisation failed: HTTP 503 from payment provider",
                "service": "acmepay.http.authorise",
                "httpStatus": 503,
                "count": count,
                "sampleSize": 200,
                "failedCheckouts": count,
                "revenueAtRisk": {"amount": f"{85 * count}.00", "currency": "EUR"},
                "paymentMethods": ["CREDIT_CARD"],
                "window": {"from": (now - timedelta(minutes=5)).isoformat(), "to": now.isoformat()},
            },
        )

    stage.settled(*(alert("firing", 30 + 5 * number) for number in range(4)))
    incident = stage.awaited("the incident", lambda: _made(stage, ALERTS, "incident", began))
    form = stage.form(incident.table, incident.sys_id)
    yield Act(flow=ALERTS, happened="Card payments fail: one incident, routed", number=incident.number, url=form)
    stage.settled(alert("resolved", 0))

    def resolved() -> bool | None:
        state = stage.snow.table("incident").get(incident.sys_id, fields=("state",))["state"]
        return True if state == "6" else None

    stage.awaited("the resolution of the incident", resolved)
    yield Act(flow=ALERTS, happened="They work again: the incident is resolved", number=incident.number, url=form)


def _feedback(stage: Stage) -> Iterator[Act]:
    began = datetime.now(UTC)
    names = []
    for text, locale, shopper in _COMPLAINTS:
        names.append(
            stage.send(
                "feedback.submitted",
                {
                    "text": text,
                    "locale": locale,
                    "submittedAt": datetime.now(UTC).isoformat(),
                    "category": "product",
                    "productId": _PRODUCT,
                    "rating": 1,
                    "email": f"{shopper}@example.com",
                    "supplier": "Nordsohle",
                },
            )
        )
    stage.settled(*names)
    problem = stage.awaited("the problem", lambda: _made(stage, FEEDBACK, "problem", began))
    form = stage.form(problem.table, problem.sys_id)
    happened = f"{len(names)} shoppers, 4 languages, one complaint: one problem"
    yield Act(flow=FEEDBACK, happened=happened, number=problem.number, url=form)


def _made(stage: Stage, flow: str, table: str, since: datetime) -> RecordRef | None:
    """The record of `table` that an event of the flow made since then."""
    found = (ref for line in stage.lines(flow, since) for ref in line.records if ref.table == table)
    return next(found, None)


def _record(records: tuple[RecordRef, ...], flow: str) -> RecordRef:
    if not records:
        raise TourFailed(f"{flow} made no record.")
    return records[0]


SCENES = (
    Scene(flow=ISSUES, play=_order_issue),
    Scene(flow=ALERTS, play=_storefront_alert),
    Scene(flow=FEEDBACK, play=_feedback),
)


def toured(stage: Stage, told: Callable[[Act], None], failed: Callable[[str, str], None]) -> bool:
    """Play every scene; whether all happened. `failed` gets the flow and the reason, and the next scene plays on."""
    good = True
    for scene in SCENES:
        try:
            for act in scene.play(stage):
                told(act)
        except TourFailed as failure:
            failed(scene.flow, str(failure))
            good = False
    return good
