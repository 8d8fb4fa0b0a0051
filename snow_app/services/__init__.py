"""The platform's APIs beside the Table API, thin: each class wraps a client and says what goes in and comes out."""

from snow_app.services.cases import CaseApi
from snow_app.services.changes import ChangeApi, Changed, Transitions
from snow_app.services.import_sets import Imported, ImportSets, Outcome, Queued
from snow_app.services.journals import Entry, Journals
from snow_app.services.order_cases import CaseDraft, CaseState, OrderCases
from snow_app.services.service_levels import ServiceLevels, SlaStanding
from snow_app.services.shoppers import Shopper, Shoppers

__all__ = [
    "CaseApi",
    "CaseDraft",
    "CaseState",
    "ChangeApi",
    "Changed",
    "Entry",
    "ImportSets",
    "Imported",
    "Journals",
    "OrderCases",
    "Outcome",
    "Queued",
    "ServiceLevels",
    "Shopper",
    "Shoppers",
    "SlaStanding",
    "Transitions",
]
