"""Why a section has nothing new to show, as the panel is told: a slug, whether trying again helps, and when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sfcc_client.errors import CommerceError
from sidecar.cache import StillLoading
from sidecar.errors import CircuitOpen, SidecarError

# The SDK's and the sidecar's codes as the panel's. What is missing here is said in the same words, in capitals.
_CODES: Mapping[str, str] = {
    "timed_out": "UPSTREAM_TIMEOUT",
    "unreachable": "UPSTREAM_UNREACHABLE",
    "unavailable": "UPSTREAM_UNAVAILABLE",
    "maintenance": "UPSTREAM_MAINTENANCE",
    "bad_answer": "UPSTREAM_BAD_ANSWER",
    "conflict": "UPSTREAM_BUSY",
    "sign_in_refused": "UPSTREAM_SIGN_IN_REFUSED",
    "forbidden": "UPSTREAM_FORBIDDEN",
    "not_found": "UPSTREAM_NOT_FOUND",
    "rejected": "UPSTREAM_REJECTED",
}
_RETRY_AFTER_S = {"RATE_LIMITED": 20, "UPSTREAM_BUSY": 3}
_ANY_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """`code` in capitals; `retry_after_s` whole seconds, None when trying again does not help."""

    code: str
    retryable: bool
    retry_after_s: int | None = None

    def wire(self, ref: str) -> dict[str, object]:
        return {
            "code": self.code,
            "retryable": self.retryable,
            "retry_after_s": self.retry_after_s,
            "ref": ref,
        }


INTERNAL = Failure(code="INTERNAL", retryable=False)
"""A mistake of ours: retrying gives the same."""


def failure_of(error: BaseException) -> Failure:
    """The failure behind an error of the SDK, the cache or the sidecar; anything else is INTERNAL."""
    if isinstance(error, StillLoading):
        return Failure(code="UPSTREAM_TIMEOUT", retryable=True, retry_after_s=_ANY_RETRY_AFTER_S)
    if not isinstance(error, (CommerceError, SidecarError)):
        return INTERNAL
    slug = error.because if isinstance(error, CircuitOpen) and error.because else error.code
    code = _CODES.get(slug, slug.upper())
    if not error.transient:
        return Failure(code=code, retryable=False)
    wait = error.retry_after
    known = wait is not None and math.isfinite(wait)
    seconds = max(1, math.ceil(wait)) if known and wait is not None else _RETRY_AFTER_S.get(code, _ANY_RETRY_AFTER_S)
    return Failure(code=code, retryable=True, retry_after_s=min(seconds, 3600))
