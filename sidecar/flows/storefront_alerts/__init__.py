"""Flow `storefront_alerts`: alerts of the shop become incidents."""

from sidecar.flows.storefront_alerts.flow import StorefrontAlerts
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy

__all__ = ["StorefrontAlerts", "StorefrontAlertsPolicy"]
