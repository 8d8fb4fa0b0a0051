"""Events: what they are, how they come in, and what is taken out of them before anything is stored."""

from sidecar.events.event import Event, EventType, Sender

__all__ = ["Event", "EventType", "Sender"]
