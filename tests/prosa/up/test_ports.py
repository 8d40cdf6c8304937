import socket

import pytest

from domain.errors import PortTakenError
from prosa.up.ports import Port, free


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
