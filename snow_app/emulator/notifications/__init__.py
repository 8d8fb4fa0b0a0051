"""E-mail notifications (``sysevent_email_action``): who is told what when a record is written or an event fires.

`recipients` finds the addresses, `message` fills in the text, `engine` decides and keeps the e-mails as ``sys_email``
rows. Nothing is ever sent: an e-mail counts as sent when it was put in the outbox.
"""

from __future__ import annotations

from .engine import Notifications

__all__ = ["Notifications"]
