"""Sources of alerts that speak their own language; each becomes documents of ``storefront.alert``."""

from sidecar.events.adapters.alert import Alert, Unreadable

__all__ = ["Alert", "Unreadable"]
