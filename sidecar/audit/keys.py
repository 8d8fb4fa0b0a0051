"""The keys of the access log: one master key, the rest derived from it (HKDF, RFC 5869) or sealed with it (AES-GCM)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Seal:
    """Authenticated encryption with one key (AES-256-GCM). `opened` raises ValueError for anything it did not seal."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def sealed(self, clear: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, context)

    def opened(self, sealed: bytes, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
        except InvalidTag as error:
            raise ValueError("sealed with another key, or changed since") from error


class LogKeys:
    """What the access log derives from its master key of 32 bytes."""

    def __init__(self, master: bytes) -> None:
        if len(master) != _KEY_BYTES:
            raise ValueError("the key of the access log is not 32 bytes")
        self._lookup = _derived(master, b"lookup")
        self._chain = _derived(master, b"chain")
        self._wrap = Seal(_derived(master, b"wrap"))

    def lookup(self, subject_key: str) -> bytes:
        """How a subject is found again without its name standing in the file."""
        return hmac.digest(self._lookup, subject_key.encode("utf-8", "surrogatepass"), hashlib.sha256)

    def link(self, previous: bytes, row: bytes) -> bytes:
        """The next link of the chain: depends on every row before it, and cannot be made without the key."""
        return hmac.digest(self._chain, previous + row, hashlib.sha256)

    def new_subject_key(self, subject_id: str) -> bytes:
        """A fresh key for one subject, sealed for keeping."""
        return self._wrap.sealed(secrets.token_bytes(_KEY_BYTES), subject_id.encode())

    def subject_seal(self, subject_id: str, kept: bytes) -> Seal:
        return Seal(self._wrap.opened(kept, subject_id.encode()))


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"sidecar access log " + purpose).derive(master)


def master_key(text: str, path: Path) -> bytes:
    """The key given as text (URL-safe base64), or the one in `path`, which is made with mode 600 when missing."""
    if text:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return base64.urlsafe_b64decode(path.read_text().strip())
    with os.fdopen(handle, "wb") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
    return base64.urlsafe_b64decode(path.read_text().strip())
