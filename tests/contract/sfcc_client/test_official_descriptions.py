"""Every SCAPI request the client makes is one the official descriptions allow, under the scope they name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import pytest
import requests
import yaml
from referencing import Registry
from referencing.jsonschema import DRAFT4

from sfcc_client import CommerceClient, errors
from sfcc_client.emulator import CommerceEmulator
from sfcc_client.permissions import PERMISSIONS, READING

pytestmark = pytest.mark.shared

FOLDER = Path(__file__).parents[4] / "shared" / "specs" / "sfcc" / "oas"
DESCRIPTIONS = {
    "/checkout/orders/v1": "orders-oas-1.5.2.yaml",
    "/customer/customers/v1": "customers-oas-1.1.3.yaml",
    "/customer/shopper-customers/v1": "shopper-customers-oas-1.8.0.yaml",
    "/product/shopper-products/v1": "shopper-products-oas-1.11.1.yaml",
    "/shopper/auth/v1": "auth-oas-1.50.0.yaml",
}


class Description:
    """One official OpenAPI 3.0 file."""

    def __init__(self, path: Path) -> None:
        self.document = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        self._registry: Registry[Any] = Registry().with_resource("urn:api", DRAFT4.create_resource(self.document))

    def operation(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The operation a request is for, and its path parameters."""
        for template, item in self.document["paths"].items():
            names = re.findall(r"{(\w+)}", template)
            match = re.fullmatch(re.sub(r"{\w+}", "([^/]+)", template), path)
            if match and method.lower() in item:
                return item[method.lower()], dict(zip(names, map(unquote, match.groups()), strict=True))
        raise AssertionError(f"no operation for {method} {path}")

    def resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            node: Any = self.document
            for step in part["$ref"].removeprefix("#/").split("/"):
                node = node[step]
            part = node
        return part

    def check(self, value: Any, schema: dict[str, Any]) -> None:
        absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', '"$ref": "urn:api#/'))
        jsonschema.Draft4Validator(absolute, registry=self._registry).validate(value)

    def parameters(self, operation: dict[str, Any], where: str) -> dict[str, dict[str, Any]]:
        found = (self.resolved(parameter) for parameter in operation.get("parameters", []))
        return {parameter["name"]: parameter for parameter in found if parameter["in"] == where}


@pytest.fixture(scope="module")
def descriptions() -> dict[str, Description]:
    if not FOLDER.is_dir():
        pytest.skip(f"the official descriptions are not beside the checkout ({FOLDER.name} is missing)")
    return {base: Description(FOLDER / name) for base, name in DESCRIPTIONS.items()}


@pytest.fixture(scope="module")
def sent(shop: CommerceEmulator, clock) -> list[requests.PreparedRequest]:
    """What the client sends when every public method is used."""
    seen: list[requests.PreparedRequest] = []
    samples = shop.samples()
    registered, site = samples["registered"], {"site_id": samples["registered"]["site_id"]}
    with CommerceClient(shop.settings(), clock=clock) as client:
        for session in client._transport._sessions.values():
            session.hooks["response"].append(lambda response, **_: seen.append(response.request))
        client.ping()
        customer = client.customers.by_number(registered["customer_no"], **site)
        client.customers.by_email(registered["email"], **site)
        client.orders.of_customer(customer, limit=60, **site)
        client.orders.by_number(registered["order_no"], **site)
        client.baskets.of_customer(customer, **site)
        client.products.by_ids([f"p{n}" for n in range(30)], **site)
        for missing in ("customers", "orders"):
            with pytest.raises(errors.NotFound):
                getattr(client, missing).by_number("a b%/ü", **site)
    return seen


def typed(value: str, schema: dict[str, Any]) -> Any:
    """A query value as its schema means it."""
    kind = schema.get("type")
    if kind == "array":
        return value.split(",")
    return int(value) if kind == "integer" else value


def described(
    descriptions: dict[str, Description], sent: list[requests.PreparedRequest]
) -> Iterator[tuple[requests.PreparedRequest, Description, dict[str, Any], dict[str, str]]]:
    for request in sent:
        path = urlsplit(request.url).path
        base = next((base for base in DESCRIPTIONS if path.startswith(f"{base}/")), None)
        if base:
            operation, in_path = descriptions[base].operation(request.method, path.removeprefix(base))
            yield request, descriptions[base], operation, in_path


def test_every_described_operation_is_used(descriptions, sent) -> None:
    used = {operation["operationId"] for _, _, operation, _ in described(descriptions, sent)}
    assert used == {name for name in READING if name.startswith(("get", "search"))} - {"getRecommendations"} | {
        "getAccessToken"
    }


def test_parameters(descriptions, sent) -> None:
    for request, api, operation, in_path in described(descriptions, sent):
        known = api.parameters(operation, "query")
        query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
        assert set(query) <= set(known), operation["operationId"]
        required = {name for name, parameter in known.items() if parameter.get("required")}
        assert required <= set(query), operation["operationId"]
        for name, value in query.items():
            schema = api.resolved(known[name]["schema"])
            api.check(typed(value, schema), known[name]["schema"])
        for name, parameter in api.parameters(operation, "path").items():
            api.check(in_path[name], parameter["schema"])


def test_bodies(descriptions, sent) -> None:
    checked = set()
    for request, api, operation, _ in described(descriptions, sent):
        if "requestBody" not in operation:
            assert request.body is None
            continue
        content = api.resolved(operation["requestBody"])["content"]
        media = request.headers["Content-Type"].partition(";")[0]
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        document = dict(parse_qsl(body)) if media == "application/x-www-form-urlencoded" else json.loads(body)
        api.check(document, content[media]["schema"])
        checked.add(operation["operationId"])
    assert checked == {"searchCustomerInCustomerList", "getAccessToken", "getTrustedSystemAccessToken"}


def test_scopes_named_on_a_403_are_the_described_ones(descriptions, sent) -> None:
    for _, api, operation, _ in described(descriptions, sent):
        permission = PERMISSIONS.get(operation["operationId"])
        security = operation.get("security", api.document.get("security", []))
        scopes = {scope for scheme in security for names in scheme.values() for scope in names}
        if permission and scopes:
            assert permission.scope in scopes, operation["operationId"]
