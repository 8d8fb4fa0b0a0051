"""How a problem is worded: the row of a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """`detail` is filled with the values of the case; `members` names those that are members of the document too."""

    status: int
    slug: str
    title: str
    detail: str
    members: tuple[str, ...] = ()
