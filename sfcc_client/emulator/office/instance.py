"""`Office`: all that stands behind one emulated shop, as it is when the instance starts.

The active code version holds the product's own cartridge, read from `sfcc_client/cartridge`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path as DiskPath
from tempfile import TemporaryDirectory

from sfcc_client.emulator.activities import consent_of
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.office.archives import ArchiveRefused, packed, unpacked
from sfcc_client.emulator.office.code_versions import ROOT, CodeVersions
from sfcc_client.emulator.office.edge import Edge
from sfcc_client.emulator.office.files import Files, Path
from sfcc_client.emulator.office.jobs import Job, JobFailed, Jobs, Parameters
from sfcc_client.emulator.office.logs import LogFiles
from sfcc_client.emulator.office.preferences import Preference, Preferences
from sfcc_client.emulator.office.replications import Replications
from sfcc_client.emulator.office.site_export import exported
from sfcc_client.emulator.office.site_import import take_over
from sfcc_client.emulator.office.sites import Sites
from sfcc_client.emulator.office.traffic import Traffic
from sfcc_client.emulator.seed import Dataset
from sfcc_client.emulator.state import State
from sfcc_client.emulator.tokens import Clock

CARTRIDGE = "int_servicenow"
EXCHANGE: Path = ("Impex", "src", "instance")
_CARTRIDGES = DiskPath(__file__).parents[2] / "cartridge"
_BASE = "app_storefront_base"
_NIGHTS = 7
_DEFAULT_DAYS, _MOST_DAYS = 30, 90
_RETENTION = Preference(
    id="serviceNowActivityRetentionDays", group="ServiceNow", value_type="int", name="Days to keep it"
)
_PREFERENCES = (
    Preference(
        id="orderMailFrom", group="Mail", value_type="email", name="Sender of mail about orders", per_site=False
    ),
    Preference(
        id="serviceNowActivityCapture", group="ServiceNow", value_type="boolean", name="Record shopper activity"
    ),
    _RETENTION,
)
Reader = Callable[[bytes], Dataset]


class Office:
    """Files, code versions, jobs, replications, preferences, the edge, settings of sites and traffic.

    `read_export` turns the bytes of a site export into a dataset for the job sfcc-site-archive-import; it raises
    ValueError with one line for people. Without `metrics_available` the
    Metrics API is down (503), without `order_indexing` the order search of OCAPI Shop breaks (500).
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self.state, self.clock = state, clock
        self.traffic = Traffic(clock)
        self.read_export: Reader = _dataset_of
        self.replications = Replications(clock)
        self.preferences = self._preferences()
        self.edge = Edge(state.tenant_id)
        self.metrics_available = True
        self.order_indexing = True
        self.sites = Sites(state, clock, f"{CARTRIDGE}:{_BASE}")
        self.jobs = Jobs(clock, self._system_jobs())
        logs = LogFiles(clock, self.traffic, self.jobs)
        self.files = Files(clock, {"Logs": logs.logs, "Securitylogs": logs.security_logs})
        self.code_versions = CodeVersions(self.files, clock)
        self._deploy()
        self._run_nightly(clock.now())

    def settle(self) -> None:
        """Let everything happen whose time has come."""
        self.jobs.settle()
        self.replications.settle()

    def retention_days(self, site_id: str) -> int:
        """How long shopper activity is kept on a site, as the cartridge reads its preference."""
        days = self.preferences.value(_RETENTION, site_id, "current")
        return int(days) if isinstance(days, int | float) and 1 <= days <= _MOST_DAYS else _DEFAULT_DAYS

    def forgotten_before(self, site_id: str) -> str:
        """The moment before which activity on a site counts as forgotten, as Commerce writes it."""
        return iso(self.clock.now() - timedelta(days=self.retention_days(site_id)))

    def _preferences(self) -> Preferences:
        """The product's own preferences on every site, as its cartridge declares them, and one of the instance."""
        book = Preferences(_PREFERENCES, "staging" if self.state.libraries.staged else "sandbox")
        book.set("orderMailFrom", "orders@example.com")
        for site_id in self.state.sites:
            book.set("serviceNowActivityCapture", True, site_id=site_id)
            book.set(_RETENTION.id, self.state.retention_days, site_id=site_id)
        return book

    def _system_jobs(self) -> tuple[Job, ...]:
        return (
            Job(
                id="sfcc-site-archive-import",
                description="Imports an archive from Impex/src/instance.",
                needs=("ImportFile",),
                work=self._import,
            ),
            Job(
                id="sfcc-site-archive-export",
                description="Exports the instance into an archive in Impex/src/instance.",
                needs=("ExportFile",),
                work=self._export,
            ),
            Job(
                id="sfcc-search-index-product-full-update",
                description="Builds the product search index of the sites anew.",
                takes=timedelta(seconds=45),
                work=lambda _: f"{len(self.state.products)} products indexed.",
            ),
            Job(
                id="sfcc-search-index-content-full-update",
                description="Builds the content search index of the sites anew.",
                work=lambda _: (
                    f"{sum(len(row.assets) for row in self.state.libraries.edited.values())} assets indexed."
                ),
            ),
            Job(
                id="ServiceNow-ForgetActivity",
                description="Every night: forgets shopper activity that is too old.",
                work=self._forget_activity,
            ),
        )

    def _deploy(self) -> None:
        """The version the shop runs on, and the one before it to roll back to."""
        name = f"{_BASE}.properties"
        base: dict[Path, bytes] = {(_BASE, "cartridge", name): f"demandware.cartridges.{_BASE}.id={_BASE}\n".encode()}
        for version, contents, days in (("release_1", base, 9), ("release_2", {**base, **_own_cartridge()}, 2)):
            self.code_versions.create(version)
            self.files.unpack((ROOT, version), contents)
            self.code_versions.activate(version, at=self.clock.now() - timedelta(days=days))

    def _run_nightly(self, now: datetime) -> None:
        """The executions of the last nights; today's only if its hour has come."""
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for night in range(_NIGHTS - 1, -1, -1):
            for job_id, hour in (("ServiceNow-ForgetActivity", 2.5), ("sfcc-search-index-product-full-update", 4.0)):
                at = midnight - timedelta(days=night) + timedelta(hours=hour)
                if at < now - timedelta(hours=1):
                    self.jobs.start(job_id, {}, user="system", at=at)
                    self.jobs.settle()

    def _import(self, parameters: Parameters) -> str:
        name = parameters["ImportFile"]
        entry = self.files.get((*EXCHANGE, name))
        if entry is None or entry.content is None:
            raise JobFailed(f"There is no file '{name}' in Impex/src/instance.")
        try:
            if not any(path[-1].endswith(".xml") for path in unpacked(entry.content)):
                return "The archive holds no documents; nothing was imported."
            return take_over(self.state, self.read_export(entry.content), self.clock.now())
        except (ArchiveRefused, ValueError) as error:
            raise JobFailed(f"{name}: {error}") from error

    def _export(self, parameters: Parameters) -> str:
        name = parameters["ExportFile"]
        folder = name.removesuffix(".zip")
        files = {(folder, *path): content for path, content in exported(self.state).items()}
        self.files.put((*EXCHANGE, name), packed(files))
        return f"{len(files)} files exported to Impex/src/instance/{name}."

    def _forget_activity(self, _: Parameters) -> str:
        """As the product's job step: what is older than the retention goes, and all of who refused or left."""
        activities, gone = self.state.activities, 0
        for kept in activities.kept():
            site_id, number = kept["siteId"], kept["key"]
            customer = self.state.customers.get((self.state.sites[site_id].customer_list_id, number))
            theirs = customer if customer and customer["customerId"] == kept.get("c_customerId") else None
            oldest = self.forgotten_before(site_id) if consent_of(theirs)["tracking"] else None
            gone += activities.forget(number, site_id=site_id, oldest=oldest)
        return f"{gone} entries forgotten."


def _own_cartridge() -> dict[Path, bytes]:
    folder = _CARTRIDGES / CARTRIDGE
    return {
        (CARTRIDGE, *file.relative_to(folder).parts): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _dataset_of(archive: bytes) -> Dataset:
    """What a site export holds, its documents in the official XML. Raises BadArchive, a ValueError."""
    from sfcc_client.emulator.archive import imported  # noqa: PLC0415 - it is loaded by who imports something

    with TemporaryDirectory(prefix="sfcc-site-import-") as folder:
        file = DiskPath(folder) / "archive.zip"
        file.write_bytes(archive)
        return imported(file)
