"""What the flow remembers: which cases it has open, and what it last saw of them.

One open case for site, order, line, topic and reporter: the partial unique index says so, not a look before the write.
Ids, hashes and moments only; the evidence holds no personal data by the way it is made.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from sidecar.engine.tables import METADATA

CASES = Table(
    "order_issues_cases",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("site_id", String(32), nullable=False),
    Column("order_no", String(50), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("reporter", String(64), nullable=False, server_default=""),
    Column("occurrence", Integer, nullable=False),
    Column("correlation_id", String(100), nullable=False, unique=True),
    Column("previous", Integer, ForeignKey("order_issues_cases.id")),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("opened_at", Float, nullable=False),
    Column("closed_at", Float),
    Column("evidence", String(64), nullable=False, server_default=""),
    Column("record_table", String(80), nullable=False, server_default=""),
    Column("sys_id", String(32), nullable=False, server_default=""),
    Column("number", String(40), nullable=False, server_default=""),
    Column("seen_version", Integer, nullable=False, server_default="0"),
    Column("seen_at", String(19), nullable=False, server_default=""),
    Column("seen_hash", String(64), nullable=False, server_default=""),
    Column("halted", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
"""`state`: open or closed. `reporter` is "" for whoever the order belongs to, else a hash of the address that could not
be matched with it. `seen_…` is the newest state seen of the record: its number of changes, its last change as the
platform writes it, a hash of what the order shows of it. `halted` says why nothing is written to it any more."""

Index("order_issues_cases_by_order", CASES.c.site_id, CASES.c.order_no, CASES.c.state)
Index("order_issues_cases_by_record", CASES.c.sys_id)

LINES = Table(
    "order_issues_lines",
    METADATA,
    Column("case_id", Integer, ForeignKey("order_issues_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("line", String(100), primary_key=True),
    Column("site_id", String(32), nullable=False),
    Column("order_no", String(50), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("reporter", String(64), nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
)
"""The lines of the order a case is about; "" is the whole order."""

# The predicate is literal: a partial index does not serve a condition with a bound parameter.
_OPEN = text("state = 'open'")
Index(
    "order_issues_one_open",
    LINES.c.site_id,
    LINES.c.order_no,
    LINES.c.line,
    LINES.c.topic,
    LINES.c.reporter,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

EVIDENCE = Table(
    "order_issues_evidence",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("document", Text, nullable=False),
)

FAILURES = Table(
    "order_issues_failures",
    METADATA,
    Column("site_id", String(32), primary_key=True),
    Column("order_no", String(50), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""Which failures of an order are known: attempt 0 is one that a sweep found, of which nothing more is known."""
