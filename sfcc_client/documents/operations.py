"""Documents of those who run a shop: code versions, job executions, replications, metrics (OCAPI members renamed)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from sfcc_client.documents.schema import Document, Flag, Moment, Number, Text, Whole
from sfcc_client.models_operations import CodeVersion, JobExecution, Metric, MetricSeries, Replication


class _CodeVersion(Document):
    id = Text(required=True)
    active = Flag()
    rollback = Flag()
    activation_time = Moment()


class _CodeVersions(Document):
    data = fields.List(fields.Nested(_CodeVersion))


class _ExitStatus(Document):
    code = Text()
    status = Text()


class _JobExecution(Document):
    id = Text(required=True)
    job_id = Text()
    execution_status = Text()
    exit_status = fields.Nested(_ExitStatus)
    start_time = Moment()
    end_time = Moment()


class _JobExecutions(Document):
    hits = fields.List(fields.Nested(_JobExecution))
    total = Whole()


class _Replication(Document):
    id = Text(required=True)
    status = Text()
    start_time = Moment()
    end_time = Moment()


class _Replications(Document):
    data = fields.List(fields.Nested(_Replication))


class _Point(Document):
    timestamp = Whole(required=True)
    value = Number()


class _Series(Document):
    id = Text()
    name = Text()
    data = fields.List(fields.Nested(_Point))


class _Metric(Document):
    metric_id = Text(required=True)
    title = Text()
    unit = Text()
    data_series = fields.List(fields.Nested(_Series))


class _Metrics(Document):
    data = fields.List(fields.Nested(_Metric))


class _CachePurge(Document):
    cache_purged = Flag(required=True)


class _CachePurgeAnswer(Document):
    data = fields.Nested(_CachePurge, required=True)


CACHE_PURGE = _CachePurgeAnswer()
CODE_VERSION = _CodeVersion()
CODE_VERSIONS = _CodeVersions()
JOB_EXECUTION = _JobExecution()
JOB_EXECUTIONS = _JobExecutions()
REPLICATION = _Replication()
REPLICATIONS = _Replications()
METRICS = _Metrics()


def code_version_from(loaded: dict[str, Any]) -> CodeVersion:
    return CodeVersion(
        code_version_id=loaded["id"],
        active=bool(loaded["active"]),
        rollback=bool(loaded["rollback"]),
        activated_at=loaded["activation_time"],
    )


def execution_from(loaded: dict[str, Any]) -> JobExecution:
    exit_status = loaded["exit_status"] or {}
    return JobExecution(
        execution_id=loaded["id"],
        job_id=loaded["job_id"] or "",
        state=loaded["execution_status"] or "unknown",
        exit_code=exit_status.get("code"),
        outcome=exit_status.get("status"),
        started_at=loaded["start_time"],
        ended_at=loaded["end_time"],
    )


def replication_from(loaded: dict[str, Any]) -> Replication:
    return Replication(
        replication_id=loaded["id"],
        state=loaded["status"] or "pending",
        started_at=loaded["start_time"],
        ended_at=loaded["end_time"],
    )


def metric_from(loaded: dict[str, Any]) -> Metric:
    series = (
        MetricSeries(name=one["name"] or one["id"] or "", points=tuple(_points(one["data"] or [])))
        for one in loaded["data_series"] or []
    )
    return Metric(
        metric_id=loaded["metric_id"], title=loaded["title"] or "", unit=loaded["unit"] or "", series=tuple(series)
    )


def _points(points: list[dict[str, Any]]) -> list[tuple[int, Any]]:
    return [(point["timestamp"], point["value"]) for point in points if point["value"] is not None]
