"""What a run found: each kind of mistake has a list of sentences, empty where all is as it must be."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.fuzz.doors import Attack
from tests.fuzz.wire import Answer

LIMIT: Final = 5.0
"""Seconds that a complete request may take; on a quiet machine it is one."""
LINE: Final = 1_024
"""Bytes that a log line may have."""
_SHOWN: Final = 12


@dataclass
class Findings:
    """Mistakes of a gateway under attack, and figures; printed with the seed that draws the same attacks again."""

    seed: int
    broken: list[str] = field(default_factory=list[str])
    """Requests that were answered with 5xx, or not at all."""
    slow: list[str] = field(default_factory=list[str])
    """Requests that took longer than LIMIT."""
    talkative: list[str] = field(default_factory=list[str])
    """Requests that were logged with more than one line, or a long one."""
    lost: list[str] = field(default_factory=list[str])
    """Right messages that were refused, or are not in the inbox once."""
    believed: list[str] = field(default_factory=list[str])
    """Forged requests that were not refused."""
    stopped: list[str] = field(default_factory=list[str])
    """Messages that stop the conversation that reads them."""
    left: list[str] = field(default_factory=list[str])
    """What slow connections have left behind."""
    statuses: Counter[int] = field(default_factory=Counter[int])
    slowest: tuple[float, str] = (0.0, "")
    right: int = 0
    """Right requests that were answered beside the attacks."""
    slowest_right: float = 0.0

    def judge(self, attack: Attack, answer: Answer, lines: Sequence[bytes]) -> None:
        """Note what is wrong with the *answer* to an attack, and with what was logged of it."""
        self.statuses[answer.status] += 1
        said = f"{answer.status} in {answer.seconds:.2f} s: {attack.what}"
        if answer.status >= 500 or (attack.complete and answer.status < 0):
            self.broken.append(said)
        if attack.complete:
            self.slowest = max(self.slowest, (answer.seconds, attack.what))
            self.slow += [said] if answer.seconds > LIMIT else []
        self.lost += [f"with {row}: {said}" for row in attack.siblings[:1] if answer.status != 200]
        self.judge_lines(attack.what, lines, 1)

    def judge_lines(self, what: str, lines: Sequence[bytes], allowed: int) -> None:
        """Note more log lines than *allowed*, or a long one."""
        longest = max(map(len, lines), default=0)
        if len(lines) > allowed or longest > LINE:
            self.talkative.append(f"{len(lines)} lines, {longest} bytes: {what}: {lines[0][:600]!r}")

    @property
    def mistakes(self) -> dict[str, list[str]]:
        """The lists, by name."""
        names = ("broken", "slow", "talkative", "lost", "believed", "stopped", "left")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        """Return all there is to say, for people."""
        lines = [f"FUZZ_SEED={self.seed}: {self.statuses.total()} attacks {dict(sorted(self.statuses.items()))}"]
        lines.append(f"slowest {self.slowest[0]:.2f} s: {self.slowest[1][:200]}")
        lines.append(f"{self.right} right requests beside them, the slowest in {self.slowest_right:.2f} s")
        for name, found in self.mistakes.items():
            lines.append(f"{len(found) or 'ok':>6}  {name}")
            lines += [f"        {sentence[:1_000]}" for sentence in found[:_SHOWN]]
        return "\n".join(lines)
