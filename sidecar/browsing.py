"""What Commerce recorded of a shopper's browsing, erased on every site that records it."""

from __future__ import annotations

from sfcc_client import CommerceClient
from sfcc_client.errors import CommerceError
from sfcc_client.models import Customer
from sidecar.errors import UpstreamFailed


def erased_browsing(client: CommerceClient, customer_no: str) -> tuple[str, ...]:
    """Erase it on every configured site; their ids, none where the custom API shopper-activity is not in use.

    The number alone is asked for, so this works for a customer Commerce has deleted already. Raises UpstreamFailed when
    Commerce refuses, naming what was erased before and what was not.
    """
    if not client.activity.recorded:
        return ()
    done: list[str] = []
    for site_id in client.sites:
        try:
            client.activity.erase(Customer(customer_no=customer_no), site_id=site_id)
        except CommerceError as error:
            before = f" (erased on {', '.join(done)})" if done else ""
            raise UpstreamFailed(
                f"Browsing was not erased on {site_id}{before}: {error.message} "
                "The access log is as it was; run this again."
            ) from error
        done.append(site_id)
    return tuple(done)
