"""Who is asking, and may they: bearer tokens, scopes, tenants, and the query parameters every route declares."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Literal, ParamSpec, cast

from flask import Response, g, request

from sfcc_client.emulator.errors import Problem, unauthorized
from sfcc_client.emulator.parameters import required, site
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.tokens import Grant, TokenInvalid
from sfcc_client.emulator.world import world

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, Response]
Kind = Literal["admin", "shopper", "trusted"]

_ECHOED = 27
# The families whose 401 shows the beginning of the token.
_ECHOING = ("/customer/", "/product/products/")


def admin(*scopes: str, query: Iterable[str] = ()) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let Account Manager clients of this tenant in that have one of the scopes."""
    return _guard(("admin",), scopes, query)


def shopper(*scopes: str, query: Iterable[str] = ()) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let shopper tokens of this tenant in that have one of the scopes."""
    return _guard(("shopper",), scopes, query)


def trusted(
    *scopes: str, admins: bool = False, query: Iterable[str] = ()
) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let tokens in that a trusted system got on behalf of a shopper; with `admins` Account Manager clients too."""
    return _guard(("admin", "trusted") if admins else ("trusted",), scopes, query)


def grant() -> Grant:
    """What the token of this request allows."""
    return cast(Grant, g.grant)


def own_site() -> SiteRecord:
    """The site named by `siteId`, which must be the one the shopper's token was made for."""
    if required("siteId") != grant().site_id:
        raise Problem("forbidden-shopper")
    return site()


def bearer_token() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _guard(
    kinds: tuple[Kind, ...], scopes: tuple[str, ...], query: Iterable[str]
) -> Callable[[View[Arguments]], View[Arguments]]:
    declared = frozenset(query)

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
            g.grant = _granted(kinds, scopes, str(kwargs.pop("organization_id")))
            for name in request.args:
                if name not in declared and not name.startswith("c_"):
                    raise Problem("invalid-query-parameter", parameter=name)
            return view(*args, **kwargs)

        return guarded

    return decorate


def _granted(kinds: tuple[Kind, ...], scopes: tuple[str, ...], organization_id: str) -> Grant:
    token = bearer_token()
    if token is None:
        raise unauthorized("The access token is missing")
    try:
        found = world().tokens.grant_of(token)
    except TokenInvalid as error:
        if request.path.startswith(_ECHOING) and "expired" not in error.description:
            raise unauthorized(error.description, accessToken=token[:_ECHOED]) from error
        raise unauthorized(error.description) from error
    if found.kind not in kinds and not (found.on_behalf and "trusted" in kinds):
        raise unauthorized("The access token is invalid")
    state = world().state
    of_this_tenant = found.tenant == state.tenant_id and organization_id == state.organization_id
    if not of_this_tenant or not any(found.allows(scope) for scope in scopes):
        raise Problem("forbidden" if found.kind == "admin" else "forbidden-shopper")
    return found
