"""What keeps a service from being reached, each told apart, over real connections."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import collector
from collector.client import RetryPolicy, client
from collector.errors import SourceError, SourceRefusedError, SourceUnavailableError
from collector.transport import Transport
from evaluator.model.facts import Reason

ASK = """
import sys
from collector.client import client
from collector.errors import SourceError
from collector.transport import Transport
try:
    with client() as http:
        print(Transport(http, service="Jira").get(sys.argv[1], about="x"))
except SourceError as error:
    print(error)
"""


class Server(BaseHTTPRequestHandler):
    """Answers every question with the address that was asked for."""

    def do_GET(self) -> None:
        body = f'"{self.path}"'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep silent."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[int]:
    """The port of a server on this machine: https where there is a certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and its key that no authority has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)  # noqa: TID251 - TLS reads the real clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "private-authority.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return file


def ask(url: str, through: httpx.Client | None = None) -> tuple[SourceError, int]:
    """Why nothing came back, and after how many tries."""
    policy = RetryPolicy(attempts=2, sleep=lambda _: None)
    with through or client() as http:
        transport = Transport(http, service="Jira", retry=policy)
        with pytest.raises(SourceError) as caught:
            transport.get(url, about="project HER")
    assert caught.value.reason is Reason.SOURCE_DOWN
    return caught.value, transport.requests


def ask_elsewhere(url: str, **settings: str) -> str:
    """What a process with these settings gets."""
    env = {"PYTHONPATH": str(Path(collector.__file__).parents[1]), **settings}
    command = [sys.executable, "-c", ASK, url]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def test_a_certificate_of_a_private_authority_says_what_to_set(certificate: Path) -> None:
    with serving(certificate) as port:
        error, tries = ask(f"https://127.0.0.1:{port}/")

    assert isinstance(error, SourceRefusedError)
    assert tries == 1  # asking again would be in vain
    assert "certificate that is not trusted here (self" in str(error)
    assert "set SSL_CERT_FILE" in str(error)


def test_a_private_authority_that_is_named_is_trusted(certificate: Path) -> None:
    with serving(certificate) as port:
        answer = ask_elsewhere(f"https://127.0.0.1:{port}/it", SSL_CERT_FILE=str(certificate))

    assert answer == "/it\n"


def test_a_file_of_authorities_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    answer = ask_elsewhere("https://127.0.0.1:9/", SSL_CERT_FILE=str(tmp_path / "none.pem"))

    assert "SSL_CERT_FILE, or SSL_CERT_DIR, names no certificates that can be read" in answer


def test_https_where_only_http_is_spoken_is_told_as_such() -> None:
    with serving() as port:
        error, tries = ask(f"https://127.0.0.1:{port}/")

    assert isinstance(error, SourceRefusedError)
    assert tries == 1
    assert "does not speak https at this address" in str(error)


def test_a_refused_connection_is_told_as_such_and_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    error, tries = ask(f"http://127.0.0.1:{port}/")

    assert isinstance(error, SourceUnavailableError)
    assert tries == 2
    assert "the connection was refused" in str(error)


def test_a_name_that_nobody_knows_is_told_as_such() -> None:
    def unknown(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("", request=request) from socket.gaierror(-2, "not known")

    error, _ = ask(
        "https://jira.example.org/", httpx.Client(transport=httpx.MockTransport(unknown))
    )

    assert "has an address whose name is not known here" in str(error)
    assert "(DNS)" in str(error)


def test_what_fits_nothing_is_told_by_its_kind() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("", request=request)

    error, _ = ask("https://jira.example.org/", httpx.Client(transport=httpx.MockTransport(cut)))

    assert "could not be reached (ReadError)" in str(error)


def test_a_proxy_on_the_way_out_is_used_where_one_is_named() -> None:
    with serving() as port:
        proxy = f"http://127.0.0.1:{port}"
        far = ask_elsewhere("http://jira.example.org/it", HTTP_PROXY=proxy)
        near = ask_elsewhere(f"{proxy}/it", HTTP_PROXY="http://127.0.0.1:9", NO_PROXY="127.0.0.1")

    assert far == "http://jira.example.org/it\n"
    assert near == "/it\n"
