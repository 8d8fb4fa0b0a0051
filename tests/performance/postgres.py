"""A private PostgreSQL server for one run, when its programs are on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = "events"
_SERVER_USER = "postgres"
"""Whom the server runs as where this process is root, which PostgreSQL refuses."""


def missing() -> str:
    """Why there is no server to be had; empty when there is."""
    absent = [program for program in ("initdb", "pg_ctl", "createdb") if shutil.which(program) is None]
    if absent:
        return f"no {', '.join(absent)} on this machine"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or not _known(_SERVER_USER)):
        return "PostgreSQL does not run as root, and there is no setpriv or no user postgres"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database on a server of its own, on loopback; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sfcc-snow-pg-") as name:
        folder, port = Path(name), _free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, _SERVER_USER)
        data, options = folder / "data", f"-p {port} -k {folder} -h 127.0.0.1 -c max_connections=200"
        _run("initdb", "-D", str(data), "-U", "bench", "-A", "trust", "--no-sync")
        _run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            _run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "bench", _NAME)
            yield f"postgresql+psycopg://bench@127.0.0.1:{port}/{_NAME}"
        finally:
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _run(*command: str) -> None:
    as_user = ["setpriv", f"--reuid={_SERVER_USER}", f"--regid={_SERVER_USER}", "--clear-groups"]
    prefix = as_user if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _known(user: str) -> bool:
    import pwd  # noqa: PLC0415 - only where there are such users

    return any(one.pw_name == user for one in pwd.getpwall())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
