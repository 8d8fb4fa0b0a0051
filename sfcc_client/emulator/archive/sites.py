"""The sites of an archive, put together from folders, site.xml and preferences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sfcc_client.emulator.archive.refusal import BadArchive

# Standard preferences of a site, as exports name them.
_PREFERENCES = {
    "SiteCustomerList": "list_id",
    "SiteDefaultLocale": "locale",
    "SiteCurrencies": "currency",
    "SiteLibrary": "library_id",
}


@dataclass(slots=True, kw_only=True)
class Site:
    """What is known of a site so far."""

    site_id: str
    described: bool = False
    list_id: str = ""
    library_id: str = ""
    label: str = ""
    locale: str = ""
    currency: str = ""


class Sites:
    """Every site by id. Its customer list is the one its preferences name, else the archive's only list, else the one
    of its own id; currency and locale are those of site.xml and preferences, else of its orders."""

    def __init__(self) -> None:
        self._sites: dict[str, Site] = {}

    def __iter__(self) -> Iterator[Site]:
        return iter(self._sites.values())

    def mention(self, site_id: str, document: str) -> Site:
        if not 1 <= len(site_id) <= 32:
            raise BadArchive(f"{document}: '{site_id[:40]}' is no id of a site (1 to 32 characters).")
        return self._sites.setdefault(site_id, Site(site_id=site_id))

    def prefer(self, site: Site, preference: str, value: str) -> None:
        member = _PREFERENCES.get(preference)
        if member is None or not value.strip():
            return
        first = value.strip().split(":", maxsplit=1)[0]
        if member == "locale":
            site.locale = site.locale or ("" if first == "default" else first.replace("_", "-"))
        elif not getattr(site, member):
            setattr(site, member, first)

    def known(self, site_id: str, document: str) -> Site:
        """The site; refused when the archive does not describe it although it describes others."""
        site = self._sites.get(site_id)
        if site is None or (not site.described and any(other.described for other in self)):
            names = ", ".join(sorted(one.site_id for one in self if one.described)) or "none"
            raise BadArchive(f"{document} belongs to the site '{site_id}', which the archive does not hold ({names}).")
        return site

    def only(self, document: str, kind: str) -> Site:
        """The site of a document that lies outside of every site's folder."""
        if len(self._sites) != 1:
            names = ", ".join(sorted(self._sites))
            raise BadArchive(f"{document} does not say to which site its {kind} belong ({names}): put it below one.")
        return next(iter(self._sites.values()))

    def settle_lists(self, lists: list[str]) -> None:
        """Choose the lists of sites that name none; a list that no site has is refused."""
        for site in self:
            site.list_id = site.list_id or (lists[0] if len(lists) == 1 else site.site_id)
        used = {site.list_id for site in self}
        stray = next((one for one in lists if one not in used), None)
        if stray is not None:
            raise BadArchive(
                f"No site of the archive has the customer list '{stray}': "
                "export its site with it (preference SiteCustomerList), or leave the list out."
            )

    def libraries(self, library_ids: Iterable[str]) -> list[dict[str, Any]]:
        """The shared libraries with the sites that show them; sites that name none show the archive's only one."""
        shared = [library_id for library_id in library_ids if library_id not in self._sites]
        only = shared[0] if len(shared) == 1 else ""
        return [
            {"id": one, "siteIds": [site.site_id for site in self if (site.library_id or only) == one]}
            for one in shared
        ]

    def documents(self) -> list[dict[str, Any]]:
        """As a dataset has them. Raises BadArchive for a site whose currency nothing tells."""
        for site in self:
            if not site.currency:
                raise BadArchive(f"Nothing tells the currency of the site '{site.site_id}': add its site.xml.")
        return [
            {
                "id": site.site_id,
                "customerListId": site.list_id,
                "label": site.label or site.site_id,
                "locale": site.locale or "en-US",
                "currency": site.currency,
            }
            for site in self
        ]
