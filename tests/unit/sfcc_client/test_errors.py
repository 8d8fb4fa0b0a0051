"""The error tree: one stable slug per leaf, and the branch decides whether to try again."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from sfcc_client import errors


def tree(kind: type[errors.CommerceError]) -> Iterator[type[errors.CommerceError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


ALL = list(tree(errors.CommerceError))


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in ALL]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_is_drawn_in_the_docstring(kind: type[errors.CommerceError]) -> None:
    assert errors.__doc__ is not None
    assert kind.__name__ in errors.__doc__
    if kind not in (errors.CommerceError, errors.Transient, errors.Terminal):
        assert f" {kind.code}\n" in errors.__doc__


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind is not errors.CommerceError])
def test_either_transient_or_terminal(kind: type[errors.CommerceError]) -> None:
    assert issubclass(kind, errors.Transient) != issubclass(kind, errors.Terminal)
    assert kind.transient is issubclass(kind, errors.Transient)


@pytest.mark.parametrize("kind", ALL)
def test_copies_keep_everything(kind: type[errors.CommerceError]) -> None:
    error = kind("what happened", status=418, request_id="r", retry_after=1.5, upstream_code="u", operation="o")
    again = copy.copy(error)
    assert again is not error
    assert (str(again), vars(again)) == (str(error), vars(error))
