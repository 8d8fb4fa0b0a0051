"""What may be sent to the sidecar, and the records it becomes. Unknown fields are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load, validate

from sidecar.context import SECTIONS, CaseRef, ContextRequest, Identity, RevealRequest, Viewer
from sidecar.events.envelope import SITE
from sidecar.events.wire import EARLIEST, LATEST, ORDER_NO
from sidecar.intake import Change

ROLES = ("agent", "lead", "fraud", "auditor")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class OneLine(fields.String):
    """Text without line breaks, stripped, 1 to `longest` characters; null and "" count as absent where not required."""

    def __init__(self, longest: int, pattern: str | None = None, **options: Any) -> None:
        self._pattern = re.compile(pattern) if pattern else None
        limits = [validate.Length(1, longest), *options.pop("validate", [])]
        super().__init__(validate=limits, allow_none=not options.get("required", False), **options)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        absent = isinstance(value, str) and not value.strip() and not self.required
        return super().deserialize(None if absent else value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = (super()._deserialize(value, attr, data, **kwargs) or "").strip()
        if "\n" in text or "\t" in text:
            raise ValidationError("Contains a line break or a tab.")
        if text and self._pattern and not self._pattern.fullmatch(text):
            raise ValidationError("Not in the expected form.")
        return text


_ID = r"[^\s/?#]+"
_TABLE = r"[a-z0-9_]{1,80}"
_SYS_ID = r"[0-9a-f]{32}"


class IdentitySchema(_Strict):
    """Who is meant; at least one of the first three finds somebody, `site_id` narrows the search."""

    customer_no = OneLine(100, metadata={"description": "Customer number as Commerce shows it."})
    email = OneLine(254, _EMAIL.pattern, metadata={"format": "email"})
    order_no = OneLine(50, metadata={"description": "Order number as the shopper sees it."})
    site_id = OneLine(32, _ID)

    @post_load
    def identity(self, values: dict[str, Any], **_: Any) -> Identity:
        return Identity(**values)


class CaseSchema(_Strict):
    """The ServiceNow record the agent has open."""

    table = OneLine(80, _TABLE, required=True)
    sys_id = OneLine(32, _SYS_ID, required=True)

    @post_load
    def case(self, values: dict[str, Any], **_: Any) -> CaseRef:
        return CaseRef(**values)


@cache
def _zones() -> frozenset[str]:
    """Every IANA name; finding them walks the file system, so once."""
    return frozenset(available_timezones())


def _known_zone(name: str) -> None:
    if name not in _zones():
        raise ValidationError("Not a time zone of the IANA database.")


class ViewerSchema(_Strict):
    """Who looks: roles decide what is masked and what may be revealed."""

    user = OneLine(100, required=True, metadata={"description": "ServiceNow user name or sys_id."})
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), validate=validate.Length(max=8))
    locale = OneLine(35, r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
    tz = OneLine(64, validate=[_known_zone])

    @post_load
    def viewer(self, values: dict[str, Any], **_: Any) -> Viewer:
        given = {name: value for name, value in values.items() if value is not None}
        return Viewer(**{**given, "roles": tuple(given.get("roles", ()))})


class ContextRequestSchema(_Strict):
    """One read of the context of a case."""

    identity = fields.Nested(IdentitySchema, required=True)
    mode = fields.String(load_default="live", validate=validate.OneOf(("live", "cached")))
    sections = fields.List(
        fields.String(validate=validate.OneOf(SECTIONS)), validate=validate.Length(1, len(SECTIONS)), allow_none=True
    )
    case = fields.Nested(CaseSchema, allow_none=True)
    viewer = fields.Nested(ViewerSchema, allow_none=True)
    cursor = OneLine(1024, metadata={"description": "`next` of an earlier orders section."})

    @post_load
    def request(self, values: dict[str, Any], **_: Any) -> ContextRequest:
        if values.get("sections") is not None:
            values["sections"] = tuple(dict.fromkeys(values["sections"]))
        return ContextRequest(**values)


class RevealRequestSchema(_Strict):
    """The full value of one masked field, with a reason for the access log."""

    identity = fields.Nested(IdentitySchema, required=True)
    field = fields.String(required=True, validate=validate.OneOf(("email", "phone")))
    viewer = fields.Nested(ViewerSchema, required=True)
    case = fields.Nested(CaseSchema, required=True)
    reason = OneLine(500)

    @post_load
    def request(self, values: dict[str, Any], **_: Any) -> RevealRequest:
        return RevealRequest(**values)


class PanelLinkRequestSchema(_Strict):
    """A link to the panel page for one viewer of one case."""

    identity = fields.Nested(IdentitySchema, required=True)
    case = fields.Nested(CaseSchema, required=True)
    viewer = fields.Nested(ViewerSchema, required=True)


class SectionQuerySchema(_Strict):
    """Query of one section of one customer."""

    site_id = OneLine(32, _ID)
    cursor = OneLine(1024)


class CustomerPathSchema(_Strict):
    """Path of one customer."""

    customer_no = OneLine(100, _ID, required=True)


class ChangeSchema(_Strict):
    """What ServiceNow's business rule sends: which record changed, with its `sys_updated_on` (UTC)."""

    table = OneLine(80, _TABLE, required=True)
    sys_id = OneLine(32, _SYS_ID, required=True)
    updated_on = fields.AwareDateTime(
        format="%Y-%m-%d %H:%M:%S",
        default_timezone=UTC,
        required=True,
        validate=validate.Range(EARLIEST, LATEST),
    )
    mod_count = fields.Integer(strict=True, validate=validate.Range(0, 2**31), allow_none=True)
    correlation_id = OneLine(100, r"[a-z_]{1,40}:[!-~]{1,59}", required=True)
    site_id = OneLine(32, SITE)
    order_no = OneLine(50, ORDER_NO)

    @post_load
    def change(self, values: dict[str, Any], **_: Any) -> Change:
        return Change(**{name: value for name, value in values.items() if value not in (None, "")})


class PanelCallSchema(_Strict):
    """What the panel page sends with an operation; which fields an operation needs is its own matter."""

    sections = fields.List(
        fields.String(validate=validate.OneOf(SECTIONS)), validate=validate.Length(max=len(SECTIONS))
    )
    cursor = OneLine(1024)
    field = fields.String(validate=validate.OneOf(("email", "phone")))
    reason = OneLine(500)
    customer_no = OneLine(100)
    site_id = OneLine(32, _ID)
    order_no = OneLine(50)
    text = fields.String(validate=validate.Length(1, 4000))
    insight = OneLine(100, r"[a-z0-9_@.:-]+")
    table = OneLine(80, _TABLE)
    sys_id = OneLine(32, _SYS_ID)

    @pre_load
    def without_prefix(self, document: Any, **_: Any) -> Any:
        """The case form's parameters must start with ``sysparm_``; the page's may."""
        if not isinstance(document, dict):
            return document
        plain = {name.removeprefix("sysparm_"): value for name, value in document.items()}
        if isinstance(plain.get("sections"), str):
            plain["sections"] = [name for name in plain["sections"].split(",") if name]
        return plain
