"""Steps and events of a story in words."""

from typing import Final

from domain.event import Event
from flows.duration import format_duration
from flows.steps import AnyStep, Asks, Ends, Hears, Hurries, Knows, Passes, Sends, Silence, Tagged, Takes, Taps, Types
from prosa.rehearsal.matching import file_name, labels

NOTHING: Final = "none"


def expected(step: AnyStep) -> str:
    """Return what *step* expects, or waits for."""
    match step:
        case Types() | Taps() | Sends() | Silence():
            said = f"nothing more before the contact's turn ({done(step)})"
        case Hears():
            offers = () if step.options is None else step.options
            said = message(step.bot, offers, step.file)
        case Ends():
            said = f"ended: {step.ended}"
        case Knows():
            said = f"variables {step.variables}"
        case Tagged():
            said = f"tags {', '.join(step.tags) or NOTHING}"
        case Hurries():
            said = f"priority {step.priority}"
        case Takes():
            said = f"exits {', '.join(step.exits)}"
        case Passes():
            said = f"reference points {', '.join(step.reference_points)}"
        case Asks():
            said = f"a call of {step.called}" + (f" with {step.arguments}" if step.arguments else "")
        case _:
            said = "anything"
    return said


def done(step: Types | Taps | Sends | Silence) -> str:
    """Return what the contact does in *step*."""
    match step:
        case Types():
            said = step.contact + twice(step.twice)
        case Taps():
            said = f"[{step.taps}]" + twice(step.twice)
        case Sends():
            said = " ".join(part for part in (step.caption, f"[file {step.sends}]") if part)
        case Silence():
            said = f"{format_duration(step.silence)} of silence"
    return said


def heard(event: Event) -> str:
    """Return what the bot said, or how the conversation ended."""
    if event.kind == "conversation_ended":
        return f"ended: {event.data.get('resolution')}"
    return message(str(event.data.get("text", "")), labels(event), file_name(event))


def message(text: str, options: tuple[str, ...], file: str | None) -> str:
    """Return a message of the bot: its text, its file, and what it offers to tap."""
    parts = [text.strip(), f"[file {file}]" if file else "", "".join(f" [{option}]" for option in options).strip()]
    return "\n".join(part for part in parts if part)


def twice(repeated: bool) -> str:  # noqa: FBT001 - a word for a fact
    """Return how a message is marked that comes twice."""
    return "  (twice)" if repeated else ""
