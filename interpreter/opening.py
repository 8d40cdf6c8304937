"""Choose the entry point, the flow and the first detour of a conversation from its first message."""

from collections.abc import Mapping

from pydantic import JsonValue

from domain.conversation import Setup, Snapshot
from domain.message import Inbound
from flows import entries
from flows.flow import Flow
from flows.play_result import Detour
from interpreter import detours


class Beginning:
    """The entry point and flow that the first message chooses, by the account's *setup*."""

    def __init__(self, setup: Setup, first: Inbound) -> None:
        outreach = first.outreach
        self.entry = None if outreach else entries.find(setup.entries, first)
        """The way in; none when it is the account's own flow, or the company that begins."""
        chosen = outreach or (self.entry.entry if self.entry else None)
        self.flow: str = chosen.flow if chosen else setup.flow
        self.inputs: Mapping[str, JsonValue] = chosen.inputs if chosen else {}
        self.openings = outreach.unheard if outreach else 0
        self.message = outreach.message if outreach else None
        """The first message."""
        self.heard_at = first.at if first.source == "contact" and not first.missed_call else None
        meant = outreach or (self.entry and self.entry.by in entries.WORDED)
        self._words = None if meant else first
        self._defaults = setup.keywords

    def asks(self, state: Snapshot, flow: Flow) -> Detour | None:
        """Return the detour of *flow* for a contact who asks for a person in the first message; only once."""
        words, self._words = self._words, None
        detour = words and detours.asked(words, flow, state.frames, self._defaults)
        return detour if detour is not None and detour.keyword == "agent" else None
