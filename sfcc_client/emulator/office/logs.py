"""The log files an instance shows under ``Logs`` and ``Securitylogs``, one per level and day, made of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.office.files import Entry
from sfcc_client.emulator.office.jobs import Jobs
from sfcc_client.emulator.office.traffic import Call, Traffic
from sfcc_client.emulator.tokens import Clock

RETENTION = timedelta(days=30)
LARGEST = 10 * 1024 * 1024
_HOST = "blade0-0-appserver"


class LogFiles:
    """Errors are answers from 500 on, warnings the refusals below; jobs have a folder and a file per execution."""

    def __init__(self, clock: Clock, traffic: Traffic, jobs: Jobs) -> None:
        self._clock, self._traffic, self._jobs = clock, traffic, jobs

    def logs(self) -> Iterable[Entry]:
        calls = self._recent()
        yield from _files("Logs", "error", (call for call in calls if call.status >= 500))
        yield from _files("Logs", "warn", (call for call in calls if 400 <= call.status < 500))
        yield from _files("Logs", "api", calls)
        yield from self._job_logs()

    def security_logs(self) -> Iterable[Entry]:
        yield from _files("Securitylogs", "security", (call for call in self._recent() if call.status in (401, 403)))

    def _recent(self) -> list[Call]:
        oldest = self._clock.now() - RETENTION
        return [call for call in self._traffic.calls() if call.at >= oldest]

    def _job_logs(self) -> Iterator[Entry]:
        now = self._clock.now()
        yield Entry(path=("Logs", "jobs"), modified=now)
        folders = set()
        for execution in self._jobs.all():
            if execution.started > now or execution.started < now - RETENTION:
                continue
            folder = ("Logs", "jobs", execution.job.id)
            if folder not in folders:
                folders.add(folder)
                yield Entry(path=folder, modified=execution.started)
            name = execution.log_path.rsplit("/", 1)[1]
            changed = min(now, execution.ends)
            yield Entry(path=(*folder, name), modified=changed, content=execution.log(now).encode())


def _files(root: str, level: str, calls: Iterable[Call]) -> Iterator[Entry]:
    days: dict[str, list[Call]] = {}
    for call in calls:
        days.setdefault(call.at.strftime("%Y%m%d"), []).append(call)
    for day, rows in days.items():
        text = "".join(_line(level, call) for call in rows).encode()[:LARGEST]
        yield Entry(path=(root, f"{level}-{_HOST}-{day}.log"), modified=_newest(rows), content=text)


def _line(level: str, call: Call) -> str:
    who = call.client_id or "-"
    return f"[{iso(call.at)}] {level.upper()} {call.method} {call.path} {call.status} {call.milliseconds:.0f}ms {who}\n"


def _newest(calls: list[Call]) -> datetime:
    return max(call.at for call in calls)
