"""The people behind shopper tokens: guests, registered customers, and those an identity provider brings along."""

from __future__ import annotations

from sfcc_client.emulator.state import Document, guest_id_of, opaque_id, usid_of
from sfcc_client.emulator.tokens import Shopper
from sfcc_client.emulator.world import World


class NoSuchShopper(Exception):  # noqa: N818
    """No customer with this login, or one that is disabled."""


def guest(world: World, site_id: str, usid: str | None) -> Shopper:
    """A guest; the same usid is the same guest again."""
    usid = usid or world.new_id()
    return Shopper(
        usid=usid,
        login="guest",
        display_name="Guest User",
        guest_customer_id=guest_id_of(usid),
        site_id=site_id,
        origin="slas",
    )


def registered(world: World, site_id: str, login: str, usid: str | None = None) -> Shopper:
    """The customer with this login in the site's customer list; `usid` is a guest's to go on with. Raises
    NoSuchShopper."""
    customer = world.state.customer_of_login(world.state.sites[site_id].customer_list_id, login)
    if customer is None or customer["credentials"].get("enabled") is False:
        raise NoSuchShopper
    return _shopper(customer, site_id, "ecom", usid)


def unlisted(world: World, site_id: str, login: str, origin: str) -> Shopper:
    """The shopper of an external identity provider; SLAS creates a customer for a login it has not seen."""
    list_id = world.state.sites[site_id].customer_list_id
    customer = world.state.customer_of_login(list_id, login)
    if customer is None:
        number = opaque_id("idp", list_id, login, length=16)
        customer = world.state.customers.save(
            {
                "customerListId": list_id,
                "customerNo": number,
                "customerId": opaque_id("ab", list_id, login),
                "lastName": "",
                "credentials": {"login": login, "enabled": True, "locked": False},
            }
        )
    return _shopper(customer, site_id, origin)


def _shopper(customer: Document, site_id: str, origin: str, usid: str | None = None) -> Shopper:
    login = customer["credentials"]["login"]
    usid = usid or usid_of(customer["customerId"])
    name = " ".join(part for part in (customer.get("firstName"), customer.get("lastName")) if part)
    return Shopper(
        usid=usid,
        login=login,
        display_name=name or login,
        guest_customer_id=guest_id_of(usid),
        site_id=site_id,
        customer_id=customer["customerId"],
        origin=origin,
    )
