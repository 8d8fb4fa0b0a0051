"""Flow `order_issues`: an order that went wrong becomes one open case with frozen evidence; its state goes back."""

from sidecar.flows.order_issues.flow import OrderIssues
from sidecar.flows.order_issues.policy import OrderIssuesPolicy
from sidecar.flows.order_issues.topics import offered_topics

__all__ = ["OrderIssues", "OrderIssuesPolicy", "offered_topics"]
