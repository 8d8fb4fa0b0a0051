"""The documentation pages that are made from results: one for each local platform."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is written by hand, and where everything is kept.

    `columns` are the suites of the table of operations, in this order; a page without has no such table.
    """

    name: str
    file: Path
    introduction: str
    how: str
    columns: tuple[str, ...] = ()

    @property
    def markdown(self) -> Path:
        return REFERENCE / f"{self.name}-coverage.md"

    @property
    def picture(self) -> Path:
        return ROOT / "docs" / "images" / f"{self.name}-coverage.svg"


SERVICENOW = Page(
    name="servicenow",
    file=REFERENCE / "conformance.json",
    introduction="""\
# What other people's suites say of the local ServiceNow

Written by `make conformance`. The suites are unmodified, nobody here wrote them, nothing of theirs is part of this
project, and each runs in a process of its own against an emulator started for it. The exception is now-sdk: there,
ServiceNow's own SDK judges the files the app is exported to. What is emulated in detail is on the page
[Emulators](emulators.md).
""",
    how="""\
## How to run them

`make conformance ARGS="--pysnc PATH --ansible PATH"` runs the suites whose checkouts are given and those that come from
a package registry (snowloader, now-sdk); `--only NAME` picks some. The rows of suites that did not run stay as they
are. Each suite gets an environment of its own under `build/`.

| suite | where it is from | licence |
| --- | --- | --- |
| pysnc | the repository ServiceNow/PySNC, tests of the client | MIT |
| snowloader | its source distribution on the package registry, live tests | MIT |
| ansible | the repository ansible-collections/servicenow.itsm, integration targets | GPL-3, run and never copied |
| now-sdk | ServiceNow's SDK from the npm registry (363 MB), builds of the exported app | ServiceNow's own terms |
""",
)

SFCC = Page(
    name="sfcc",
    file=REFERENCE / "sfcc-conformance.json",
    columns=("specs", "isomorphic", "commerce-sdk", "storefront-next", "sfcc-ci", "dwupload"),
    introduction="""\
# What other people's clients and descriptions say of the local B2C Commerce

Written by `make conformance`. **Nothing here was compared with a live tenant**: Salesforce's own API descriptions and
JavaScript clients are the nearest thing at hand. They are unmodified, nothing of theirs is part of this project, and
each meets an emulator started for it. What is emulated in detail is on the page [Emulators](emulators.md).
""",
    how="""\
## How to run them

`make conformance` runs all of them, `make conformance ARGS="--only sfcc-ci"` one. Every client is also a test of
`make test`. The descriptions have to stand beside the checkout (`../shared/specs/sfcc`, or where `SFCC_SNOW_SHARED`
names the folder); answers that may differ from them are listed with the reason in
`tests/conformance/commerce/exceptions.yaml`.

| suite | what it is | licence |
| --- | --- | --- |
| specs | Salesforce's API descriptions; schemathesis makes up fitting and unfitting requests | BSD-3, Apache-2.0 |
| isomorphic | commerce-sdk-isomorphic: what a storefront asks | BSD-3 |
| commerce-sdk | commerce-sdk: what a back office asks | BSD-3 |
| storefront-next | @salesforce/storefront-next-runtime, entry /scapi: a serializer of its own | Apache-2.0 |
| sfcc-ci | command line for OCAPI Data and WebDAV, over TLS | BSD-3 |
| dwupload | uploads cartridges over WebDAV and TLS | ISC |
""",
)

PAGES = (SERVICENOW, SFCC)
