"""Custom objects of the instance or of one site, through OCAPI Data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.documents.schema import custom_attributes
from sfcc_client.errors import NotFound, Rejected
from sfcc_client.gateway import Gateway
from sfcc_client.models_operations import CustomObject
from sfcc_client.request import Answer, Call, named
from sfcc_client.resources.data_api import DataApi


class CustomObjects:
    """Objects by type and key; those of a site where `site_id` is given. Raises any CommerceError; of them Forbidden
    naming the resource to allow in the OCAPI settings, type Data."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._data = gateway, DataApi(gateway)

    def get(
        self,
        object_type: str,
        key: str,
        *,
        site_id: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> CustomObject:
        """The object (OCAPI Data, getCustomObjectsByIDByID, or the same of a site). Raises NotFound."""
        call = self._gateway.calls.start("custom_objects.get", deadline, correlation_id)
        return _object(object_type, key, self._sent("GET", object_type, key, site_id, call))

    def put(
        self,
        object_type: str,
        key: str,
        attributes: Mapping[str, Any],
        *,
        site_id: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> CustomObject:
        """Create or replace the object (OCAPI Data, putCustomObjectsByIDByID, or the same of a site). Every attribute
        has to be named ``c_…`` (Rejected) and be defined for the type."""
        call = self._gateway.calls.start("custom_objects.put", deadline, correlation_id)
        if any(not name.startswith("c_") for name in attributes):
            raise Rejected("Custom objects hold nothing but attributes whose names begin with c_.")
        return _object(object_type, key, self._sent("PUT", object_type, key, site_id, call, document=dict(attributes)))

    def delete(
        self,
        object_type: str,
        key: str,
        *,
        site_id: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> None:
        """Delete the object (OCAPI Data, deleteCustomObjectsByIDByID, or the same of a site); deleting nothing is no
        error."""
        call = self._gateway.calls.start("custom_objects.delete", deadline, correlation_id)
        try:
            self._sent("DELETE", object_type, key, site_id, call)
        except NotFound:
            return

    def _sent(
        self, method: str, object_type: str, key: str, site_id: str | None, call: Call, *, document: Any = None
    ) -> Answer:
        place = ("sites", site_id) if site_id else ()
        operation_id = f"{method.lower()}{'SitesByID' if site_id else ''}CustomObjectsByIDByID"
        segments = (*place, "custom_objects", object_type, key)
        return self._data.sent(method, segments, operation_id, named("object", key), call, document=document)[1]


def _object(object_type: str, key: str, answer: Answer) -> CustomObject:
    document = answer.document if isinstance(answer.document, dict) else {}
    return CustomObject(object_type=object_type, key=key, attributes=custom_attributes(document))
