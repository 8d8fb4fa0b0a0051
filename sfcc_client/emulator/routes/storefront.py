"""The storefront of each site: ``/s/{site}/order``, and ``/s/{site}/help`` and ``/s/{site}/products`` with a page for
each of theirs."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from sfcc_client.emulator.answers import answer_text
from sfcc_client.emulator.library import Library
from sfcc_client.emulator.products import visible
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.storefront.pages import STYLE, help_list, help_page, missing_page, order_form, order_page
from sfcc_client.emulator.storefront.product_pages import product_list, product_page
from sfcc_client.emulator.storefront.words import Words
from sfcc_client.emulator.world import world

blueprint = Blueprint("storefront", __name__, url_prefix="/s/<site_id>")
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@blueprint.get("/storefront.css")
def style(site_id: str) -> Response:
    _site(site_id)
    return answer_text(STYLE, media_type="text/css; charset=utf-8")


@blueprint.get("/order")
def ask_for_order(site_id: str) -> Response:
    site, words = _site(site_id)
    return _html(order_form(site, words))


@blueprint.post("/order")
def show_order(site_id: str) -> Response:
    """Number and mail must both be right; the answer does not tell which of them was wrong."""
    site, words = _site(site_id)
    number, mail = request.form.get("orderNo", "").strip(), request.form.get("email", "").strip()
    order = world().state.orders.get(number)
    known = order is not None and order["siteId"] == site_id and order["customerInfo"].get("email", "")
    if order is None or not known or known.casefold() != mail.casefold():
        return _html(order_form(site, words, notice=words["unknown"], number=number), 404)
    return _html(order_page(site, words, order, world().state.attributes))


@blueprint.get("/help")
def help_index(site_id: str) -> Response:
    site, words = _site(site_id)
    return _html(help_list(site, words, _library(site_id).searchable(site_id)))


@blueprint.get("/help/<content_id>")
def help_content(site_id: str, content_id: str) -> Response:
    site, words = _site(site_id)
    asset = _library(site_id).visible(content_id, site_id)
    if asset is None:
        return _html(missing_page(site, words, "help"), 404)
    return _html(help_page(site, words, asset))


@blueprint.get("/products")
def products(site_id: str) -> Response:
    """Variants have a page of their own, but are no rows of the list."""
    site, words = _site(site_id)
    state = world().state
    rows = (product for product in state.products if not product.get("masterId") and visible(product, site_id))
    return _html(product_list(site, words, rows, state))


@blueprint.get("/products/<product_id>")
def product(site_id: str, product_id: str) -> Response:
    site, words = _site(site_id)
    found = world().state.products.get(product_id)
    if found is None or not visible(found, site_id):
        return _html(missing_page(site, words, "products"), 404)
    return _html(product_page(site, words, found, world().state))


def _site(site_id: str) -> tuple[SiteRecord, Words]:
    """The site, and its words in the locale asked for."""
    site = world().site(site_id)
    if site is None:
        abort(404)
    return site, Words(request.args.get("locale", site.locale))


def _library(site_id: str) -> Library:
    return world().state.libraries.of_site(site_id)


def _html(text: str, status: int = 200) -> Response:
    response = answer_text(text, status, "text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
