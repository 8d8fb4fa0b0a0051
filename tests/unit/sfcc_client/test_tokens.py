"""Tokens: kept until they near expiry, fetched once however many threads ask, dropped once when refused."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sfcc_client import errors
from sfcc_client.auth.tokens import Token, TokenCache
from sfcc_client.clock import SystemClock
from sfcc_client.request import Calls

THREADS = 16


def call(clock, seconds: float = 5.0):
    return Calls(clock, default_deadline_s=seconds).start("test", None, None)


def token(clock, value: str = "t", lifetime: float = 60.0) -> Token:
    return Token(value=value, fresh_until=clock.monotonic() + lifetime)


def test_kept_until_it_is_no_longer_fresh(clock) -> None:
    cache: TokenCache[Token] = TokenCache(clock, kept=4)
    fetched: list[int] = []

    def fetch(_):
        fetched.append(1)
        return token(clock)

    first = cache.token("k", fetch, call(clock))
    clock.pass_by(59.9)
    assert cache.token("k", fetch, call(clock)) is first
    clock.pass_by(0.1)
    assert cache.token("k", fetch, call(clock)) is not first
    assert len(fetched) == 2


def test_sixteen_threads_fetch_once() -> None:
    clock = SystemClock()
    cache: TokenCache[Token] = TokenCache(clock, kept=4)
    all_asking = threading.Barrier(THREADS)
    release = threading.Event()
    fetched: list[int] = []

    def fetch(_):
        fetched.append(1)
        assert release.wait(5)
        return token(clock)

    def ask(_):
        all_asking.wait(5)
        return cache.token("k", fetch, call(clock))

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [pool.submit(ask, n) for n in range(THREADS)]
        while not fetched:
            time.sleep(0)
        release.set()
        tokens = [answer.result(5) for answer in answers]
    assert len(fetched) == 1
    assert len({id(one) for one in tokens}) == 1


def waiting_while_led(cache: TokenCache[Token], clock, fetch, follower_call, follower_fetch):
    """One thread leads a fetch; a follower joins it, then the leader is let go. Returns what the follower got."""
    leading, release = threading.Event(), threading.Event()

    def led(leader):
        leading.set()
        assert release.wait(5)
        return fetch(leader)

    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(cache.token, "k", led, call(clock))
        assert leading.wait(5)
        follower = pool.submit(cache.token, "k", follower_fetch, follower_call)
        threading.Timer(0.05, release.set).start()
        return leader, follower


def test_followers_share_the_leaders_error_as_their_own() -> None:
    clock = SystemClock()
    cache: TokenCache[Token] = TokenCache(clock, kept=4)

    def refuse(_):
        raise errors.SignInRefused("no", upstream_code="invalid_client", request_id="up-1")

    def never(_):
        raise AssertionError("the follower must not fetch")

    leader, follower = waiting_while_led(cache, clock, refuse, call(clock), never)
    one, other = leader.exception(), follower.exception()
    assert isinstance(one, errors.SignInRefused)
    assert isinstance(other, errors.SignInRefused)
    assert one is not other
    assert (other.upstream_code, other.request_id, str(other)) == ("invalid_client", "up-1", "no")


def test_a_leader_out_of_time_does_not_fail_its_followers() -> None:
    clock = SystemClock()
    cache: TokenCache[Token] = TokenCache(clock, kept=4)

    def late(_):
        raise errors.TimedOut("late")

    leader, follower = waiting_while_led(cache, clock, late, call(clock), lambda _: token(clock, "own"))
    assert isinstance(leader.exception(), errors.TimedOut)
    assert follower.result().value == "own"


def test_a_follower_waits_no_longer_than_its_deadline() -> None:
    clock = SystemClock()
    cache: TokenCache[Token] = TokenCache(clock, kept=4)
    leader, follower = waiting_while_led(
        cache, clock, lambda _: token(clock), call(clock, 0.01), lambda _: token(clock)
    )
    assert isinstance(follower.exception(), errors.TimedOut)
    assert leader.result().value == "t"


def test_an_interrupted_leader_leaves_no_flight_behind() -> None:
    clock = SystemClock()
    cache: TokenCache[Token] = TokenCache(clock, kept=4)

    def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.token("k", broken, call(clock))
    assert cache.token("k", lambda _: token(clock, "next"), call(clock)).value == "next"


def test_only_the_refused_token_is_dropped(clock) -> None:
    cache: TokenCache[Token] = TokenCache(clock, kept=4)
    old = cache.token("k", lambda _: token(clock, "old"), call(clock))
    cache.drop("k", old)
    new = cache.token("k", lambda _: token(clock, "new"), call(clock))
    cache.drop("k", old)
    assert cache.token("k", lambda _: token(clock, "third"), call(clock)) is new


def test_the_cache_is_bounded(clock) -> None:
    cache: TokenCache[Token] = TokenCache(clock, kept=10)
    for n in range(1000):
        cache.token(n, lambda _: token(clock), call(clock))
    assert len(cache._tokens) == 10
    assert cache._flights == {}
