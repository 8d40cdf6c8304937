"""How one connection is spoken over: uvicorn's protocol, with one answer and one log line at most for what is wrong."""

from typing import Any, Final

import h11
from typing_extensions import override
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD: Final = 64 * 1024
"""Bytes that the head of a request may have."""
_PIECES: Final = 1_000
"""Pieces that a body may come in, however small they are."""
_PIECE: Final = 64
"""Bytes that the pieces of a body have on average when there are more."""


class _Connection(h11.Connection):
    """h11's state of a connection; a body in very many very small pieces is none that can be read.

    Each piece costs as much as a request's line: 1 MiB of one byte each kept everybody waiting for seconds.
    """

    _pieces = 0
    _bytes = 0

    @override
    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
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
            super().send_400_response(msg)

    @override
    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as if it had asked for no other protocol."""

    def _unanswered(self) -> RequestResponseCycle | None:
        return self.cycle if self.cycle and not self.cycle.response_complete else None
