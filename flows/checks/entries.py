"""Entry points of an account: reachable, and with variables that their flow declares (P311, P312)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from domain.entry import Entry, Mark
from domain.errors import AuthorError
from domain.message import Inbound
from flows import entries
from flows.checks.finding import Finding
from flows.checks.inputs import read_inputs
from flows.flow import Flow

_OTHER: Final = "prosa"
"""A word that is not polite."""
_ANY_DAY: Final = date(2000, 1, 1)
"""A date without its year is none that an entry could keep."""


def check_entries(account: str, ways: Sequence[Entry], flows: Mapping[str, Flow]) -> Iterator[Finding]:
    """Yield the mistakes in the entry points (*ways*) of *account*; *flows* are all flows that can be read."""
    for number, entry in enumerate(ways, 1):
        key = f"accounts.{account}.entries.{number}"
        for mark, words, tried in _tries(entry):
            first = entries.find(ways, tried)
            said = f"{key}.{mark}: {words!r}" if words else f"{key}.{mark}"
            if first is None:
                yield _never(key, f"{said} has no word in it")
            elif first.number < number:
                yield _never(key, f"{said} is never heard: entry {first.number} takes it, by {first.by}")
            elif words and (first.found != words or getattr(entry, mark).count(words) > 1):
                yield _never(key, f"{said} is there already, as {first.found!r}")
        if entry.flow in flows:
            yield from _misfits(key, entry, flows[entry.flow])


def _tries(entry: Entry) -> Iterator[tuple[Mark, str, Inbound]]:
    """Yield the marks of *entry*, their words, and the message that would come by nothing else."""
    message = Inbound.model_construct(message_id="", at=None)
    for phrase in dict.fromkeys(entry.says):
        yield "says", phrase, message.model_copy(update={"text": phrase})
    for phrase in dict.fromkeys(entry.mentions):
        yield "mentions", phrase, message.model_copy(update={"text": f"{_OTHER} {phrase} {_OTHER}"})
    for name in dict.fromkeys(entry.referral):
        yield "referral", name, message.model_copy(update={"referral": name})
    if entry.missed_call:
        yield "missed_call", "", message.model_copy(update={"missed_call": True})


def _misfits(key: str, entry: Entry, flow: Flow) -> Iterator[Finding]:
    try:
        read = read_inputs(entry.flow, flow.variables, entry.inputs, _ANY_DAY)
        sentences = [
            f"input {name!r}: expected {read[name]!r}, as it is kept, found {value!r}"
            for name, value in entry.inputs.items()
            if read[name] != value
        ]
    except AuthorError as error:
        sentences = [str(error)]
    remedy = "mend it in prosa.toml, or declare the variable in the flow"
    for sentence in sentences:
        yield Finding(code="P312", key=f"{key}.inputs", sentence=f"{key}.inputs: {sentence}", remedy=remedy)


def _never(key: str, sentence: str) -> Finding:
    return Finding(
        code="P311", key=key, sentence=sentence, remedy="take it out of prosa.toml, or put the narrower entry first"
    )
