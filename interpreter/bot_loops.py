"""Detect a contact that is a bot, by its repeated messages, and end the conversation politely."""

import hashlib
from typing import Final

from domain.conversation import Snapshot
from domain.limits import LIMITS
from domain.message import Inbound
from flows.understanding.phrases import normalise

ROBOT: Final = "robot"
"""The resolution of a conversation with another bot."""
_DIFFERENT: Final = 2
"""A bot that does not understand ours says its menu, and that it does not understand."""


def is_suspect(state: Snapshot, message: Inbound) -> bool:
    """Note *message*, and say whether the last LIMITS.robot_messages were only one or two, over and over.

    A tap, a file or a place is nothing that a bot sends: it begins the count anew.
    """
    if message.choice is not None or message.files or message.location is not None:
        state.repeated.clear()
        return False
    state.repeated.append(hashlib.sha256(normalise(message.text).encode()).hexdigest()[:8])
    del state.repeated[: -LIMITS.robot_messages]
    return len(state.repeated) == LIMITS.robot_messages and len(set(state.repeated)) <= _DIFFERENT
