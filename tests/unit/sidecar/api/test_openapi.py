"""The description says what the endpoints do, and the page shows it without asking anybody else."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from sidecar import errors
from sidecar.api.problems import KINDS
from sidecar.api.tokens import SCOPES

from .conftest import CASE, VIEWER, Edge


@pytest.fixture
def document(edge: Edge) -> dict:
    return edge.client.get("/openapi.json").json


def test_it_is_openapi_3_1_with_every_endpoint(document: dict, edge: Edge) -> None:
    assert document["openapi"] == "3.1.0"
    described = {(path, verb) for path, item in document["paths"].items() for verb in item if verb != "parameters"}
    assert described == {
        ("/v1/context", "post"),
        ("/v1/customers/{customer_no}/{section}", "get"),
        ("/v1/customers/{customer_no}", "delete"),
        ("/v1/reveal", "post"),
        ("/v1/panel-links", "post"),
        ("/healthz", "get"),
        ("/readyz", "get"),
        ("/metrics", "get"),
    }


def test_every_schema_is_a_json_schema(document: dict) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere(document: dict) -> None:
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert names <= document["components"]["schemas"].keys()
    assert {"Envelope", "Section", "Problem", "ContextRequest", "Identity", "Viewer"} <= names


def test_path_parameters_are_declared(document: dict) -> None:
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for verb, operation in item.items():
            if verb == "parameters":
                continue
            declared = {one["name"] for one in [*shared, *operation.get("parameters", [])] if one["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path))
            assert operation["summary"]
            assert "200" in operation["responses"]


def test_protected_operations_say_so(document: dict) -> None:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if verb != "parameters":
                assert bool(operation.get("security")) == path.startswith("/v1/")
                if path.startswith("/v1/"):
                    assert any(f"`{scope}`" in operation["description"] for scope in SCOPES)


def test_request_bodies_refuse_unknown_fields(document: dict) -> None:
    for name in ("ContextRequest", "RevealRequest", "PanelLinkRequest", "Identity", "Viewer", "Case"):
        assert document["components"]["schemas"][name]["additionalProperties"] is False


def test_an_answer_and_a_problem_fit_their_schemas(edge: Edge, document: dict) -> None:
    def validator(name: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})

    body = {"identity": {"customer_no": "0001"}, "case": CASE, "viewer": VIEWER}
    validator("ContextRequest").validate(body)
    validator("Envelope").validate(edge.post("/v1/context", body).json)
    validator("PanelLink").validate(edge.post("/v1/panel-links", body).json)
    validator("Revealed").validate(edge.post("/v1/reveal", {**body, "field": "email"}).json)
    validator("Problem").validate(edge.post("/v1/context", {"identity": 1}).json)
    validator("Problem").validate(edge.client.get("/nowhere").json)
    validator("Readiness").validate(edge.client.get("/readyz").json)


def test_every_error_of_the_product_has_a_problem_kind() -> None:
    def leaves(kind: type[errors.SidecarError]) -> list[type[errors.SidecarError]]:
        found = [leaf for child in kind.__subclasses__() for leaf in leaves(child)]
        # A flow's own errors end in the log of its event, never in an answer.
        answered = kind.__module__ == errors.__name__
        branch = kind in (errors.SidecarError, errors.Transient, errors.Terminal)
        return found + ([kind] if answered and not branch else [])

    for kind in leaves(errors.SidecarError):
        assert KINDS[kind.code].status == kind.status, kind.__name__


def test_the_page_asks_nobody_and_runs_nothing(edge: Edge) -> None:
    page = edge.client.get("/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy


def test_problem_types_lead_to_the_page(edge: Edge) -> None:
    kind = edge.client.get("/nowhere").json["type"]
    path, _, anchor = kind.partition("#")
    assert f'id="{anchor}"' in edge.client.get(path).text
