"""Clusters and what is in them: assigned one by one, with ids that stay, and a history of merges and splits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from sidecar.engine.pseudonyms import pseudonym
from sidecar.events.event import Event
from sidecar.flows.feedback.ladder import EXACT, Place
from sidecar.flows.feedback.tables import CLUSTERS, HISTORY, ITEMS

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """`subject` is a product, page or error id, empty for a reason of the whole site."""

    id: str
    site_id: str
    key: str
    rung: str
    subject: str
    reason: str
    created_at: float
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A cluster whose words are similar; `score` is the cosine, 0 to 1."""

    cluster_id: str
    score: float


def cluster_id(site_id: str, key: str) -> str:
    return "C" + hashlib.sha256(f"{site_id}|{key}".encode()).hexdigest()[:12]


def assigned(
    connection: Connection, event: Event, place: Place, evidence: Mapping[str, Sequence[str]], near: Suggestion | None
) -> str:
    """The cluster of a feedback that is stored herewith; making it again answers the same."""
    known = connection.execute(select(ITEMS.c.cluster_id).where(ITEMS.c.seq == event.seq)).scalar_one_or_none()
    if known is not None:
        return str(known)
    said, at = event.data, event.data.submitted_at.timestamp()
    home = cluster_id(event.site_id, place.key)
    if connection.execute(select(CLUSTERS.c.id).where(CLUSTERS.c.id == home)).first() is None:
        row = {"key": place.key, "rung": place.rung, "subject": place.subject, "reason": place.reason}
        connection.execute(insert(CLUSTERS).values(id=home, site_id=event.site_id, created_at=at, **row))
        remember(connection, "made", home, at=at)
    found = final(connection, home)
    values: dict[str, Any] = {
        "seq": event.seq,
        "site_id": event.site_id,
        "at": at,
        "cluster_id": found,
        "home_id": home,
        "rung": place.rung,
        "score": place.score,
        "suggested_id": near.cluster_id if near else None,
        "suggested_score": near.score if near else None,
        "reason": place.reason,
        "kind": place.kind,
        "language": place.words.language,
        "category": said.category,
        "rating": said.rating,
        "nps": said.nps,
        "customer": pseudonym(connection, said.email or said.customer_no),
        "product_id": said.product_id,
        "page_id": said.page_id,
        "evidence": json.dumps({name: list(held) for name, held in evidence.items() if held}, ensure_ascii=False),
        "words": place.words.text,
    }
    connection.execute(insert(ITEMS).values(**values))
    return found


def led(connection: Connection, site_id: str, place: Place, found: str, score: float) -> list[str]:
    """Suggest a product's cluster for earlier feedback of its reason and kind of goods that named no product;
    the sys_ids of their records, at most 100 at a time."""
    if place.rung != "product" or not place.kind:
        return []
    same = (ITEMS.c.site_id == site_id, ITEMS.c.reason == place.reason, ITEMS.c.kind == place.kind)
    waiting = (ITEMS.c.rung == "reason", ITEMS.c.suggested_id.is_(None), ITEMS.c.decision == "")
    wanted = select(ITEMS.c.seq, ITEMS.c.record_id).where(*same, *waiting).order_by(ITEMS.c.seq).limit(100)
    rows = connection.execute(wanted).all()
    changed = update(ITEMS).where(ITEMS.c.seq.in_([row.seq for row in rows]))
    connection.execute(changed.values(suggested_id=found, suggested_score=score))
    return [row.record_id for row in rows if row.record_id]


def final(connection: Connection, found: str) -> str:
    """The cluster into which `found` was merged, over any number of merges."""
    seen: set[str] = set()
    while found not in seen:
        seen.add(found)
        into = connection.execute(select(CLUSTERS.c.merged_into).where(CLUSTERS.c.id == found)).scalar_one_or_none()
        if into is None:
            return found
        found = str(into)
    return min(seen)


def read(connection: Connection, found: str) -> Cluster:
    """Raises LookupError when there is none."""
    row = connection.execute(select(CLUSTERS).where(CLUSTERS.c.id == found)).one_or_none()
    if row is None:
        raise LookupError(f"There is no cluster {found}.")
    return Cluster(**row._mapping)


def merged(connection: Connection, one: str, into: str, *, at: float) -> int:
    """Everything of `one` belongs to `into` from now on; how many feedbacks moved. Merging twice moves none."""
    one, into = final(connection, one), final(connection, into)
    if one == into:
        return 0
    moved = connection.execute(update(ITEMS).where(ITEMS.c.cluster_id == one).values(cluster_id=into)).rowcount
    connection.execute(update(CLUSTERS).where(CLUSTERS.c.id == one).values(merged_into=into))
    remember(connection, "merged", one, into, moved, at=at)
    return moved


def split(connection: Connection, one: str, *, at: float) -> int:
    """Take `one` out of the cluster it was merged into; how many feedbacks came back. Splitting twice moves none."""
    into = connection.execute(select(CLUSTERS.c.merged_into).where(CLUSTERS.c.id == one)).scalar_one_or_none()
    if into is None:
        return 0
    connection.execute(update(CLUSTERS).where(CLUSTERS.c.id == one).values(merged_into=None))
    held = final(connection, str(into))
    own = (ITEMS.c.cluster_id == held, ITEMS.c.home_id == one)
    moved = connection.execute(update(ITEMS).where(*own).values(cluster_id=one)).rowcount
    remember(connection, "split", one, held, moved, at=at)
    return moved


def decided(connection: Connection, seq: int, decision: str, *, at: float) -> tuple[str, ...]:
    """A person said whether the link is right; the clusters whose figures changed by that.

    A confirmed suggestion brings the feedback into the suggested cluster, where it counts. A dismissed one stays where
    it is. A dismissed exact link counts no more.
    """
    row = connection.execute(select(ITEMS).where(ITEMS.c.seq == seq)).one_or_none()
    if row is None or row.decision == decision:
        return ()
    before, values = str(row.cluster_id), {"decision": decision}
    if row.suggested_id:
        wanted = row.suggested_id if decision == "confirmed" else row.home_id
        values["cluster_id"] = final(connection, wanted)
    connection.execute(update(ITEMS).where(ITEMS.c.seq == seq).values(**values))
    after = str(values.get("cluster_id", before))
    if after != before:
        remember(connection, "left", before, after, 1, at=at)
        remember(connection, "joined", after, before, 1, at=at)
    return tuple(dict.fromkeys((before, after)))


def counts_towards() -> Any:
    """The condition under which a feedback counts towards a problem of its cluster."""
    confirmed = ITEMS.c.decision == "confirmed"
    return or_(confirmed, (ITEMS.c.rung.in_(sorted(EXACT))) & (ITEMS.c.decision == ""))


def counted(connection: Connection, found: str, since: float, until: float) -> tuple[int, int]:
    """Feedbacks of a cluster in [since, until), and how many different customers gave them.

    All who did not say who they are count as one.
    """
    wanted = select(func.count(), func.count(ITEMS.c.customer.distinct())).where(
        ITEMS.c.cluster_id == found, ITEMS.c.at >= since, ITEMS.c.at < until, counts_towards()
    )
    number, customers = connection.execute(wanted).one()
    return int(number), int(customers)


def received(connection: Connection, site_id: str, since: float, until: float) -> int:
    """All feedback of the site in [since, until)."""
    wanted = select(func.count()).where(ITEMS.c.site_id == site_id, ITEMS.c.at >= since, ITEMS.c.at < until)
    return int(connection.execute(wanted).scalar_one())


def remember(connection: Connection, kind: str, one: str, other: str = "", items: int = 0, *, at: float) -> None:
    connection.execute(insert(HISTORY).values(at=at, kind=kind, cluster_id=one, other_id=other, items=items))
