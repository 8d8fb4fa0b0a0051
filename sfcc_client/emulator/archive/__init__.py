"""Real data in: official site-export archives become a dataset of the emulator."""

from sfcc_client.emulator.archive.container import Limits
from sfcc_client.emulator.archive.importing import Progress, SiteExport, imported
from sfcc_client.emulator.archive.refusal import BadArchive

__all__ = ["BadArchive", "Limits", "Progress", "SiteExport", "imported"]
