"""The cartridge is whole, its metadata valid, and its own tests pass."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from .conftest import APIS, CARTRIDGE, CARTRIDGES, HERE, description, ran

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "sfcc" / "xsd"
METADATA = CARTRIDGES / "metadata" / "int_servicenow"
SCHEMAS = {
    "meta/system-objecttype-extensions.xml": "metadata",
    "meta/custom-objecttype-definitions.xml": "metadata",
    "sites/RefArch/preferences.xml": "preferences",
    "jobs.xml": "jobs",
}
SCRIPTS = sorted(CARTRIDGE.rglob("*.js"))
NAMES = sorted(path.name for path in APIS.iterdir())


@pytest.mark.parametrize("suite", sorted(path.name for path in HERE.glob("*.test.js")))
def test_its_own_tests(modules: Path, suite: str) -> None:
    done = ran("node", "--test", str(HERE / suite), modules=modules)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"^# pass (\d+)$", done.stdout, re.M)[0]) >= 3


@pytest.mark.shared
@pytest.mark.parametrize("file", SCHEMAS)
def test_metadata_is_what_the_platform_imports(file: str) -> None:
    if not SPECS.exists():
        pytest.skip("the official schemas are not beside the checkout (xsd is missing)")
    schema = etree.XMLSchema(etree.parse(SPECS / f"{SCHEMAS[file]}.xsd"))
    schema.assertValid(etree.parse(METADATA / file))


def test_every_metadata_file_is_checked() -> None:
    assert {path.relative_to(METADATA).as_posix() for path in METADATA.rglob("*.xml")} == set(SCHEMAS)


def test_what_is_recorded_stays_on_its_site_and_instance_and_ends() -> None:
    space = {"m": "http://www.demandware.com/xml/impex/metadata/2006-10-31"}
    root = etree.parse(METADATA / "meta/custom-objecttype-definitions.xml")
    found = {name: root.findtext(f".//m:{name}", namespaces=space) for name in ("storage-scope", "staging-mode")}
    assert found == {"storage-scope": "site", "staging-mode": "no-staging"}
    assert int(root.findtext(".//m:retention-days", namespaces=space) or 0) == 90


@pytest.mark.parametrize("name", ["serviceNowActivityCapture", "serviceNowActivityRetentionDays", "trackingOptOut"])
def test_every_name_the_scripts_read_is_defined(name: str) -> None:
    assert any(name in script.read_text(encoding="utf-8") for script in SCRIPTS)
    assert f'attribute-id="{name}"' in (METADATA / "meta/system-objecttype-extensions.xml").read_text(encoding="utf-8")


def test_every_loyalty_attribute_is_defined() -> None:
    script = (CARTRIDGE / "cartridge/scripts/servicenow/loyalty.js").read_text(encoding="utf-8")
    defined = (METADATA / "meta/system-objecttype-extensions.xml").read_text(encoding="utf-8")
    names = set(re.findall(r"'(loyalty[A-Z]\w+)'", script))
    assert len(names) == 9
    assert names == set(re.findall(r'attribute-definition attribute-id="(loyalty\w+)"', defined))


@pytest.mark.parametrize("api", NAMES)
class TestCustomApi:
    """The rules by which the platform registers an endpoint, and leaves it out silently otherwise."""

    def test_every_operation_is_mapped(self, api: str) -> None:
        assert re.fullmatch(r"[a-z0-9-]+", api)
        endpoints = json.loads((APIS / api / "api.json").read_text())["endpoints"]
        assert {row["endpoint"] for row in endpoints} == {row["operationId"] for row in self.operations(api)}
        assert all((row["schema"], row["implementation"]) == ("schema.yaml", "script") for row in endpoints)

    def test_exactly_one_scheme_with_exactly_one_scope(self, api: str) -> None:
        for operation in self.operations(api):
            ((scheme, scopes),) = [pair for row in operation["security"] for pair in row.items()]
            (scope,) = scopes
            assert scheme in description(api)["components"]["securitySchemes"]
            assert re.fullmatch(r"c_[\w.-]{1,23}", scope)

    def test_custom_parameters_have_the_prefix(self, api: str) -> None:
        names = {row["name"] for row in description(api)["components"]["parameters"].values()}
        assert names == {"siteId", "c_customer_id", "c_customer_no"}

    def test_bodies_do_not_speak_of_additional_properties(self, api: str) -> None:
        assert "additionalProperties" not in (APIS / api / "schema.yaml").read_text(encoding="utf-8")

    @staticmethod
    def operations(api: str) -> list[dict[str, Any]]:
        return [operation for path in description(api)["paths"].values() for operation in path.values()]


def test_every_file_a_declaration_names_exists() -> None:
    scripts = CARTRIDGE / "cartridge/scripts"
    for hook in json.loads((scripts / "hooks.json").read_text())["hooks"]:
        assert (scripts / hook["script"]).is_file()
    (step,) = json.loads((CARTRIDGE / "steptypes.json").read_text())["step-types"]["script-module-step"]
    assert (CARTRIDGES / step["module"]).is_file()
    assert step["@type-id"] in (METADATA / "jobs.xml").read_text(encoding="utf-8")
    assert (CARTRIDGE / json.loads((CARTRIDGE / "package.json").read_text())["hooks"]).is_file()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_calls_out_or_reads_who_is_behind_an_address(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"dw/(net|svc|ws)\b|remoteAddress|remoteHost|httpUserAgent|X-Forwarded", text)


@pytest.mark.rhino
def test_every_server_script_compiles_in_rhino(modules: Path) -> None:
    scripts = [str(script) for script in SCRIPTS if "static" not in script.parts]
    compile_all = "; ".join(f"Function(readFile({json.dumps(path)}, 'UTF-8'))" for path in scripts)
    done = ran("rhino", "-version", "180", "-e", compile_all, modules=modules)
    assert (done.returncode, done.stderr) == (0, "")
