"""What stops the flow at one record."""

from __future__ import annotations

from sidecar.errors import Terminal, Transient


class RecordRestored(Terminal):
    """The record went back to an earlier state, as a restored backup does, or is gone: nothing is written to it until
    somebody reconciled it."""

    code = "record_restored"


class ChangedMeanwhile(Transient):
    """Somebody wrote between our look and our write; the next attempt looks again."""

    code = "changed_meanwhile"
