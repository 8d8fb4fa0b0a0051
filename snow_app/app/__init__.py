"""The scoped app as data: which records an instance gets. How they get there is `snow_app.install`."""

from __future__ import annotations

from collections.abc import Callable

from snow_app.app import (
    access,
    changes,
    context,
    feedback,
    lookup,
    menu,
    order_issues,
    properties,
    roles,
    storefront_alerts,
    tables,
)
from snow_app.app.facts import CASE, INCIDENT, Facts
from snow_app.app.scope import AppParameters, application
from snow_app.records.registry import Registry

__all__ = ["CASE", "INCIDENT", "App", "AppParameters", "Facts", "application", "scoped_app"]

App = Callable[[AppParameters, Facts], Registry]
"""What an instance with these facts gets, the application record itself left out."""


def scoped_app(parameters: AppParameters, facts: Facts) -> Registry:
    """Every record of the app on an instance with these facts, without the application record itself."""
    declared = [
        *roles.records(parameters),
        *properties.records(parameters),
        *tables.records(parameters),
        *context.records(parameters, facts),
        *changes.records(parameters, facts),
        *order_issues.records(parameters, facts),
        *feedback.records(parameters, facts),
        *menu.records(parameters, facts),
        *access.records(parameters),
        *lookup.records(parameters),
        *storefront_alerts.records(parameters),
    ]
    return Registry(parameters.scope, declared)
