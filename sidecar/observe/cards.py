"""Card numbers in text, however they are grouped. Shared by the log's redaction and the scrubbing of events."""

from __future__ import annotations

import re

SHOWN = "[card]"
# Also the separators nobody sees: soft hyphen, zero-width characters, no-break spaces.
_BETWEEN = r"[\s.\-_/·–—\u00ad\u200b-\u200d\u2060\ufeff]{0,3}"
_RUN = re.compile(rf"(?<![\d])\d(?:{_BETWEEN}\d){{12,}}")
_GROUP = re.compile(r"\d+")
# First digits of ISO/IEC 7812 by length: 13 digits are Visa's oldest, 14 Diners, 15 American Express and JCB.
_BRANDS = {13: r"4", 14: r"3[0689]", 15: r"3[47]|1800|2131"}
_BRAND = r"[3-6]|2(?:2[2-9]|[3-6]|7[01]|720)"


def without_cards(text: str) -> str:
    """`text` with every card number replaced: 13 to 19 digits, in groups or not, that pass the Luhn check and begin as
    cards do. Longer runs, such as tracking numbers of 20 digits, stay."""
    return _RUN.sub(_run, text)


def _run(found: re.Match[str]) -> str:
    """A run may hold more than the card (an expiry date after it): each stretch of whole groups is looked at."""
    text = found[0]
    groups = [(group.start(), group.end()) for group in _GROUP.finditer(text)]
    kept, done, first = [], 0, 0
    while first < len(groups):
        last = _card(text, groups, first)
        if last is None:
            first += 1
            continue
        kept += [text[done : groups[first][0]], SHOWN]
        done, first = groups[last][1], last + 1
    return "".join([*kept, text[done:]])


def _card(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The last group of the longest card number that begins with group `first`."""
    digits, longest = "", None
    for last in range(first, len(groups)):
        digits += text[groups[last][0] : groups[last][1]]
        if len(digits) > 19:
            break
        if len(digits) >= 13 and re.match(_BRANDS.get(len(digits), _BRAND), _ascii(digits)) and _luhn(digits):
            longest = last
    return longest


def _ascii(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits)


def _luhn(digits: str) -> bool:
    numbers = [int(digit) for digit in reversed(digits)]
    return (
        sum(number if place % 2 == 0 else sum(divmod(2 * number, 10)) for place, number in enumerate(numbers)) % 10 == 0
    )
