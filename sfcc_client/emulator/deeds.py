"""What a shopper did, as the cartridge's scripts read it from a request: checked, and its text scrubbed.

Mirrors ``deed.js`` and ``scrub.js`` of the cartridge; tests/unit/cartridge compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sfcc_client.emulator.errors import Problem

_LONGEST: Final = 256
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile("[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ADDRESS = re.compile("[^ @\uff20]{1,64}(?:@|\uff20|%40)[^ @\uff20]{1,190}")
_DIGITS = re.compile(r"[0-9]+(?:[ .\-][0-9]+)*")
_PRODUCT_ID = re.compile(r"[^@\x00-\x1f\x7f]{1,100}")

_MEMBERS: Mapping[str, Callable[[Any], bool]] = {
    "kind": lambda value: isinstance(value, str) and value in ("search", "view", "page"),
    "text": lambda value: isinstance(value, str) and 1 <= len(value) <= _LONGEST,
    "productId": lambda value: isinstance(value, str) and _PRODUCT_ID.fullmatch(value) is not None,
    "results": lambda value: type(value) is int and 0 <= value <= 1_000_000,
}


def deed_in(body: Any) -> dict[str, Any]:
    """``{"kind", "text", "productId"?, "results"?}``; Problem 400 for anything else."""
    members = body if isinstance(body, dict) else {}
    sound = {"kind", "text"} <= members.keys() and all(
        name in _MEMBERS and _MEMBERS[name](value) for name, value in members.items()
    )
    text = scrubbed(members["text"]) if sound else ""
    if not text:
        raise Problem("bad-request", detail="The body is no activity as the description defines it.")
    return {**members, "text": text}


def scrubbed(text: str) -> str:
    """Free text without control characters, e-mail addresses and payment card numbers."""
    plain = _SPACES.sub(" ", _UNPRINTABLE.sub(" ", text)).strip(" ")
    return _DIGITS.sub(_without_cards, _ADDRESS.sub("[e-mail]", plain))[:_LONGEST]


def _without_cards(run: re.Match[str]) -> str:
    """A run of digit groups (even places) and separators, each stretch of whole groups that is a card replaced."""
    parts = re.split(r"([ .\-])", run[0])
    kept, at = [], 0
    while at < len(parts):
        end = _end_of_card(parts, at)
        kept.append(parts[at] if end is None else "[card number]")
        at = at + 1 if end is None else end
        kept += parts[at : at + 1]
        at += 1
    return "".join(kept)


def _end_of_card(parts: list[str], start: int) -> int | None:
    found, digits = None, ""
    for at in range(start, len(parts), 2):
        digits += parts[at]
        if len(digits) > 19:
            break
        if len(digits) >= 13 and _has_check_digit(digits):
            found = at + 1
    return found


def _has_check_digit(digits: str) -> bool:
    """The Luhn check (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
