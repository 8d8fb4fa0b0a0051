"""Custom preferences: groups of them for the whole instance or for each site, with a value per type of instance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MASK = "*" * 12
"""What stands in the place of a password, and is none."""

INSTANCE_TYPES = ("staging", "development", "sandbox", "production", "current")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One preference; `per_site` ones have a value for each site. A password is never shown."""

    id: str
    group: str
    value_type: str
    name: str
    per_site: bool = True


class Preferences:
    """Preferences by id, values by (preference, site or None, type of instance). `own` is this instance's type."""

    def __init__(self, preferences: Iterable[Preference], own: str) -> None:
        self._preferences = {preference.id: preference for preference in preferences}
        self._values: dict[tuple[str, str | None, str], Any] = {}
        self.own = own

    def define(self, preference: Preference) -> None:
        self._preferences[preference.id] = preference

    def set(self, preference_id: str, value: Any, *, site_id: str | None = None, instance: str = "current") -> None:
        """None takes a value away."""
        self._values[preference_id, site_id, self._type(instance)] = value

    def value(self, preference: Preference, site_id: str | None, instance: str) -> Any:
        """None when there is none. A sandbox without a value of its own has the one of development."""
        wanted = self._type(instance)
        found = self._values.get((preference.id, site_id, wanted))
        if found is None and wanted == "sandbox":
            found = self._values.get((preference.id, site_id, "development"))
        return MASK if preference.value_type == "password" and found is not None else found

    def of_group(self, group: str, *, per_site: bool) -> list[Preference]:
        return [row for row in self.all(per_site=per_site) if row.group == group]

    def all(self, *, per_site: bool) -> list[Preference]:
        return [row for row in self._preferences.values() if row.per_site == per_site]

    def _type(self, instance: str) -> str:
        return self.own if instance == "current" else instance
