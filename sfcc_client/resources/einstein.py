"""Einstein's recently-viewed recommender (Recommendations v3): product ids, newest first, without times."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sfcc_client.auth.slas import SlasTokens
from sfcc_client.auth.tokens import ShopperToken
from sfcc_client.documents.activity import RECOMMENDATIONS, RECOMMENDERS
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import CommerceError, NotConfigured
from sfcc_client.gateway import Gateway
from sfcc_client.models import ActivityItem, Customer
from sfcc_client.request import Call, Request, named, path
from sfcc_client.resources.products import Products

API: Final = "/v3/personalization"
RECENTLY_VIEWED: Final = "recently-viewed"
NAMES_SHARE: Final = 0.6  # of the time left, at most: Einstein's own names beat none


class Einstein:
    """What a shopper viewed last. Raises any CommerceError."""

    def __init__(self, gateway: Gateway, products: Products) -> None:
        self._gateway, self._products = gateway, products
        self._recommenders: dict[str, str] = {}

    def recently_viewed(self, customer: Customer, site_id: str, call: Call) -> tuple[ActivityItem, ...]:
        """The products, the latest first, under their current names where the shop could be asked."""
        if not customer.login:
            return ()
        tokens, token = self._gateway.on_behalf_of(customer, site_id, call)
        subject = named("recently viewed products of customer", customer.customer_no)
        viewed = self._viewed(token, site_id, subject, call)
        return self._named(viewed, site_id, tokens, call)

    def _viewed(self, token: ShopperToken, site_id: str, subject: str, call: Call) -> tuple[ActivityItem, ...]:
        request = Request(
            family="einstein",
            method="POST",
            path=path(API, "recs", self._site(site_id), self._recommender(site_id, call)),
            operation_id="getRecommendations",
            subject=subject,
            headers=self._headers(),
            json={
                "cookieId": token.usid,
                "userId": token.enc_user_id,
                "realm": self._realm(),
                "instanceType": self._gateway.settings.einstein_instance_type,
            },
        )
        answer = self._gateway.transport.send(request, call)
        recs = loaded(RECOMMENDATIONS, answer.document, answer, request)["recs"] or []
        return tuple(
            ActivityItem(kind="view", text=rec["product_name"] or rec["id"], product_id=rec["id"]) for rec in recs
        )

    def _recommender(self, site_id: str, call: Call) -> str:
        """The name of the site's recommender, looked up once; raises NotConfigured when there is none."""
        known = self._gateway.settings.einstein_recommender or self._recommenders.get(site_id)
        if known:
            return known
        request = Request(
            family="einstein",
            method="GET",
            path=path(API, "recommenders", self._site(site_id)),
            operation_id="getRecommendations",
            subject=f"the Einstein recommenders of site {site_id}",
            headers=self._headers(),
        )
        answer = self._gateway.transport.send(request, call)
        for recommender in loaded(RECOMMENDERS, answer.document, answer, request)["recommenders"] or []:
            if recommender["name"] and recommender["recommender_type"] == RECENTLY_VIEWED:
                return self._recommenders.setdefault(site_id, recommender["name"])
        raise NotConfigured(
            "Einstein has no recently-viewed recommender for this site; create one or set einstein_recommender.",
            operation=call.operation,
        )

    def _named(
        self, items: tuple[ActivityItem, ...], site_id: str, tokens: SlasTokens, call: Call
    ) -> tuple[ActivityItem, ...]:
        ids = [item.product_id for item in items if item.product_id]
        try:
            products = self._products.read(ids, site_id, call.within(NAMES_SHARE), tokens)
        except CommerceError:
            return items
        names = {product_id: product.name for product_id, product in products.items()}
        return tuple(replace(item, text=names.get(item.product_id or "") or item.text) for item in items)

    def _headers(self) -> dict[str, str]:
        return {"x-cq-client-id": self._gateway.settings.einstein_client_id}

    def _realm(self) -> str:
        settings = self._gateway.settings
        return settings.einstein_realm or settings.tenant_id.partition("_")[0]

    def _site(self, site_id: str) -> str:
        return f"{self._realm()}-{site_id}"
