"""A local ServiceNow over HTTP on 127.0.0.1."""

from __future__ import annotations

import logging
import threading
from collections import deque
from pathlib import Path
from typing import Self

from sfcc_client.emulator.loopback import Certificate, Faults, LoggedRequest, LoopbackServer
from snow_app.emulator.bootstrap import SCHEMA, fingerprint, image
from snow_app.emulator.controls import controls
from snow_app.emulator.forms.blueprint import blueprint
from snow_app.emulator.instance import Clock, Instance, system_clock
from snow_app.emulator.scripts import attach
from snow_app.emulator.store import Store
from snow_app.emulator.web import application

_log = logging.getLogger(__name__)

PASSWORD = "admin"  # noqa: S105 - the known password of a throw-away instance on loopback
IDLE_SECONDS = 1.0
"""How often waiting jobs are looked at when nothing calls for them."""


class ServiceNowEmulator:
    """A ServiceNow instance on a loopback port; use it as a context manager or call `start` and `stop`.

    `port` 0 picks a free one. With `path`, a SQLite file, everything survives a restart; without, it is gone with the
    object. `csm=False` leaves Customer Service Management out, `demo=False` the demo data; `order_cases` adds Order
    Operations Case Management to cases. `clock` returns aware UTC times. `sign_in_as` names the user whom pages sign
    in without asking. `secret_key` keeps page sessions valid across restarts. With a `certificate` the instance is
    also served over TLS, on `tls_port`, at `secure_url`. Raises OSError for a port in use and for a file another
    version made.
    """

    username = "admin"
    password = PASSWORD

    def __init__(
        self,
        port: int = 0,
        *,
        path: str | Path | None = None,
        csm: bool = True,
        demo: bool = True,
        order_cases: bool = False,
        clock: Clock | None = None,
        sign_in_as: str | None = None,
        secret_key: str | None = None,
        certificate: Certificate | None = None,
        tls_port: int = 0,
    ) -> None:
        store = Store(Path(path) if path else None, image=image(csm, demo, csm and order_cases))
        if store.remembered(SCHEMA) != fingerprint():
            store.close()
            raise OSError(f"{path} was made by another version of this emulator. Start with a new file.")
        self.instance = Instance(store, clock=clock or system_clock)
        app = application(self.instance, secret_key=secret_key or self.instance.new_id())
        self._scripts = attach(self.instance)
        app.register_blueprint(controls(self.instance))
        app.register_blueprint(blueprint(self.instance, sign_in_as=sign_in_as))
        self._server = LoopbackServer(app.wsgi_app, port=port, certificate=certificate, tls_port=tls_port)
        self.instance.base_url = self._server.url
        self.instance.secure_url = self._server.secure_url
        self.instance.trust_authorities_with(self._server.trust)
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def secure_url(self) -> str:
        """The address of the TLS port, empty without one."""
        return self._server.secure_url

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def faults(self) -> Faults:
        return self._server.faults

    @property
    def requests(self) -> deque[LoggedRequest]:
        return self._server.requests

    def start(self) -> Self:
        self._server.start()
        self._worker = threading.Thread(target=self._work, name=f"servicenow-{self.port}", daemon=True)
        self._worker.start()
        return self

    def _work(self) -> None:
        """Run what waits, soon after it was put off."""
        while not self._stopping.is_set():
            self.instance.work_waits.wait(IDLE_SECONDS)
            if self._stopping.is_set():
                return
            try:
                self.instance.run_pending()
            except Exception:  # noqa: BLE001 - the worker outlives a job that fails, and says so
                _log.exception("deferred work failed")

    def stop(self) -> None:
        """Stop serving and release port and database; safe to call twice."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self.instance.work_waits.set()
        self._server.stop()
        if self._worker is not None:
            self._worker.join(timeout=10)
        self.instance.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
