"""A client certificate alone opens a server that asks for one; its authority is the one in the settings."""

from __future__ import annotations

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from snow_app import SnowClient, SnowSettings, errors


def issued(folder, name, authority=None):
    """The paths of a certificate and its key; without an authority it is one."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = authority or (subject, key)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return (subject, key), certificate, private


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def papers(tmp_path):
    authority, ca, _ = issued(tmp_path, "authority")
    return {"ca": ca, **{name: issued(tmp_path, name, authority)[1:] for name in ("server", "client")}}


@pytest.fixture
def server(papers):
    asked = []

    def application(environ, start):
        asked.append(environ.get("HTTP_AUTHORIZATION"))
        body = json.dumps({"result": []}).encode()
        start("200 OK", [("Content-Type", "application/json"), ("X-Total-Count", "0")])
        return [body]

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*papers["server"])
    context.load_verify_locations(papers["ca"])
    context.verify_mode = ssl.CERT_REQUIRED
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        running.handle_error = lambda *_: None
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"https://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


def test_a_certificate_is_a_way_to_sign_in(server, papers):
    url, asked = server
    certificate, key = (str(path) for path in papers["client"])
    settings = SnowSettings(url=url, ca_bundle=str(papers["ca"]), client_certificate=certificate, client_key=key)
    with SnowClient(settings) as client:
        assert list(client.table("incident").rows()) == []
    assert asked == [None]


def test_without_it_the_server_does_not_answer(server, papers):
    url, asked = server
    settings = SnowSettings(url=url, ca_bundle=str(papers["ca"]), username="a", password="b", attempts=1)
    with SnowClient(settings) as client, pytest.raises(errors.Unreachable):
        list(client.table("incident").rows())
    assert asked == []


def test_a_missing_file_is_a_setting_that_cannot_work(server, papers, tmp_path):
    url, _ = server
    for missing in ({"ca_bundle": str(tmp_path / "no.pem")}, {"client_certificate": str(tmp_path / "no.pem")}):
        known = {"url": url, "ca_bundle": str(papers["ca"]), "username": "a", "password": "b"}
        settings = SnowSettings(**{**known, **missing})
        with SnowClient(settings) as client, pytest.raises(errors.InvalidSettings, match="missing"):
            list(client.table("incident").rows())
