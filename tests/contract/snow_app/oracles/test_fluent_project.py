"""The sources of the exported project compile under the SDK's own types, and a planted mistake does not.

A build of the SDK proves more (tests/conformance/now_sdk.py) and costs ten times the packages.
"""

from __future__ import annotations

import re
from pathlib import Path

from snow_app.app import AppParameters, Facts
from snow_app.install import fluent_project
from tests.contract.snow_app.oracles.compiler import complaints

SOURCES = "src/fluent/"
OPTIONS = {"strict": True, "module": "nodenext", "moduleResolution": "nodenext", "target": "es2022"}
# The SDK's package of these names hands on the smaller package that is installed here.
HANDED_ON = {
    "@servicenow/sdk/core": "./core.js",
    "@servicenow/sdk/automation": "@servicenow/sdk-core/external/automation",
    "@servicenow/sdk/global": "@servicenow/sdk-core/global",
}
CORE = "export * from '@servicenow/sdk-core/db'\nexport * from '@servicenow/sdk-core/fluent'\n"


def test_the_sources_compile_and_a_mistake_does_not(tmp_path: Path) -> None:
    project = fluent_project(AppParameters(), Facts(csm=True), everything=True)
    files = {"core.ts": CORE}
    for path, text in project.files.items():
        if path.endswith(".ts"):
            for name, found in HANDED_ON.items():
                text = text.replace(name, found)  # noqa: PLW2901 - the same text, step by step
            files[path.removeprefix(SOURCES).replace("/", "_")] = text
    macro, action = files["sys_ui_macro.now.ts"], files["look_up_shopper.now.ts"]
    files["wrong_column.ts"] = macro.replace("active: true", "active: true, zz_bogus: true")
    files["wrong_value.ts"] = action.replace("access: 'public'", "access: 'pubic'")
    said = complaints(tmp_path, files, OPTIONS)
    assert {one.file for one in said} == {"wrong_column.ts", "wrong_value.ts"}, said
    assert all(re.search(r"zz_bogus|pubic", one.text) for one in said), said
