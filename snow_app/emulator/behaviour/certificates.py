"""Certificates of authorities and of users: what they say is read off, and what is none is refused."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, hook, refuse
from snow_app.emulator.rest.certificates import facts, loaded


@hook(BEFORE, "sys_user_certificate", "insert", "update")
def read_certificate(write: Write) -> None:
    certificate = loaded(write.current.get("pem_certificate", ""))
    if certificate is None:
        refuse(write, "Validate Certificate")
    write.current.update(facts(certificate))


@hook(BEFORE, "sys_ca_certificate", "insert", "update")
def require_authority(write: Write) -> None:
    if loaded(write.current.get("pem_certificate", "")) is None:
        refuse(write, "Validate Certificate")


@hook(AFTER, "sys_ca_certificate", "insert", "update")
def publish_authority(write: Write) -> None:
    """The TLS port takes certificates of an active authority from now on."""
    if write.current.get("active") == "true":
        write.session.instance.trust(write.current["pem_certificate"])
