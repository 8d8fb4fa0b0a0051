"""What a typed column holds when plain text says too little: the stored value and what people see, in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_ENTRY = re.compile(r"^(\d[\d/.:\- ]{7,}\d(?: ?[AP]M)?) - (.+) \(([^()]+)\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice by its stored value; `display` is its label in the user's language. Equal when the values are."""

    value: str = ""
    display: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Reference:
    """A record by its sys_id in `table`; `display` is its display value. Equal when the sys_ids are."""

    value: str = ""
    display: str = field(default="", compare=False)
    table: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One note of a journal: `at` as the platform shows it to the user, the author's name, the journal's label."""

    at: str
    author: str
    journal: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Journal:
    """Notes. Read, `text` is all of them, newest first; written, it is one note that is added."""

    text: str = field(default="", repr=False)

    def entries(self) -> tuple[Entry, ...]:
        """The notes one by one. A line inside a note that looks like the head of one counts as one."""
        heads: Sequence[re.Match[str]] = list(_ENTRY.finditer(self.text))
        ends = [*(head.start() for head in heads[1:]), len(self.text)]
        return tuple(
            Entry(at=head[1], author=head[2], journal=head[3], text=self.text[head.end() : end].strip("\n"))
            for head, end in zip(heads, ends, strict=True)
        )

    def __bool__(self) -> bool:
        return bool(self.text)
