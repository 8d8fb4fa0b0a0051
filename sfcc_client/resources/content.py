"""Help content: published through OCAPI Data libraries, read back as the shop shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from sfcc_client.documents.schema import Document, Text, loaded
from sfcc_client.errors import NotFound, Rejected
from sfcc_client.gateway import Gateway
from sfcc_client.models_operations import ContentAsset, ShownContent
from sfcc_client.request import Call, Request, named
from sfcc_client.resources.data_api import STATE_HEADER, DataApi

SHOP_API: Final = "/experience/shopper-experience/v1"
NEW: Final = "not_exists"
LONGEST_ID: Final = 256


class _Shown(Document):
    id = Text(required=True)
    name = Text()
    c_body = Text(data_key="c_body")


_SHOWN: Schema = _Shown()


class Content:
    """Content assets of a library (its id is the site id for a site's own). Raises any CommerceError; of them
    StateConflict when somebody else changed the asset meanwhile, NotFound for no such library or folder, and Forbidden
    naming the resource to allow in the OCAPI settings, type Data."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._data = gateway, DataApi(gateway)

    def asset(
        self, content_id: str, *, library_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> ContentAsset:
        """The asset as it is kept (OCAPI Data, getLibrariesByIDContentByID). Raises NotFound."""
        return self._read(content_id, library_id, self._gateway.calls.start("content.asset", deadline, correlation_id))

    def publish(
        self,
        content_id: str,
        *,
        library_id: str,
        folder_id: str,
        name: Mapping[str, str],
        body: Mapping[str, str],
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> ContentAsset:
        """Create or replace an asset, put it online and into a folder, without which no search shows it.

        OCAPI Data, putLibrariesByIDContentByID or patchLibrariesByIDContentByID, then
        putLibrariesByIDFolderAssignmentsByIDByID. Texts are by locale and need a ``default``; ids have at most 256
        characters (Rejected). Repeating it changes nothing; what is there is changed only in the state it was read in.
        """
        call = self._gateway.calls.start("content.publish", deadline, correlation_id)
        if "default" not in name or "default" not in body or len(content_id) > LONGEST_ID:
            raise Rejected("Content needs a name and a body in the locale default, and an id of up to 256 characters.")
        document = {
            "name": dict(name),
            "online": {"default": True},
            "searchable": {"default": True},
            "c_body": {locale: {"_type": "markup_text", "source": text} for locale, text in body.items()},
        }
        try:
            there: ContentAsset | None = self._read(content_id, library_id, call)
        except NotFound as error:
            if (error.upstream_code or "").startswith("Library"):
                raise
            there = None
        if there is None:
            self._write("PUT", content_id, library_id, document, state=NEW, call=call)
        elif not (there.online and dict(there.name) == dict(name) and dict(there.body) == dict(body)):
            self._write("PATCH", content_id, library_id, document, state=there.state, call=call)
        self._data.sent(
            "PUT",
            ("libraries", library_id, "folder_assignments", content_id, folder_id),
            "putLibrariesByIDFolderAssignmentsByIDByID",
            named("folder", folder_id),
            call,
            document={},
        )
        return self._read(content_id, library_id, call)

    def retire(
        self, content_id: str, *, library_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> ContentAsset:
        """Take an asset offline; it is kept (OCAPI Data, patchLibrariesByIDContentByID). Raises NotFound; retiring
        twice is no error."""
        call = self._gateway.calls.start("content.retire", deadline, correlation_id)
        there = self._read(content_id, library_id, call)
        if not there.online:
            return there
        self._write("PATCH", content_id, library_id, {"online": {"default": False}}, state=there.state, call=call)
        return self._read(content_id, library_id, call)

    def shown(
        self, content_id: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> ShownContent | None:
        """The content as a guest of the site sees it in the site's locale, None where it is not shown (Shopper
        Experience, getContent; scope sfcc.shopper-experience.contents, which sfcc.shopper-standard does not include).
        """
        call = self._gateway.calls.start("content.shown", deadline, correlation_id)
        site = self._gateway.site(site_id)
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(SHOP_API, "contents", content_id),
            operation_id="getContent",
            subject=named("content", content_id),
            query={"siteId": site_id, **({"locale": site.locale} if site.locale else {})},
        )
        try:
            answer = self._gateway.sent(request, call, self._gateway.slas.guest(site_id))
        except NotFound:
            return None
        found = loaded(_SHOWN, answer.document, answer, request)
        return ShownContent(content_id=found["id"], name=found["name"], body=found["c_body"])

    def _read(self, content_id: str, library_id: str, call: Call) -> ContentAsset:
        segments = ("libraries", library_id, "content", content_id)
        _, answer, _ = self._data.sent(
            "GET", segments, "getLibrariesByIDContentByID", named("content", content_id), call
        )
        document = answer.document if isinstance(answer.document, dict) else {}
        return ContentAsset(
            content_id=content_id,
            name=_texts(document.get("name")),
            body=_texts(document.get("c_body")),
            online=_texts(document.get("online"), True) != {},
            state=document.get("_resource_state"),
        )

    def _write(
        self, method: str, content_id: str, library_id: str, document: dict[str, Any], *, state: str | None, call: Call
    ) -> None:
        self._data.sent(
            method,
            ("libraries", library_id, "content", content_id),
            f"{method.lower()}LibrariesByIDContentByID",
            named("content", content_id),
            call,
            document=document,
            headers={STATE_HEADER: state} if state else {},
        )


def _texts(localized: Any, wanted: object = None) -> dict[str, str]:
    """Text by locale, markup as its source; with `wanted` only the locales of that value."""
    if not isinstance(localized, dict):
        return {}
    plain = {locale: value.get("source") if isinstance(value, dict) else value for locale, value in localized.items()}
    return {
        locale: str(value)
        for locale, value in plain.items()
        if not locale.startswith("_") and value is not None and (wanted is None or value is wanted)
    }
