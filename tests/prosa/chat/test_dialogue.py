from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typing_extensions import override

from domain.message import Option
from prosa.chat.dialogue import Dialogue, Screen
from prosa.chat.webchat import Agent, Heard, Visitor

MENU = (Option(id="second_copy", label="Segunda via"), Option(id="end", label="Encerrar"))


class Paper(Screen):
    """Keeps what is shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    @override
    def mine(self, text: str, heard: Heard | None = None) -> None:
        self.shown.append(f"mine: {text}")

    @override
    def bot(self, heard: Heard, files: list[Path]) -> None:
        self.shown.append(f"{heard.speaker}: {heard.text}")

    @override
    def note(self, text: str) -> None:
        self.shown.append(f"note: {text}")


class Recorder(Visitor):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__(httpx.AsyncClient(), "http://gateway", "site")
        self.said: list[tuple[str, str | None]] = []

    @override
    async def say(self, text: str = "", choice: str | None = None) -> str:
        self.said.append((text, choice))
        return f"event-{len(self.said)}"


def heard(kind: Any = "message", **facts: Any) -> Heard:
    return Heard(id="1", kind=kind, at=datetime.now(UTC), **facts)


def test_links_are_read_with_where_they_lead() -> None:
    assert (
        heard(text="Oi", links=[{"title": "Ver", "url": "https://a.example/"}]).words == "Oi\nVer: https://a.example/"
    )


async def test_a_person_who_speaks_is_told_from_the_bot() -> None:
    paper = Paper()
    dialogue = Dialogue(Recorder(), Path(), paper)
    for kind, agent in (("joined", "Bia"), ("message", "Bia"), ("message", ""), ("left", "")):
        await dialogue.hear(heard(kind, text="Oi", agent=Agent(name=agent)))
    await dialogue.hear(heard(text="Oi"))
    assert paper.shown == ["note: Bia has joined", "Bia: Oi", "agent: Oi", "note: agent has left", "bot: Oi"]


@pytest.mark.parametrize(
    ("line", "said"), [("10", ("", "nps_10")), ("0", ("", "nps_0")), ("11", ("11", None)), ("nove", ("nove", None))]
)
async def test_options_that_are_numbers_are_tapped_by_what_they_say(line: str, said: tuple[str, str | None]) -> None:
    visitor = Recorder()
    dialogue = Dialogue(visitor, Path(), Paper())
    scores = tuple(Option(id=f"nps_{n}", label=str(n)) for n in range(11))
    await dialogue.hear(heard(text="De 0 a 10?", options=scores))
    await dialogue.say(line)
    assert visitor.said == [said]


@pytest.mark.parametrize(
    ("line", "said"),
    [("1", ("", "second_copy")), (" 2. ", ("", "end")), ("3", ("3", None)), ("0", ("0", None)), ("oi", ("oi", None))],
)
async def test_the_number_of_an_option_taps_it(line: str, said: tuple[str, str | None]) -> None:
    visitor = Recorder()
    dialogue = Dialogue(visitor, Path(), Paper())
    await dialogue.hear(heard(text="Como posso ajudar?", options=MENU))
    await dialogue.say(line)
    assert visitor.said == [said]


async def test_options_are_for_one_answer() -> None:
    visitor = Recorder()
    dialogue = Dialogue(visitor, Path(), Paper())
    await dialogue.hear(heard(text="Como posso ajudar?", options=MENU))
    await dialogue.say("1")
    await dialogue.hear(heard(text="Quantos?"))
    await dialogue.say("1")
    assert visitor.said == [("", "second_copy"), ("1", None)]


async def test_what_was_said_here_is_shown_once_and_what_was_said_before_too() -> None:
    paper = Paper()
    dialogue = Dialogue(Recorder(), Path(), paper)
    await dialogue.hear(heard("received", text="ontem", message_id="event-0"))
    await dialogue.say("oi")
    await dialogue.hear(heard("received", text="oi", message_id="event-1"))
    await dialogue.hear(heard(text="Olá"))
    await dialogue.hear(heard("ended"))
    assert paper.shown[:3] == ["mine: ontem", "mine: oi", "bot: Olá"]
    assert "has ended" in paper.shown[3]


async def test_an_earlier_tap_is_shown_by_its_label() -> None:
    paper = Paper()
    dialogue = Dialogue(Recorder(), Path(), paper)
    await dialogue.hear(heard(text="Como posso ajudar?", options=MENU))
    await dialogue.hear(heard("received", choice="end", message_id="event-0"))
    assert paper.shown[-1] == "mine: Encerrar"
