"""Masks and texts under anything people can type."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.context.masking import DOT, clean, masked_email, masked_phone

ANY = st.text(max_size=300)
ADDRESSES = st.builds(lambda local, host, top: f"{local}@{host}.{top}", *[st.text(min_size=2, max_size=60)] * 2, ANY)


@settings(deadline=None)
@given(ANY, st.integers(min_value=1, max_value=150))
def test_clean_is_one_short_harmless_line(raw: str, longest: int) -> None:
    shown = clean(raw, longest)
    assert len(shown) <= longest
    assert shown == shown.strip()
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    shown.encode()


@settings(deadline=None)
@given(ANY)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "P", "S")), max_size=120))
def test_ordinary_text_stays_as_it_is(raw: str) -> None:
    assert clean(raw) == raw


@settings(deadline=None)
@given(ADDRESSES)
def test_an_email_mask_gives_away_two_letters_and_the_top_level(email: str) -> None:
    mask = masked_email(email)
    hidden = mask.replace(DOT, "")
    local, _, rest = hidden.partition("@")
    host, _, top = rest.rpartition(".")
    assert len(local) <= 1
    assert len(host) <= 1
    assert len(top) <= 10


@settings(deadline=None)
@given(
    st.text(alphabet="abcdefghij.-_+", min_size=2, max_size=60), st.text(alphabet="klmnop-", min_size=2, max_size=60)
)
def test_an_email_mask_does_not_tell_lengths(local: str, host: str) -> None:
    first = local[0] if local[0].isalnum() else DOT
    second = host[0] if host[0].isalnum() else DOT
    assert masked_email(f"{local}@{host}.com") == f"{first}{DOT * 5}@{second}{DOT * 6}.com"


@settings(deadline=None)
@given(st.text(alphabet="0123456789+ ()-/.x", max_size=40))
def test_a_phone_mask_gives_away_at_most_code_and_two_digits(phone: str) -> None:
    mask = masked_phone(phone)
    shown = [character for character in mask if character.isdigit()]
    assert len(shown) <= 5
    assert mask == "" or DOT * 3 in mask
    digits = [character for character in phone if character.isdigit()]
    if len(digits) < 7:
        assert shown == []


@settings(deadline=None)
@given(ANY)
def test_masks_never_raise(raw: str) -> None:
    masked_email(raw).encode()
    masked_phone(raw).encode()
