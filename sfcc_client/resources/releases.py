"""Releases: code versions, jobs, replications from staging, and the cache at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sfcc_client.documents.operations import (
    CACHE_PURGE,
    CODE_VERSIONS,
    JOB_EXECUTION,
    JOB_EXECUTIONS,
    REPLICATION,
    code_version_from,
    execution_from,
    replication_from,
)
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import NotFound, OutcomeUnknown, Rejected, StateConflict, Transient
from sfcc_client.gateway import Gateway
from sfcc_client.models_operations import CodeVersion, JobExecution, Replication
from sfcc_client.request import Answer, Call, Request, named
from sfcc_client.resources.data_api import DataApi

REPLICATIONS_API: Final = "/operation/replications/v1"
ZONES_API: Final = "/cdn/zones/v1"
MOST_FOUND: Final = 200
POLL_S: Final = 5.0


class Releases:
    """What changes with a release. Raises any CommerceError; of them Forbidden naming the OCAPI Data resource or the
    scope that is missing. Nothing that starts something is ever sent twice."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._data = gateway, DataApi(gateway)
        self._replications = gateway.admin("sfcc.granular-replications.rw")
        self._zones = gateway.admin("sfcc.cdn-zones.rw")

    def code_versions(
        self, *, deadline: float | None = None, correlation_id: str | None = None
    ) -> tuple[CodeVersion, ...]:
        """The code versions on the instance (OCAPI Data, getCodeVersions)."""
        return self._versions(self._gateway.calls.start("releases.code_versions", deadline, correlation_id))

    def activate(
        self,
        code_version_id: str,
        *,
        expected: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> CodeVersion:
        """Make a code version the active one, which also clears the page cache; one that is active stays so (OCAPI
        Data, patchCodeVersionsByID).

        With `expected` only while that version is active: StateConflict (`found`) otherwise. Raises NotFound.
        """
        call = self._gateway.calls.start("releases.activate", deadline, correlation_id)
        versions = {version.code_version_id: version for version in self._versions(call)}
        if code_version_id not in versions:
            raise NotFound(f"Commerce has no {named('code version', code_version_id)}.", operation=call.operation)
        if versions[code_version_id].active:
            return versions[code_version_id]
        active = next((version.code_version_id for version in versions.values() if version.active), None)
        if expected is not None and active != expected:
            raise StateConflict(
                f"Another code version is active than expected ({active}); look at the code versions again.",
                found=active,
                operation=call.operation,
            )
        self._data.sent(
            "PATCH",
            ("code_versions", code_version_id),
            "patchCodeVersionsByID",
            named("code version", code_version_id),
            call,
            document={"active": True},
        )
        return next(one for one in self._versions(call) if one.code_version_id == code_version_id)

    def roll_back(
        self, *, expected: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> CodeVersion:
        """Activate the version that was active before `expected`, as `activate` does. Where `expected` is active no
        more, nothing is changed (StateConflict), so that a repeated call does not go forward again."""
        call = self._gateway.calls.start("releases.roll_back", deadline, correlation_id)
        before = next((version for version in self._versions(call) if version.rollback), None)
        if before is None:
            raise NotFound("Commerce has no code version to roll back to.", operation=call.operation)
        return self.activate(
            before.code_version_id, expected=expected, deadline=call.remaining(), correlation_id=call.correlation_id
        )

    def start_job(
        self,
        job_id: str,
        parameters: Mapping[str, str] | None = None,
        *,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> JobExecution:
        """Start a job (OCAPI Data, postJobsByIDExecutions). Sent once: OutcomeUnknown when no answer came; look with
        `job_executions` before repeating it. Raises NotFound for no such job, Rejected or StateConflict where it cannot
        run now."""
        call = self._gateway.calls.start("releases.start_job", deadline, correlation_id)
        self._gateway.instance.token(call)
        listed = [{"name": name, "value": value} for name, value in (parameters or {}).items()]
        try:
            request, answer, document = self._data.sent(
                "POST",
                ("jobs", job_id, "executions"),
                "postJobsByIDExecutions",
                named("job", job_id),
                call,
                document={"parameters": listed},
            )
        except Transient as error:
            raise _unknown(f"job {job_id} was started", error, call) from None
        return execution_from(loaded(JOB_EXECUTION, document, answer, request))

    def job_execution(
        self, job_id: str, execution_id: str, *, deadline: float | None = None, correlation_id: str | None = None
    ) -> JobExecution:
        """One run of a job (OCAPI Data, getJobsByIDExecutionsByID). Raises NotFound."""
        return self._execution(
            job_id, execution_id, self._gateway.calls.start("releases.job_execution", deadline, correlation_id)
        )

    def finished_job(
        self, job_id: str, execution_id: str, *, deadline: float, correlation_id: str | None = None
    ) -> JobExecution:
        """The run once it is over, looked at every five seconds for `deadline` seconds at most (TimedOut)."""
        call = self._gateway.calls.start("releases.finished_job", deadline, correlation_id)
        while not (execution := self._execution(job_id, execution_id, call)).done:
            self._gateway.clock.sleep(min(POLL_S, call.remaining()))
        return execution

    def job_executions(
        self,
        *,
        since: datetime,
        job_id: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> tuple[JobExecution, ...]:
        """Runs that started at or after a moment, the latest first, at most 200 (OCAPI Data,
        postJobExecutionSearch)."""
        call = self._gateway.calls.start("releases.job_executions", deadline, correlation_id)
        query: dict[str, Any] = {"match_all_query": {}}
        if job_id is not None:
            query = {"term_query": {"fields": ["job_id"], "operator": "is", "values": [job_id]}}
        search = {
            "query": query,
            "sorts": [{"field": "start_time", "sort_order": "desc"}],
            "count": MOST_FOUND,
            "start": 0,
            "select": "(**)",
        }
        request, answer, document = self._data.sent(
            "POST", ("job_execution_search",), "postJobExecutionSearch", "job executions", call, document=search
        )
        hits = loaded(JOB_EXECUTIONS, document, answer, request)["hits"] or []
        found = map(execution_from, hits)
        return tuple(one for one in found if one.started_at is None or one.started_at >= since.astimezone(UTC))

    def replicate_content(
        self,
        content_id: str,
        *,
        site_id: str | None = None,
        library_id: str | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> str:
        """Queue content of a site's own library, or of a shared one, for replication; the id of the process (Granular
        Replications, publishItems; scope sfcc.granular-replications.rw).

        At most 50 may be queued; 422 (Rejected) on an instance that is not staging, StateConflict while another
        replication runs, OutcomeUnknown when no answer came.
        """
        if (site_id is None) == (library_id is None):
            raise Rejected("Content is replicated from one library: name the site or the shared library.")
        place = {"type": "private", "siteId": site_id} if site_id else {"type": "shared", "libraryId": library_id}
        call = self._gateway.calls.start("releases.replicate_content", deadline, correlation_id)
        return self._publish({"contentAsset": {"contentId": content_id, **place}}, named("content", content_id), call)

    def replicate_product(
        self, product_id: str, *, deadline: float | None = None, correlation_id: str | None = None
    ) -> str:
        """Queue a product for replication, with the limits and errors of `replicate_content`."""
        call = self._gateway.calls.start("releases.replicate_product", deadline, correlation_id)
        return self._publish({"product": {"productId": product_id}}, named("product", product_id), call)

    def replication(
        self, replication_id: str, *, deadline: float | None = None, correlation_id: str | None = None
    ) -> Replication:
        """How far a replication is (Granular Replications, getPublishProcess; scope sfcc.granular-replications.rw).
        Raises NotFound."""
        call = self._gateway.calls.start("releases.replication", deadline, correlation_id)
        request, answer = self._granular(
            "GET", "getPublishProcess", named("replication", replication_id), call, replication_id
        )
        return replication_from(loaded(REPLICATION, answer.document, answer, request))

    def purge_cache(
        self, zone_id: str, path: str, *, deadline: float | None = None, correlation_id: str | None = None
    ) -> None:
        """Let the edge forget a path, given with its host (CDN Zones 1.0.41, cachePurge; scope sfcc.cdn-zones.rw).

        Raises NotFound for an unknown zone, and Rejected when the edge did not purge: it takes no wildcards, and only
        ``<host>/dw/shop/*/products``, ``<host>/dw/image/v2/{realm}_{instance}/*``, ``<host>/worker.js``,
        ``<host>/mobify*`` and ``<host>/callback*``. There is no call for the page cache of the application server,
        which holds the pages themselves; activating a code version clears it.
        """
        call = self._gateway.calls.start("releases.purge_cache", deadline, correlation_id)
        request = Request(
            family="scapi",
            method="POST",
            path=self._gateway.organization_path(ZONES_API, "zones", zone_id, "cachepurge"),
            operation_id="cachePurge",
            subject=named("zone", zone_id),
            json={"path": path},
        )
        answer = self._gateway.sent(request, call, self._zones)
        if not loaded(CACHE_PURGE, answer.document, answer, request)["data"]["cache_purged"]:
            raise Rejected(
                "The edge did not purge the path: only some paths of the zone's own host can be purged.",
                request_id=answer.request_id,
                status=answer.status,
                operation=call.operation,
            )

    def _versions(self, call: Call) -> tuple[CodeVersion, ...]:
        request, answer, document = self._data.sent("GET", ("code_versions",), "getCodeVersions", "code versions", call)
        return tuple(map(code_version_from, loaded(CODE_VERSIONS, document, answer, request)["data"] or []))

    def _execution(self, job_id: str, execution_id: str, call: Call) -> JobExecution:
        request, answer, document = self._data.sent(
            "GET", ("jobs", job_id, "executions", execution_id), "getJobsByIDExecutionsByID", named("job", job_id), call
        )
        return execution_from(loaded(JOB_EXECUTION, document, answer, request))

    def _publish(self, document: dict[str, Any], subject: str, call: Call) -> str:
        self._replications.token(call)
        try:
            request, answer = self._granular("POST", "publishItems", subject, call, document=document)
        except Transient as error:
            raise _unknown(f"{subject} was queued", error, call) from None
        return str(loaded(REPLICATION, answer.document, answer, request)["id"])

    def _granular(
        self, method: str, operation_id: str, subject: str, call: Call, *segments: str, document: Any = None
    ) -> tuple[Request, Answer]:
        request = Request(
            family="scapi",
            method=method,
            path=self._gateway.organization_path(REPLICATIONS_API, "granular-processes", *segments),
            operation_id=operation_id,
            subject=subject,
            json=document,
        )
        return request, self._gateway.sent(request, call, self._replications)


def _unknown(what: str, error: Transient, call: Call) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"No answer says whether {what}; look before you repeat it.",
        request_id=error.request_id,
        status=error.status,
        operation=call.operation,
    )
