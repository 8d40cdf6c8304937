"""The line between a browser and the gateway, which a test can cut."""

import socket
import threading
from contextlib import suppress
from typing import Final, Self

_CHUNK: Final = 65_536


def only_the_net(trouble: list[str]) -> bool:
    """Says whether the console of a page complained of nothing but the line."""
    return all("net::ERR_" in one for one in trouble)


class Line:
    """A TCP relay from a port of its own to *port*; while it is cut, open connections are gone and new ones die."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._cut = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._server.close()

    def cut(self) -> None:
        """Cut the line."""
        self._cut.set()
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let new connections through."""
        self._cut.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                if self._cut.is_set():
                    caller.close()
                    continue
                with suppress(OSError):
                    callee = socket.create_connection(("127.0.0.1", self._target))
                    for ends in ((caller, callee), (callee, caller)):
                        threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with self._lock:
            self._open.add(source)
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open.discard(source)
        source.close()
