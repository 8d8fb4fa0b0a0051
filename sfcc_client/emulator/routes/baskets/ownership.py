"""What becomes of a guest's basket when the guest signs in: transfer and merge."""

from __future__ import annotations

from flask import Response, request

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.basket_merging import MODES, Mode, emptied, merged, transferred
from sfcc_client.emulator.cart import calculated
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.parameters import one_of
from sfcc_client.emulator.routes.baskets.door import QUERY, WRITE, YES, as_asked, blueprint
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world


@blueprint.post("/baskets/actions/transfer")
@shopper(*WRITE, query=(*QUERY, "overrideExisting", "merge", "populateCustomerDetails"))
def transfer() -> Response:
    """With merge=true the default of the hook mergeBasket: goods in both baskets in the higher quantity."""
    site_id, previous_id = own_site().site_id, _previous_customer()
    state, customer_id, at = world().state, str(grant().customer_id), iso(world().clock.now())
    with state.writing:
        previous, current = state.basket_of(previous_id, site_id), state.basket_of(customer_id, site_id)
        if previous is None and current is None:
            return nothing()
        if request.args.get("merge") == YES:
            if current is None or previous is None:
                found = previous or current or {}
                return _saved(transferred(state, found, customer_id) if previous else found)
            state.baskets.drop(previous["basketId"])
            return _saved(calculated(state, merged(current, previous, MODES[0]), at))
        if previous is None:
            raise _no_source(previous_id)
        if current is not None and request.args.get("overrideExisting") != YES:
            raise Problem("basket-already-exists", customer_id=customer_id, media_type="application/json")
        if current is not None:
            state.baskets.drop(current["basketId"])
        return _saved({**transferred(state, previous, customer_id), "lastModified": at})


@blueprint.post("/baskets/actions/merge")
@shopper(*WRITE, query=(*QUERY, "createDestinationBasket", "productItemMergeMode"))
def merge() -> Response:
    site_id, previous_id = own_site().site_id, _previous_customer()
    mode = _mode()
    state, customer_id, at = world().state, str(grant().customer_id), iso(world().clock.now())
    with state.writing:
        previous, current = state.basket_of(previous_id, site_id), state.basket_of(customer_id, site_id)
        if previous is None:
            raise _no_source(previous_id)
        if current is None and request.args.get("createDestinationBasket") != YES:
            raise Problem("no-current-basket", customer_id=customer_id, media_type="application/json")
        target = current or emptied(state, previous, opaque_id("bc", world().new_id()), customer_id, at)
        state.baskets.drop(previous["basketId"])
        return _saved(calculated(state, merged(target, previous, mode), at))


def _previous_customer() -> str:
    """The guest whose session the registered shopper went on with, by giving its usid to the login."""
    found = grant()
    if found.guest or not found.previous_id:
        raise Problem("no-previous-customer", media_type="application/json")
    return found.previous_id


def _mode() -> Mode:
    wanted = one_of("productItemMergeMode", MODES)
    return next((mode for mode in MODES if mode == wanted), MODES[0])


def _no_source(customer_id: str) -> Problem:
    return Problem("no-source-basket", customer_id=customer_id, media_type="application/json")


def _saved(basket: Document) -> Response:
    return answer(as_asked(world().state.baskets.save(basket)))
