"""How one connection is spoken over: uvicorn's protocol, with one answer and one log line at most for what is wrong."""

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


class HttpProtocol(H11Protocol):
    """A connection on which what is no HTTP never meets the answer to a request before it.

    uvicorn answers 400 whatever else is being answered; the application's own answer then ends in a traceback. It
    answers as many requests as come at once: 1 MiB holds 20,000, before which all others wait.
    """

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
