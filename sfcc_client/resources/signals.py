"""Signals of a shop's health: load, metrics, failed jobs, log files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal, get_args

from lxml import etree

from sfcc_client.documents.operations import METRICS, metric_from
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import Rejected
from sfcc_client.gateway import Gateway
from sfcc_client.models import Load
from sfcc_client.models_operations import JobExecution, LogFile, Metric
from sfcc_client.permissions import PERMISSIONS
from sfcc_client.request import Request, path
from sfcc_client.resources.releases import Releases
from sfcc_client.transport import bad_answer

METRICS_API: Final = "/observability/metrics/v1"
LOGS: Final = "/on/demandware.servlet/webdav/Sites/Logs"
LONGEST_WINDOW: Final = timedelta(hours=24)
MetricGroup = Literal["overall", "sales", "ecdn", "third-party", "scapi", "scapi-hooks", "mrt", "controller", "ocapi"]
_DAV: Final = "{DAV:}"


class Signals:
    """What says how the shop is. Raises any CommerceError."""

    def __init__(self, gateway: Gateway, releases: Releases) -> None:
        self._gateway, self._releases = gateway, releases
        self._tokens = gateway.admin("sfcc.metrics")

    @property
    def load(self) -> Load:
        """The last load signal on any answer (headers sfdc_load, sfdc_load_status, sfdc_maintenance); costs nothing."""
        return self._gateway.transport.load

    def metrics(
        self,
        group: MetricGroup,
        *,
        since: datetime,
        until: datetime,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> tuple[Metric, ...]:
        """Metrics of a group in a span of at most 24 hours within the last 30 days (Metrics, getOverallMetrics and its
        siblings; scope sfcc.metrics). A closed beta: Forbidden or Unavailable where the tenant does not take part.
        Raises Rejected for another span."""
        if group not in get_args(MetricGroup) or not timedelta(0) < until - since <= LONGEST_WINDOW:
            raise Rejected("Metrics are of one of the groups and of a span of up to 24 hours.")
        call = self._gateway.calls.start("signals.metrics", deadline, correlation_id)
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(METRICS_API, "metrics", group),
            operation_id=f"get{group.title().replace('-', '')}Metrics",
            subject=f"metrics {group}",
            query={"from": str(int(since.timestamp())), "to": str(int(until.timestamp()))},
            permission=PERMISSIONS["getMetrics"],
        )
        answer = self._gateway.sent(request, call, self._tokens)
        return tuple(map(metric_from, loaded(METRICS, answer.document, answer, request)["data"] or []))

    def failed_jobs(
        self, *, since: datetime, deadline: float | None = None, correlation_id: str | None = None
    ) -> tuple[JobExecution, ...]:
        """Runs that started since and failed, among the latest 200 (OCAPI Data, postJobExecutionSearch)."""
        runs = self._releases.job_executions(since=since, deadline=deadline, correlation_id=correlation_id)
        return tuple(run for run in runs if run.failed)

    def log_files(self, *, deadline: float | None = None, correlation_id: str | None = None) -> tuple[LogFile, ...]:
        """The log files of the instance, the latest first (WebDAV, PROPFIND of Logs, one level). Raises Forbidden where
        the client may not read them; they are kept for 30 days."""
        call = self._gateway.calls.start("signals.log_files", deadline, correlation_id)
        request = Request(
            family="instance",
            method="PROPFIND",
            path=path(LOGS),
            operation_id="WebDAV",
            subject="log files",
            headers={"Depth": "1", "Accept": "application/xml, text/xml"},
            raw=True,
        )
        answer = self._gateway.sent(request, call, self._gateway.instance)
        try:
            listing = etree.fromstring(answer.document or b"", _parser())
        except etree.XMLSyntaxError:
            raise bad_answer(request, "it is not XML", answer.status, answer.request_id) from None
        found = [file for one in listing.iter(f"{_DAV}response") if (file := _file(one)) is not None]
        return tuple(sorted(found, key=lambda file: file.changed_at or _LONG_AGO, reverse=True))


_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _parser() -> etree.XMLParser:
    """Nothing of a listing needs entities, and nothing is fetched for it."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _file(entry: Any) -> LogFile | None:
    """A file of a listing; None for a folder."""
    name = (entry.findtext(f"{_DAV}href") or "").rstrip("/").rsplit("/", 1)[-1]
    if not name or entry.find(f".//{_DAV}collection") is not None:
        return None
    size = entry.findtext(f".//{_DAV}getcontentlength") or ""
    return LogFile(
        name=name,
        size=int(size) if size.isdigit() else 0,
        changed_at=_moment(entry.findtext(f".//{_DAV}getlastmodified")),
    )


def _moment(written: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(written or "").astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
