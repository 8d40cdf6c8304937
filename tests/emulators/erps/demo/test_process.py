import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.emulators.erps.demo.running import RunningErp

Start = Callable[[], RunningErp]
FIND_ANA = "/api/customers?document=52998224725"


def test_it_says_where_it_listens_and_nothing_else(start: Start) -> None:
    erp = start()
    assert erp.client.get("/health").status_code == 200
    assert erp.client.get(FIND_ANA).json()["customers"][0]["name"] == "Ana Souza"
    assert erp.client.get("/api/nothing").status_code == 404
    assert erp.end() == ("", "")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_even_with_an_answer_held_back(start: Start, stop: signal.Signals) -> None:
    erp = start()
    erp.switch(slow_seconds=600)
    with ThreadPoolExecutor(1) as pool:
        held_back = pool.submit(httpx.get, str(erp.client.base_url.join(FIND_ANA)), timeout=60)
        while not erp.client.get("/control/requests").json()["requests"]:
            time.sleep(0.01)
        started = time.monotonic()
        erp.process.send_signal(stop)
        assert erp.process.wait(30) == 0
        assert time.monotonic() - started < 5
        assert held_back.result(30).status_code == 500
    assert erp.end() == ("", "")


def test_down_closes_the_connection_without_one_byte(start: Start) -> None:
    erp = start()
    erp.switch(down=True)
    url = erp.client.base_url
    with socket.create_connection((url.host, url.port or 0), timeout=30) as raw:
        raw.sendall(f"GET {FIND_ANA} HTTP/1.1\r\nHost: erp\r\n\r\n".encode())
        assert raw.recv(1) == b""
    with pytest.raises(httpx.RemoteProtocolError):
        erp.issue("k")
    assert erp.copies() == 0
    erp.switch()
    assert erp.client.get(FIND_ANA).status_code == 200
    assert erp.end() == ("", "")


def test_down_for_one_request_spares_the_next(start: Start) -> None:
    erp = start()
    erp.switch(down=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        erp.client.get(FIND_ANA)
    assert erp.client.get(FIND_ANA).status_code == 200


def test_a_reset_after_a_write_leaves_the_write_to_be_read_back(start: Start) -> None:
    erp = start()
    erp.switch(reset_after_write=1)
    with pytest.raises(httpx.ReadError):
        erp.issue("k")
    assert erp.copies() == 1
    found = erp.client.get("/api/second-copies", params={"key": "k"}).json()["copies"]
    repeated = erp.issue("k")
    assert repeated.status_code == 200
    assert found == [repeated.json()["copy"]]
    assert erp.issue("another").status_code == 201
    assert erp.copies() == 2
    assert erp.end() == ("", "")


def test_a_reset_waits_for_a_write_that_stores_something(start: Start) -> None:
    erp = start()
    erp.issue("k")
    erp.switch(reset_after_write=1)
    assert erp.issue("k").status_code == 200
    assert erp.client.get(FIND_ANA).status_code == 200
    with pytest.raises(httpx.ReadError):
        erp.issue("another")


def test_a_client_that_gives_up_on_a_slow_write_has_written(start: Start) -> None:
    erp = start()
    erp.switch(slow_seconds=600)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            str(erp.client.base_url.join("/api/invoices/F-5001/second-copies")),
            headers={"Idempotency-Key": "k", "Authorization": "Bearer demo-token"},
            timeout=2,
        )
    assert erp.copies() == 1


def test_a_client_that_leaves_before_it_is_cut_off_does_no_harm(start: Start) -> None:
    erp = start()
    erp.switch(slow_seconds=0.5, down=True)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(str(erp.client.base_url.join(FIND_ANA)), timeout=0.1)
    time.sleep(1)
    assert erp.client.get("/health").status_code == 200
    assert erp.end() == ("", "")


def test_what_was_answered_outlives_a_kill(start: Start) -> None:
    first = start()
    answered = first.issue("k").json()["copy"]
    first.end()
    second = start()
    assert second.client.get("/api/second-copies", params={"key": "k"}).json() == {"copies": [answered]}
    assert second.issue("k").status_code == 200
    assert second.copies() == 1


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "emulators.erps.demo", "--port", port, "--database", str(tmp_path / "erp.db")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in ended.stderr
    assert not (tmp_path / "erp.db").exists()
