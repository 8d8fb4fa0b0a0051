"""The three sites of the generated shop, who buys there, and what they buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sfcc_client.emulator.seed.people import BRITAIN, GERMANY, JAPAN, Country
from sfcc_client.emulator.state import SiteRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One site, its country, its share of customers and guests, its carriers and its shipping cost (minor units)."""

    site: SiteRecord
    country: Country
    customers: int
    guests: int
    carriers: tuple[str, ...]
    shipping: int
    free_from: int
    cards: tuple[str, ...]
    other_payments: tuple[str, ...]


def _site(site_id: str, customer_list_id: str, label: str, locale: str, currency: str) -> SiteRecord:
    return SiteRecord(site_id=site_id, customer_list_id=customer_list_id, label=label, locale=locale, currency=currency)


MARKETS = (
    Market(
        site=_site("RefArchDE", "RefArch", "RefArch DE", "de-DE", "EUR"),
        country=GERMANY,
        customers=112,
        guests=40,
        carriers=("DHL", "DPD", "Hermes"),
        shipping=495,
        free_from=7500,
        cards=("Visa", "Master Card"),
        other_payments=("PAYPAL", "INVOICE", "BANK_TRANSFER"),
    ),
    Market(
        site=_site("RefArchUK", "RefArch", "RefArch UK", "en-GB", "GBP"),
        country=BRITAIN,
        customers=58,
        guests=22,
        carriers=("Royal Mail", "Evri"),
        shipping=399,
        free_from=6000,
        cards=("Visa", "Master Card", "Amex"),
        other_payments=("PAYPAL", "KLARNA"),
    ),
    Market(
        site=_site("RefArchJP", "RefArchJP", "RefArch JP", "ja-JP", "JPY"),
        country=JAPAN,
        customers=30,
        guests=13,
        carriers=("Yamato", "Sagawa"),
        shipping=660,
        free_from=11000,
        cards=("Visa", "JCB"),
        other_payments=("KONBINI", "PAYPAY"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A customer or guest of a market; `weight` says how much they buy, `since` from when on."""

    market: Market
    info: dict[str, Any]
    address: dict[str, Any]
    since: datetime
    weight: float


class Assortment:
    """What can be bought; a few products are bought much more often than the others."""

    def __init__(self, random: Random, products: Sequence[dict[str, Any]]) -> None:
        self._random = random
        self.buyable = [product for product in products if not product.get("master")]
        self._popularity = [random.paretovariate(1.3) for _ in self.buyable]

    def drawn(self, count: int) -> dict[str, dict[str, Any]]:
        """So many products by id, fewer when chance picks one twice."""
        return {product["id"]: product for product in self._random.choices(self.buyable, self._popularity, k=count)}
