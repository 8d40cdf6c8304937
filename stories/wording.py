"""Steps and events of a story in words."""

from collections.abc import Mapping
from typing import Final

from domain.duration import format_duration
from domain.event import Event
from stories.matching import file_name, labels, links, person, place, template, text
from stories.steps import (
    Acts,
    AnyStep,
    Asks,
    Attends,
    Ends,
    Hears,
    Hurries,
    Knows,
    Passes,
    Remembers,
    Resolves,
    Sends,
    Shares,
    Silence,
    Tagged,
    Takes,
    Taps,
    TellsEvent,
    Types,
)

NOTHING: Final = "none"


def expected(step: AnyStep) -> str:
    """Return the expectation of *step*, or the time it waits for, in words."""
    match step:
        case Types() | Taps() | Sends() | Shares() | Silence() | TellsEvent() | Attends() | Resolves():
            said = f"nothing more before the contact's turn ({done(step)})"
        case Hears():
            offers = () if step.options is None else step.options
            brings = {"file": step.file, "location": step.location, "contact card": step.contact_card}
            said = message(step.bot, offers, {**brings, "template": step.template, **as_links(step.links or {})})
        case Ends():
            said = f"ended: {step.ended}"
        case _:
            said = _looked_for(step)
    return said


def done(step: Acts) -> str:
    """Return the action of the contact, another system or an agent in *step*, in words."""
    match step:
        case Types():
            said = step.contact + twice(step.twice)
        case Taps():
            said = f"[{step.taps}]" + twice(step.twice)
        case Sends():
            said = " ".join(part for part in (step.caption, f"[file {step.sends}]") if part)
        case Shares():
            said = f"[location {', '.join(step.shares.words.splitlines())}]"
        case Silence():
            said = f"{format_duration(step.silence)} of silence"
        case TellsEvent():
            said = f"event {step.event}: {step.data}" + twice(step.twice)
        case Attends():
            said = step.agent
        case Resolves():
            said = f"resolved{step.resolved and ': '}{step.resolved}"
    return said


def heard(event: Event) -> str:
    """Return the bot's message, or the end of the conversation, in words."""
    if event.kind == "conversation_ended":
        return f"ended: {event.data.get('resolution')}"
    brings = {"file": file_name(event), "location": place(event), "contact card": person(event)}
    return message(text(event), labels(event), {**brings, "template": template(event), **as_links(links(event))})


def message(words: str, options: tuple[str, ...], brings: Mapping[str, str | None]) -> str:
    """Return a message of the bot in words: its text, its file or card, and its options."""
    parts = [words.strip(), *(f"[{kind} {name}]" for kind, name in brings.items() if name)]
    return "\n".join(part for part in (*parts, "".join(f" [{option}]" for option in options).strip()) if part)


def as_links(offered: Mapping[str, str]) -> dict[str, str]:
    """Return links as things that a message brings along, in the words of a transcript."""
    return {f"link {title}": url for title, url in offered.items()}


def twice(repeated: bool) -> str:  # noqa: FBT001 - a word for a fact
    """Return how a message is marked that comes twice."""
    return "  (twice)" if repeated else ""


def _looked_for(step: AnyStep) -> str:
    """Return the expectation of a checking *step*, in words."""
    match step:
        case Knows():
            said = f"variables {step.variables}"
        case Tagged():
            said = f"tags {', '.join(step.tags) or NOTHING}"
        case Hurries():
            said = f"priority {step.priority}"
        case Remembers():
            said = f"of the contact {step.known}"
        case Takes():
            said = f"exits {', '.join(step.exits)}"
        case Passes():
            said = f"reference points {', '.join(step.reference_points)}"
        case Asks():
            said = f"a call of {step.called}" + (f" with {step.arguments}" if step.arguments else "")
        case _:
            said = "anything"
    return said
