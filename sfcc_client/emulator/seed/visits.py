"""What shoppers do short of buying: open baskets, and searches, views and pages of the last weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.products import localized
from sfcc_client.emulator.seed.carts import basket
from sfcc_client.emulator.seed.lines import Line
from sfcc_client.emulator.seed.markets import Assortment, Buyer, Market
from sfcc_client.emulator.state import opaque_id

_SEARCHES = {
    "de-DE": ("regenjacke damen", "zelt 2 personen", "rücksendung", "wanderschuhe 42", "gutschein", "isomatte"),
    "en-GB": ("rain jacket", "two person tent", "returns", "boots size 8", "voucher", "sleeping bag"),
    "ja-JP": ("レインジャケット", "テント 2人用", "返品", "登山靴", "クーポン", "寝袋"),
}
_PAGES = {
    "de-DE": ("Lieferzeiten und Sendungsverfolgung", "Rückgabe und Erstattung", "Größentabelle"),
    "en-GB": ("Delivery and tracking", "Returns and refunds", "Size guide"),
    "ja-JP": ("配送と追跡", "返品と返金", "サイズ表"),
}


class Visits:
    """Draws baskets of `registered` shoppers, and the activity of those who may be `tracked`."""

    def __init__(
        self,
        random: Random,
        now: datetime,
        assortment: Assortment,
        *,
        registered: Sequence[Buyer],
        tracked: Sequence[Buyer],
    ) -> None:
        self._random, self._now, self._assortment = random, now, assortment
        self._registered, self._tracked = registered, tracked

    def baskets(self) -> list[dict[str, Any]]:
        random, baskets = self._random, []
        for number, buyer in enumerate(random.sample(self._registered, min(64, len(self._registered)))):
            changed = self._now - timedelta(minutes=random.expovariate(1 / 2000) + 1)
            count = random.choice((1, 1, 2, 3, 4))
            chosen = self._assortment.drawn(count)
            coupon = (("WELCOME10", 10), ("EXPIRED5", 0), None, None)[number % 4]
            baskets.append(
                basket(
                    site=buyer.market.site,
                    basket_id=opaque_id("bc", "basket", buyer.info["customerNo"]),
                    info=buyer.info,
                    lines=[Line(product=product, quantity=random.choice((1, 1, 2))) for product in chosen.values()],
                    created_at=changed - timedelta(minutes=random.uniform(1, 90)),
                    changed_at=changed,
                    failures=(0, 0, 1, 0, 2, 0, 0, 3)[number % 8],
                    coupon=coupon,
                    calculated=number % 5 != 4,
                )
            )
        return baskets

    def activities(self) -> list[dict[str, Any]]:
        """Visits of about half the customers in the last 40 days; who opted out has no rows at all."""
        rows = []
        for buyer in self._tracked:
            if self._random.random() < 0.45:
                continue
            customer_id = buyer.info["customerId"]
            at = self._now - timedelta(hours=self._random.expovariate(1 / 90))
            for _ in range(self._random.randrange(1, 12)):
                at -= timedelta(minutes=self._random.uniform(0.5, 400))
                who = {"siteId": buyer.market.site.site_id, "customerId": customer_id}
                rows.append({**who, "at": iso(at), **self._deed(buyer.market)})
        return rows

    def _deed(self, market: Market) -> dict[str, Any]:
        random, locale = self._random, market.site.locale
        kind = random.choice(("search", "view", "view", "view", "page"))
        if kind == "search":
            results = random.choice((0, 3, 12, 27, 48))
            return {"kind": kind, "text": random.choice(_SEARCHES[locale]), "results": results, "count": 1}
        count = random.choice((1, 1, 1, 2, 3))
        if kind == "page":
            return {"kind": kind, "text": random.choice(_PAGES[locale]), "count": count}
        (product,) = self._assortment.drawn(1).values()
        return {"kind": kind, "text": localized(product["name"], locale), "productId": product["id"], "count": count}
