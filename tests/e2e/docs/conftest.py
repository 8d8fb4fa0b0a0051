"""Two running emulators and a folder with the settings that lead to them: where a reader of a page stands."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from sfcc_client import CommerceSettings
from sfcc_client.emulator import CommerceEmulator
from snow_app.emulator import ServiceNowEmulator

_FIELDS = (
    "scapi_url",
    "account_manager_url",
    "instance_url",
    "einstein_url",
    "organization_id",
    "client_id",
    "client_secret",
    "slas_client_id",
    "slas_client_secret",
    "ocapi_client_id",
    "ocapi_client_secret",
    "bm_user",
    "bm_password",
    "loyalty",
    "activity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where commands run: a folder of their own, an environment, and which port stands for which."""

    folder: Path
    environment: dict[str, str]
    ports: dict[str, int]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    if shutil.which("curl") is None:
        pytest.fail("curl is missing: `make test` installs it", pytrace=False)
    with CommerceEmulator() as shop, ServiceNowEmulator() as snow:
        folder, out, home = (tmp_path / name for name in ("work", "out", "home"))
        for made in (folder, out, home):
            made.mkdir()
        sidecar = _free_port()
        values = {
            **_commerce(shop.settings()),
            "SNOW_URL": snow.url,
            "SNOW_USERNAME": snow.username,
            "SNOW_PASSWORD": snow.password,
            "SIDECAR_PORT": str(sidecar),
        }
        (folder / ".env").write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(home),
            "OUT": str(out),
            "COLUMNS": "160",
            "LANG": "C.UTF-8",
        }
        yield Desk(folder=folder, environment=environment, ports={"8080": sidecar, **_emulated(shop.url, snow.url)})


def _commerce(settings: CommerceSettings) -> dict[str, str]:
    values = {f"SFCC_{name.upper()}": str(getattr(settings, name)) for name in _FIELDS}
    return {**values, "SFCC_SITES": json.dumps([asdict(site) for site in settings.sites])}


def _emulated(shop: str, snow: str) -> dict[str, int]:
    """8081 and 8082 are what a page starts itself, 9081 and 9082 the emulators behind the settings."""
    return {
        "8081": _free_port(),
        "8082": _free_port(),
        "9081": int(shop.rsplit(":", 1)[1]),
        "9082": int(snow.rsplit(":", 1)[1]),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
