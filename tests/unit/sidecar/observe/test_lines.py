"""Log lines leave in order, in batches, and none is lost at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import StringIO

import pytest

from sidecar.observe.lines import MOST_WAITING, Lines


class Stream(StringIO):
    """Counts writes; `broken` refuses them."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.broken = False

    def write(self, text: str) -> int:
        if self.broken:
            raise OSError("gone")
        self.writes += 1
        return super().write(text)


@pytest.fixture
def stream() -> Stream:
    return Stream()


@pytest.fixture
def lines(stream: Stream) -> Iterator[Lines]:
    made = Lines(stream, every_s=3600)
    yield made
    stream.broken = False
    made.close()


def test_many_lines_are_one_write(lines: Lines, stream: Stream) -> None:
    for number in range(100):
        lines.write(f"{number}\n")
        lines.flush()
    assert stream.writes == 0
    lines.written()
    assert stream.writes == 1
    assert stream.getvalue().splitlines() == [str(number) for number in range(100)]


def test_close_writes_the_rest_and_may_be_repeated(lines: Lines, stream: Stream) -> None:
    lines.write("last\n")
    lines.close()
    lines.close()
    assert stream.getvalue() == "last\n"


def test_every_line_of_every_thread_arrives(lines: Lines, stream: Stream) -> None:
    def log(name: int) -> None:
        for number in range(200):
            lines.write(f"{name}.{number}\n")
            if number % 50 == 0:
                lines.written()

    threads = [threading.Thread(target=log, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines.close()
    arrived = stream.getvalue().splitlines()
    assert len(arrived) == len(set(arrived)) == 1200
    assert [line for line in arrived if line.startswith("3.")] == [f"3.{number}" for number in range(200)]


def test_a_stalled_stream_costs_bounded_memory(lines: Lines, stream: Stream) -> None:
    for number in range(MOST_WAITING + 5):
        lines.write(f"{number}\n")
    lines.written()
    assert stream.getvalue().startswith("5\n")


def test_its_thread_outlives_a_stream_that_fails() -> None:
    stream, tried = Stream(), threading.Event()
    stream.broken = True
    original = stream.write

    def write(text: str) -> int:
        tried.set()
        return original(text)

    stream.write = write  # type: ignore[method-assign]
    lines = Lines(stream, every_s=0.001)
    lines.write("lost\n")
    assert tried.wait(10)
    stream.broken = False
    lines.write("kept\n")
    lines.close()
    assert stream.getvalue() == "kept\n"
