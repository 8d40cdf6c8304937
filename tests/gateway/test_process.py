import json
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.gateway.processes import Start, configure


def session(url: str) -> str:
    return str(httpx.post(f"{url}/webchat/site/sessions").json()["token"])


def say(url: str, token: str, message_id: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.post(f"{url}/webhooks/webchat/site", json={"id": message_id, "text": "oi"}, headers=headers)


def stored(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "var" / "prosa.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told(tmp_path: Path, start: Start, number: int) -> None:
    gateway = start(configure(tmp_path))
    assert httpx.get(f"{gateway.url}/health").json() == {"status": "ok"}
    assert gateway.stop(number) == 0
    assert "Traceback" not in gateway.end()


def test_alone_it_has_no_pages_for_the_company(tmp_path: Path, start: Start) -> None:
    gateway = start(configure(tmp_path))
    assert [httpx.get(f"{gateway.url}/{page}").status_code for page in ("flows", "reference")] == [404, 404]


def test_it_stops_at_once_with_twenty_open_streams(tmp_path: Path, start: Start) -> None:
    gateway = start(configure(tmp_path))
    ended: list[bool] = []
    opened = threading.Barrier(21)

    def follow(token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        with httpx.stream("GET", f"{gateway.url}/webchat/site/events", headers=headers, timeout=30) as stream:
            chunks = stream.iter_text()
            next(chunks)
            opened.wait(timeout=20)
            for _ in chunks:
                pass
            ended.append(True)

    threads = [threading.Thread(target=follow, args=(session(gateway.url),)) for _ in range(20)]
    for thread in threads:
        thread.start()
    opened.wait(timeout=20)
    began = time.monotonic()
    assert gateway.stop() == 0
    assert time.monotonic() - began < 10  # about 0.5 s; a stream that held it up would take it 15
    for thread in threads:
        thread.join(timeout=10)
    assert len(ended) == 20
    assert "Traceback" not in gateway.end()


def test_a_page_that_no_longer_reads_does_not_hold_it_up(tmp_path: Path, start: Start) -> None:
    gateway = start(configure(tmp_path))
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as page:
        token = session(gateway.url)
        page.sendall(f"GET /webchat/site/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n".encode())
        assert b"200 OK" in page.recv(100)
        assert gateway.stop() == 0
    assert "Traceback" not in gateway.end()


def test_a_port_that_is_taken_is_named_with_its_setting(tmp_path: Path, start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        gateway = start(configure(tmp_path, port=port))
        assert gateway.popen.wait(timeout=20) == 2
    log = gateway.end()
    assert f"127.0.0.1:{port}" in log
    assert "PROSA_GATEWAY__PORT" in log
    assert "Traceback" not in log


def test_a_database_of_another_version_is_refused(tmp_path: Path, start: Start) -> None:
    gateway = start(configure(tmp_path, database=False))
    assert gateway.popen.wait(timeout=20) == 2
    assert "prosa db upgrade" in gateway.end()


def test_a_wrong_account_is_named(tmp_path: Path, start: Start) -> None:
    file = configure(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + 'colour = "blue"\n', encoding="utf-8")
    gateway = start(file)
    assert gateway.popen.wait(timeout=20) == 2
    assert "accounts.site.colour: unknown key" in gateway.end()


def test_twenty_megabytes_are_refused_without_being_read(tmp_path: Path, start: Start) -> None:
    gateway = start(configure(tmp_path))
    url = f"{gateway.url}/webhooks/webchat/site"
    assert httpx.post(url, content=b"x" * 20_000_000).status_code == 413

    def unannounced() -> Iterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 10_000

    assert httpx.post(url, content=unannounced()).status_code == 413
    assert httpx.get(f"{gateway.url}/health").status_code == 200


def test_killed_after_the_answer_it_forwards_when_it_is_back(tmp_path: Path, start: Start) -> None:
    file = configure(tmp_path)
    gateway = start(file, PROSA_FAILPOINTS="after_ack@2")
    token = session(gateway.url)
    assert say(gateway.url, token, "m1").status_code == 200
    assert say(gateway.url, token, "m2").status_code == 200
    assert gateway.popen.wait(timeout=20) == -signal.SIGKILL
    assert stored(tmp_path) == 2
    again = start(file)
    assert say(again.url, token, "m2").json() == {"received": 0, "repeated": 1}


def test_killed_before_the_commit_it_has_answered_nothing(tmp_path: Path, start: Start) -> None:
    file = configure(tmp_path)
    gateway = start(file, PROSA_FAILPOINTS="before_commit@1")
    token = session(gateway.url)
    with pytest.raises(httpx.TransportError):
        say(gateway.url, token, "m1")
    assert gateway.popen.wait(timeout=20) == -signal.SIGKILL
    assert stored(tmp_path) == 0
    again = start(file)
    assert say(again.url, token, "m1").json() == {"received": 1, "repeated": 0}
    assert stored(tmp_path) == 1


def test_without_temporal_it_lives_acknowledges_and_is_not_ready(tmp_path: Path, start: Start) -> None:
    gateway = start(configure(tmp_path))
    assert say(gateway.url, session(gateway.url), "m1").status_code == 200
    ready = httpx.get(f"{gateway.url}/ready")
    assert (ready.status_code, ready.json()) == (503, {"database": True, "temporal": False})
    assert httpx.get(f"{gateway.url}/health").status_code == 200
    gateway.stop()
    lines = [json.loads(line) for line in gateway.end().splitlines()]
    assert [line["event"] for line in lines].count("temporal_away") == 1


def test_no_token_and_no_key_is_in_the_log(tmp_path: Path, start: Start) -> None:
    file = configure(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + '[log]\nlevel = "DEBUG"\n', encoding="utf-8")
    gateway = start(file)
    token = session(gateway.url)
    say(gateway.url, token, "m1")
    say(gateway.url, token + "x", "m2")
    httpx.get(f"{gateway.url}/webchat/site/events", headers={"authorization": f"Bearer {token}x"})
    gateway.stop()
    log = gateway.end()
    assert "webhook_refused" in log
    assert token not in log
    assert (tmp_path / "var" / "installation.key").read_text(encoding="utf-8") not in log


def test_a_session_outlives_a_new_installation_key(tmp_path: Path, start: Start) -> None:
    file = configure(tmp_path)
    before = start(file)
    token = session(before.url)
    assert before.stop() == 0
    key = tmp_path / "var" / "installation.key"
    key.write_text(f"{'ab' * 32}\n{key.read_text(encoding='utf-8')}\n", encoding="utf-8")
    after = start(file)
    resumed = httpx.post(f"{after.url}/webchat/site/sessions", json={"resume": token}, timeout=30).json()
    assert resumed["resumed"] is True
    key.write_text("ab" * 32, encoding="utf-8")
    assert after.stop() == 0
    forgotten = httpx.post(f"{start(file).url}/webchat/site/sessions", json={"resume": token}, timeout=30).json()
    assert forgotten["resumed"] is False
