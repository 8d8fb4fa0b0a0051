"""Salesforce's descriptions of what the emulator answers, and whether an answer fits, custom attributes and no others
added."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

SPECS = Path(os.environ.get("SFCC_SNOW_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "specs" / "sfcc"
CUSTOMERS, ORDERS = "customers-oas-1.1.3", "orders-oas-1.5.2"
SHOPPER_CUSTOMERS, SHOPPER_ORDERS = "shopper-customers-oas-1.8.0", "shopper-orders-oas-1.17.1"
BASKETS_V1 = "shopper-baskets-oas-1.11.0"
BASKETS, PRODUCTS, AUTH = "shopper-baskets-oas-2.11.1", "shopper-products-oas-1.11.1", "auth-oas-1.50.0"
SEARCH_API = "shopper-search-oas-1.10.0"
EXPERIENCE = "shopper-experience-oas-1.6.0"
LIST = "/customer-lists/{customerListId}"
FORMATS = jsonschema.FormatChecker()
# Descriptions leave out what the gateway in front of every API answers.
GATEWAY = {401, 403, 429, 503}


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("date", raises=ValueError)
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@functools.cache
def description(name: str) -> dict[str, Any]:
    path = SPECS / "oas" / f"{name}.yaml"
    if not path.exists():
        pytest.skip("the official descriptions are not beside this checkout (../shared/specs/sfcc)")
    document: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    search = document["components"]["schemas"].get("PaginatedSearchResult")
    if search is not None:
        # Known flaw of the description: allOf with additionalProperties:false refuses its own limit, offset and total.
        for kind in ("CustomerSearchResult", "CustomerGroupSearchResult"):
            document["components"]["schemas"].get(kind, {}).pop("additionalProperties", None)
        search.pop("additionalProperties")
    return document


def schema_of(name: str, path: str, method: str, status: int) -> dict[str, Any] | None:
    answers = description(name)["paths"][f"/organizations/{{organizationId}}{path}"][method]["responses"]
    if str(status) not in answers:
        return None
    content = answers[str(status)].get("content", {})
    if not content:
        return {"media": None, "headers": answers[str(status)].get("headers", {})}
    return {"media": next(iter(content), None), "schema": next(iter(content.values()), {}).get("schema", {})}


def check(name: str, schema: dict[str, Any], document: Any) -> None:
    whole = Resource.from_contents(description(name), default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource("urn:api", whole)
    rooted = _rooted(schema)
    jsonschema.Draft4Validator(rooted, registry=registry, format_checker=FORMATS).validate(document)
    strangers = sorted(_strangers(name, schema, document, "$"))
    assert not strangers, f"members the description does not know: {strangers[:5]}"


def _rooted(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: f"urn:api{value}" if key == "$ref" and value.startswith("#") else _rooted(value)
            for key, value in schema.items()
        }
    return [_rooted(part) for part in schema] if isinstance(schema, list) else schema


def _strangers(name: str, schema: dict[str, Any], document: Any, path: str) -> Iterator[str]:
    """Members that are neither described nor custom; the descriptions' own validators let any member pass."""
    parts = list(_parts(name, schema))
    if isinstance(document, list):
        items = next((part["items"] for part in parts if "items" in part), None)
        if items is not None:
            for number, row in enumerate(document):
                yield from _strangers(name, items, row, f"{path}[{number}]")
    if not isinstance(document, dict):
        return
    known = {member: sub for part in parts for member, sub in part.get("properties", {}).items()}
    if not known or any(part.get("additionalProperties") is True for part in parts):
        return
    for member, value in document.items():
        if member in known:
            yield from _strangers(name, known[member], value, f"{path}.{member}")
        elif not member.startswith("c_"):
            yield f"{path}.{member}"


def _parts(name: str, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield from _parts(name, description(name)["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        return
    yield schema
    for part in schema.get("allOf", ()):
        yield from _parts(name, part)


def confirm(name: str, path: str, method: str, answer: requests.Response) -> None:
    """The answer's status is described, its media type too, and its document fits the schema."""
    described = schema_of(name, path, method, answer.status_code)
    if described is None:
        assert answer.status_code in GATEWAY, f"status {answer.status_code} is not described"
        return
    if described["media"] is None:
        assert not answer.content, "the description knows no body"
        assert set(described["headers"]) <= set(answer.headers)
        return
    assert answer.headers["Content-Type"].split(";")[0] == described["media"]
    check(name, described["schema"], answer.json())
