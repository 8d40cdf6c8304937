"""Where a question leads."""

from collections.abc import Iterator, Sequence
from typing import Final

from flows.cards.base import Exit, Exits
from flows.names import Target
from flows.parts.options import FixedOption

ANSWERED: Final = "answered"


class QuestionExits(Exits):
    """Where to go after the question."""

    answered: Target | None = None
    """The answer was understood; without it, the card below."""
    yes: Target | None = None
    """The answer to a confirmation was yes."""
    no: Target | None = None
    """The answer to a confirmation was no."""
    invalid: Target | None = None
    """All attempts are used up."""
    no_answer: Target | None = None
    """The contact was silent until `timeout`."""
    undelivered: Target | None = None
    """The question did not reach the contact; without it, the conversation waits all the same."""

    def of(self, options: Sequence[FixedOption], *, confirms: bool) -> Iterator[Exit]:
        """Yield those of *options* that lead elsewhere, `answered` unless no answer takes it, and those of failing."""
        ways = {way.name: way for way in self.ways(answered=True)}
        for place, option in enumerate(options):
            if option.go:
                name = f"{ANSWERED}_{option.id(place + 1)}"
                yield Exit(name=name, target=option.go, label=option.label, key=f"options.{place}.go")
        for name in ("yes", "no"):
            if (way := ways.pop(name)).target:
                yield way.model_copy(update={"name": f"{ANSWERED}_{name}"})
        each = all(option.go for option in options) if options else confirms and bool(self.yes and self.no)
        if self.answered is None and each:
            del ways[ANSWERED]
        if self.undelivered is None:
            del ways["undelivered"]
        yield from ways.values()
