"""Masks give away what they are meant to and nothing else; texts lose their tricks."""

from __future__ import annotations

import pytest

from sidecar.context.masking import clean, masked_email, masked_phone


@pytest.mark.parametrize(
    ("email", "mask"),
    [
        ("mara.k@example.com", "m•••••@e••••••.com"),
        ("MARA.K@EXAMPLE.COM", "M•••••@E••••••.COM"),
        ("a.very.long.name.indeed@sub.domain.example.co.uk", "a•••••@s••••••.uk"),
        ("m@example.com", "••••••@e••••••.com"),
        ("mara@e.com", "m•••••@•••••••.com"),
        ("mara@localhost", "m•••••@•••••••.localhost"),
        ("mara@example.x1", "m•••••@e••••••.•••"),
        ("nonsense", "••••••"),
        ("@", "••••••@•••••••.•••"),
        ("\u202emoc.elpmaxe@aram", "m•••••@•••••••.aram"),
        ("mära@exämple.de", "m•••••@e••••••.de"),
        ("", ""),
        (None, ""),
    ],
)
def test_email(email: str | None, mask: str) -> None:
    assert masked_email(email) == mask


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("+49 170 1234542", "+49 ••• ••• 42"),
        ("+491701234542", "+49 ••• ••• 42"),
        ("0049 170 1234542", "+49 ••• ••• 42"),
        ("+1 (555) 010-9988", "+1 ••• ••• 88"),
        ("+353 1 555 0142", "+353 ••• ••• 42"),
        ("+7 495 555 01 23", "+7 ••• ••• 23"),
        ("0170 1234542", "••• ••• 42"),
        ("٠١٢٣٤٥٦٧٨٩", "••• ••• 89"),
        ("12345", "••• •••"),
        ("call me", "••• •••"),
        ("", ""),
        (None, ""),
    ],
)
def test_phone(phone: str | None, mask: str) -> None:
    assert masked_phone(phone) == mask


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Mara  Kowalski ", "Mara Kowalski"),
        ("two\nlines\tand\x00nul\x1b[31m", "two lines and nul [31m"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("a\u2066b\u2069c\u200bd\ufeffe", "abcde"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("line\u2028separator", "line separator"),
        ("e\u0301", "é"),
        ("مرحبا", "مرحبا"),
        ("👩‍🚒", "👩‍🚒"),
        (None, ""),
        (42, "42"),
    ],
)
def test_clean(raw: object, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    ("raw", "longest", "shown"),
    [
        ("x" * 121, 120, "x" * 119 + "…"),
        ("x" * 120, 120, "x" * 120),
        ("cafe\u0301s are nice", 5, "café…"),
        ("ab👩‍🚒c", 4, "ab…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("👍🏽👍🏽", 2, "…"),
        ("word and more", 6, "word…"),
    ],
)
def test_long_texts_end_after_a_whole_character(raw: str, longest: int, shown: str) -> None:
    assert clean(raw, longest) == shown


def test_a_megabyte_of_accents_is_cut_without_reading_it_all() -> None:
    assert len(clean("e" + "\u0301" * 1_000_000)) <= 120
