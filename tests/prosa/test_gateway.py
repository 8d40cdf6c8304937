"""`prosa gateway` as a process."""

import signal
import socket
from pathlib import Path

import httpx

from tests.gateway.processes import Process, configure, launch


def start(file: Path) -> Process:
    return launch(file, "-m", "prosa", "-C", str(file.parent), "gateway")


def test_one_address_serves_the_outside_and_the_company(tmp_path: Path) -> None:
    gateway = start(configure(tmp_path))
    try:
        assert httpx.get(f"{gateway.url}/health").json() == {"status": "ok"}
        assert "token" in httpx.post(f"{gateway.url}/webchat/site/sessions").json()
        for page in ("flows", "reference"):
            answer = httpx.get(f"{gateway.url}/{page}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert gateway.stop(signal.SIGTERM) == 0
    finally:
        log = gateway.end()
    assert "Traceback" not in log


def refusal(file: Path) -> str:
    """Return what a gateway says that refuses to start."""
    gateway = start(file)
    try:
        assert gateway.popen.wait(timeout=20) == 2
    finally:
        log = gateway.end()
    assert "Traceback" not in log
    return " ".join(log.split())


def test_what_keeps_it_from_serving_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "stop what listens there" in refusal(configure(tmp_path, port=taken.getsockname()[1]))


def test_a_secret_of_the_pages_that_is_nowhere_is_named(tmp_path: Path) -> None:
    file = configure(tmp_path)
    with file.open("a", encoding="utf-8") as written:
        written.write('[flows]\ntoken = "secret://pages"\n')
    assert "secret 'pages'" in refusal(file)
