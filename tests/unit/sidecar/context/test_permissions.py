"""The whole matrix, role by role, and what roles do together."""

from __future__ import annotations

import json

import pytest

from sidecar.context import SECTIONS, Viewer
from sidecar.context.permissions import INTEGRATION, NOTHING, grant_of, role_for

from .conftest import Desk

EVERYTHING = set(SECTIONS)
MATRIX = {
    ("agent",): (EVERYTHING, {"email", "phone"}, True, True, False),
    ("lead",): (EVERYTHING, {"email", "phone"}, True, True, True),
    ("fraud",): (EVERYTHING, {"email", "phone"}, True, True, True),
    ("auditor",): ({"profile", "orders"}, set(), False, False, False),
    ("auditor", "agent"): (EVERYTHING, {"email", "phone"}, True, True, False),
    (): (set(), set(), False, False, False),
    ("admin", "integration", "AGENT"): (set(), set(), False, False, False),
}


def viewer(roles: tuple[str, ...]) -> Viewer:
    return Viewer(user="u", roles=roles)


@pytest.mark.parametrize(("roles", "expected"), MATRIX.items())
def test_matrix(roles: tuple[str, ...], expected: tuple[set[str], set[str], bool, bool, bool]) -> None:
    grant = grant_of(viewer(roles))
    assert (set(grant.sections), set(grant.reveal), grant.note, grant.refresh, grant.fraud_care) == expected


def test_no_viewer_is_an_integration_that_reveals_nothing() -> None:
    assert grant_of(None) == INTEGRATION
    assert INTEGRATION.reveal == frozenset()
    assert not INTEGRATION.fraud_care
    assert grant_of(viewer(())) == NOTHING


@pytest.mark.parametrize("section", SECTIONS)
def test_a_locked_section_names_a_role_that_opens_it(section: str) -> None:
    assert section in grant_of(viewer((role_for(section),))).sections


@pytest.mark.parametrize(("roles", "expected"), MATRIX.items())
def test_the_envelope_obeys_the_matrix(
    desk: Desk, roles: tuple[str, ...], expected: tuple[set[str], set[str], bool, bool, bool]
) -> None:
    sections, reveal, note, refresh, _ = expected
    envelope = desk.envelope(customer_no="00004711", site_id="RefArchDE", viewer=viewer(roles))
    open_ones = {name for name, wrapper in envelope["sections"].items() if wrapper["status"] != "forbidden"}
    assert open_ones == sections
    assert envelope["viewer"]["can"] == {"reveal": sorted(reveal), "note": note, "refresh": refresh}
    for name, wrapper in envelope["sections"].items():
        if name not in sections:
            assert wrapper == {"status": "forbidden", "data": None, "role": role_for(name)}
    if "profile" in sections:
        assert envelope["sections"]["profile"]["data"]["email"]["revealable"] is ("email" in reveal)


def test_what_may_not_be_seen_is_not_even_loaded(desk: Desk) -> None:
    envelope = desk.envelope(customer_no="00004711", site_id="RefArchDE", viewer=viewer(("auditor",)))
    assert set(desk.shop.calls) == {"customer", "orders"}
    assert "Alpine Tent" not in json.dumps(envelope)
