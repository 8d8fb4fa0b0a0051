"""What the flow keeps for itself, in the database of the events. Moments are epoch seconds.

No name, address or number of a person is here: `words` are masked, `customer` is a keyed hash.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text, text

from sidecar.engine.tables import EMPTIED, METADATA, OF_EVENT

_SERIAL = BigInteger().with_variant(Integer, "sqlite")

CLUSTERS: Final = Table(
    "feedback_clusters",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("site_id", String(32), nullable=False),
    Column("key", String(300), nullable=False),
    Column("rung", String(10), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("merged_into", String(16)),
    Index("feedback_clusters_by_site", "site_id"),
)
"""The id is derived from site and key, so that the same complaints make the same id in any order and on any day."""

ITEMS: Final = Table(
    "feedback_items",
    METADATA,
    Column("seq", _SERIAL, primary_key=True, autoincrement=False),
    Column("site_id", String(32), nullable=False),
    Column("at", Float, nullable=False),
    Column("cluster_id", String(16), nullable=False),
    Column("home_id", String(16), nullable=False),
    Column("rung", String(10), nullable=False),
    Column("score", Float, nullable=False),
    Column("suggested_id", String(16)),
    Column("suggested_score", Float),
    Column("decision", String(10), nullable=False, server_default=""),
    Column("reason", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("language", String(5), nullable=False),
    Column("category", String(20), nullable=False),
    Column("rating", Integer),
    Column("nps", Integer),
    Column("customer", String(64), nullable=False),
    Column("product_id", String(100), nullable=False),
    Column("page_id", String(100), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("record_id", String(32), nullable=False, server_default=""),
    Column("case_table", String(40), nullable=False, server_default=""),
    Column("case_id", String(32), nullable=False, server_default=""),
    Index("feedback_items_by_cluster", "cluster_id", "at"),
    Index("feedback_items_by_site", "site_id", "at"),
    info={OF_EVENT: "seq", EMPTIED: {"words": "", "customer": "erased"}},
)
"""`seq` is the event's. `home_id` is the cluster of its own key, whither it returns when a person says it is elsewhere.
`evidence` is a JSON object: dimension to list of values."""

PROBLEMS: Final = Table(
    "feedback_problems",
    METADATA,
    Column("id", String(60), primary_key=True),
    Column("cluster_id", String(16), nullable=False),
    Column("site_id", String(32), nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("opened_at", Float, nullable=False),
    Column("closed_at", Float),
    Column("sys_id", String(32), nullable=False, server_default=""),
    Column("number", String(40), nullable=False, server_default=""),
    Column("decision", String(10), nullable=False, server_default=""),
    Column("action", String(20), nullable=False, server_default=""),
    Column("action_target", String(256), nullable=False, server_default=""),
    Column("action_at", Float),
    Column("verdict", String(10), nullable=False, server_default=""),
    Column("verdict_at", Float),
    Column("looks", Integer, nullable=False, server_default="0"),
)
"""`id` is the correlation id of the record, `verdict` what became of the recurrence (`recurrence.VERDICTS`)."""

_OPEN = text("state = 'open'")
Index("feedback_one_open_problem", PROBLEMS.c.cluster_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)

HISTORY: Final = Table(
    "feedback_history",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("cluster_id", String(16), nullable=False),
    Column("other_id", String(16), nullable=False, server_default=""),
    Column("items", Integer, nullable=False, server_default="0"),
)
"""What happened to clusters: made, merged, split, joined, left; `items` is how many feedbacks moved."""
