"""Fetching over real HTTP: bounds, redirects, a pinned number, and whose certificate it must be."""

import logging
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jobcenter.calendars.expanding import Unread
from jobcenter.calendars.fetching import MOST_BYTES, Way, fetch
from tests.calendars.conftest import Serve
from tests.servers import free_port

HERE = Way(seconds=5.0, loopback=True)


async def trouble(address: str, way: Way = HERE) -> str:
    """Return why an address cannot be read."""
    with pytest.raises(Unread) as caught:
        await fetch(address, way)
    assert caught.value.args == (caught.value.code,)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.code


async def test_what_is_there_is_fetched_within_bounds(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A proxy of the environment would be asked for everything, past the guard.
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    caplog.set_level(logging.DEBUG)
    there = serve()
    assert await fetch(there.says("/secret.ics?key=1", "\ufeffBEGIN"), HERE) == "BEGIN"
    answers = {
        there.says("/gone", "", 404): "refused",
        there.says("/broken", "", 503): "unreachable",
        there.says("/big", b"x" * (MOST_BYTES + 1)): "too_big",
        there.says("/packed", b"\x1f\x8b", content_encoding="gzip"): "not_calendar",
        there.says("/short", "half", content_length="400"): "unreachable",
        f"http://127.0.0.1:{free_port()}/": "unreachable",
        "https://calendar.invalid/": "unreachable",
    }
    for address, code in answers.items():
        assert await trouble(address) == code, address
    there.slow = 1.0
    assert await trouble(there.says("/slow", "x"), replace(HERE, seconds=0.2)) == "unreachable"
    assert "secret" not in caplog.text
    assert "key=1" not in caplog.text


async def test_a_redirect_is_followed_three_times_and_never_inside(serve: Serve) -> None:
    there = serve()
    there.says("/end", "here")
    for step in range(1, 5):
        there.says(f"/{step}", "", 302, location=f"/{step - 1}" if step > 1 else "/end")
    assert await fetch(f"http://127.0.0.1:{there.port}/3", HERE) == "here"
    assert await trouble(f"http://127.0.0.1:{there.port}/4") == "redirects"
    for inside in ("http://10.0.0.1/", "https://169.254.169.254/", "file:///etc/passwd"):
        assert await trouble(there.says("/in", "", 301, location=inside)) == "not_public"
    # Without the setting of tests nobody on this machine is asked at all.
    asked = len(there.asked)
    assert await trouble(there.says("/x", "x"), Way()) == "not_public"
    assert len(there.asked) == asked


async def test_a_name_is_asked_about_once_and_none_of_its_numbers_may_lie_inside(
    serve: Serve,
) -> None:
    there, asked = serve(), []

    async def numbers(host: str, _port: int) -> list[str]:
        asked.append(host)
        # The second time it would lead elsewhere, as whoever means harm has it.
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    there.says("/a.ics", "here")
    way = replace(HERE, resolve=numbers)
    assert await fetch(f"http://calendar.example:{there.port}/a.ics", way) == "here"
    assert asked == ["calendar.example"]
    assert there.asked == [(f"calendar.example:{there.port}", "/a.ics")]

    async def mixed(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    assert await trouble("https://calendar.example/", Way(resolve=mixed)) == "not_public"


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the context of a server with a certificate for `name`, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{name}.pem"
    file.write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=pem.decode())


async def test_the_certificate_must_be_the_names(serve: Serve, tmp_path: Path) -> None:
    server, trust = certified("calendar.example", tmp_path)
    there = serve(server)
    there.says("/a.ics", "here")

    async def numbers(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    way = replace(HERE, resolve=numbers, trust=trust)
    assert await fetch(f"https://calendar.example:{there.port}/a.ics", way) == "here"
    for other, changed in (
        ("another.example", way),
        ("calendar.example", replace(way, trust=None)),
    ):
        assert await trouble(f"https://{other}:{there.port}/a.ics", changed) == "unreachable"
    assert len(there.asked) == 1
