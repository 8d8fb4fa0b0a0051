"""Names of cached things that give nothing away: keyed digests instead of e-mail addresses and customer numbers."""

from __future__ import annotations

import secrets
from hashlib import blake2b


def same_address(email: str) -> str:
    """An e-mail address as compared: without surrounding space, letter case aside."""
    return email.strip().casefold()


class Keys:
    """Digests under one secret (keyed BLAKE2b, RFC 7693, 128 bits); without a secret, one of this process."""

    def __init__(self, secret: bytes | None = None) -> None:
        # BLAKE2b takes a key of at most 64 bytes.
        self._secret = blake2b(secret).digest() if secret else secrets.token_bytes(64)

    def of(self, *parts: str) -> str:
        """One key for several parts; no two different lists of parts share one."""
        return self.of_bytes("\x1f".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass"))

    def of_bytes(self, data: bytes) -> str:
        return blake2b(data, key=self._secret, digest_size=16).hexdigest()

    def customer(self, customer_no: str) -> str:
        """The subject tag of a registered shopper, in whatever list."""
        return self.of("subject", "customer", customer_no)

    def email(self, email: str) -> str:
        """The subject tag of whoever uses this address."""
        return self.of("subject", "email", same_address(email))
