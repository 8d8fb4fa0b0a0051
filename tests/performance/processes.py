"""The product's own commands as processes, so that what is measured is what people run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
_COMMAND = ("-m", "sidecar.cli")
_PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """An emulated platform; `variables` are what a client of it must be told."""

    url: str
    variables: Mapping[str, str] = field(repr=False)

    def slow_down(self, seconds: float) -> None:
        """Let every answer come this much later; 0 ends it."""
        requests.delete(f"{self.url}/_emulator/faults", timeout=_PATIENCE_S).raise_for_status()
        if seconds:
            answer = requests.post(f"{self.url}/_emulator/faults", json={"delay": seconds}, timeout=_PATIENCE_S)
            answer.raise_for_status()

    def forget_requests(self) -> None:
        requests.delete(f"{self.url}/_emulator/requests", timeout=_PATIENCE_S).raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """What was asked since it was last told to forget: method, path, status, ms."""
        answer = requests.get(f"{self.url}/_emulator/requests", timeout=_PATIENCE_S)
        return list(answer.json()["requests"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """A serving sidecar and a token of all scopes it is asked for."""

    url: str
    pid: int
    bearer: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json"}


@contextmanager
def commerce() -> Iterator[Platform]:
    """`sfcc-snow emulate sfcc`, with loyalty in a custom API so that each section has an upstream of its own."""
    with _process([*_COMMAND, "emulate", "sfcc", "--port", "0"], stdout=subprocess.PIPE) as child:
        variables = {**_variables(child, last="SFCC_SITES"), "SFCC_LOYALTY": "custom_api"}
        yield Platform(url=variables["SFCC_SCAPI_URL"], variables=variables)


@contextmanager
def servicenow() -> Iterator[Platform]:
    """`sfcc-snow emulate servicenow`."""
    with _process([*_COMMAND, "emulate", "servicenow", "--port", "0"], stdout=subprocess.PIPE) as child:
        variables = _variables(child, last="SNOW_PASSWORD")
        yield Platform(url=variables["SNOW_URL"], variables=variables)


@contextmanager
def sidecar(shop: Platform, **settings: object) -> Iterator[Sidecar]:
    """`sfcc-snow serve` in front of `shop`; its log goes to a file, as under a supervisor."""
    with TemporaryDirectory(prefix="sfcc-snow-bench-") as folder, open(f"{folder}/log", "w") as log:
        own = {"SIDECAR_DATA_DIR": folder, "SIDECAR_PORT": "0", "SIDECAR_RATE_LIMIT": "1000000"}
        own |= {f"SIDECAR_{name.upper()}": str(value) for name, value in settings.items()}
        environment = {**shop.variables, **own}
        scopes = [f"--scope={scope}" for scope in ("context:read", "customers:read", "customers:erase", "panel:link")]
        issued = subprocess.run(
            [sys.executable, *_COMMAND, "token", "create", "bench", "--json", *scopes],
            env={**os.environ, **environment},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        bearer = _bearer(issued.stdout)
        with _process([*_COMMAND, "serve"], env=environment, stdout=subprocess.PIPE, stderr=log) as child:
            *_, line = _lines(child, until="Listening on ")
            found = re.search(r"Listening on (http://\S+)", line)
            assert found is not None
            yield Sidecar(url=found[1], pid=child.pid, bearer=bearer)


@contextmanager
def bare(body: bytes, headers: Mapping[str, str], threads: int) -> Iterator[tuple[str, int]]:
    """Address and process id of a bare Flask view that returns exactly this, on the sidecar's server."""
    module = f"{__package__}.bare"
    with _process(["-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        told = {"body": body.decode(), "headers": dict(headers), "threads": threads}
        child.stdin.write(json.dumps(told) + "\n")
        child.stdin.flush()
        yield next(_lines(child, until="http")), child.pid


@contextmanager
def accepting(told: Mapping[str, Any]) -> Iterator[str]:
    """Address of a sidecar that only takes events."""
    module = f"{__package__}.accepting"
    with _process(["-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write(json.dumps(told) + "\n")
        child.stdin.flush()
        yield next(_lines(child, until="http"))


@contextmanager
def demo() -> Iterator[dict[str, Any]]:
    """`sfcc-snow demo`: what its ready file says."""
    with TemporaryDirectory(prefix="sfcc-snow-bench-") as folder:
        ready = Path(folder) / "ready.json"
        with _process([*_COMMAND, "demo", "--ready-file", str(ready)], stdout=subprocess.PIPE) as child:
            list(_lines(child, until="Ctrl-C stops everything"))
            yield json.loads(ready.read_text())


@contextmanager
def lines_of(module: str) -> Iterator[Iterator[str]]:
    """What a module of this package prints, line by line."""
    with _process(["-m", f"{__package__}.{module}"], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        yield (line.rstrip("\n") for line in child.stdout)


@contextmanager
def _process(
    arguments: list[str], env: Mapping[str, str] | None = None, **pipes: Any
) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, *arguments], env={**os.environ, "COLUMNS": "200", **(env or {})}, cwd=ROOT, text=True, **pipes
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _lines(child: subprocess.Popen[str], *, until: str) -> Iterator[str]:
    """What a process prints, up to the line with `until`."""
    assert child.stdout is not None
    for line in child.stdout:
        yield line.strip()
        if until in line:
            return
    raise RuntimeError(f"{shlex.join(map(str, child.args[1:]))} ended before it was ready")  # type: ignore[index]


def _variables(child: subprocess.Popen[str], *, last: str) -> dict[str, str]:
    """The settings an emulator prints for its clients."""
    pairs = (line.partition("=") for line in _lines(child, until=f"{last}=") if "=" in line)
    return {name: shlex.split(value)[0] for name, _, value in pairs}


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used so far, all threads, user and system (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _bearer(printed: str) -> str:
    issued = json.loads(printed)
    return f"{issued['id']}.{issued['secret']}"
