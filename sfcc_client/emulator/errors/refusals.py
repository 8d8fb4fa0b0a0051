"""The shapes in which B2C Commerce says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator.errors.problems import PROBLEMS

_TYPE = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


class Refused(Exception):  # noqa: N818 - the house names errors by what happened
    """An answer that is not a success; subclasses say in which shape."""

    media_type = "application/json"

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{type(self).__name__} {status}")
        self.status = status
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        raise NotImplementedError


class Problem(Refused):
    """A SCAPI problem document. `name` is a row of the tables beside this file, the keywords fill it."""

    media_type = "application/problem+json"

    def __init__(
        self, name: str, *, headers: Mapping[str, str] | None = None, media_type: str | None = None, **values: Any
    ) -> None:
        wording = PROBLEMS[name]
        super().__init__(wording.status, headers)
        self.media_type = media_type or self.media_type
        self._body = {
            "title": wording.title,
            "type": _TYPE + wording.slug,
            "detail": wording.detail.format(**values),
            **{member: values[member] for member in wording.members},
        }

    def body(self) -> dict[str, Any]:
        return self._body


def unauthorized(description: str, **values: Any) -> Problem:
    """401 as the gateway words it; `accessToken` chooses the wording of the Customers APIs."""
    challenge = f'Bearer realm="servers", error="invalid_token", error_description="{description}"'
    name = "invalid-access-token" if "accessToken" in values else "unauthorized"
    return Problem(name, headers={"WWW-Authenticate": challenge}, **values)


class Fault(Refused):
    """An OCAPI fault; `kind` is the name of the exception, `version` what ``_v`` says."""

    def __init__(self, status: int, kind: str, message: str, *, version: str = "24.5", **arguments: Any) -> None:
        super().__init__(status)
        self.version = version
        self._fault = {"arguments": arguments, "type": kind, "message": message}

    def body(self) -> dict[str, Any]:
        return {"_v": self.version, "fault": self._fault}


class OAuthRefusal(Refused):
    """An OAuth2 error (RFC 6749 paragraph 5.2); SLAS sends it as a problem, Account Manager as plain JSON."""

    def __init__(
        self,
        status: int,
        error: str,
        description: str,
        *,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, headers)
        self.media_type = media_type
        self._body = {"error": error, "error_description": description}

    def body(self) -> dict[str, Any]:
        return self._body


class EinsteinError(Refused):
    """An error of the recommendation service."""

    def __init__(self, status: int, code: str, message: str, *errors: str) -> None:
        super().__init__(status)
        self._body = {"code": code, "msg": message, "errors": list(errors)}

    def body(self) -> dict[str, Any]:
        return self._body
