"""What is told of a Temporal that cannot be reached: a real one, behind a proxy that has TLS and asks for keys."""

import asyncio
import base64
import json
import socket
import ssl
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from domain.errors import SettingsError, TemporalError
from runtime.settings import Settings
from runtime.temporal import connect
from runtime.temporal_diagnosis import diagnose
from runtime.temporal_probe import probe
from runtime.temporal_section import TemporalSection
from tests.temporal_front import HOST, Authority, front

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG_AGO = datetime.now(UTC) - timedelta(days=30)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncGenerator[str]:
    """The address of a real Temporal, without TLS."""
    environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    async with environment:
        yield environment.client.service_client.config.target_host


@pytest.fixture(scope="module")
def ours() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def theirs() -> Authority:
    return Authority()


def settings(folder: Path, address: str, **temporal: Any) -> Settings:
    """Return settings whose PEM texts and key are written as files, as they are in production."""
    (folder / "secrets").mkdir(exist_ok=True)
    for name in ("tls_ca", "tls_certificate", "tls_key", "api_key"):
        if name in temporal:
            (folder / "secrets" / name).write_text(temporal[name], encoding="utf-8")
            temporal[name] = f"secret://{name}"
    return Settings(data=folder, temporal=TemporalSection(address=address, **temporal))


async def told(chosen: Settings) -> str:
    """Return the reason and the sentence of what is told; empty when Temporal does what it is asked for."""
    try:
        client = await connect(chosen)
        request = DescribeNamespaceRequest(namespace=client.namespace)
        await client.workflow_service.describe_namespace(request, timeout=timedelta(seconds=5))
    except (RPCError, RuntimeError, SettingsError) as error:
        found = await diagnose(chosen, error)
        return f"{getattr(found, 'reason', 'settings')}: {found}"
    return ""


async def test_a_temporal_without_tls_takes_who_comes_without(server: str, tmp_path: Path) -> None:
    assert await told(settings(tmp_path, server)) == ""


async def test_nobody_who_listens_and_a_name_that_nobody_has_are_told(tmp_path: Path) -> None:
    assert "nobody: nothing answers as Temporal at '127.0.0.1:9': " in await told(settings(tmp_path, "127.0.0.1:9"))
    assert (await told(settings(tmp_path, "nowhere.invalid:7233"))).startswith("nobody: ")
    assert (await told(settings(tmp_path, "127.0.0.1:9", tls=True))).startswith("nobody: ")


async def test_what_speaks_otherwise_is_no_temporal(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, HOST, 0) as other:
        address = f"{HOST}:{other.sockets[0].getsockname()[1]}"
        for tls in (False, True):
            assert (await told(settings(tmp_path, address, tls=tls))).startswith("silent: ")


async def test_tls_on_one_side_only_is_told_from_both(server: str, tmp_path: Path, ours: Authority) -> None:
    assert (await told(settings(tmp_path, server, tls=True))).startswith("no_tls: ")
    async with front(server, ours.server()) as proxy:
        assert (await told(settings(tmp_path, proxy.address))).startswith("wants_tls: ")
    async with front(server, ours.server(clients=ours)) as proxy:
        assert (await told(settings(tmp_path, proxy.address))).startswith("wants_tls: ")


async def test_a_certificate_is_trusted_by_whom_the_settings_name(
    server: str, tmp_path: Path, ours: Authority, theirs: Authority
) -> None:
    async with front(server, ours.server()) as proxy:
        assert await told(settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem)) == ""
        for other in ({"tls_ca": theirs.pem}, {}):
            said = await told(settings(tmp_path, proxy.address, tls=True, **other))
            assert said.startswith("untrusted: the certificate of Temporal at ")


async def test_a_certificate_that_has_expired_or_is_for_another_name_is_told(
    server: str, tmp_path: Path, ours: Authority
) -> None:
    async with front(server, ours.server(since=LONG_AGO, until=YESTERDAY)) as proxy:
        assert (await told(settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem))).startswith("expired: ")
    async with front(server, ours.server("temporal.example")) as proxy:
        chosen = settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem)
        assert (await told(chosen)).startswith("server_name: ")
        named = settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem, tls_server_name="temporal.example")
        assert await told(named) == ""


async def test_a_server_that_asks_for_our_certificate_takes_that_of_its_own_authority_only(
    server: str, tmp_path: Path, ours: Authority, theirs: Authority
) -> None:
    async with front(server, ours.server(clients=theirs)) as proxy:

        async def with_certificate(**client: str) -> str:
            return await told(settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem, **client))

        assert (await with_certificate()).startswith("wants_certificate: ")
        assert await with_certificate(**theirs.client()) == ""
        assert (await with_certificate(**ours.client())).startswith("certificate_refused: ")
        old = theirs.client(since=LONG_AGO, until=YESTERDAY)
        assert (await with_certificate(**old)).startswith("certificate_refused: ")


@contextmanager
def outspoken(context: ssl.SSLContext) -> Generator[str]:
    """Refuse certificates by an alert that says why, as most servers do and asyncio's does not."""
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.settimeout(0.3)
                    with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as wrapped:
                        with suppress(ssl.SSLError):
                            wrapped.do_handshake()
                        with suppress(OSError):  # closed with words unread, it would reset, and the alert be lost
                            while socket.socket.recv(wrapped, 1024):
                                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"{HOST}:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


async def test_the_reason_for_which_a_certificate_is_refused_is_told_where_the_server_says_it(
    tmp_path: Path, ours: Authority, theirs: Authority
) -> None:
    with outspoken(ours.server(clients=theirs)) as address:
        for client, reason, sentence in (
            ({}, "wants_certificate", "certificate required"),
            (ours.client(), "certificate_refused", "unknown ca"),
            (theirs.client(since=LONG_AGO, until=YESTERDAY), "certificate_refused", "certificate expired"),
        ):
            with pytest.raises(TemporalError, match=sentence) as found:
                await probe(settings(tmp_path, address, tls=True, tls_ca=ours.pem, **client))
            assert found.value.reason == reason


async def test_certificates_that_do_not_fit_or_cannot_be_read_name_their_key(
    server: str, tmp_path: Path, ours: Authority
) -> None:
    async with front(server, ours.server(clients=ours)) as proxy:
        one, other = ours.client(), ours.client()
        mixed = {"tls_certificate": one["tls_certificate"], "tls_key": other["tls_key"]}
        said = await told(settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem, **mixed))
        assert said.startswith("settings: prosa.toml: temporal.tls_certificate: ")
        said = await told(settings(tmp_path, proxy.address, tls=True, tls_ca="rubbish"))
        assert said.startswith("settings: prosa.toml: temporal.tls_ca: expected PEM")
        cut = "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----"
        said = await told(settings(tmp_path, proxy.address, tls=True, tls_ca=cut))
        assert said.startswith("settings: prosa.toml: temporal.tls_ca: expected certificates in PEM")


def token(until: datetime) -> str:
    """Return a key in the form of a JSON Web Token, as those of Temporal Cloud are."""
    parts: tuple[dict[str, Any], ...] = ({"alg": "none"}, {"exp": until.timestamp()}, {})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


async def test_a_key_that_is_refused_and_one_that_has_expired_are_told_apart(
    server: str, tmp_path: Path, ours: Authority
) -> None:
    async with front(server, ours.server()) as proxy:
        proxy.keys, proxy.expired = {"good"}, {"old"}

        async def with_key(**key: str) -> str:
            return await told(settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem, **key))

        assert await with_key(api_key="good") == ""
        assert "unauthorized: " in (said := await with_key())
        assert "refuses us, who have no API key" in said
        assert (await with_key(api_key="bad")).startswith("unauthorized: ")
        assert (await with_key(api_key="old")).startswith("key_expired: ")
        assert f"expired at {YESTERDAY:%Y-%m-%d}" in await with_key(api_key=token(YESTERDAY))
        assert (await with_key(api_key=token(datetime.now(UTC) + timedelta(days=1)))).startswith("unauthorized: ")


async def test_a_namespace_that_is_not_there_is_named(server: str, tmp_path: Path) -> None:
    said = await told(settings(tmp_path, server, namespace="shop"))
    assert said == f"namespace: Temporal at {server!r} does not know the namespace 'shop'"
