"""The jobs for site archives: what is exported fits the official schemas, what is imported is there at the end."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sfcc_client.emulator.clients import DEPLOYER
from sfcc_client.emulator.custom_objects import CustomType

DATA, INSTANCE = "/s/-/dw/data/v25_6", "/on/demandware.servlet/webdav/Sites/Impex/src/instance"
SHARED = Path(os.environ.get("SFCC_SNOW_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SCHEMAS = {
    "library.xml": "library",
    "preferences.xml": "preferences",
    "custom-objects.xml": "customobject",
    "system-objecttype-extensions.xml": "metadata",
}
SIGNED_IN = (DEPLOYER.login, DEPLOYER.password)


def run(world: Any, clock: Any, job: str, body: dict[str, str]) -> dict[str, Any]:
    """The execution of a job, after its end."""
    path = f"{DATA}/jobs/sfcc-site-archive-{job}/executions"
    started = world.call("POST", path, token=world.admin(tenant=False), json=body).json()
    clock.advance(30)
    finished = world.call("GET", f"{path}/{started['id']}", token=world.admin(tenant=False))
    return dict(finished.json())


@pytest.fixture
def filled(small: Any) -> Any:
    """The small shop with an asset in a folder, a definition and two custom objects."""
    token = small.admin(tenant=False)
    small.shop.state.custom_objects.define(CustomType(id="Faq", key="id"))
    texts = {"default": {"_type": "markup_text", "source": "<p>14 days</p>"}, "de-DE": {"source": "<p>14 Tage</p>"}}
    asset = {
        "name": {"default": "Returns", "de-DE": "Rückgabe"},
        "online": {"default": True, "South": False},
        "c_body": texts,
    }
    for path, body in (
        ("/libraries/North/content/returns", asset),
        ("/libraries/North/folders/help", {"name": {"default": "Help"}, "online": True}),
        ("/libraries/North/folder_assignments/returns/help", {"default": True}),
        ("/system_object_definitions/Order/attribute_definitions/decision", {"value_type": "set_of_string"}),
        ("/custom_objects/Faq/1", {"c_answer": "Yes & no", "c_tags": ["a", "b"]}),
        ("/sites/North/custom_objects/ServiceNowActivity/0001", {"c_entries": "[]"}),
    ):
        answer = small.call("PUT", DATA + path, token=token, json=body)
        assert answer.status_code == 200, answer.text
    return small


def exported(world: Any, clock: Any) -> dict[str, bytes]:
    execution = run(world, clock, "export", {"export_file": "all.zip"})
    assert execution["status"] == "OK", execution
    content = world.call("GET", f"{INSTANCE}/all.zip", auth=SIGNED_IN).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_export_holds_what_was_written(filled: Any, clock: Any) -> None:
    files = exported(filled, clock)
    assert set(files) == {
        "all/custom-objects/custom-objects.xml",
        "all/meta/system-objecttype-extensions.xml",
        "all/sites/North/custom-objects/custom-objects.xml",
        "all/sites/South/custom-objects/custom-objects.xml",
        "all/sites/North/library/library.xml",
        "all/sites/South/library/library.xml",
        *(f"all/sites/{site}/{name}.xml" for site in ("North", "South") for name in ("site", "preferences")),
    }
    library = etree.fromstring(files["all/sites/North/library/library.xml"])
    names = library.xpath("//*[local-name()='content']/*[local-name()='display-name']/text()")
    assert names == ["Returns", "Rückgabe"]
    assert b"14 Tage" in files["all/sites/North/library/library.xml"]
    assert b"Yes &amp; no" in files["all/custom-objects/custom-objects.xml"]


@pytest.mark.shared
def test_an_export_fits_the_official_schemas(filled: Any, clock: Any) -> None:
    folder = SHARED / "specs" / "sfcc" / "xsd"
    if not folder.exists():
        pytest.skip("the official schemas are not beside this checkout (../shared/specs/sfcc)")
    for name, content in exported(filled, clock).items():
        if name.endswith("/site.xml"):
            continue  # its schema is not published
        schema = etree.XMLSchema(etree.parse(folder / f"{SCHEMAS[name.rsplit('/', 1)[1]]}.xsd"))
        schema.assertValid(etree.fromstring(content))


def test_an_import_is_taken_over_at_the_end_of_its_job(small: Any, clock: Any, dataset: dict[str, Any]) -> None:
    dataset["customers"][0]["lastName"] = "Moss-Reed"
    dataset["orders"][0]["orderNo"] = "N-2"
    dataset["libraries"] = [{"id": "Shared"}]
    dataset["contentAssets"] = [{"libraryId": "Shared", "id": "imprint", "name": {"default": "Imprint"}}]
    office = small.shop.world.office
    office.read_export = lambda content: dataset
    files = {"data": _zip({"all/sites/North/orders.xml": b"<orders/>"})}
    assert small.call("PUT", f"{INSTANCE}/all.zip", auth=SIGNED_IN, **files).status_code == 201
    before = small.shop.state.customers.get(("People", "0001"))["lastName"]
    execution = run(small, clock, "import", {"file_name": "all.zip"})
    assert (
        execution["exit_status"]["message"]
        == "Imported: 2 customers, 2 products, 1 orders, 2 custom objects, 1 assets."
    )
    assert (before, small.shop.state.customers.get(("People", "0001"))["lastName"]) == ("Moss", "Moss-Reed")
    assert {order["orderNo"] for order in small.shop.state.orders} == {"N-1", "N-2"}
    assert small.shop.state.libraries.live["Shared"].assets.get("imprint") is not None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no file 'all.zip'"),
        (b"no zip", "not a ZIP archive"),
        ({"x.xml": b"<"}, "line 1: not well-formed"),
    ],
)
def test_an_import_that_cannot_be_read_fails_with_one_line(small: Any, clock: Any, content: Any, says: str) -> None:
    def refuse(_: bytes) -> Any:
        raise ValueError("x.xml, line 1: not well-formed")

    small.shop.world.office.read_export = refuse
    if content is not None:
        data = content if isinstance(content, bytes) else _zip(content)
        small.call("PUT", f"{INSTANCE}/all.zip", auth=SIGNED_IN, data=data)
    execution = run(small, clock, "import", {"file_name": "all.zip"})
    assert execution["status"] == "ERROR"
    assert says in execution["exit_status"]["message"]
    assert {order["orderNo"] for order in small.shop.state.orders} == {"N-1"}


def _zip(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_what_one_instance_exports_another_one_imports(filled: Any, clock: Any, opened: Any) -> None:
    exported(filled, clock)
    content = filled.call("GET", f"{INSTANCE}/all.zip", auth=SIGNED_IN).content
    other = opened()
    other.call("PUT", f"{INSTANCE}/all.zip", auth=SIGNED_IN, data=content)
    execution = run(other, clock, "import", {"file_name": "all.zip"})
    assert execution["status"] == "OK", execution["exit_status"]["message"]
    library = other.shop.state.libraries.edited["North"]
    asset = library.assets.get("returns")
    assert (asset["name"]["de-DE"], asset["online"]["South"]) == ("Rückgabe", False)
    assert asset["c_body"]["default"]["source"] == "<p>14 days</p>"
    assert library.folder_of("returns") == "help"
    assert other.shop.state.attributes.definitions.get(("Order", "decision"))["valueType"] == "set_of_string"
    token = other.admin(tenant=False)
    taken = other.call("GET", f"{DATA}/custom_objects/Faq/1", token=token).json()
    assert (taken["key_property"], taken["c_answer"], taken["c_tags"]) == ("id", "Yes & no", ["a", "b"])
    assert len(other.shop.state.activities) == len(filled.shop.state.activities)
