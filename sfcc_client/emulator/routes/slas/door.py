"""The door of SLAS: its rate limit, its words of refusal, its clients and sites."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from sfcc_client.emulator.clients import ApiClient
from sfcc_client.emulator.errors import OAuthRefusal
from sfcc_client.emulator.routes.account_manager import basic_credentials, secret_matches
from sfcc_client.emulator.sessions import Quota
from sfcc_client.emulator.world import world

blueprint = Blueprint("slas", __name__, url_prefix="/shopper/auth/v1/organizations/<organization_id>/oauth2")
_MAXIMA = {"login_id": 128, "email_id": 128, "channel_id": 100, "client_id": 40, "usid": 128, "refresh_token": 256}


def refused(status: int, error: str, description: str, headers: dict[str, str] | None = None) -> OAuthRefusal:
    return OAuthRefusal(status, error, description, media_type="application/problem+json", headers=headers)


@blueprint.url_value_preprocessor
def _tenant(_: str | None, values: dict[str, str] | None) -> None:
    g.organization_id = values.pop("organization_id") if values else ""


@blueprint.before_request
def _counted() -> None:
    window = world().sessions.public.get(request.path.rpartition("/oauth2/")[2])
    quotas = {"1M": window.counted()} if window else _quotas()
    g.quotas = {} if window else quotas
    exceeded = next((quota for quota in quotas.values() if quota.exceeded), None)
    if exceeded is not None:
        wait = max(1, exceeded.reset - int(world().clock.now().timestamp()))
        raise refused(429, "too_many_requests", "Too many requests.", {"Retry-After": str(wait)})
    if g.organization_id != world().state.organization_id:
        raise refused(400, "invalid_request", "Bad or missing tenant id.")
    for name, maximum in _MAXIMA.items():
        if len(request.values.get(name, "")) > maximum:
            raise refused(400, "invalid_request", f"{name} is longer than {maximum} characters.")


@blueprint.after_request
def _limits(response: Response) -> Response:
    quotas: dict[str, Quota] = g.get("quotas") or {}
    for name, quota in quotas.items():
        response.headers[f"X-RateLimit-{name}-Limit"] = str(quota.limit)
        response.headers[f"X-RateLimit-{name}-Remaining"] = str(max(0, quota.remaining))
        response.headers[f"X-RateLimit-{name}-Reset"] = str(quota.reset)
    return response


def _quotas() -> dict[str, Quota]:
    sessions = world().sessions
    return {"1M": sessions.minute.counted(), "5M": sessions.five_minutes.counted()}


def private_client() -> ApiClient:
    credentials = basic_credentials()
    client = world().clients.shopper(credentials[0]) if credentials else None
    if client is None or credentials is None or not secret_matches(client, credentials[1]):
        raise refused(401, "invalid_client", "Basic Authorization failed.")
    return client


def named_client(client_id: str) -> ApiClient:
    """A client known by its id alone: a public one, or a private one that shows its secret in another header."""
    client = world().clients.shopper(client_id)
    if client is None:
        raise refused(400, "invalid_request", "Bad or missing client_id.")
    return client


def channel() -> str:
    site_id = request.values.get("channel_id") or request.args.get("siteId", "")
    if world().site(site_id) is None:
        raise refused(400, "invalid_request", "Bad or missing channel_id.")
    return site_id
