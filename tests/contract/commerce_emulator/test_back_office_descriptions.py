"""Every back-office operation answers as its official description says: status, media type, document, no stranger.

One shop, one ordered story: what is created first is read, changed, searched and deleted further down.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.custom_objects import CustomType

pytestmark = pytest.mark.shared

SPECS = Path(os.environ.get("SFCC_SNOW_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "specs/sfcc/oas"
DATA, JOBS, SCRIPTS, SITES = "data-api.json", "operations-jobs-v1.yaml", "dx-scripts-v1.yaml", "site-sites-v1.yaml"
REPLICATIONS, CUSTOM_APIS = "granular-replications-v1.yaml", "custom-apis-v1.yaml"
METRICS, PREFERENCES = "metrics-v1.json", "preferences-oas-1.2.2.yaml"
BASES = {
    JOBS: "/operation/jobs/v1",
    SCRIPTS: "/dx/scripts/v1",
    SITES: "/site/sites/v1",
    REPLICATIONS: "/operation/replications/v1",
    CUSTOM_APIS: "/dx/custom-apis/v1",
    METRICS: "/observability/metrics/v1",
    PREFERENCES: "/configuration/preferences/v1",
}
# The stored copies lack schemas of some answers by reference only; OCAPI's own meta members are in no schema.
META = frozenset({"_v", "_type", "_resource_state"})
# Flaws of the descriptions: values of one tenant as enumerations, "default" read as a status, data beside hits.
TENANT_ENUMERATIONS = (("customer_address", "country_code"), ("customer", "gender"))
UNDESCRIBED = {("content_folder_assignment", "default"), ("custom_object", "site_id")}
DATES = {"creation_date", "last_modified"}
# What the gateway in front of every API answers has the gateway's media type.
GATEWAY = frozenset({401, 403})
FORMATS = jsonschema.FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@functools.cache
def description(name: str) -> dict[str, Any]:
    path = SPECS / name
    if not path.exists():
        pytest.skip("the official descriptions are not beside this checkout (../shared/specs/sfcc)")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = path.read_text("utf-8")
    document: dict[str, Any] = json.loads(text) if name.endswith("json") else yaml.load(text, Loader=loader)
    schemas = document["components"]["schemas"]
    for schema, member in TENANT_ENUMERATIONS:
        schemas.get(schema, {}).get("properties", {}).get(member, {}).pop("enum", None)
    if name == DATA:
        # The description wraps the arguments of a fault into types; published answers hold plain values.
        schemas["fault"]["properties"]["fault"]["properties"]["arguments"] = {"type": "object"}
    # allOf with additionalProperties:false refuses the page's own limit, offset and total.
    schemas.get("PaginatedSearchResult", {}).pop("additionalProperties", None)
    return _mended(document)


def _mended(node: Any) -> Any:
    """Some schemas give a type beside $ref (an object is no string); the reference alone counts, as in OpenAPI."""
    if isinstance(node, dict):
        return {"$ref": node["$ref"]} if isinstance(node.get("$ref"), str) else {k: _mended(v) for k, v in node.items()}
    return [_mended(part) for part in node] if isinstance(node, list) else node


def check(name: str, schema: dict[str, Any], document: Any) -> None:
    whole = Resource.from_contents(description(name), default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource("urn:api", whole)
    jsonschema.Draft4Validator(_rooted(schema), registry=registry, format_checker=FORMATS).validate(document)
    strangers = sorted(_strangers(name, schema, document, "$"))
    assert not strangers, f"members the description does not know: {strangers[:5]}"


def _rooted(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: f"urn:api{v}" if k == "$ref" and v.startswith("#") else _rooted(v) for k, v in schema.items()}
    return [_rooted(part) for part in schema] if isinstance(schema, list) else schema


def _strangers(name: str, schema: dict[str, Any], document: Any, path: str) -> Iterator[str]:
    parts = list(_parts(name, schema))
    if isinstance(document, list):
        items = next((part["items"] for part in parts if "items" in part), None)
        for number, row in enumerate(document if items is not None else ()):
            yield from _strangers(name, items, row, f"{path}[{number}]")
    if not isinstance(document, dict):
        return
    known = {member: sub for part in parts for member, sub in part.get("properties", {}).items()}
    if not known or any(part.get("additionalProperties") is True for part in parts):
        return
    kind = document.get("_type", "")
    for member, value in document.items():
        if member in known:
            yield from _strangers(name, known[member], value, f"{path}.{member}")
        elif member.startswith("c_") or member in META or (kind, member) in UNDESCRIBED:
            continue
        elif not (kind == "custom_object" and member in DATES):
            yield f"{path}.{member}"


def _parts(name: str, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield from _parts(name, description(name)["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        return
    yield schema
    for combined in ("allOf", "oneOf"):
        for part in schema.get(combined, ()):
            yield from _parts(name, part)


def answers_of(name: str, path: str, method: str) -> dict[str, Any]:
    document = description(name)
    prefix = "" if name == DATA else "/organizations/{organizationId}"
    answers = document["paths"][prefix + path][method]["responses"]
    shared = document["components"].get("responses", {})
    return {
        str(status): shared[row["$ref"].rsplit("/", 1)[1]] if "$ref" in row else row for status, row in answers.items()
    }


def confirm(name: str, path: str, method: str, answer: requests.Response) -> None:
    described = answers_of(name, path, method)
    row = described.get(str(answer.status_code)) or described.get("default")
    if row is None and answer.status_code in GATEWAY:
        return
    assert row is not None, f"status {answer.status_code} is not described: {answer.text}"
    if answer.status_code == 204:
        assert not answer.content
        return
    content = row.get("content") or (described.get("default", {}).get("content") if name == DATA else None)
    if not content:
        return
    media = answer.headers["Content-Type"].split(";")[0]
    if answer.status_code not in GATEWAY:
        assert media in content, f"{media} is not described"
    check(name, (content.get(media) or next(iter(content.values()))).get("schema", {}), answer.json())


EVERYTHING: dict[str, Any] = {"query": {"match_all_query": {}}}
ALL: dict[str, Any] = {"query": {"matchAllQuery": {}}}
PRIVATE = {"contentAsset": {"contentId": "returns", "type": "private", "siteId": "North"}}
ASSET = {
    "name": {"default": "Returns", "de-DE": "Rückgabe"},
    "online": {"default": True},
    "searchable": {"default": True, "South": False},
    "c_body": {"default": {"_type": "markup_text", "source": "<p>14 days</p>"}},
}
ORDER, N1 = "/sites/{site_id}/orders/{order_no}", "/sites/North/orders/N-1"
TYPE = "/system_object_definitions/{object_type}"
DEFINITION = f"{TYPE}/attribute_definitions/{{id}}"
RETURN_DECISION = "/system_object_definitions/Order/attribute_definitions/returnDecision"
LIB = "/libraries/{library_id}"
CONTENT, FOLDER = f"{LIB}/content/{{content_id}}", f"{LIB}/folders/{{folder_id}}"
ASSIGNMENT = f"{LIB}/folder_assignments/{{content_id}}/{{folder_id}}"
PERSON = "/customer_lists/{list_id}/customers/{customer_no}"
VERSION, EXECUTION = "/code_versions/{code_version_id}", "/jobs/{job_id}/executions/{id}"
OBJECT, SITE_OBJECT = "/custom_objects/{object_type}/{key}", "/sites/{site_id}/custom_objects/{object_type}/{key}"
INDEXING = "sfcc-search-index-content-full-update"
SCRIPT, RUN = "/code-versions/{codeVersionId}", "/jobs/{jobId}/executions/{executionId}"
GROUP = "/site-preference-groups/{groupId}/{instanceType}"

# description, described path, method, address, body, status; in this order
STORY: list[tuple[str, str, str, str, Any, int]] = [
    (DATA, "/code_versions", "get", "/code_versions", None, 200),
    (DATA, VERSION, "put", "/code_versions/v9", None, 200),
    (DATA, VERSION, "put", "/code_versions/v9", None, 409),
    (DATA, VERSION, "get", "/code_versions/v9?expand=size", None, 200),
    (DATA, VERSION, "patch", "/code_versions/v9", {"active": True}, 200),
    (DATA, VERSION, "delete", "/code_versions/v9", None, 400),
    (DATA, VERSION, "delete", "/code_versions/release_1", None, 204),
    (DATA, VERSION, "get", "/code_versions/release_1", None, 404),
    (DATA, VERSION, "patch", "/code_versions/release_2", {"active": True}, 200),
    (DATA, "/jobs/{job_id}/executions", "post", f"/jobs/{INDEXING}/executions", {"parameters": []}, 200),
    (DATA, "/jobs/{job_id}/executions", "post", f"/jobs/{INDEXING}/executions", {}, 400),
    (DATA, "/jobs/{job_id}/executions", "post", "/jobs/none/executions", {}, 404),
    (DATA, EXECUTION, "get", "/jobs/ServiceNow-ForgetActivity/executions/1000001", None, 200),
    (DATA, EXECUTION, "get", "/jobs/ServiceNow-ForgetActivity/executions/1", None, 404),
    (DATA, EXECUTION, "delete", "/jobs/ServiceNow-ForgetActivity/executions/1000001", None, 204),
    (DATA, "/job_execution_search", "post", "/job_execution_search", {**EVERYTHING, "count": 3}, 200),
    (DATA, "/sites", "get", "/sites?count=1", None, 200),
    (DATA, "/sites/{site_id}", "get", "/sites/North", None, 200),
    (DATA, "/sites/{site_id}", "get", "/sites/Nowhere", None, 404),
    (DATA, "/site_search", "post", "/site_search", EVERYTHING, 200),
    (DATA, CONTENT, "put", "/libraries/North/content/returns", ASSET, 200),
    (DATA, CONTENT, "get", "/libraries/North/content/returns", None, 200),
    (DATA, CONTENT, "patch", "/libraries/North/content/returns", {"template": "help"}, 200),
    (DATA, CONTENT, "put", "/libraries/North/content/returns", {"id": "other"}, 400),
    (DATA, CONTENT, "get", "/libraries/North/content/none", None, 404),
    (DATA, CONTENT, "get", "/libraries/None/content/returns", None, 404),
    (DATA, FOLDER, "put", "/libraries/North/folders/sn-help", {"name": {"default": "Help"}, "online": True}, 200),
    (DATA, FOLDER, "get", "/libraries/North/folders/sn-help", None, 200),
    (DATA, FOLDER, "patch", "/libraries/North/folders/sn-help", {"page_title": {"default": "Help"}}, 200),
    (DATA, FOLDER, "put", "/libraries/North/folders/lost", {"parent_folder_id": "nowhere"}, 404),
    (DATA, ASSIGNMENT, "put", "/libraries/North/folder_assignments/returns/sn-help", {"default": True}, 200),
    (DATA, ASSIGNMENT, "get", "/libraries/North/folder_assignments/returns/sn-help", None, 200),
    (DATA, ASSIGNMENT, "patch", "/libraries/North/folder_assignments/returns/sn-help", {"position": 2.0}, 200),
    (DATA, ASSIGNMENT, "get", "/libraries/North/folder_assignments/returns/none", None, 404),
    (DATA, f"{CONTENT}/folders", "get", "/libraries/North/content/returns/folders", None, 200),
    (DATA, f"{FOLDER}/content", "get", "/libraries/North/folders/sn-help/content", None, 200),
    (DATA, f"{FOLDER}/sub_folders", "get", "/libraries/North/folders/root/sub_folders", None, 200),
    (DATA, OBJECT, "put", "/custom_objects/Faq/7", {"c_answer": "Yes"}, 200),
    (DATA, OBJECT, "get", "/custom_objects/Faq/7", None, 200),
    (DATA, OBJECT, "patch", "/custom_objects/Faq/7", {"c_asked": 3}, 200),
    (DATA, OBJECT, "get", "/custom_objects/Faq/seven", None, 400),
    (DATA, OBJECT, "get", "/custom_objects/Faq/8", None, 404),
    (DATA, "/custom_objects_search/{object_type}", "post", "/custom_objects_search/Faq", EVERYTHING, 200),
    (DATA, "/custom_objects_search/{object_type}", "post", "/custom_objects_search/None", EVERYTHING, 404),
    (DATA, OBJECT, "delete", "/custom_objects/Faq/7", None, 204),
    (DATA, SITE_OBJECT, "put", "/sites/North/custom_objects/ServiceNowActivity/0001", {"c_entries": "[]"}, 200),
    (DATA, SITE_OBJECT, "get", "/sites/North/custom_objects/ServiceNowActivity/0001", None, 200),
    (DATA, SITE_OBJECT, "patch", "/sites/North/custom_objects/ServiceNowActivity/0001", {"c_x": "1"}, 200),
    (DATA, SITE_OBJECT, "delete", "/sites/North/custom_objects/ServiceNowActivity/0001", None, 204),
    (DATA, "/customer_lists/{list_id}", "get", "/customer_lists/People", None, 200),
    (DATA, "/customer_lists/{list_id}", "get", "/customer_lists/Nobody", None, 404),
    (DATA, PERSON, "get", "/customer_lists/People/customers/0001", None, 200),
    (DATA, PERSON, "get", "/customer_lists/People/customers/none", None, 404),
    (DATA, PERSON, "patch", "/customer_lists/People/customers/0001", {"phone_mobile": "+44 7700 900042"}, 200),
    (DATA, PERSON, "patch", "/customer_lists/People/customers/0001", {"customer_no": "0002"}, 400),
    (DATA, f"{PERSON}/addresses", "get", "/customer_lists/People/customers/0001/addresses", None, 200),
    (
        *(DATA, "/customer_lists/{customer_list_id}/customer_search", "post"),
        *("/customer_lists/People/customer_search", EVERYTHING, 200),
    ),
    (DATA, TYPE, "get", "/system_object_definitions/Order", None, 200),
    (
        DATA,
        f"{TYPE}/attribute_definitions",
        "get",
        "/system_object_definitions/Profile/attribute_definitions",
        None,
        200,
    ),
    (DATA, f"{TYPE}/attribute_definitions", "get", "/system_object_definitions/None/attribute_definitions", None, 404),
    (DATA, DEFINITION, "put", RETURN_DECISION, {"value_type": "string", "mandatory": False}, 200),
    (DATA, DEFINITION, "put", RETURN_DECISION, {}, 400),
    (DATA, DEFINITION, "get", RETURN_DECISION, None, 200),
    (DATA, DEFINITION, "patch", RETURN_DECISION, {"display_name": {"default": "Decision"}}, 200),
    (DATA, DEFINITION, "patch", RETURN_DECISION, {"value_type": "int"}, 400),
    (DATA, ORDER, "patch", "/sites/North/orders/N-1", {"c_returnDecision": "approved"}, 204),
    (DATA, ORDER, "patch", "/sites/North/orders/none", {}, 404),
    (DATA, ORDER, "patch", "/sites/Nowhere/orders/N-1", {}, 404),
    (DATA, f"{ORDER}/external_status", "put", "/sites/North/orders/N-1/external_status", {"status": "in transit"}, 204),
    (DATA, f"{ORDER}/confirmation_status", "put", f"{N1}/confirmation_status", {"status": "confirmed"}, 204),
    (DATA, f"{ORDER}/export_status", "put", f"{N1}/export_status", {"status": "exported"}, 204),
    (DATA, f"{ORDER}/payment_status", "put", f"{N1}/payment_status", {"status": "paid"}, 204),
    (DATA, f"{ORDER}/shipping_status", "put", f"{N1}/shipping_status", {"status": "lost"}, 400),
    (DATA, f"{ORDER}/shipping_status", "put", f"{N1}/shipping_status", {"status": "shipped"}, 204),
    (DATA, f"{ORDER}/status", "put", f"{N1}/status", {"status": "cancelled"}, 204),
    (DATA, f"{ORDER}/status", "put", f"{N1}/status", {"status": "failed"}, 409),
    (DATA, f"{ORDER}/status", "put", f"{N1}/status", {"status": "open"}, 204),
    (
        *(DATA, f"{ORDER}/shipments/{{shipment_id}}/shipping_address", "put"),
        *(f"{N1}/shipments/none/shipping_address", {"last_name": "Moss"}, 404),
    ),
    (DATA, DEFINITION, "delete", RETURN_DECISION, None, 204),
    (DATA, DEFINITION, "get", RETURN_DECISION, None, 404),
    (JOBS, "/jobs/{jobId}/executions", "post", "/jobs/ServiceNow-ForgetActivity/executions", None, 200),
    (JOBS, "/jobs/{jobId}/executions", "post", "/jobs/ServiceNow-ForgetActivity/executions", None, 400),
    (JOBS, "/jobs/{jobId}/executions", "post", "/jobs/none/executions", None, 404),
    (JOBS, RUN, "get", "/jobs/ServiceNow-ForgetActivity/executions/1000003", None, 200),
    (JOBS, RUN, "get", "/jobs/ServiceNow-ForgetActivity/executions/0", None, 404),
    (JOBS, RUN, "delete", "/jobs/ServiceNow-ForgetActivity/executions/1000003", None, 204),
    (JOBS, "/job-execution-search", "post", "/job-execution-search", {**ALL, "limit": 2}, 200),
    (JOBS, "/job-execution-search", "post", "/job-execution-search", {}, 400),
    (SCRIPTS, "/code-versions", "get", "/code-versions", None, 200),
    (SCRIPTS, SCRIPT, "get", "/code-versions/release_2?expand=size", None, 200),
    (SCRIPTS, SCRIPT, "get", "/code-versions/none", None, 404),
    (SCRIPTS, SCRIPT, "put", "/code-versions/v10", None, 201),
    (SCRIPTS, SCRIPT, "put", "/code-versions/v10", None, 409),
    (SCRIPTS, SCRIPT, "patch", "/code-versions/v10", {"active": True}, 200),
    (SCRIPTS, SCRIPT, "patch", "/code-versions/v10", {"active": False}, 400),
    (SCRIPTS, SCRIPT, "patch", "/code-versions/v9", {"id": "v10"}, 409),
    (SCRIPTS, SCRIPT, "delete", "/code-versions/v10", None, 400),
    (SCRIPTS, SCRIPT, "patch", "/code-versions/release_2", {"active": True}, 200),
    (SCRIPTS, SCRIPT, "delete", "/code-versions/v10", None, 204),
    (SITES, "/sites", "get", "/sites?limit=1", None, 200),
    (SITES, "/sites/{siteId}", "get", "/sites/South", None, 200),
    (SITES, "/sites/{siteId}", "get", "/sites/Nowhere", None, 404),
    (SITES, "/site-search", "post", "/site-search", ALL, 200),
    (SITES, "/site-search", "post", "/site-search", [], 400),
    (SITES, "/sites/{siteId}/custom-cartridges", "get", "/sites/South/custom-cartridges", None, 200),
    (
        *(SITES, "/sites/{siteId}/custom-cartridges", "put", "/sites/South/custom-cartridges"),
        *({"customCartridges": "app_shop:app_storefront_base"}, 200),
    ),
    (
        SITES,
        "/sites/{siteId}/custom-cartridges",
        "put",
        "/sites/South/custom-cartridges",
        {"customCartridges": "/"},
        400,
    ),
    (REPLICATIONS, "/granular-processes", "post", "/granular-processes", PRIVATE, 201),
    (REPLICATIONS, "/granular-processes", "post", "/granular-processes", PRIVATE, 409),
    (REPLICATIONS, "/granular-processes", "post", "/granular-processes", {"product": {"productId": "mug"}}, 201),
    (REPLICATIONS, "/granular-processes", "post", "/granular-processes", {"priceTable": {"priceTableId": "GBP"}}, 201),
    (REPLICATIONS, "/granular-processes", "post", "/granular-processes", {"product": {"productId": "x"}}, 404),
    (REPLICATIONS, "/granular-processes", "post", "/granular-processes", {}, 400),
    (REPLICATIONS, "/granular-processes", "get", "/granular-processes?limit=2", None, 200),
    (REPLICATIONS, "/granular-processes/{id}", "get", "/granular-processes/none", None, 404),
    (CUSTOM_APIS, "/endpoints", "get", "/endpoints?status=active", None, 200),
    (CUSTOM_APIS, "/endpoints", "get", "/endpoints", None, 200),
    (CUSTOM_APIS, "/endpoints", "get", "/endpoints?status=other", None, 400),
    *(
        (METRICS, f"/metrics/{category}", "get", f"/metrics/{category}", None, status)
        for category, status in {
            **dict.fromkeys(("overall", "sales", "scapi", "ocapi"), 200),
            **dict.fromkeys(("ecdn", "third-party", "scapi-hooks", "mrt", "controller"), 404),
        }.items()
    ),
    (METRICS, "/metrics/scapi", "get", "/metrics/scapi?apiFamily=none", None, 400),
    (METRICS, "/metrics/sales", "get", "/metrics/sales?from=yesterday", None, 400),
    (METRICS, "/metrics/sales", "get", "/metrics/sales?from=20&to=10", None, 400),
    (PREFERENCES, "/global-custom-preferences", "get", "/global-custom-preferences", None, 200),
    (PREFERENCES, "/site-custom-preferences", "get", "/site-custom-preferences?siteId=North", None, 200),
    (
        *(PREFERENCES, "/global-preference-groups/{groupId}/{instanceType}", "get"),
        *("/global-preference-groups/Mail/current?expand=sites", None, 200),
    ),
    (PREFERENCES, GROUP, "get", "/site-preference-groups/ServiceNow/staging?siteId=North", None, 200),
    (PREFERENCES, GROUP, "get", "/site-preference-groups/None/staging?siteId=North", None, 404),
    (PREFERENCES, GROUP, "get", "/site-preference-groups/ServiceNow/moon?siteId=North", None, 400),
    (
        *(PREFERENCES, f"{GROUP}/preference-search", "post"),
        *("/site-preference-groups/ServiceNow/staging/preference-search?expand=value", ALL, 200),
    ),
    (
        *(PREFERENCES, f"{GROUP}/preferences/{{preferenceId}}", "get"),
        *("/site-preference-groups/ServiceNow/staging/preferences/serviceNowActivityCapture", None, 200),
    ),
    (
        *(PREFERENCES, f"{GROUP}/preferences/{{preferenceId}}", "get"),
        *("/site-preference-groups/ServiceNow/staging/preferences/none", None, 404),
    ),
    *(
        (PREFERENCES, path, "patch", address, body, status)
        for path, address, good, bad in (
            (
                *("/global-preference-groups/{groupId}/{instanceType}", "/global-preference-groups/Mail/staging"),
                *({"c_orderMailFrom": "shop@example.com"}, {"c_orderMailFrom": 5}),
            ),
            (
                *(GROUP, "/site-preference-groups/ServiceNow/staging?siteId=North"),
                *({"c_serviceNowActivityCapture": False}, {"c_unheardOf": 1}),
            ),
            (
                f"{GROUP}/preferences/{{preferenceId}}",
                "/site-preference-groups/ServiceNow/staging/preferences/serviceNowActivityCapture",
                *(
                    {"id": "serviceNowActivityCapture", "siteValues": {"North": True}},
                    {"siteValues": {"Nowhere": True}},
                ),
            ),
        )
        for body, status in ((good, 200), (bad, 400))
    ),
    (
        *(PREFERENCES, f"{GROUP}/preferences/{{preferenceId}}", "patch"),
        *("/site-preference-groups/ServiceNow/staging/preferences/none", {}, 404),
    ),
    (DATA, ASSIGNMENT, "delete", "/libraries/North/folder_assignments/returns/sn-help", None, 204),
    (DATA, CONTENT, "delete", "/libraries/North/content/returns", None, 204),
    (DATA, FOLDER, "delete", "/libraries/North/folders/sn-help", None, 204),
]


def test_every_answer_of_the_back_office_fits_its_description(opened: Any) -> None:
    description(DATA)
    shop = opened(staging=True)
    shop.shop.state.custom_objects.define(CustomType(id="Faq", key="number", key_kind="integer"))
    token = shop.admin_answer("").json()["access_token"]
    scopes = shop.admin_answer(
        "sfcc.jobs.rw sfcc.scripts.rw sfcc.sites.rw sfcc.granular-replications.rw "
        "sfcc.custom-apis sfcc.metrics sfcc.preferences.rw"
    ).json()["access_token"]
    for name, path, method, address, body, status in STORY:
        base = "/s/-/dw/data/v25_6" if name == DATA else BASES[name] + shop.organization
        options = {} if body is None else {"json": body}
        answer = shop.call(method.upper(), base + address, token=token if name == DATA else scopes, **options)
        assert answer.status_code == status, f"{method} {address}: {answer.status_code} {answer.text}"
        try:
            confirm(name, path, method, answer)
        except (AssertionError, jsonschema.ValidationError) as error:
            raise AssertionError(f"{method} {address} {status}: {error}") from error


@pytest.mark.parametrize("name", BASES)
def test_every_operation_of_the_new_apis_is_in_the_story(name: str) -> None:
    told = {(row[1], row[2]) for row in STORY if row[0] == name}
    described = {
        (path.removeprefix("/organizations/{organizationId}"), method)
        for path, methods in description(name)["paths"].items()
        for method in methods
        if method in ("get", "put", "post", "patch", "delete")
    }
    assert described <= told


def test_errors_on_the_way_in_fit_too(opened: Any) -> None:
    shop = opened()
    for name, base in BASES.items():
        path = next(iter(description(name)["paths"])).removeprefix("/organizations/{organizationId}")
        method = next(iter(description(name)["paths"]["/organizations/{organizationId}" + path]))
        method = method if method != "parameters" else "get"
        answer = shop.call(method.upper(), f"{base}{shop.organization}{path}", token=shop.admin("sfcc.orders"))
        assert answer.status_code == 403, answer.text
        confirm(name, path, method, answer)


def test_only_a_staging_instance_replicates() -> None:
    with CommerceEmulator() as shop, requests.Session() as session:
        settings = shop.settings()
        form = {
            "grant_type": "client_credentials",
            "scope": f"SALESFORCE_COMMERCE_API:{settings.tenant_id} sfcc.granular-replications",
        }
        auth = (settings.client_id, settings.client_secret)
        signed = session.post(f"{shop.url}/dwsso/oauth2/access_token", data=form, auth=auth, timeout=10).json()
        address = f"{shop.url}{BASES[REPLICATIONS]}/organizations/{settings.organization_id}/granular-processes"
        headers = {"Authorization": f"Bearer {signed['access_token']}"}
        answer = session.get(address, headers=headers, timeout=10)
        assert answer.status_code == 422
        confirm(REPLICATIONS, "/granular-processes", "get", answer)
