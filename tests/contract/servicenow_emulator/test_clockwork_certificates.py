"""Mutual TLS: a client certificate of a trusted authority acts as the user it is mapped to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sfcc_client.emulator.certificates import issued
from snow_app.emulator import ServiceNowEmulator

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WHO = {"sysparm_query": "sys_id=javascript:gs.getUserID()"}


class Authority:
    """Signs client certificates; the TLS port checks dates by the machine's clock, so they are good for long."""

    def __init__(self, name: str) -> None:
        self.key, self.name = ec.generate_private_key(ec.SECP256R1()), _named(name)
        self.certificate = self._signed(self.name, self.key, ca=True)

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        made = x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(BEGIN)
        made = made.not_valid_after(BEGIN + timedelta(days=7300))
        made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        return made.sign(self.key, hashes.SHA256())

    def client(self, folder: Path, name: str) -> tuple[str, str]:
        """PEM files of a new client certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        files = folder / f"{name}.pem", folder / f"{name}-key.pem"
        files[0].write_text(pem(self._signed(_named(name), key, ca=False)))
        format_, encryption = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, format_, encryption))
        return str(files[0]), str(files[1])


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Partner authority")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return issued(tmp_path_factory.mktemp("tls"), datetime.now(UTC))


@pytest.fixture
def secure(files, clock):
    with ServiceNowEmulator(clock=clock, certificate=files[0]) as running:
        yield running


@pytest.fixture
def admin(secure, sign_in_at):
    return sign_in_at(secure, "admin")


@pytest.fixture
def asked(secure, files):
    def answer(cert=None, **options) -> requests.Response:
        url = f"{secure.secure_url}/api/now/table/sys_user"
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url, cert=cert, verify=str(files[1]), params=WHO, timeout=5, **options)

    return answer


@pytest.fixture
def client(authority, tmp_path) -> tuple[str, str]:
    return authority.client(tmp_path, "feed")


@pytest.fixture
def mapped(admin, authority, client):
    """The authority is trusted, the client's certificate is the agent's."""
    chain = admin.made("sys_ca_certificate", name="Partner", pem_certificate=pem(authority.certificate))
    agent = admin.get("table/sys_user", user_name="agent").json()["result"][0]["sys_id"]
    text = Path(client[0]).read_text()
    mapping = admin.made("sys_user_certificate", name="Feed", user=agent, pem_certificate=text)
    return chain, mapping


def test_a_certificate_acts_as_its_user(asked, client, mapped) -> None:
    answer = asked(client)
    assert answer.status_code == 200, answer.text
    assert [row["user_name"] for row in answer.json()["result"]] == ["agent"]
    assert (mapped[1]["subject"], mapped[1]["issuer"]) == ("CN=feed", "CN=Partner authority")


def test_without_one_the_other_ways_stay(asked, mapped) -> None:
    assert asked().status_code == 401
    assert asked(auth=("lead", "lead")).json()["result"][0]["user_name"] == "lead"


def test_credentials_go_before_a_certificate(asked, client, mapped) -> None:
    assert asked(client, auth=("lead", "lead")).json()["result"][0]["user_name"] == "lead"
    assert asked(client, auth=("lead", "wrong")).status_code == 401


def test_one_nobody_is_mapped_to(asked, authority, tmp_path, mapped) -> None:
    assert asked(authority.client(tmp_path, "other")).status_code == 401


def test_one_of_an_unknown_authority_is_turned_away(asked, tmp_path, mapped) -> None:
    stranger = Authority("Partner authority").client(tmp_path, "stranger")
    with pytest.raises(requests.exceptions.ConnectionError):
        asked(stranger)


@pytest.mark.parametrize(("which", "table"), [(0, "sys_ca_certificate"), (1, "sys_user_certificate")])
def test_switched_off_it_is_not_taken(asked, admin, client, mapped, which: int, table: str) -> None:
    admin.patch(f"table/{table}/{mapped[which]['sys_id']}", {"active": "false"})
    assert asked(client).status_code == 401


def test_it_ends_by_the_instances_clock(asked, client, clock, mapped) -> None:
    assert mapped[1]["expires"] == "2045-12-27 00:00:00"
    clock.forward(days=7300)
    assert asked(client).status_code == 401


def test_a_header_is_no_certificate(secure, client, mapped) -> None:
    for name in ("SSL_CLIENT_CERT", "SSL-Client-Cert", "X-SSL-CERT"):
        headers = {name: Path(client[0]).read_text().replace("\n", " ")}
        url = f"{secure.url}/api/now/table/sys_user"
        assert requests.get(url, headers=headers, timeout=5).status_code == 401


def test_what_is_no_certificate_is_refused(admin) -> None:
    for table in ("sys_ca_certificate", "sys_user_certificate"):
        assert admin.post(f"table/{table}", {"name": "x", "pem_certificate": "hello"}).status_code == 403


def test_authorities_are_trusted_after_a_restart(files, clock, authority, client, tmp_path, sign_in_at) -> None:
    path = tmp_path / "instance.sqlite"
    with ServiceNowEmulator(path=path, clock=clock) as first:
        admin = first.instance.session("admin")
        admin.insert("sys_ca_certificate", {"name": "P", "pem_certificate": pem(authority.certificate)})
        agent = first.instance.records.first("sys_user", user_name="agent")
        text = Path(client[0]).read_text()
        admin.insert("sys_user_certificate", {"name": "F", "user": agent["sys_id"], "pem_certificate": text})
    with ServiceNowEmulator(path=path, clock=clock, certificate=files[0]) as second, requests.Session() as session:
        session.trust_env = False
        url = f"{second.secure_url}/api/now/table/incident"
        assert session.get(url, cert=client, verify=str(files[1]), timeout=5).status_code == 200
