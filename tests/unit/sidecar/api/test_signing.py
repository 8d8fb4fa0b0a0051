"""A panel link's token: made here, unchanged, for its purpose, and in time."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from sidecar.api.signing import BadToken, Signer

KEYS = {"new": Fernet.generate_key().decode(), "old": Fernet.generate_key().decode()}
_ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signer(clock: Clock) -> Signer:
    return Signer(KEYS, clock=clock)


def made(signer: Signer) -> str:
    return signer.token({"email": "mara.k@example.com"}, audience="panel", lifetime_s=120)


def test_its_claims_come_back_and_cannot_be_read_from_outside(signer: Signer) -> None:
    token = made(signer)
    assert signer.claims(token, audience="panel")["email"] == "mara.k@example.com"
    assert "mara" not in token


def test_it_ends(signer: Signer, clock: Clock) -> None:
    token = made(signer)
    clock.sleep(119)
    signer.claims(token, audience="panel")
    clock.sleep(2)
    with pytest.raises(BadToken):
        signer.claims(token, audience="panel")


def test_it_is_for_one_thing(signer: Signer) -> None:
    with pytest.raises(BadToken):
        signer.claims(made(signer), audience="cursor")


def test_an_older_key_still_opens_and_a_dropped_one_does_not(clock: Clock) -> None:
    old = made(Signer({"old": KEYS["old"]}, clock=clock))
    Signer(KEYS, clock=clock).claims(old, audience="panel")
    with pytest.raises(BadToken):
        Signer({"new": KEYS["new"]}, clock=clock).claims(old, audience="panel")


def test_no_character_may_change(signer: Signer) -> None:
    token = made(signer)
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadToken):
            signer.claims(changed, audience="panel")


def test_another_spelling_of_the_same_bytes_is_another_token(clock: Clock) -> None:
    """Base64 ignores the last bits of a group that padding fills up; a link must not be editable there either."""
    for length in range(16):  # some length leaves such bits
        signer = Signer(KEYS, clock=clock)
        token = signer.token({"x": "y" * length}, audience="panel", lifetime_s=120)
        for last in set(_ALPHABET) - {token[-1]}:
            with pytest.raises(BadToken):
                signer.claims(token[:-1] + last, audience="panel")


@pytest.mark.parametrize("token", ["", ".", "new", "new.", "new.x", "none.abc", "new." + "A" * 5000, "new.ü", "new.\0"])
def test_what_was_not_made_here(signer: Signer, token: str) -> None:
    with pytest.raises(BadToken):
        signer.claims(token, audience="panel")
