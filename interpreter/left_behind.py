"""Leave the messages behind that are too much for a new run: they wait in the inbox, and are told again, in order."""

from domain.conversation import Snapshot
from domain.limits import LIMITS


def leave_behind(state: Snapshot) -> tuple[str, ...]:
    """Take the messages beyond LIMITS.unread out of *state*, as if they had not arrived; return their ids, in order."""
    kept, size = 0, 0
    for message in state.unread:
        size += len(message.model_dump_json().encode())
        if kept and size > LIMITS.unread:
            break
        kept += 1
    behind = tuple(message.message_id for message in state.unread[kept:])
    del state.unread[kept:]
    gone = set(behind)
    state.seen = [message_id for message_id in state.seen if message_id not in gone]
    return behind
