import socket

import pytest

from domain.errors import PortTakenError
from web.serving import bind


def test_a_port_that_somebody_has_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port} .*or choose another port"):
            bind("127.0.0.1", port, "choose another port")


def test_port_zero_takes_a_free_one() -> None:
    with bind("127.0.0.1", 0, "") as listener:
        assert listener.getsockname()[1] > 0
