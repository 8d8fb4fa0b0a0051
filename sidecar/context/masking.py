"""What people may read of a text: masked e-mail addresses and phones, and strings without tricks.

A mask has the same length whatever it hides, so it gives away neither the length nor more than the first letter of an
address, its top-level domain, and the last two digits of a phone.
"""

from __future__ import annotations

import re
import unicodedata

DOT = "•"
LONGEST = 120

# Bidirectional embeddings, overrides, isolates and marks, which can make text read as something else (Unicode UAX #9);
# invisible fillers; line and paragraph separators. The joiners U+200C and U+200D stay: scripts and emoji need them.
_TRICKS = dict.fromkeys(
    [
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0x200E,
        0x200F,
        0x061C,
        0x200B,
        0x2060,
        0xFEFF,
        0x00AD,
        0x180E,
        0x3164,
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
    ]
)
_JOINER = "\u200d"
_TOP_LEVEL = re.compile(r"[A-Za-z]{2,10}")
# ITU-T E.164: country codes of two digits by their first digit; 1 and 7 stand alone, the rest have three.
_TWO_DIGIT_CODES = {
    "2": "07",
    "3": "0123469",
    "4": "013456789",
    "5": "12345678",
    "6": "0123456",
    "8": "1246",
    "9": "0123458",
}


def clean(value: object, longest: int = LONGEST) -> str:
    """`value` as one line of plain text of at most `longest` characters; "" for None.

    Control characters become spaces, direction overrides and lone surrogates vanish, and a text that is too long ends
    in an ellipsis after a whole character (no dangling accent, joiner or half a flag).
    """
    if value is None:
        return ""
    raw = value if isinstance(value, str) else str(value)
    if len(raw) <= longest and raw.isascii() and raw.isprintable():
        return " ".join(raw.split())  # nearly every text: nothing in it can play a trick
    # No text grows when cleaned, so what lies far beyond the limit need not be looked at.
    raw = unicodedata.normalize("NFC", raw[: longest * 8].translate(_TRICKS))
    kinds = ((character, unicodedata.category(character)) for character in raw)
    shown = "".join(" " if kind in ("Cc", "Zl", "Zp") else "" if kind == "Cs" else mark for mark, kind in kinds)
    line = " ".join(shown.split())
    return line if len(line) <= longest else _cut(line, longest - 1) + "…"


def _cut(line: str, length: int) -> str:
    head = line[:length]
    while head and _continues(line[len(head)], head):
        head = head[:-1]
    return head.rstrip(" " + _JOINER)


def _continues(following: str, head: str) -> bool:
    """Whether `following` belongs to the character at the end of `head`."""
    if unicodedata.category(following) in ("Mn", "Mc", "Me") or following == _JOINER or head[-1] == _JOINER:
        return True
    if "\U0001f3fb" <= following <= "\U0001f3ff":  # skin tones
        return True
    flags = len(head) - len(head.rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
    return flags % 2 == 1 and "\U0001f1e6" <= following <= "\U0001f1ff"


def masked_email(email: str | None) -> str:
    """``m•••••@e••••••.com``; a part of one letter is hidden whole. "" when there is no address."""
    address = clean(email, 320)
    if not address:
        return ""
    local, at, domain = address.rpartition("@")
    if not at:
        return DOT * 6
    host, _, top = domain.rpartition(".")
    return f"{_first(local)}{DOT * 5}@{_first(host)}{DOT * 6}.{top if _TOP_LEVEL.fullmatch(top) else DOT * 3}"


def _first(part: str) -> str:
    return part[0] if len(part) > 1 and part[0].isalnum() else DOT


def masked_phone(phone: str | None) -> str:
    """``+49 ••• ••• 42``: the country calling code (ITU-T E.164) and the last two digits. "" when there is no phone.

    A number of fewer than seven digits is hidden whole.
    """
    written = clean(phone, 60)
    if not written:
        return ""
    digits = "".join(str(unicodedata.digit(character)) for character in written if character.isdecimal())
    hidden = f"{DOT * 3} {DOT * 3}"
    if len(digits) < 7:
        return hidden
    international = written.startswith("+") or digits.startswith("00")
    code = _calling_code(digits.removeprefix("00")) if international else ""
    return f"{'+' + code + ' ' if code else ''}{hidden} {digits[-2:]}"


def _calling_code(digits: str) -> str:
    if digits[0] in "17":
        return digits[0]
    return digits[:2] if digits[1] in _TWO_DIGIT_CODES.get(digits[0], "") else digits[:3]
