"""Corrective actions: what the shop says while a complaint is not mended, or the page that is mended itself.

- ``notice``: a content asset of the cluster's own, for the slot the shop shows notices in
- ``product_flag``: a text on the product (a custom attribute that the product page shows)
- ``content_fix``: a better text for an asset that is there

On a staging instance an action reaches shoppers once it was replicated; elsewhere it is shown at once. Repeating an
action changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from sfcc_client import CommerceClient
from sfcc_client.errors import (
    CommerceError,
    Forbidden,
    NotConfigured,
    NotFound,
    OutcomeUnknown,
    Rejected,
    StateConflict,
)
from sidecar.errors import Terminal
from sidecar.flows.feedback.clusters import Cluster
from sidecar.flows.feedback.policy import FeedbackPolicy

ACTIONS: Final = {
    "notice": "Notice on the storefront",
    "product_flag": "Notice on the product",
    "content_fix": "Correct a content page",
}
STATES: Final = {"published": "Published", "withdrawn": "Withdrawn", "refused": "Not possible"}
_BLOCK = re.compile(r"^\[([A-Za-z]{2}(?:-[A-Za-z]{2})?|default)\][ \t]*", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")


class ActionRefused(Terminal):
    """The action cannot be done as it was chosen; the message says what to change on the problem."""

    code = "action_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a person chose on a problem. `text` is for shoppers: one text, or one for each ``[locale]``."""

    kind: str
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """`target` is the asset or product that says it now, `note` how it reaches shoppers."""

    target: str
    note: str


class Actions:
    """Publishes and withdraws. Raises ActionRefused for what a person must change, CommerceError for the rest."""

    def __init__(self, commerce: CommerceClient, policy: FeedbackPolicy) -> None:
        self._commerce, self._policy = commerce, policy

    def published(self, action: Action, cluster: Cluster) -> Done:
        if not action.text.strip():
            raise ActionRefused("There is no text for shoppers: fill in the text of the action, or the workaround.")
        texts = texts_of(action.text)
        if action.kind == "product_flag":
            return self._flagged(action.target or _product(cluster), texts)
        if action.kind == "content_fix":
            return self._fixed(action.target or (cluster.subject if cluster.rung == "page" else ""), texts, cluster)
        name = {"default": "Service notice", "de": "Hinweis", "fr": "Information", "ja": "お知らせ"}
        return self._content(notice_id(cluster), cluster, name={key: name[key] for key in name}, texts=texts)

    def withdrawn(self, action: Action, cluster: Cluster) -> Done:
        """A notice goes offline, a flag is removed. A corrected page stays corrected."""
        if action.kind == "product_flag":
            return self._flagged(action.target or _product(cluster), None)
        if action.kind == "notice":
            with suppress(NotFound):
                self._commerce.content.retire(notice_id(cluster), library_id=self._library(cluster))
            return Done(target=notice_id(cluster), note=self._replicated_content(notice_id(cluster), cluster))
        return Done(target=action.target, note="A corrected page stays as it is.")

    def _content(self, content_id: str, cluster: Cluster, *, name: Mapping[str, str], texts: Mapping[str, str]) -> Done:
        body = {locale: _markup(text) for locale, text in texts.items()}
        self._commerce.content.publish(
            content_id, library_id=self._library(cluster), folder_id=self._policy.folder_id, name=name, body=body
        )
        return Done(target=content_id, note=self._replicated_content(content_id, cluster))

    def _fixed(self, content_id: str, texts: Mapping[str, str], cluster: Cluster) -> Done:
        if not content_id:
            raise ActionRefused("Which page is to be corrected? Enter the id of its content asset as the target.")
        try:
            there = self._commerce.content.asset(content_id, library_id=self._library(cluster))
        except NotFound:
            raise ActionRefused(f"The library has no content asset {content_id[:60]}: correct the target.") from None
        body = {**there.body, **{locale: _markup(text) for locale, text in texts.items()}}
        self._commerce.content.publish(
            content_id,
            library_id=self._library(cluster),
            folder_id=self._policy.folder_id,
            name=there.name,
            body=body,
        )
        return Done(target=content_id, note=self._replicated_content(content_id, cluster))

    def _flagged(self, product_id: str, texts: Mapping[str, str] | None) -> Done:
        if not product_id:
            raise ActionRefused("Which product is to be marked? Enter its id as the target.")
        value = None if texts is None else dict(texts)
        try:
            self._commerce.product_updates.set_attributes(
                product_id, {self._policy.product_attribute: value}, expected={}
            )
        except NotFound:
            raise ActionRefused(f"The catalog has no product {product_id[:60]}: correct the target.") from None
        except Rejected as error:
            raise ActionRefused(error.message) from None
        return Done(
            target=product_id, note=self._replicated(lambda: self._commerce.releases.replicate_product(product_id))
        )

    def _replicated_content(self, content_id: str, cluster: Cluster) -> str:
        shared = self._policy.library_id or None
        site = None if shared else cluster.site_id
        replicate = self._commerce.releases.replicate_content
        return self._replicated(lambda: replicate(content_id, site_id=site, library_id=shared))

    def _replicated(self, start: Any) -> str:
        """Queue for production where there is a production to send to. What is queued already is on its way."""
        try:
            start()
        except (Rejected, NotConfigured, Forbidden, NotFound):
            return "Shown at once: this instance does not replicate."
        except (StateConflict, OutcomeUnknown):
            return "A replication is under way already; if shoppers do not see it within the hour, publish again."
        return "On its way to production."

    def _library(self, cluster: Cluster) -> str:
        return self._policy.library_id or cluster.site_id


def notice_id(cluster: Cluster) -> str:
    """The content asset of a cluster's notice: the same for every repeat."""
    return f"service-notice-{cluster.id.lower()}"


def texts_of(text: str) -> Mapping[str, str]:
    """Texts by locale. ``[de] …`` begins the text of a locale; what stands before the first is the default, else the
    first one is."""
    parts = _BLOCK.split(text)
    texts = {"default": parts[0].strip()} if parts[0].strip() else {}
    texts |= {locale: body.strip() for locale, body in zip(parts[1::2], parts[2::2], strict=True) if body.strip()}
    return texts if "default" in texts or not texts else {"default": next(iter(texts.values())), **texts}


def plain(html: str) -> str:
    """The text of a workaround, which ServiceNow keeps as HTML."""
    spaced = re.sub(r"<(?:br|/p|/div|/li)[^>]*>", "\n", html, flags=re.IGNORECASE)
    text = _TAG.sub("", spaced)
    for entity, sign in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def is_for_people(error: CommerceError) -> bool:
    """Whether a failure is told on the problem instead of being tried again."""
    return not error.transient


def _markup(text: str) -> str:
    """Paragraphs; whatever a person typed is text and never markup."""
    return "".join(f"<p>{escape(part.strip())}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


def _product(cluster: Cluster) -> str:
    return cluster.subject if cluster.rung == "product" else ""
