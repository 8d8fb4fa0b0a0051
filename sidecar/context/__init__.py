"""The agent's view of one shopper: who it is, what matters, and how sure and how fresh that is."""

from sidecar.context.answer import CacheState, ContextAnswer, Match, Revealed
from sidecar.context.policy import (
    ContextPolicy,
    Limits,
    LinkPolicy,
    LinkTemplates,
    OrderAttributes,
    SectionPolicy,
    Thresholds,
)
from sidecar.context.ports import AccessAudit, AccessRecord, CaseFile, CaseHistory, Commerce
from sidecar.context.request import (
    LOADED_SECTIONS,
    SECTIONS,
    CaseRef,
    ContextRequest,
    Identity,
    RevealRequest,
    SectionRequest,
    Viewer,
)
from sidecar.context.service import ContextService

__all__ = [
    "LOADED_SECTIONS",
    "SECTIONS",
    "AccessAudit",
    "AccessRecord",
    "CacheState",
    "CaseFile",
    "CaseHistory",
    "CaseRef",
    "Commerce",
    "ContextAnswer",
    "ContextPolicy",
    "ContextRequest",
    "ContextService",
    "Identity",
    "Limits",
    "LinkPolicy",
    "LinkTemplates",
    "Match",
    "OrderAttributes",
    "RevealRequest",
    "Revealed",
    "SectionPolicy",
    "SectionRequest",
    "Thresholds",
    "Viewer",
]
