"""Customer service cases (product documentation r_CustomerServiceCaseStates)."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import BEFORE, Write, hook, refuse

OPEN, AWAITING_INFO, CLOSED = "10", "18", "3"


@hook(BEFORE, "sn_customerservice_case", "update")
def refuse_closed_case(write: Write) -> None:
    """A closed case stays as it is."""
    if write.previous and write.previous.get("state") == CLOSED:
        refuse(write, "Prevent update of closed case")


@hook(BEFORE, "sn_customerservice_case", "update")
def reopen_on_comment(write: Write) -> None:
    """The customer answered: a case that awaited that opens again."""
    row = write.current
    customer = row.get("contact") or row.get("consumer")
    if row.get("comments") and row["state"] == AWAITING_INFO and write.session.user.sys_id == customer:
        row["state"] = OPEN
