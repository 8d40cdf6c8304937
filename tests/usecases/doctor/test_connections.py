"""What the doctor says of connections that it tries itself, on the demo ERP as a process."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from erps.base import Erp
from erps.demo import Demo
from prosa.up.ports import free
from runtime.sections import Connection
from runtime.settings import Settings
from tests.emulators.erps.demo.running import RunningErp
from usecases.doctor import connections
from usecases.doctor.finding import Finding


@pytest.fixture(scope="module")
def erp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = RunningErp.start(tmp_path_factory.mktemp("erp") / "erp.db")
    yield str(running.client.base_url)
    running.end()


async def found(folder: Path, url: str, token: str = "demo-token") -> Finding:
    connection = Connection.model_validate({"erp": "demo", "url": url, "token": token})
    [finding] = await connections.look(Settings(data=folder, connections={"billing": connection}))
    assert finding.subject == "erp billing"
    return finding


@asynccontextmanager
async def answering(answer: bytes) -> AsyncGenerator[str]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_an_erp_that_takes_our_credential_is_fine(tmp_path: Path, erp: str) -> None:
    finding = await found(tmp_path, erp)
    assert (finding.level, "takes our credential" in finding.what) == ("fine", True)


async def test_a_credential_that_is_refused_is_named_before_any_contact_meets_it(tmp_path: Path, erp: str) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "billing").write_text("yesterdays", encoding="utf-8")
    finding = await found(tmp_path, erp, "secret://billing")
    assert finding.level == "trouble"
    assert "from here, the ERP of connection 'billing' refuses our credential" in finding.what
    assert "status 401" in finding.what
    assert "secret://billing is read from: the variable PROSA_SECRET_BILLING" in finding.mend[0]


async def test_without_its_secret_only_the_port_is_tried(tmp_path: Path, erp: str) -> None:
    finding = await found(tmp_path, erp, "secret://nowhere")
    assert (finding.level, "takes connections at 127.0.0.1:" in finding.what) == ("fine", True)
    assert "its credential cannot be tried from here" in finding.what


async def test_of_an_erp_without_a_probe_only_the_port_is_tried(
    tmp_path: Path, erp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Demo, "probe", Erp.probe)
    finding = await found(tmp_path, erp, "wrong")
    assert (finding.level, "takes connections at 127.0.0.1:" in finding.what) == ("fine", True)


async def test_an_address_where_nothing_listens_is_named_with_its_port(tmp_path: Path) -> None:
    port = free()
    finding = await found(tmp_path, f"http://127.0.0.1:{port}")
    assert finding.level == "trouble"
    assert f"nothing takes connections at 127.0.0.1:{port} (the port is closed)" in finding.what


async def test_an_address_where_something_else_answers_is_told_apart_from_one_that_fails(tmp_path: Path) -> None:
    async with answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi") as url:
        assert "answers something else than it should" in (await found(tmp_path, url)).what
    async with answering(b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\nconnection: close\r\n\r\n") as url:
        assert "does not answer (GET /api/second-copies: status 500)" in (await found(tmp_path, url)).what
