"""From a document somebody sent to an event that is stored: checked, scrubbed, on disk, answered."""

from sidecar.intake.change import Change
from sidecar.intake.intake import Intake, Pending, Receipt
from sidecar.intake.writer import Writer

__all__ = ["Change", "Intake", "Pending", "Receipt", "Writer"]
