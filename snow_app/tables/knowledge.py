"""Knowledge articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from snow_app.tables.columns import boolean, choice, day, integer, reference, text
from snow_app.tables.row import Row
from snow_app.tables.values import Choice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Row):
    """A row of `kb_knowledge`; `body` is HTML. A new one needs `knowledge_base`."""

    TABLE: ClassVar[str] = "kb_knowledge"

    number: str = text(shown=True, writable=False)
    title: str = text("short_description")
    body: str = text("text")
    state: Choice = choice("workflow_state")
    knowledge_base: Reference = reference("kb_knowledge_base", to="kb_knowledge_base")
    category: Reference = reference("kb_category", to="kb_category")
    author: Reference = reference(to="sys_user")
    active: bool | None = boolean()
    published: date | None = day()
    valid_to: date | None = day()
    views: int | None = integer("sys_view_count", writable=False)
