"""The gateway behind a real nginx, with the block of docs/production.md."""

import re
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.webchat.session_routes import SESSIONS
from tests.deploy import nginx
from tests.gateway.processes import ROOT, configure, launch

SAME, ANOTHER = "127.0.0.1", "127.0.0.2"
"""Addresses from which nginx calls the gateway: that of the gateway, and another; only the one in use is trusted."""
ONE, TWO = "203.0.113.7", "203.0.113.8"
"""Addresses of visitors, which nginx takes from a header of the tests for those of its peers."""
FRAME = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; set_real_ip_from 127.0.0.0/8; real_ip_header X-Tested-As;
    server {{ listen 127.0.0.1:{port}; {location} }}
}}
"""


@pytest.fixture(scope="module")
def binary(pytestconfig: pytest.Config) -> str:
    found = nginx.program(pytestconfig.cache.mkdir("nginx"))
    if found is None:
        pytest.skip("no nginx here, and apt-get cannot fetch one")
    return found


@contextmanager
def behind(folder: Path, binary: str, upstream: str) -> Generator[str]:
    """Run a gateway that trusts *upstream*, and an nginx that calls it from there; its address."""
    file = configure(folder)
    told = f'[gateway]\npublic_url = "https://chat.example.com"\ntrusted_proxies = ["{upstream}"]\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[gateway]\n", told), encoding="utf-8")
    gateway = launch(file)
    with socket.create_server((SAME, 0)) as taken:
        port = taken.getsockname()[1]
    location = documented().replace("http://127.0.0.1:8080;", f"{gateway.url}; proxy_bind {upstream};")
    config = folder / "nginx.conf"
    config.write_text(FRAME.format(folder=folder, port=port, location=location), encoding="utf-8")
    proxy = subprocess.Popen([binary, "-c", str(config), "-e", str(folder / "error.log")])
    try:
        listens(port)
        yield f"http://{SAME}:{port}"
    finally:
        proxy.terminate()
        proxy.wait(timeout=20)
        gateway.end()


def documented() -> str:
    page = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    return block


def listens(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((SAME, port), timeout=5).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def sessions(url: str, visitor: str, count: int, **headers: str) -> list[int]:
    told = {"x-tested-as": visitor, **headers}
    return [httpx.post(f"{url}/webchat/site/sessions", headers=told, timeout=20).status_code for _ in range(count)]


@pytest.mark.parametrize("upstream", [SAME, ANOTHER])
def test_each_visitor_behind_nginx_has_a_limit_that_no_header_moves(tmp_path: Path, binary: str, upstream: str) -> None:
    with behind(tmp_path, binary, upstream) as url:
        assert set(sessions(url, ONE, SESSIONS.count)) == {200}
        for invented in ("198.51.100.9", "127.0.0.1", f"127.0.0.1, {upstream}"):
            assert sessions(url, ONE, 1, **{"x-forwarded-for": invented, "forwarded": f"for={invented}"}) == [429]
        assert sessions(url, TWO, 1) == [200]


@pytest.mark.parametrize("upstream", [SAME, ANOTHER])
def test_strangers_behind_nginx_read_no_metrics(tmp_path: Path, binary: str, upstream: str) -> None:
    with behind(tmp_path, binary, upstream) as url:
        answer = httpx.get(f"{url}/metrics", headers={"x-tested-as": ONE}, timeout=20)
        assert (answer.status_code, answer.headers["x-content-type-options"]) == (403, "nosniff")
        assert answer.headers["strict-transport-security"]
