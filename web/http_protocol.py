"""How one connection is spoken over: uvicorn's protocol, with one answer and one log line at most for what is wrong."""

from typing import Any, Final

import h11
from typing_extensions import override
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD: Final = 32 * 1024
"""Bytes that the head of a request may have."""
_TARGET: Final = 8 * 1024
"""Bytes of its first line that say what is asked for."""
_LINES: Final = 100
"""Lines of a head."""
_PIECES: Final = 1_000
"""Pieces that a body may come in, however small they are."""
_PIECE: Final = 64
"""Bytes that the pieces of a body have on average when there are more."""


class _Connection(h11.Connection):
    """h11's state of a connection, which reads no head of very many lines, and no body of very many small pieces.

    Each line and each piece costs the same, however short: 1 MiB in pieces of a byte kept others waiting for seconds.
    """

    _pieces = 0
    _bytes = 0

    @override
    def next_event(self) -> Any:
        if self.their_state is h11.IDLE and _lines(self.trailing_data[0]) > _LINES:
            raise h11.RemoteProtocolError("the head has too many lines")
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
            if len(event.target) > _TARGET:
                raise h11.RemoteProtocolError("the address is too long")
            if {b"content-length", b"transfer-encoding"} <= {name for name, _ in event.headers}:
                raise h11.RemoteProtocolError("the length of the body is told in two ways")
        elif isinstance(event, h11.Data):
            self._pieces += 1
            self._bytes += len(event.data)
            if self._pieces > _PIECES and self._bytes < _PIECE * self._pieces:
                raise h11.RemoteProtocolError("the body comes in too many pieces")
        return event


class HttpProtocol(H11Protocol):
    """A connection on which what is no HTTP never meets the answer to a request before it.

    uvicorn answers 400 whatever else is being answered; the application's own answer then ends in a traceback. It
    answers as many requests as come at once: 1 MiB holds 20,000, before which all others wait.
    """

    def __init__(self, config: Config, *rest: Any, **more: Any) -> None:
        super().__init__(config, *rest, **more)
        self.conn = _Connection(h11.SERVER, HEAD)

    @override
    def data_received(self, data: bytes) -> None:
        """Take what has come; where a request comes before the answer to the last one, that answer is the last."""
        super().data_received(data)
        unanswered = self._unanswered()
        if unanswered and not unanswered.more_body and self.conn.trailing_data[0]:
            unanswered.keep_alive = False
            self.flow.pause_reading()

    @override
    def send_400_response(self, msg: str) -> None:
        """Answer 400 to a request that cannot be read; end the connection where an answer has begun already."""
        unanswered = self._unanswered()
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
        elif unanswered and not unanswered.more_body:
            self.flow.pause_reading()  # the request was right: after its answer h11 lets the connection end
        else:
            if unanswered:
                unanswered.disconnected = True  # its body never comes, and nobody waits for its answer
                unanswered.message_event.set()
            self._refuse(msg)

    @override
    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as if it had asked for no other protocol."""

    def _refuse(self, msg: str) -> None:
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:  # the answer to HEAD ends with its head
            self.transport.close()

    def _unanswered(self) -> RequestResponseCycle | None:
        return self.cycle if self.cycle and not self.cycle.response_complete else None


def _lines(waiting: bytes) -> int:
    """Return how many lines the head at the beginning of *waiting* has so far."""
    end = waiting.find(b"\r\n\r\n")
    return waiting.count(b"\n", 0, end if end >= 0 else len(waiting))
