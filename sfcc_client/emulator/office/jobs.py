"""Jobs and their executions. A status follows from the clock: pending, then running, then finished.

::

    pending  2 s  →  running  as long as the job takes  →  finished, with exit status ok or error

What a job does happens once, at the end, by the first request that comes in afterwards (`Jobs.settle`).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.tokens import Clock

PENDING = timedelta(seconds=2)
_KEPT = 10_000
Parameters = Mapping[str, str]


class JobFailed(Exception):  # noqa: N818 - the house names errors by what happened
    """The job did not do its work; the message is what its log and its exit status say."""


class JobUnknown(Exception):  # noqa: N818
    """There is no job, or no execution, of this id."""


class JobRunning(Exception):  # noqa: N818
    """An execution of the job is not finished yet."""


class JobInvalid(Exception):  # noqa: N818
    """The job cannot be started like this; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What can be run. `work` gets the parameters and returns what the log says; `needs` must be given."""

    id: str
    description: str
    takes: timedelta = timedelta(seconds=20)
    needs: tuple[str, ...] = ()
    work: Callable[[Parameters], str] = field(default=lambda _: "The job has done its work.", repr=False)


@dataclass(slots=True, kw_only=True)
class Execution:
    """One run. `outcome` and `failed` are set once it is over."""

    id: str
    job: Job
    created: datetime
    parameters: dict[str, str]
    scopes: tuple[str, ...] = ()
    client_id: str | None = None
    user: str | None = None
    outcome: str | None = None
    failed: bool = False

    @property
    def started(self) -> datetime:
        return self.created + PENDING

    @property
    def ends(self) -> datetime:
        return self.started + self.job.takes

    def status(self, now: datetime) -> str:
        if now >= self.ends:
            return "finished"
        return "running" if now >= self.started else "pending"

    @property
    def log_path(self) -> str:
        return f"/Sites/LOGS/jobs/{self.job.id}/Job-{self.job.id}-{self.id}.log"

    def document(self, now: datetime) -> dict[str, Any]:
        """Jobs 1.0.0, schema JobExecution."""
        status = self.status(now)
        begun = status != "pending"
        changed = max(at for at in (self.created, self.started, self.ends) if at <= now)
        document: dict[str, Any] = {
            "id": self.id,
            "jobId": self.job.id,
            "jobDescription": self.job.description,
            "executionStatus": status,
            "status": {"pending": "PENDING", "running": "RUNNING"}.get(status, "ERROR" if self.failed else "OK"),
            "creationDate": iso(self.created),
            "modificationTime": iso(changed),
            "lastModified": iso(changed),
            "isRestart": False,
            "isLogFileExisting": begun,
            "parameters": [{"name": name, "value": value} for name, value in self.parameters.items()],
            "executionScopes": list(self.scopes),
            "stepExecutions": [self._step(now)] if begun else [],
            "duration": _milliseconds(self.started, min(now, self.ends)) if begun else 0,
        }
        if begun:
            document |= {"startTime": iso(self.started), "logFilePath": self.log_path}
        if status == "finished":
            document |= {"endTime": iso(self.ends), "effectiveDuration": document["duration"], **self._exit()}
        who = {"clientId": self.client_id, "userLogin": self.user}
        return {**document, **{name: value for name, value in who.items() if value is not None}}

    def log(self, now: datetime) -> str:
        """The text of its log file."""
        lines = [f"[{iso(self.started)}] Job [{self.job.id}] execution [{self.id}] started."]
        lines += [f"[{iso(self.started)}] Parameter {name} = {value}" for name, value in self.parameters.items()]
        if now >= self.ends:
            level = "ERROR" if self.failed else "INFO"
            lines.append(f"[{iso(self.ends)}] {level} {self.outcome}")
        return "\n".join(lines) + "\n"

    def _exit(self) -> dict[str, Any]:
        name = "ERROR" if self.failed else "OK"
        return {"exitStatus": {"code": name, "status": name.lower(), "message": self.outcome or ""}}

    def _step(self, now: datetime) -> dict[str, Any]:
        finished = now >= self.ends
        document: dict[str, Any] = {
            "id": f"{self.id}-1",
            "stepId": self.job.id,
            "executionStatus": "finished" if finished else "running",
            "startTime": iso(self.started),
            "duration": _milliseconds(self.started, min(now, self.ends)),
            "isChunkOriented": False,
        }
        return {**document, "endTime": iso(self.ends), **self._exit()} if finished else document


class Jobs:
    """The jobs of an instance and the last 10,000 executions. Thread-safe."""

    def __init__(self, clock: Clock, jobs: Iterable[Job] = ()) -> None:
        self._clock = clock
        self._jobs = {job.id: job for job in jobs}
        self._executions: dict[str, Execution] = {}
        self._open: dict[str, Execution] = {}
        self._numbers = itertools.count(1_000_001)
        self._lock = threading.RLock()

    def define(self, job: Job) -> None:
        """Add a job, or put it in the place of the one with the same id."""
        with self._lock:
            self._jobs[job.id] = job

    def start(
        self,
        job_id: str,
        parameters: Mapping[str, str],
        *,
        scopes: tuple[str, ...] = (),
        client_id: str | None = None,
        user: str | None = None,
        at: datetime | None = None,
    ) -> Execution:
        """Run a job now, or have it run at a moment gone by. Raises JobUnknown, JobRunning, JobInvalid."""
        self.settle()
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                raise JobUnknown
            if any(execution.job.id == job_id for execution in self._open.values()):
                raise JobRunning
            missing = next((name for name in job.needs if not parameters.get(name)), None)
            if missing is not None:
                raise JobInvalid(f"The parameter '{missing}' is required by the job '{job_id}'.")
            execution = Execution(
                id=str(next(self._numbers)),
                job=job,
                created=at or self._clock.now(),
                parameters=dict(parameters),
                scopes=scopes,
                client_id=client_id,
                user=user,
            )
            self._executions[execution.id] = self._open[execution.id] = execution
            while len(self._executions) > _KEPT:
                self._executions.pop(next(iter(self._executions)))
        return execution

    def settle(self) -> None:
        """Let every execution whose time is over do its work, oldest first."""
        if not self._open:
            return
        now = self._clock.now()
        with self._lock:
            for execution in sorted(self._open.values(), key=lambda execution: execution.ends):
                if execution.ends <= now:
                    del self._open[execution.id]
                    try:
                        execution.outcome = execution.job.work(execution.parameters)
                    except JobFailed as error:
                        execution.outcome, execution.failed = str(error), True

    def get(self, job_id: str, execution_id: str) -> Execution:
        """Raises JobUnknown."""
        execution = self._executions.get(execution_id)
        if execution is None or execution.job.id != job_id:
            raise JobUnknown
        return execution

    def all(self) -> list[Execution]:
        with self._lock:
            return list(self._executions.values())

    def delete(self, job_id: str, execution_id: str) -> None:
        """Raises JobUnknown, JobRunning when it is not finished."""
        with self._lock:
            if self.get(job_id, execution_id).status(self._clock.now()) != "finished":
                raise JobRunning
            del self._executions[execution_id]


def _milliseconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds() * 1000))
