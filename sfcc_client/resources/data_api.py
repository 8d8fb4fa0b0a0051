"""OCAPI Data: requests to the instance, with member names as SCAPI writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sfcc_client.documents.schema import camel_cased
from sfcc_client.gateway import Gateway
from sfcc_client.request import Answer, Call, Request, path

VERSION: Final = "v25_6"  # of the official description the requests are held against
STATE_HEADER: Final = "x-dw-resource-state"


class DataApi:
    """Sends requests of OCAPI Data. A 403 names the resource to allow."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def sent(
        self,
        method: str,
        segments: tuple[str, ...],
        operation_id: str,
        subject: str,
        call: Call,
        *,
        document: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Request, Answer, Any]:
        """The request, its answer, and the answer's document renamed."""
        request = Request(
            family="instance",
            method=method,
            path=path("/s/-/dw/data", VERSION, *segments),
            operation_id=operation_id,
            subject=subject,
            headers=headers or {},
            json=document,
        )
        answer = self._gateway.sent(request, call, self._gateway.instance)
        return request, answer, camel_cased(answer.document)
