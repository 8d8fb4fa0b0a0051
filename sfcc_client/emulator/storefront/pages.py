"""The storefront's pages as HTML; every text from the store is escaped, markup of content is sanitized."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

from sfcc_client.emulator.attributes import Attributes
from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.contents import shown
from sfcc_client.emulator.library import localized
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.storefront.markup import safe_address, sanitized
from sfcc_client.emulator.storefront.words import Words

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --quiet: light-dark(#59636e, #a4adb8);
  --line: light-dark(#d9dee3, #3a4149); --ground: light-dark(#fff, #16191d); --accent: light-dark(#0b5cad, #7db7ff);
  --tint: light-dark(#eef4fb, #1d2733); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
header { border-bottom: 1px solid var(--line); }
header div, main { max-width: 44rem; margin: 0 auto; padding: 1rem 1.25rem; }
header div { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline; }
header strong { margin-right: auto; letter-spacing: 0.02em; }
a { color: var(--accent); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0.35rem 1.25rem; margin: 1.25rem 0; }
dt, .quiet { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
ul.goods { list-style: none; margin: 1.5rem 0; padding: 0; border-top: 1px solid var(--line); }
ul.goods li { display: flex; gap: 1rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
ul.goods li > :first-child { flex: 1; overflow-wrap: anywhere; }
form { display: grid; gap: 1rem; max-width: 24rem; }
label { display: grid; gap: 0.25rem; }
input, button { font: inherit; padding: 0.55rem 0.75rem; border: 1px solid var(--quiet); border-radius: 0.4rem;
  background: transparent; color: inherit; }
button { background: var(--accent); border-color: var(--accent); color: var(--ground); cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.notice { border-left: 3px solid var(--accent); padding: 0.25rem 0 0.25rem 1rem; }
.product { display: grid; grid-template-columns: minmax(10rem, 2fr) 3fr; gap: 1rem 2rem; align-items: start; }
.product p { margin: 0.35rem 0; }
.product .notice { margin: 0 0 1rem; padding: 0.6rem 1rem; border-radius: 0 0.4rem 0.4rem 0; background: var(--tint); }
.picture { display: grid; place-items: center; aspect-ratio: 1; border-radius: 0.6rem; background: var(--tint);
  color: var(--accent); font-size: 2rem; letter-spacing: 0.08em; }
.product .picture { font-size: 3rem; }
.price { font-size: 1.25rem; font-weight: 600; }
.supply::before { content: ""; display: inline-block; width: 0.55em; height: 0.55em; margin-right: 0.5em;
  border-radius: 50%; background: light-dark(#1c7c4a, #63c78f); }
.supply.none::before { background: var(--quiet); }
ul.cards { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: 1.5rem 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
ul.cards li { position: relative; display: grid; align-content: start; }
ul.cards a { display: grid; gap: 0.5rem; color: inherit; text-decoration: none; }
ul.cards a:hover span { text-decoration: underline; }
.mark { position: absolute; top: 0.5rem; left: 0.5rem; padding: 0.1rem 0.55rem; border-radius: 1rem; font-size: 0.8rem;
  background: var(--accent); color: var(--ground); }
@media (max-width: 30rem) { dl, .product { grid-template-columns: 1fr; } dl { gap: 0 0; } dd { margin-bottom: 0.6rem; }
  .product .picture { aspect-ratio: 2; } }
"""
# Where the header leads, and the words for it.
_ROOMS = (("products", "products"), ("order", "order"), ("help", "help"))


def order_form(site: SiteRecord, words: Words, *, notice: str | None = None, number: str = "") -> str:
    """Where a shopper says which order; `notice` is what went wrong."""
    told = f'<p class="notice" role="alert">{escape(notice)}</p>' if notice else ""
    return framed(
        site,
        words,
        words["order"],
        f"""{told}<form method="post" action="/s/{escape(site.site_id)}/order">
<label>{escape(words["number"])}
<input name="orderNo" required maxlength="50" autocomplete="off" value="{escape(number)}"></label>
<label>{escape(words["mail"])}
<input name="email" type="email" required maxlength="256" autocomplete="email"></label>
<button>{escape(words["show"])}</button></form>""",
    )


def order_page(site: SiteRecord, words: Words, order: Document, attributes: Attributes) -> str:
    """One order: where it stands, what else the shop says of it, what was bought."""
    facts = [
        (words["placed"], escape(words.day(order["creationDate"]))),
        *((words[name], escape(words[order[name]])) for name in ("paymentStatus", "shippingStatus") if order.get(name)),
        *((words["tracking"], _tracking(shipment)) for shipment in _sent(order)),
        *((label, _linked(value, words)) for label, value in _visible(order, attributes, words)),
    ]
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{value}</dd>" for label, value in facts)
    goods = "".join(_line(item, order["currency"], words) for item in order.get("productItems", ()))
    total = escape(words.amount(order["orderTotal"], order["currency"])) if "orderTotal" in order else ""
    return framed(
        site,
        words,
        f"{words['order']} {order['orderNo']}",
        f'<p class="notice">{escape(words[order["status"]])}</p><dl>{rows}</dl><ul class="goods">{goods}'
        f"<li><strong>{escape(words['total'])}</strong><strong>{total}</strong></li></ul>",
    )


def help_list(site: SiteRecord, words: Words, assets: Iterable[Document]) -> str:
    """The help pages of the site, by name."""
    seen = (shown(asset, words.locale) for asset in assets)
    home = f"/s/{escape(site.site_id)}/help"
    links = "".join(
        f'<li><a href="{home}/{quote(row["id"], safe="")}">{escape(row.get("name", row["id"]))}</a></li>'
        for row in seen
    )
    return framed(site, words, words["help"], f"<ul>{links}</ul>")


def help_page(site: SiteRecord, words: Words, asset: Document) -> str:
    seen = shown(asset, words.locale)
    title = str(seen.get("pageTitle") or seen.get("name") or seen["id"])
    return framed(site, words, title, f"<article>{sanitized(str(seen.get('c_body', '')))}</article>")


def missing_page(site: SiteRecord, words: Words, room: str) -> str:
    """`room` is where one was looking: ``help`` or ``products``."""
    return framed(site, words, words[room], f'<p class="notice">{escape(words["no page"])}</p>')


def framed(site: SiteRecord, words: Words, title: str, body: str) -> str:
    """A whole page: head, the way to the other rooms, title, body."""
    home = f"/s/{escape(site.site_id)}"
    rooms = "".join(f'<a href="{home}/{room}">{escape(words[name])}</a>' for room, name in _ROOMS)
    return (
        f'<!doctype html><html lang="{escape(words.locale)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="{home}/storefront.css"></head><body><header><div>'
        f"<strong>{escape(site.label)}</strong>{rooms}</div></header>"
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _visible(order: Document, attributes: Attributes, words: Words) -> Iterable[tuple[str, Any]]:
    """Custom attributes whose definition says that the storefront shows them, by the names it gives them."""
    for definition in attributes.visible("Order"):
        value = order.get(f"c_{definition['id']}")
        if value is not None:
            yield str(localized(definition.get("displayName"), words.locale) or definition["id"]), value


def _linked(value: Any, words: Words) -> str:
    address = safe_address(value) if isinstance(value, str) and value.startswith("http") else None
    if address is None:
        return escape(words.value(value)).replace("\n", "<br>")
    return f'<a href="{escape(address)}" rel="noopener nofollow">{escape(address)}</a>'


def _sent(order: Document) -> Iterable[Document]:
    return (shipment for shipment in order.get("shipments", ()) if shipment.get("trackingNumber"))


def _tracking(shipment: Document) -> str:
    return escape(str(shipment["trackingNumber"]))


def _line(item: Document, currency: str, words: Words) -> str:
    name = item.get("productName") or item.get("itemText") or item.get("productId", "")
    state = ""
    if item.get("omsData", {}).get("quantityReturnInitiated"):
        state = words["return"]
    elif item.get("c_returnedQuantity"):
        state = words["returned"]
    price = item.get("grossPrice", item.get("basePrice"))
    return (
        f"<li><span>{item.get('quantity', 1):g} × {escape(str(name))}"
        + (f' <span class="quiet">{escape(state)}</span>' if state else "")
        + f"</span><span>{escape(words.amount(price, currency)) if price is not None else ''}</span></li>"
    )
