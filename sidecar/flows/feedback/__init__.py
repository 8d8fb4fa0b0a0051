"""Flow `feedback`: recurring complaints are found, explained, acted upon, and watched until they stop."""

from sidecar.flows.feedback.flow import Feedback
from sidecar.flows.feedback.policy import FeedbackPolicy

__all__ = ["Feedback", "FeedbackPolicy"]
