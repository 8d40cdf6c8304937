"""Find the target of a keyword at the current question, and the flows that the conversation leaves for it."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.conversation import Frame, Keyword, KeywordDefaults
from domain.message import Inbound
from flows.flow import END, FLOW, Flow
from flows.keywords import keyword
from flows.play_result import Detour

LEFT: Final = "left"
"""The resolution of a conversation that the contact has left by a keyword."""


def comes_back(detour: Detour) -> bool:
    """Whether the question is asked again when the flow that the target names has ended."""
    return detour.keyword == "agent" and detour.target.startswith(FLOW)


def stays(detour: Detour, frames: Sequence[Frame]) -> bool:
    """Whether the card at which the conversation stands is only played anew."""
    return detour.keyword in {"repeat", "back"} and (detour.staying, detour.target) == (len(frames), frames[-1].card)


def asked(message: Inbound, flow: Flow, frames: Sequence[Frame], defaults: KeywordDefaults) -> Detour | None:
    """Return where *message* leads, as *flow* hears it; None when it is no keyword, or one that leads nowhere."""
    word = keyword(message, flow.texts)
    if word is None or word in {*flow.keywords.off, *defaults.off}:
        return None
    return find(word, frames, defaults)


def find(word: Keyword, frames: Sequence[Frame], defaults: KeywordDefaults) -> Detour | None:
    """Return the detour of *word*: the innermost flow goes first; None when no flow has a target for it."""
    here = Detour("repeat", frames[-1].card or "", len(frames))
    if word == "repeat":
        return here
    if word == "back":
        asked = (Detour(word, f.asked[-1], n) for n, f in _inside_out(frames) if f.asked)
        return next(asked, here._replace(keyword=word))
    said = (Detour(word, f.keywords[word], n, n - 1) for n, f in _inside_out(frames) if word in f.keywords)
    found = next(said, None)
    if found is None and (target := defaults.targets.get(word, END if word == "leave" else "")):
        found = Detour(word, target, 1)
    if found is None or not comes_back(found):
        return found
    if found.target.removeprefix(FLOW) in {frame.flow for frame in frames}:
        return None  # it is what is being played
    return found._replace(staying=len(frames))


def asked_after(asked: Sequence[str], card: str) -> list[str]:
    """Return the questions that lie behind the conversation, *card* the last of them, each once."""
    return [*asked[: asked.index(card) if card in asked else len(asked)], card]


def leave(frames: list[Frame], detour: Detour) -> Iterator[str]:
    """Take off the frames that do not stay; yield the flows that were left."""
    while len(frames) > detour.staying:
        yield frames.pop().flow
    if detour.keyword == "back" and frames[-1].asked[-1:] == [detour.target]:
        frames[-1].asked.pop()


def _inside_out(frames: Sequence[Frame]) -> Iterator[tuple[int, Frame]]:
    return reversed(list(enumerate(frames, 1)))
