"""Scores as people give them: `9`, `nota 9`, `nove`, `9/10`, five stars."""

import re
from typing import Final

from domain.message import Inbound, Option
from domain.model import Value
from flows.understanding.phrases import normalise, without_politeness
from flows.understanding.portuguese import AROUND_A_SCORE, NUMBER_WORDS

_STAR: Final = "⭐"
_BELOW_ZERO: Final = re.compile(r"\s*-\s*[0-9]")
_PLAIN: Final = re.compile("[0-9]{1,3}")
_BETWEEN: Final = re.compile("[0-9][.,][0-9]|[0-9] e [0-9]", re.IGNORECASE)
"""More than one score, or a part of one: `9 e 10`, `4,5`."""


class Scale(Value):
    """The scores that a survey takes, from *lowest* to *highest*."""

    name: str
    lowest: int
    highest: int

    def options(self) -> tuple[Option, ...]:
        """Return every score, to be tapped."""
        return tuple(Option(id=f"{self.name}_{n}", label=str(n)) for n in range(self.lowest, self.highest + 1))

    def score(self, message: Inbound) -> int | None:
        """Return the score that *message* gives; None when it gives none, or more than one."""
        tapped = [option for option in self.options() if option.id == message.choice]
        if tapped:
            return int(tapped[0].label)
        if message.truncated or _BELOW_ZERO.match(message.text) or _BETWEEN.search(message.text):
            return None
        stars = message.text.count(_STAR)
        words = [word for word in normalise(message.text).split() if word not in AROUND_A_SCORE]
        if stars and not words:
            return self._within(stars)
        if len(words) > 1:
            words = without_politeness(" ".join(words)).split()
        if len(words) == 2 and words[1] == str(self.highest):  # noqa: PLR2004 - `9/10`, `9 de 10`
            words = words[:1]
        if len(words) != 1:
            return None
        return self._within(NUMBER_WORDS.get(words[0], int(words[0]) if _PLAIN.fullmatch(words[0]) else None))

    def _within(self, number: int | None) -> int | None:
        return number if number is not None and self.lowest <= number <= self.highest else None


SCALES: Final = {
    scale.name: scale
    for scale in (
        Scale(name="nps", lowest=0, highest=10),
        Scale(name="csat", lowest=1, highest=5),
        Scale(name="ces", lowest=1, highest=7),
    )
}
"""Net promoter score, customer satisfaction, customer effort: the scales in their usual form."""
