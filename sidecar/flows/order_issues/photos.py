"""Photos within an event: small, of a known kind, and what their hash says they are."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from sidecar.events.wire import Strict, line, one_of

MOST_PHOTOS = 3
LARGEST = 200_000
"""Bytes of one photo: three of them and their text stay below one megabyte as JSON."""
_SIGNATURES = {"image/jpeg": (b"\xff\xd8\xff",), "image/png": (b"\x89PNG\r\n\x1a\n",), "image/webp": (b"RIFF",)}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo; the shopper's own file name is not kept."""

    content_type: str
    sha256: str
    content: bytes = field(repr=False)

    @property
    def file_name(self) -> str:
        return f"photo-{self.sha256[:12]}.{_ENDINGS[self.content_type]}"


class PhotoSchema(Strict):
    """`content` is base64, `sha256` of the decoded bytes; the bytes must begin as the content type says."""

    MADE = Photo

    content_type = one_of(*_SIGNATURES, required=True, data_key="contentType")
    sha256 = line(64, r"[0-9a-f]{64}", required=True)
    # A pattern besides, because free text is scrubbed, and a photo that was is no longer what its hash says.
    content = fields.String(
        required=True,
        validate=[validate.Length(4, LARGEST * 4 // 3 + 4), validate.Regexp(r"[A-Za-z0-9+/]+={0,2}\Z")],
    )

    @post_load
    def made(self, values: Mapping[str, Any], **_: Any) -> Photo:
        try:
            content = base64.b64decode(values["content"], validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError("Not base64.", "content") from None
        if len(content) > LARGEST:
            raise ValidationError(f"Longer than {LARGEST} bytes.", "content")
        kind = values["content_type"]
        if not content.startswith(_SIGNATURES[kind]) or (kind == "image/webp" and content[8:12] != b"WEBP"):
            raise ValidationError(f"Not {kind}.", "content")
        if hashlib.sha256(content).hexdigest() != values["sha256"]:
            raise ValidationError("Not the content of this hash.", "sha256")
        return Photo(content_type=kind, sha256=values["sha256"], content=content)
