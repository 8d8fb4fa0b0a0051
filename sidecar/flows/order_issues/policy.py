"""What the flow may be told otherwise: every threshold with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIssuesPolicy:
    """`recheck` after which a failed order is looked at again while Commerce shows it in the making, at most `looks`
    times. `urgent` are topics that get a high priority. `longest_comment` is what the order shows of an agent's answer,
    in characters.
    """

    recheck: timedelta = timedelta(minutes=10)
    looks: int = 3
    urgent: frozenset[str] = frozenset({"payment"})
    longest_comment: int = 1000
    attributes: Mapping[str, str] = field(
        default_factory=lambda: {
            "number": "c_snCaseNumber",
            "status": "c_snCaseStatus",
            "updated": "c_snCaseUpdated",
            "comment": "c_snCaseComment",
            "origin": "c_snCaseOrigin",
        }
    )
    """What the order's custom attributes are called."""
