"""The product's own flows in the kill test: what every event left behind, counted in ServiceNow and in the shop."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, func, select

from sidecar.engine.tables import EVENTS
from sidecar.flows.feedback.events import DUE, correlation
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.order_issues.policy import OrderIssuesPolicy
from sidecar.flows.storefront_alerts.events import CHECK_DUE, SLA_DUE
from snow_app import Query, Record
from tests.performance.flow_documents import ALERT, FAILED, FEEDBACK, MESSAGE, PAYMENT, REPORTED, SCOPE
from tests.performance.scenario import Document, Ended

CASE = "sn_customerservice_case"
_SAID = re.compile(r"\((said-\w+-\d+)\)")
_EVIDENCE = re.compile(r"SHA-256 ([0-9a-f]{64}), attached")
_FOR_EVER = (SLA_DUE, DUE)
"""Timers that follow each other for as long as an incident is open, or come after days."""
_AFTER_S = 900
"""Until so long after the last document, incidents are told the figures; later only that nothing is heard any more."""
_AMISS = 100
"""Added to a number of effects that are not whole."""


def own(kind: str) -> bool:
    return kind.endswith(("_due", ".record_changed"))


def left(connection: Connection) -> bool:
    """Whether a document waits, or a timer whose time comes soon after the last of them."""
    waiting = select(EVENTS.c.seq).where(EVENTS.c.state == "waiting").limit(1)
    if connection.execute(waiting.where(EVENTS.c.type.not_in((*_FOR_EVER, CHECK_DUE)))).first() is not None:
        return True
    last = connection.execute(
        select(func.max(EVENTS.c.settled_at)).where(EVENTS.c.type.not_in((*_FOR_EVER, CHECK_DUE)))
    ).scalar_one()
    soon = EVENTS.c.available_at <= (last or 0) + _AFTER_S
    return connection.execute(waiting.where(EVENTS.c.type == CHECK_DUE, soon)).first() is not None


def effects(ended: Ended) -> Mapping[str, int]:
    found = Counter[str]()
    for count in (_reports, _messages, _failures, _alerts, _feedback):
        found.update(count(ended))
    return found


def order(ended: Ended) -> Mapping[str, Sequence[str]]:
    """The comments of each case as the platform shows them, which is the newest first."""
    return {case["number"]: _SAID.findall(case.display("comments"))[::-1] for case in _cases(ended)}


def wrong(ended: Ended) -> Iterator[str]:
    yield from _wrong_orders(ended)
    yield from _wrong_incidents(ended)
    yield from _wrong_problems(ended)


# Orders --------------------------------------------------------------------------------------------------------------


def _messages(ended: Ended) -> Mapping[str, int]:
    """Comments with the message's words, on a case of its order and of its topic."""
    cases = {case.sys_id: case for case in _cases(ended)}
    orders = {one.id: one.data["orderNo"] for one in _of(ended, MESSAGE)}
    found = Counter[str]()
    for note in _notes(ended, "comments"):
        for name in _SAID.findall(note["value"]):
            if name in orders:
                case = cases.get(note["element_id"])
                right = case is not None and case[f"{SCOPE}_order_no"] == orders[name]
                found[name] += 1 if right else _AMISS
    return found


def _reports(ended: Ended) -> Mapping[str, int]:
    """Work notes of each report; whole with one case of its order and topic, its words and one evidence."""
    cases, notes, files = _by_order(ended), defaultdict(list), Counter[tuple[str, str]]()
    for note in _notes(ended, "work_notes"):
        notes[note["element_id"]].append(note["value"])
    comments = Counter(name for note in _notes(ended, "comments") for name in _SAID.findall(note["value"]))
    about = Query().where("table_name", "=", CASE)
    for row in ended.snow.table("sys_attachment").scan(about, fields=("table_sys_id", "file_name")):
        files[row["table_sys_id"], row["file_name"]] += 1
    refs, found = _refs(ended), {}
    for one in _of(ended, REPORTED):
        held = cases[one.data["orderNo"], one.data["topic"]]
        own = [note for case in held for note in notes[case.sys_id] if note.rstrip().endswith(f"[{refs.get(one.id)}]")]
        hashes = [hash_ for note in own for hash_ in _EVIDENCE.findall(note)]
        attached = sum(files[case.sys_id, f"order-evidence-{hash_[:12]}.json"] for case in held for hash_ in hashes)
        said = sum(f"({one.id})" in case["description"] for case in held) + comments[one.id]
        whole = len(held) == len(hashes) == attached == said == 1
        found[one.id] = len(own) if whole else len(own) + _AMISS
    return found


def _failures(ended: Ended) -> Mapping[str, int]:
    """Work notes about the payment of a failed order. The first to tell of it is the one that counts."""
    cases, found = _by_order(ended), {}
    notes = Counter(note["element_id"] for note in _notes(ended, "work_notes"))
    for one in _of(ended, FAILED):
        held = cases[one.data["orderNo"], PAYMENT]
        if one.end == "delivered" or one.data["orderNo"] not in {other.data["orderNo"] for other in _true(ended)}:
            found[one.id] = sum(notes[case.sys_id] for case in held) + _AMISS * max(0, len(held) - 1)
    return found


def _true(ended: Ended) -> list[Document]:
    return [one for one in _of(ended, FAILED) if one.end == "delivered"]


def _wrong_orders(ended: Ended) -> Iterator[str]:
    """The shop shows the case of each order; each shopper is one consumer."""
    assert ended.stage.shop is not None
    name = OrderIssuesPolicy().attributes["number"]
    for (order_no, _), held in _by_order(ended).items():
        shown = ended.stage.shop.state.orders.get(order_no).get(name)
        if [case["number"] for case in held] != [shown]:
            yield f"order {order_no} shows {shown or 'no case'}"
    consumers = Counter(row["email"].casefold() for row in ended.snow.table("csm_consumer").scan(fields=("email",)))
    yield from (
        f"{number} consumers have the same address" for email, number in consumers.items() if email and number > 1
    )


# Alerts --------------------------------------------------------------------------------------------------------------


def _alerts(ended: Ended) -> Mapping[str, int]:
    """An alert leaves a number only; whether the numbers are right is `_wrong_incidents`."""
    return {one.id: 1 for one in _of(ended, ALERT)}


def _wrong_incidents(ended: Ended) -> Iterator[str]:
    """For each cause one open incident, which counts all its alerts."""
    sent, counted = defaultdict(Counter), defaultdict(list)
    for one in _of(ended, ALERT):
        sent[one.site_id, one.data["signal"]][one.id.rpartition("-")[0]] += 1
    flow = Query().where("correlation_id", "STARTSWITH", "storefront_alerts:")
    columns = tuple(f"{SCOPE}_{name}" for name in ("site_id", "signal", "alert_count"))
    for row in ended.snow.table("incident").scan(flow, fields=("number", "state", *columns)):
        site, signal, alerts = (row[name] for name in columns)
        counted[site, signal].append(int(alerts))
        if row["state"] in ("6", "7", "8"):
            yield f"{row['number']} is not open"
    for site, signal in sorted({*sent, *counted}):
        wanted, there = sorted(sent[site, signal].values()), sorted(counted[site, signal])
        if wanted != there:
            yield f"incidents of {signal} on {site} count {there} alerts, {wanted} were sent"


# Feedback ------------------------------------------------------------------------------------------------------------


def _feedback(ended: Ended) -> Mapping[str, int]:
    """Records of each feedback, whole with the case of one that gets a case."""
    links = Counter(row["correlation_id"] for row in _correlated(ended, f"{SCOPE}_feedback"))
    cases = Counter(row["correlation_id"] for row in _correlated(ended, CASE))
    found = {}
    for one in _of(ended, FEEDBACK):
        number = links[correlation("link", one.site_id, one.id)]
        right = cases[correlation("case", one.site_id, one.id)] == ("orderNo" in one.data)
        found[one.id] = number if right else number + _AMISS
    return found


def _wrong_problems(ended: Ended) -> Iterator[str]:
    """One cluster for each product, and one problem for each that many complain of."""
    products = Counter(one.data["productId"] for one in _of(ended, FEEDBACK))
    there = sorted(row["subject"] for row in _correlated(ended, f"{SCOPE}_feedback_cluster", "subject"))
    if there != sorted(products):
        yield f"there are clusters about {there}, feedback about {sorted(products)}"
    many = sum(number >= FeedbackPolicy().least for number in products.values())
    problems = len(_correlated(ended, "problem"))
    if problems != many:
        yield f"there are {problems} problems instead of {many}"


# What is there -------------------------------------------------------------------------------------------------------


def _of(ended: Ended, kind: str) -> list[Document]:
    return [one for one in ended.documents if one.type == kind]


def _refs(ended: Ended) -> Mapping[str, str]:
    with ended.database.reading() as connection:
        return {row.id: f"E{row.seq:06d}" for row in connection.execute(select(EVENTS.c.id, EVENTS.c.seq))}


def _by_order(ended: Ended) -> Mapping[tuple[str, str], list[Record]]:
    """Cases by order number and topic."""
    found = defaultdict(list)
    for case in _cases(ended):
        found[case[f"{SCOPE}_order_no"], case[f"{SCOPE}_issue_type"]].append(case)
    return found


def _cases(ended: Ended) -> list[Record]:
    columns = ("number", "description", "comments", f"{SCOPE}_order_no", f"{SCOPE}_issue_type")
    flow = Query().where("correlation_id", "STARTSWITH", "order_issues:")
    return list(ended.snow.table(CASE).scan(flow, fields=columns))


def _notes(ended: Ended, journal: str) -> list[Record]:
    own = Query().where("element", "=", journal).where("name", "=", CASE)
    return list(ended.snow.table("sys_journal_field").scan(own, fields=("element_id", "value")))


def _correlated(ended: Ended, table: str, *fields: str) -> list[Record]:
    flow = Query().where("correlation_id", "STARTSWITH", "feedback:")
    return list(ended.snow.table(table).scan(flow, fields=("correlation_id", *fields)))
