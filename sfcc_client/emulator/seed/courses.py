"""The courses an order can take, and how often: every value of every status occurs, in combinations that make sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sfcc_client.emulator.seed.lines import Course

_HUBS = {
    "DE": ("Hub Leipzig", "Hub Hannover", "Depot Köln"),
    "GB": ("Hub Daventry", "Depot Leeds", "Hub Coventry"),
    "JP": ("東京物流センター", "大阪南営業所"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a course is drawn from: when the order was placed, what time it is, and where it goes."""

    placed_at: datetime
    now: datetime
    country: str
    random: Random

    def after(self, least: float, most: float) -> datetime:
        """A moment so many hours after the order, but never in the future."""
        return min(self.placed_at + timedelta(hours=self.random.uniform(least, most)), self.now - timedelta(minutes=3))

    @property
    def age_days(self) -> float:
        return (self.now - self.placed_at) / timedelta(days=1)


def _paid(setting: Setting, **changes: object) -> Course:
    promised = (setting.placed_at + timedelta(days=setting.random.randrange(3, 7))).date()
    course = Course(paid_at=setting.after(0.01, 0.2), promised_on=promised)
    return replace(course, **changes)  # type: ignore[arg-type]


def _exported(setting: Setting, **changes: object) -> Course:
    return _paid(setting, export="exported", exported_at=setting.after(0.5, 3), **changes)


def _shipped(setting: Setting, **changes: object) -> Course:
    shipped_at = setting.after(8, 40)
    scan = min(shipped_at + timedelta(hours=setting.random.uniform(4, 30)), setting.now - timedelta(minutes=1))
    shown = {"shipping": "shipped", "external": "In transit", "shipped_at": shipped_at, "scanned_at": scan}
    hub = setting.random.choice(_HUBS[setting.country])
    return _exported(setting, **{**shown, "scanned_in": hub, **changes})


def _delivered(setting: Setting, **changes: object) -> Course:
    course = _shipped(setting, status="completed", external="Delivered")
    delivered = setting.after(44, 130)
    scanned = min(course.scanned_at or delivered, delivered)
    return replace(course, delivered_at=delivered, scanned_at=scanned, **changes)  # type: ignore[arg-type]


def _cancelled(setting: Setting, code: str, text: str, **changes: object) -> Course:
    cancelled = setting.after(0.5, 30)
    return replace(
        Course(status="cancelled", payment="not_paid", export="not_exported", cancelled_at=cancelled),
        cancel_code=code,
        cancel_text=text,
        **changes,  # type: ignore[arg-type]
    )


def _unfinished(status: str) -> Callable[[Setting], Course]:
    """An order that was never placed: payment is open (created) or did not work (failed)."""
    course = Course(status=status, confirmation="not_confirmed", export="not_exported", payment="not_paid")
    return lambda _: course


def _awaiting_transfer(setting: Setting) -> Course:
    promised = (setting.placed_at + timedelta(days=8)).date()
    return Course(export="not_exported", payment="not_paid", external="Awaiting payment", promised_on=promised)


def _part_paid(setting: Setting) -> Course:
    return _paid(setting, payment="part_paid", export="not_exported", external="Awaiting payment")


def _in_review(setting: Setting) -> Course:
    return _paid(setting, confirmation="not_confirmed", export="not_exported", external="In review")


def _export_failed(setting: Setting) -> Course:
    return _paid(setting, export="failed", external="Export failed")


def _part_shipped(setting: Setting) -> Course:
    return _shipped(setting, shipping="part_shipped", external="Part shipped")


def _late(setting: Setting) -> Course:
    promised = (setting.now - timedelta(days=setting.random.randrange(1, 6))).date()
    return _shipped(setting, promised_on=max(promised, setting.placed_at.date()))


def _open_invoice(setting: Setting) -> Course:
    return _delivered(setting, payment="not_paid", paid_at=None)


def _instalments(setting: Setting) -> Course:
    return _delivered(setting, payment="part_paid")


# name: (course, least and most age in days, weight)
COURSES: dict[str, tuple[Callable[[Setting], Course], float, float, int]] = {
    "pending": (_unfinished("created"), 0, 1.5, 4),
    "failed": (_unfinished("failed"), 0, 1200, 3),
    "awaiting_transfer": (_awaiting_transfer, 0, 9, 5),
    "part_paid": (_part_paid, 0, 9, 3),
    "in_review": (_in_review, 0, 3, 4),
    "ready": (lambda setting: _paid(setting, external="Ready to ship"), 0, 4, 12),
    "export_failed": (_export_failed, 0.1, 6, 3),
    "exported": (lambda setting: _exported(setting, external="In warehouse"), 0.2, 4, 10),
    "part_shipped": (_part_shipped, 2, 12, 6),
    "in_transit": (_shipped, 1.8, 6, 12),
    "late": (_late, 7, 18, 8),
    "delivered": (_delivered, 6, 1200, 90),
    "open_invoice": (_open_invoice, 6, 60, 6),
    "instalments": (_instalments, 6, 1200, 4),
    "cancelled_by_customer": (lambda setting: _cancelled(setting, "customer", "Cancelled by customer"), 0.1, 1200, 5),
    "out_of_stock": (lambda setting: _cancelled(setting, "stock", "Item no longer available"), 1, 1200, 2),
    "refused_by_risk": (
        lambda setting: _cancelled(setting, "risk", "Payment could not be verified", confirmation="not_confirmed"),
        0.2,
        1200,
        2,
    ),
}


def drawn(setting: Setting) -> str:
    """The name of a course that fits the order's age."""
    fitting = {name: row for name, row in COURSES.items() if row[1] <= setting.age_days <= row[2]}
    (name,) = setting.random.choices(list(fitting), [row[3] for row in fitting.values()])
    return name
