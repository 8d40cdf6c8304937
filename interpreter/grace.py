"""The grace time after the end: thanks are absorbed, anything else begins a new conversation."""

from collections.abc import Callable
from datetime import timedelta

from domain.message import Inbound
from flows.texts import Texts
from flows.understanding.thanks import is_thanks
from interpreter import bot_loops
from interpreter.mailbox import Mailbox, clock
from interpreter.port import Port


async def stay(
    port: Port, mailbox: Mailbox, grace: timedelta, texts: Texts | None, say: Callable[[str], None]
) -> Inbound | None:
    """Stay for *grace* after the end; return the message that begins a new conversation, None when none has come.

    Without *texts*, those of the entry flow, nothing is absorbed. *say* says a standard sentence.
    """
    state, turn = mailbox.state, mailbox.turn
    until = (state.ended_at or port.now) + grace
    passed = not grace
    while True:
        mailbox.gather()
        mailbox.read_events()
        while state.unread:
            message = state.unread[0]
            parked = state.resolution == bot_loops.ROBOT and message.source != "company"
            if texts is None or not (parked or is_thanks(message, texts.thanks)):
                await mailbox.flush()
                return state.unread.pop(0)
            turn.read(state.unread.pop(0), port.now, late=True)
            if not parked and not state.thanked and texts.after_end:
                say(texts.after_end)
                state.thanked = True
            if turn.is_full:
                await mailbox.flush()
        await mailbox.flush()
        mailbox.gather()
        if state.unread:
            continue
        if passed:
            return None
        port.show(state, f"ended ({state.resolution}); absorbs thanks until {clock(until)}")
        mailbox.keep()
        passed = await port.wait(until)
