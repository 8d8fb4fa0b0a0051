"""Passwords: kept as salted hashes, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac

_SALT = b"local-servicenow"


def hashed(password: str) -> str:
    """A password the way this instance keeps it. Fast on purpose: the instance is local and Basic auth asks often."""
    return "sha256:" + hashlib.sha256(_SALT + password.encode()).hexdigest()


def fits(password: str, kept: str) -> bool:
    """True when this is the password behind a kept hash."""
    return bool(kept) and hmac.compare_digest(hashed(password), kept)
