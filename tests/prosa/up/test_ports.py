import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import PortTakenError
from prosa.up.ports import Port, free, settled


def test_a_taken_port_is_named_with_its_setting_and_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        with pytest.raises(PortTakenError) as caught:
            Port(number, "temporal.ui_port").settle()
    for word in (str(number), "temporal.ui_port", "PROSA_TEMPORAL__UI_PORT"):
        assert word in str(caught.value)


def test_a_taken_port_is_replaced_where_that_is_wanted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        assert Port(number, "gateway.port").settle(otherwise_free=True) != number


def test_a_free_port_is_kept_and_0_is_a_free_one() -> None:
    number = free()
    assert Port(number, "gateway.port").settle() == number
    assert Port(0, "gateway.port").settle() > 0


def test_a_free_port_is_never_one_that_an_outgoing_connection_may_be_given() -> None:
    assert all(free() < 32_768 for _ in range(50))


LISTEN = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"""


def test_the_other_prosa_is_named_by_its_folder(tmp_path: Path) -> None:
    """A child of a process called `prosa` listens, as Temporal does for `prosa up`."""
    script = tmp_path / "prosa"
    script.write_text(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {LISTEN!r}])", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), "up"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        number = int(other.stdout.readline())
        with pytest.raises(PortTakenError, match="is taken by the Prosa in") as caught:
            Port(number, "gateway.port").settle()
        assert f"the Prosa in {tmp_path} (process {other.pid})" in str(caught.value)
        other.communicate("")


def test_all_taken_ports_are_told_at_once_with_the_program_that_has_them() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        numbers = [listener.getsockname()[1] for listener in (one, two)]
        with pytest.raises(PortTakenError) as caught:
            settled(
                [Port(numbers[0], "gateway.port"), Port(free(), "temporal.port"), Port(numbers[1], "temporal.ui_port")]
            )
    first, second = str(caught.value).splitlines()
    assert f"port {numbers[0]} " in first
    assert f"port {numbers[1]} " in second
    assert f"(process {os.getpid()})" in first
