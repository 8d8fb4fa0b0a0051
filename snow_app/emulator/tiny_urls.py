"""Short addresses that stand for long ones: the rows of `sys_tiny_url`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance
    from snow_app.emulator.session import Session


def kept(session: Session, url: str) -> str:
    """Keep an address; what it is kept as."""
    return session.insert("sys_tiny_url", {"url": url}, acl=False)["sys_id"]


def kept_query(instance: Instance, tiny: str) -> str | None:
    """The query string of a kept address, None when there is none."""
    found = instance.records.get("sys_tiny_url", tiny)
    return found["url"].partition("?")[2] if found else None
