"""What the Ansible collection expects of an instance: demo records, and the API its vendor ships apart."""

from __future__ import annotations


def furnish(url: str, user: str, password: str) -> None:
    """Bring a new instance up to what the collection's targets take for granted."""
