"""When and under which rules a fact is looked at: the same fact reads differently tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sidecar.context.policy import Thresholds
from sidecar.context.wording import day

_MONTH_FIRST = frozenset({"en", "en-us"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`now` is aware UTC; `today` is the calendar day of the viewer's time zone, in which "4 days late" is counted.

    `locale` (BCP 47) decides how a date is written; the words are English for all.
    """

    now: datetime
    thresholds: Thresholds
    zone: tzinfo
    locale: str = "en-GB"

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day_of(self, moment: datetime) -> date:
        """The viewer's calendar day of `moment`."""
        return moment.astimezone(self.zone).date()

    def date_text(self, moment: date) -> str:
        """A date as this viewer writes it."""
        return day(moment, self.today, month_first=self.locale.lower() in _MONTH_FIRST)
