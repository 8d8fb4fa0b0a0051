"""Salesforce's JavaScript clients, unmodified, each against an emulator of its own; ``drivers/`` calls them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.clients import ADMIN, SHOPPER, STOREFRONT
from tests.conformance.commerce.operations import Operations
from tests.conformance.suite import Case, Result

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
SECONDS = 120
"""Longest a client may take for all its cases."""

NOT_YET = "not emulated yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class JavaScriptClient:
    """`tests.conformance.suite.Suite` for a client that a script of ``drivers/`` calls over plain HTTP."""

    name: str
    package: str
    driver: str
    checkout: bool = False

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One result. Raises RuntimeError when the packages or Node are missing, or the script ends early."""
        version = installed(self.package)
        with CommerceEmulator() as shop:
            done = subprocess.run(
                ["node", f"drivers/{self.driver}.mjs"],
                cwd=FOLDER,
                env={**os.environ, "SHOP": json.dumps(described(shop)), "NO_PROXY": "127.0.0.1"},
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"{self.driver}.mjs: {said(done.stderr)}")
            operations = Operations(shop)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"name"')]
        cases = tuple(judged(operations, line["name"], line["reason"], line["requests"]) for line in lines)
        return (Result(suite=self.name, version=version, way="http", cases=cases),)


CLIENTS = (
    JavaScriptClient(name="isomorphic", package="commerce-sdk-isomorphic", driver="isomorphic"),
    JavaScriptClient(name="commerce-sdk", package="commerce-sdk", driver="commerce_sdk"),
    JavaScriptClient(name="storefront-next", package="@salesforce/storefront-next-runtime", driver="storefront_next"),
)


def installed(package: str) -> str:
    """The version of a package. Raises RuntimeError when it is not installed."""
    description = MODULES / package / "package.json"
    if shutil.which("node") is None or not description.exists():
        raise RuntimeError(f"{package} is not installed: run .ci/setup test")
    return str(json.loads(description.read_text(encoding="utf-8"))["version"])


def said(text: str) -> str:
    """The line of an output that names the error, else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("Warning:")]
    telling = (line for line in lines if "Error" in line or line.startswith("message :"))
    return next(telling, lines[-1] if lines else "it said nothing")[:300]


def judged(operations: Operations, name: str, reason: str, requests: Iterable[dict[str, Any]]) -> Case:
    """A case from what a client says and what the emulator saw.

    One that passed proves all it called; one that failed says something of the last call only.
    """
    called = [(operations.of(row["method"], row["path"]), row) for row in requests]
    if not reason:
        names = tuple(dict.fromkeys(operation.name for operation, _ in called if operation))
        return Case(name=name, outcome="passed", operations=names)
    unknown = next((row for operation, row in called if operation is None), None)
    if unknown is not None:
        return Case(name=name, outcome="failed", reason=f"{NOT_YET}: {unknown['method']} {unknown['path']}")
    names = tuple(operation.name for operation, _ in called[-1:] if operation)
    return Case(name=name, outcome="failed", reason=reason, operations=names)


def described(shop: CommerceEmulator) -> dict[str, Any]:
    """What the scripts need to know of a shop."""
    state, samples = shop.state, shop.samples()
    mara, other, guest = samples["registered"], samples["opted_out"], samples["guest"]
    site, order = state.sites[mara["site_id"]], state.orders.get(guest["order_no"]) or {}
    password = (state.customers.get((site.customer_list_id, mara["customer_no"])) or {}).get("password")
    return {
        "url": shop.url,
        "tenantId": state.tenant_id,
        "organizationId": state.organization_id,
        "siteId": site.site_id,
        "listId": site.customer_list_id,
        "locale": site.locale,
        "admin": {"id": ADMIN.client_id, "secret": ADMIN.secret},
        "slas": {"id": SHOPPER.client_id, "secret": SHOPPER.secret},
        "storefront": {"id": STOREFRONT.client_id},
        "shopper": {
            "login": mara["login"],
            "password": password,
            "email": mara["email"],
            "customerId": mara["customer_id"],
            "customerNo": mara["customer_no"],
            "orderNo": mara["order_no"],
        },
        "other": {"login": other["login"], "customerId": other["customer_id"]},
        "guestOrder": {
            "orderNo": guest["order_no"],
            "email": guest["email"],
            "postalCode": order.get("billingAddress", {}).get("postalCode"),
        },
        "productIds": [product["id"] for product in state.products][:3],
        "contentWord": "return",
    }
