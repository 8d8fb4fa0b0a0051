"""Every problem the emulator can answer with, by the name it goes by here."""

from __future__ import annotations

from sfcc_client.emulator.errors import catalog, office, people, request, sales

PROBLEMS = {**request.PROBLEMS, **people.PROBLEMS, **sales.PROBLEMS, **catalog.PROBLEMS, **office.PROBLEMS}
UNVERIFIED_SLUGS = request.UNVERIFIED | people.UNVERIFIED | office.UNVERIFIED


def slugs() -> frozenset[str]:
    """Every slug the emulator can answer with."""
    return frozenset(wording.slug for wording in PROBLEMS.values())
