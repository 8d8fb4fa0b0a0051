"""Which notifications an occasion calls for, and the outbox they go to.

Source: platform documentation, "Create an email notification". Digests, subscriptions, devices, mail scripts and
attachments are not emulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from snow_app.emulator.model import Row

from .message import message_of
from .recipients import Occasion, addresses

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance
    from snow_app.emulator.session import Session

WAITING: Final = {"type": "send-ready", "state": "ready"}
SENT: Final = {"type": "sent", "state": "processed"}
_FLAGS: Final = {"insert": "action_insert", "update": "action_update"}


class Notifications:
    """The notifications of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def written(self, op: str, table: str, row: Row, before: Row | None, user: str) -> None:
        """React to a record that was inserted or updated by a user (sys_id)."""
        flag = _FLAGS.get(op)
        if flag is None:
            return
        lineage = self._instance.dictionary.lineage(table)
        wanted = [
            found
            for found in self._active("engine")
            if found["collection"] in lineage and found[flag] == "true" and self._holds(found, table, row, before or {})
        ]
        self._tell(wanted, Occasion(table=table, row=row, event={}, user=user))

    def happened(self, event: Row) -> None:
        """React to an event; a notification's condition is about the event's record."""
        table, sys_id = event["table"], event["instance"]
        known = self._instance.dictionary.table(table) is not None
        own = self._instance.records.whole(table, sys_id) if known and sys_id else None
        table, row = own or ("", {})
        wanted = [
            found
            for found in self._active("event")
            if found["event_name"] == event["name"] and (not row or self._holds(found, table, row, row))
        ]
        self._tell(wanted, Occasion(table=table, row=row, event=event, user=event["user_id"]))

    def send(self) -> None:
        """Let what waits count as sent, unless sending is switched off (`glide.email.smtp.active`)."""
        if self._instance.property("glide.email.smtp.active", "true") == "true":
            for email in self._instance.records.all("sys_email", **WAITING):
                self._instance.records.update("sys_email", email["sys_id"], SENT)

    def outbox(self) -> list[Row]:
        """Every e-mail this instance made, oldest first."""
        return self._system.query("sys_email", "typeINsend-ready,sent^ORDERBYsys_created_on^ORDERBYsys_id", acl=False)

    def _active(self, kind: str) -> list[Row]:
        return [row for row in self._instance.active("sysevent_email_action") if row["generation_type"] == kind]

    def _holds(self, notification: Row, table: str, row: Row, before: Row) -> bool:
        if not self._system.matches(table, row, notification["condition"], before):
            return False
        script, scripts = notification["advanced_condition"], self._instance.scripts
        if not script.strip() or scripts is None:
            return True
        return scripts.evaluate(script, table, row, self._system) == "true"

    def _tell(self, wanted: list[Row], occasion: Occasion) -> None:
        """Of notifications with a weight only the heaviest goes out; those without always do."""
        heaviest = max((_weight(found) for found in wanted), default=0)
        for notification in wanted:
            if _weight(notification) in (0, heaviest):
                recipients = addresses(self._system, notification, occasion)
                if recipients:
                    self._keep(notification, occasion, recipients)

    def _keep(self, notification: Row, occasion: Occasion, recipients: tuple[str, ...]) -> None:
        message = message_of(self._system, notification, occasion)
        self._system.insert(
            "sys_email",
            {
                **WAITING,
                "recipients": ",".join(recipients), "subject": message.subject, "body": message.body,
                "body_text": message.plain, "content_type": message.content_type,
                "target_table": occasion.table, "instance": occasion.row.get("sys_id", ""),
                "importance": notification["importance"], "reply_to": notification["reply_to"],
                "weight": notification["weight"], "notification_type": "SMTP", "mailbox": "",
            },
            workflow=False,
            acl=False,
        )  # fmt: skip

    @property
    def _system(self) -> Session:
        return self._instance.session("system")


def _weight(notification: Row) -> int:
    return int(notification["weight"] or 0)
