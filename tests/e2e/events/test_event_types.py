"""The description of the events says what intake does."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import requests

from sidecar.events import catalog
from sidecar.flows import order_issues, storefront_alerts


def _documents(doors: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    listed = requests.get(f"{doors.url}/v1/event-types", timeout=30).json()["eventTypes"]
    return listed, requests.get(f"{doors.url}/asyncapi.json", timeout=30).json()


def test_only_what_may_be_sent_is_listed_in_every_version(doors) -> None:
    listed, _ = _documents(doors)
    assert [(one["type"], one["schemaVersion"]) for one in listed] == [("complaint.made", 1), ("complaint.made", 3)]


def test_examples_fit_their_schemas_and_are_taken(doors) -> None:
    listed, document = _documents(doors)
    for number, one in enumerate(listed):
        jsonschema.Draft202012Validator.check_schema(one["schema"])
        jsonschema.validate(one["example"]["data"], one["schema"])
        name = f"{one['type']}.v{one['schemaVersion']}"
        jsonschema.validate(one["example"], document["components"]["schemas"][name])
        example = one["example"] | {"id": f"example-{number}"}
        assert doors.post(example).status_code == 202, one


@pytest.mark.parametrize("data", [{}, {"orderNo": "a b"}, {"orderNo": "1", "more": 1}, {"orderNo": 1}], ids=str)
def test_what_a_schema_refuses_intake_refuses(doors, data: dict[str, Any]) -> None:
    schema = _documents(doors)[0][0]["schema"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
    assert doors.post(doors.document(data=data)).status_code == 422


def test_the_asyncapi_document_holds_together(doors) -> None:
    """AsyncAPI 3.0.0, the parts it calls required, and every reference leads somewhere."""
    _, document = _documents(doors)
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    (server,) = document["servers"].values()
    assert (server["protocol"], server["host"]) == ("http", doors.url.removeprefix("http://"))
    (operation,) = document["operations"].values()
    assert operation["action"] == "receive"
    assert operation["channel"] == {"$ref": "#/channels/events"}
    assert document["channels"]["events"]["address"] == "/v1/events"
    references = list(_references(document))
    assert len(references) > 6
    for reference in references:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_the_page_leads_to_both(doors) -> None:
    page = requests.get(f"{doors.url}/docs", timeout=30).text
    assert 'href="/asyncapi.json"' in page
    assert 'href="/v1/event-types"' in page


def test_the_types_of_the_product_can_be_described() -> None:
    kinds = (*storefront_alerts.StorefrontAlerts.types, *order_issues.OrderIssues.types)
    for one in catalog.listed(kind for kind in kinds if kind.sender == "commerce"):
        jsonschema.validate(one["example"]["data"], one["schema"])


def _references(found: Any) -> Any:
    if isinstance(found, dict):
        if isinstance(found.get("$ref"), str):
            yield found["$ref"]
        for value in found.values():
            yield from _references(value)
    elif isinstance(found, list):
        for value in found:
            yield from _references(value)
