"""Who is read: shoppers of the emulated shop with an open basket, so that every chain of upstream calls is long."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sfcc_client.emulator.seed import seeded

_SEED = 7  # what the emulator's command generates unless told otherwise
CASE = {"table": "sn_customerservice_case", "sys_id": "0123456789abcdef0123456789abcdef"}
VIEWER = {"user": "agent.one", "roles": ["agent"], "locale": "en-GB", "tz": "Europe/Berlin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """A registered customer and the site their basket is on."""

    customer_no: str
    email: str = field(repr=False)
    login: str = field(repr=False)
    list_id: str
    site_id: str


def shoppers() -> list[Shopper]:
    """Those with an account that works, an address of their own, something in the basket, nothing against tracking."""
    state = seeded(_SEED, datetime.now(UTC))
    addresses = Counter(row["email"].casefold() for row in state.customers if row.get("email"))
    found = []
    for row in state.customers:
        email, refused = row.get("email"), row.get("c_trackingOptOut") or not row["credentials"].get("enabled", True)
        baskets = [basket for basket in state.baskets.find("customer", row["customerId"]) if basket.get("productItems")]
        home = next((basket.get("siteId") for basket in baskets), None)
        if home and email and addresses[email.casefold()] == 1 and not refused:
            found.append(
                Shopper(
                    customer_no=row["customerNo"],
                    email=email,
                    login=row["credentials"]["login"],
                    list_id=row["customerListId"],
                    site_id=home,
                )
            )
    return found


def context_body(identity: dict[str, Any], mode: str) -> bytes:
    """What the script include sends for a case."""
    return json.dumps({"identity": identity, "mode": mode, "case": CASE, "viewer": VIEWER}).encode()
