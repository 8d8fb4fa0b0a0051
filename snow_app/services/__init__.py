"""The platform's APIs beside the Table API, thin: each class wraps a client and says what goes in and comes out."""

from snow_app.services.cases import CaseApi
from snow_app.services.changes import ChangeApi, Changed, Transitions
from snow_app.services.import_sets import Imported, ImportSets, Outcome, Queued

__all__ = ["CaseApi", "ChangeApi", "Changed", "ImportSets", "Imported", "Outcome", "Queued", "Transitions"]
