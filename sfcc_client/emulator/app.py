"""The Flask application: every API family on one port, for their paths do not overlap."""

from __future__ import annotations

from flask import Flask

from sfcc_client.emulator import answers
from sfcc_client.emulator.routes import (
    account_manager,
    baskets,
    catalog_products,
    catalog_variations,
    content,
    custom_api_registry,
    custom_apis,
    customer_groups,
    customer_writes,
    customers,
    data,
    einstein,
    jobs,
    meta,
    metrics,
    ocapi,
    order_payments,
    order_writes,
    orders,
    pages,
    preferences,
    product_search,
    products,
    replications,
    scripts,
    shopper_customers,
    sites,
    slas,
    storefront,
    webdav,
    zones,
)
from sfcc_client.emulator.world import EXTENSION, World

_FAMILIES = (
    *(account_manager, slas, customers, customer_writes, customer_groups, orders, order_writes),
    *(shopper_customers, order_payments, baskets, products, product_search, content, pages),
    *(catalog_products, catalog_variations, custom_apis, ocapi, einstein, storefront),
    *(jobs, scripts, sites, replications, custom_api_registry, metrics, preferences, webdav, meta, zones),
)


def application(world: World) -> Flask:
    """A WSGI application that serves one world."""
    app = Flask("sfcc_client.emulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = answers.MAXIMUM_BODY
    app.extensions[EXTENSION] = world
    answers.install(app)
    for family in _FAMILIES:
        app.register_blueprint(family.blueprint)
    for name, prefix in data.PREFIXES.items():
        app.register_blueprint(data.blueprint, name=name, url_prefix=prefix)
    app.register_blueprint(baskets.blueprint, name="baskets_v1", url_prefix=baskets.V1)
    return app
