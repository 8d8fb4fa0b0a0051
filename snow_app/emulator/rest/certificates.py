"""Client certificates (mutual TLS): a certificate of a trusted authority that is mapped to a user.

Authorities are ``sys_ca_certificate`` records, mappings ``sys_user_certificate``. The TLS port has checked already that
the client holds the key and that an authority it was told of signed the certificate. Source: platform documentation,
"Set up Certificate-based authentication"; where an instance takes an attachment, `pem_certificate` is written here.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from snow_app.emulator.query.moments import stored

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session


def loaded(pem: str) -> x509.Certificate | None:
    """A certificate, None for what is none."""
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return None


def facts(certificate: x509.Certificate) -> dict[str, str]:
    """What a mapping shows of its certificate."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "valid_from": stored(certificate.not_valid_before_utc),
        "expires": stored(certificate.not_valid_after_utc),
    }


def session_of_certificate(instance: Instance, pem: str) -> Session | None:
    """The session behind a client certificate; None when it is unknown, out of date, or of no active authority."""
    shown = loaded(pem)
    if shown is None or not _valid(shown, instance.clock()) or not _issued(instance, shown):
        return None
    for mapping in instance.active("sys_user_certificate"):
        if loaded(mapping["pem_certificate"]) == shown:
            user = instance.records.get("sys_user", mapping["user"])
            return instance.session(user["user_name"]) if user and user["active"] == "true" else None
    return None


def _valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc


def _issued(instance: Instance, certificate: x509.Certificate) -> bool:
    """Whether an authority that is active signed it."""
    for row in instance.active("sys_ca_certificate"):
        authority = loaded(row["pem_certificate"])
        try:
            if authority is not None:
                certificate.verify_directly_issued_by(authority)
                return True
        except (InvalidSignature, ValueError, TypeError):
            continue
    return False
