"""Who asks what: a token for every family of the local Commerce, and names of things that are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.clients import ADMIN, SHOPPER, STOREFRONT
from tests.conformance.commerce.names import Names

_BACK = "http://localhost:3000/callback"
_OF_A_SESSION = frozenset({"introspect", "logout", "revoke", "userinfo"})


class MovedClock:
    """Runs on when told to, as much as nobody waits for: a shopper may sign in every three seconds."""

    def __init__(self) -> None:
        self._at = datetime.now(UTC)

    def now(self) -> datetime:
        return self._at

    def move(self) -> None:
        self._at += timedelta(seconds=4)


class Callers:
    """Signs in once as the back office and once as a shopper who has everything."""

    def __init__(self, shop: CommerceEmulator, session: requests.Session, clock: MovedClock) -> None:
        self.url, self.session, self._clock = shop.url, session, clock
        state, mara = shop.state, shop.samples()["registered"]
        self._organization, self._tenant = state.organization_id, state.tenant_id
        self._admin = f"Bearer {self._admin_token()}"
        self._shopper = f"Bearer {self._shopper_token(mara)}"
        self._login = requests.auth._basic_auth_str(mara["login"], _password(shop, mara))
        self._names = Names(shop, mara)
        site = {"channel_id": mara["site_id"]}
        answered = {"client_id": STOREFRONT.client_id, "redirect_uri": _BACK, "response_type": "code", **site}
        self._mara = mara
        self._session: dict[str, str] = {}
        self._logins: dict[str, dict[str, str]] = {
            "authorize": {**answered, "hint": "guest", "code_challenge": "x" * 43},
            "login": {**answered, "code_challenge": "x" * 43},
            "token": {"grant_type": "client_credentials", **site},
            "trusted-system/token": self._on_behalf("guest", mara["site_id"]),
        }

    def sound(self, path: str) -> Mapping[str, Any]:
        """Names of things that are there, by parameter."""
        return self._names.of(path)

    def login(self, path: str) -> dict[str, str]:
        """What a login of SLAS needs, in its query or its form; nothing for other paths. It is some seconds later."""
        prefix, _, name = path.partition("/oauth2/")
        if not prefix.startswith("/shopper/auth/"):
            return {}
        self._clock.move()
        if name in _OF_A_SESSION:
            return self._of_a_session(name)
        return self._logins.get(name, {})

    def _of_a_session(self, name: str) -> dict[str, str]:
        """What is asked about a session that was opened for it, which it may end."""
        path = f"/shopper/auth/v1/organizations/{self._organization}/oauth2/trusted-system/token"
        self._session = self._answer(path, SHOPPER, **self._on_behalf(self._mara["login"], self._mara["site_id"]))
        token = self._session["refresh_token"]
        if name in ("revoke", "introspect"):
            return {"token": token}
        return {"client_id": SHOPPER.client_id, "refresh_token": token, "channel_id": self._mara["site_id"]}

    def headers(self, path: str) -> dict[str, str]:
        """The authorization a path asks for."""
        if path.endswith(("/oauth2/userinfo", "/oauth2/logout")):
            return {"Authorization": f"Bearer {self._session.get('access_token', '')}"}
        if path.startswith("/shopper/auth/"):
            of_client = requests.auth._basic_auth_str(SHOPPER.client_id, SHOPPER.secret)
            return {"Authorization": self._login if path.endswith("/oauth2/login") else of_client}
        of_shopper = any(part.startswith("shopper-") for part in path.split("/")) and not path.startswith("/custom/")
        return {"Authorization": self._shopper if of_shopper else self._admin}

    def _admin_token(self) -> str:
        scope = " ".join((f"SALESFORCE_COMMERCE_API:{self._tenant}", *sorted(ADMIN.scopes)))
        return self._token("/dwsso/oauth2/access_token", ADMIN, grant_type="client_credentials", scope=scope)

    def _shopper_token(self, mara: dict[str, Any]) -> str:
        """Of a shopper who filled a basket as a guest and then signed in."""
        path = f"/shopper/auth/v1/organizations/{self._organization}/oauth2/trusted-system/token"
        guest = self._answer(path, SHOPPER, **self._on_behalf("guest", mara["site_id"]))
        baskets = f"{self.url}/checkout/shopper-baskets/v2/organizations/{self._organization}/baskets"
        headers = {"Authorization": f"Bearer {guest['access_token']}"}
        self.session.post(
            baskets, params={"siteId": mara["site_id"]}, headers=headers, json={}, timeout=10
        ).raise_for_status()
        return self._token(path, SHOPPER, usid=guest["usid"], **self._on_behalf(mara["login"], mara["site_id"]))

    @staticmethod
    def _on_behalf(login: str, site_id: str) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "hint": "ts_ext_on_behalf_of",
            "login_id": login,
            "idp_origin": "ecom",
            "client_id": SHOPPER.client_id,
            "channel_id": site_id,
        }

    def _token(self, path: str, client: Any, **form: str) -> str:
        return self._answer(path, client, **form)["access_token"]

    def _answer(self, path: str, client: Any, **form: str) -> dict[str, str]:
        auth = (client.client_id, client.secret)
        answer = self.session.post(self.url + path, auth=auth, data=form, timeout=10)
        answer.raise_for_status()
        return dict(answer.json())


def _password(shop: CommerceEmulator, mara: dict[str, Any]) -> str:
    customer = shop.state.customer_of_id(mara["customer_id"]) or {}
    return str(customer.get("password"))
