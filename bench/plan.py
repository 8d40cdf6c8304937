"""How much is measured."""

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Plan:
    """Sizes of one run; turns are what the progress bar counts."""

    rounds: int = 3
    not_idempotent: bool = True
    """Measure Prosa on a provider that does not drop repeats, too."""
    postgresql: bool = True
    """Measure Prosa on PostgreSQL, too."""
    low_contacts: int = 3
    low_turns: int = 30
    think: float = 0.1
    """Seconds between a reply and what the contact says next, at low load."""
    contacts: int = 40
    turns: int = 400
    """Of all contacts together, without thinking."""
    burst: int = 100
    """Contacts who speak in the same instant."""
    burst_messages: tuple[int, ...] = (1, 3)
    """Of each of them, one behind the other."""
    warm_turns: int = 3
    history_before: int = 5
    history_turns: int = 12
    """A multiple of the questions that are asked in turn, so that each weighs the same."""
    cold_after: tuple[int, ...] = (10, 39, 100, 119)
    """Prosa continues as new after 40, so 39 and 119 are the longest histories of its first and third run."""
    cold_contacts: int = 4
    open: int = 1_000
    ring_rounds: int = 3
    ring_turns: int = 30
    libraries: tuple[int, ...] = (50, 500)
    """Flows that are read and checked."""
    story_processes: tuple[int, ...] = (1, 2)
    scale: int = 0
    """Measure nothing but this many open conversations."""
    attack: int = 0
    """Measure nothing but visitors beside attacks, for so many seconds each."""

    @property
    def round_turns(self) -> int:
        """Turns of one system in one round."""
        low = self.low_contacts * (1 + self.warm_turns + self.low_turns)
        return low + max(self.contacts, self.burst) + self.turns + self.burst * sum(self.burst_messages)

    @property
    def once_turns(self) -> int:
        """Turns of one system in what is measured only once."""
        cold = self.cold_contacts * sum(after + 1 for after in self.cold_after) + 1
        return self.history_before + self.history_turns + cold + 1 + self.open


DEFAULT: Final = Plan()
QUICK: Final = replace(
    DEFAULT,
    rounds=1,
    not_idempotent=False,
    postgresql=False,
    low_turns=10,
    turns=160,
    burst=40,
    cold_after=(10, 39, 119),
    cold_contacts=2,
    open=60,
    ring_rounds=1,
    ring_turns=10,
    libraries=(10, 100),
)
