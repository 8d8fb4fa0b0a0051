"""Who sees and reveals what: one table, role by role. Several roles add up; an unknown role adds nothing.

============  ==================  ============  =========  =======  ==========
role          sections            reveal        work note  refresh  fraud care
============  ==================  ============  =========  =======  ==========
agent         all                 email, phone  yes        yes      no
lead          all                 email, phone  yes        yes      yes
fraud         all                 email, phone  yes        yes      yes
auditor       profile, orders     nothing       no         no       no
integration   all                 nothing       no         yes      no
============  ==================  ============  =========  =======  ==========

`integration` is a caller without a viewer, such as a flow; a viewer can never take that role. A viewer without a known
role sees nothing: when in doubt, grant less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sidecar.context.request import SECTIONS, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody may do."""

    sections: frozenset[str] = frozenset()
    reveal: frozenset[str] = frozenset()
    note: bool = False
    refresh: bool = False
    fraud_care: bool = False

    def __or__(self, other: Grant) -> Grant:
        return Grant(
            sections=self.sections | other.sections,
            reveal=self.reveal | other.reveal,
            note=self.note or other.note,
            refresh=self.refresh or other.refresh,
            fraud_care=self.fraud_care or other.fraud_care,
        )


_ALL = frozenset(SECTIONS)
_FIELDS = frozenset({"email", "phone"})
_AGENT = Grant(sections=_ALL, reveal=_FIELDS, note=True, refresh=True)

ROLES: Mapping[str, Grant] = {
    "agent": _AGENT,
    "lead": _AGENT | Grant(fraud_care=True),
    "fraud": _AGENT | Grant(fraud_care=True),
    "auditor": Grant(sections=frozenset({"profile", "orders"})),
}
INTEGRATION = Grant(sections=_ALL, refresh=True)
NOTHING = Grant()


def grant_of(viewer: Viewer | None) -> Grant:
    """Everything the viewer's roles allow together."""
    if viewer is None:
        return INTEGRATION
    granted = NOTHING
    for role in viewer.roles:
        granted |= ROLES.get(role, NOTHING)
    return granted


def role_for(section: str) -> str:
    """The first role that allows `section`: what somebody who lacks it should ask for."""
    return next(role for role, grant in ROLES.items() if section in grant.sections)
