"""Links into Business Manager and to carriers: https, an allowed host, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from sidecar.context.policy import LinkPolicy, LinkTemplates

_LONGEST = 1000
_PLAIN = re.compile(r"[\x21-\x7e]+")


class Links:
    """Fills the configured templates; a link that is not allowed is None, never an error."""

    def __init__(self, policy: LinkPolicy) -> None:
        self._policy = policy

    def customer(self, site_id: str, customer_no: str | None) -> str | None:
        return self._filled(self._of(site_id).customer, site_id=site_id, customer_no=customer_no)

    def orders(self, site_id: str, customer_no: str | None) -> str | None:
        return self._filled(self._of(site_id).orders, site_id=site_id, customer_no=customer_no)

    def order(self, site_id: str, order_no: str) -> str | None:
        return self._filled(self._of(site_id).order, site_id=site_id, order_no=order_no)

    def tracking(self, url: str | None) -> str | None:
        """A carrier's tracking page as upstream gave it, when its host is a known carrier's."""
        return allowed(url, self._policy.tracking_hosts)

    def _of(self, site_id: str) -> LinkTemplates:
        return self._policy.templates.get(site_id, self._policy.default)

    def _filled(self, template: str, **values: str | None) -> str | None:
        url = template
        for name, value in values.items():
            placeholder = "{" + name + "}"
            if placeholder in url:
                if not value:
                    return None
                url = url.replace(placeholder, quote(value, safe=""))
        return allowed(url, self._policy.bm_hosts)


def allowed(url: str | None, hosts: Iterable[str]) -> str | None:
    """`url` when it is https, without credentials or odd characters, on one of `hosts` or a subdomain of one."""
    if not url or len(url) > _LONGEST or not _PLAIN.fullmatch(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme != "https" or parts.username is not None or port not in (None, 443) or not host:
        return None
    return url if any(host == one or host.endswith("." + one) for one in hosts) else None
