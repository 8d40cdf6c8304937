"""The card `survey`."""

from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema

from domain.duration import Duration
from domain.errors import UndeliveredError
from domain.events.questions import AnswerRefused
from domain.events.surveys import SurveyAnswered, SurveyAsked, SurveyCommented, SurveyLeft, SurveyUnanswered
from domain.fields import Template
from domain.message import Content, Inbound
from domain.suggestion import nearest_or_all
from domain.wait_defaults import Reminder
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Target
from flows.parts.patience import deadline, silence
from flows.parts.waiting import Waiting, interaction
from flows.play_result import Detour, PlayResult
from flows.understanding.phrases import says
from flows.understanding.score import SCALES
from flows.understanding.shorthand import spelled_out
from flows.understanding.thanks import is_thanks

ANSWERED: Final = "answered"
NO_ANSWER: Final = "no_answer"


def _known(name: str) -> str:
    if name not in SCALES:
        raise ValueError(f"unknown survey {name!r}{nearest_or_all(name, SCALES)}")
    return name


ScaleName = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(SCALES)})]
"""The name of a scale."""


class SurveyExits(Exits):
    """Where to go after the survey."""

    answered: Target | None = None
    """The contact gave a score, now or before in this conversation; without it, the card below."""
    no_answer: Target | None = None
    """The contact was silent until `timeout`, said no, or something else; without it, the card below."""


class Surveying(Waiting):
    """What the card remembers while it waits."""

    refused: int = 0
    commenting_since: AwareDatetime | None = None
    """When the comment was asked for."""


@cards.register
class Survey(Card):
    """Ask the contact for a score and a reason; once in a conversation, however many surveys it passes.

    The score is tapped or written (`9`, `nota nove`, `9/10`, ⭐⭐⭐⭐⭐) and is kept at once, also without the
    comment. A survey stands in nobody's way: a thank-you is not refused, a no ends it, and when the last attempt is
    no score either, the message stays unread for the cards below, or begins a new conversation when there are none.
    While it asks, the conversation's stage is `survey`.
    """

    family: ClassVar[Family] = "survey"
    symbol: ClassVar[Symbol] = Symbol(icon="star", colour="#db2777", names={"pt-BR": "Pesquisa", "en": "Survey"})
    example: ClassVar[str] = """
id: rate
card: survey
scale: nps
text: "De 0 a 10, qual é a chance de você recomendar a {{ company.name }} a um amigo?"
comment: "Quer contar o motivo da sua nota?"
reminders:
  - {after: 5m, text: "Sua opinião ajuda a gente a melhorar. Que nota você dá?"}
timeout: 30m
exits: {no_answer: goodbye}
"""
    waits: ClassVar[bool] = True
    speaks: ClassVar[bool] = True

    scale: ScaleName
    """`nps` (0 to 10), `csat` (1 to 5) or `ces` (1 to 7)."""
    text: Template
    """The question; it should explain the lowest and the highest score."""
    comment: Template = ""
    """What to ask when the score has been given; without it, nothing."""
    attempts: int = Field(default=2, ge=1, le=20)
    """How many messages that are no score are heard before the survey gives up."""
    invalid: tuple[Template, ...] = ()
    """What to say to a message that is no score: one text an attempt, the last one repeats."""
    reminders: tuple[Reminder, ...] | None = None
    """Reminders while the contact is silent, in the order of time; without them, those under `silence` of the flow,
    else under `[silence]` of the settings."""
    timeout: Duration | None = None
    """How long to wait for the score, and then for the comment; without it, as `reminders`; else 24h."""
    exits: SurveyExits = SurveyExits()
    """Where to go afterwards."""

    async def play(self, conversation: Conversation) -> PlayResult:
        """Ask, unless this conversation has been asked; return `answered`, `no_answer` or a keyword's detour."""
        memory = conversation.memory(Surveying)
        if memory.since is None:
            if conversation.survey is not None:
                return conversation.survey
            memory.since = conversation.now
            scale = SCALES[self.scale]
            conversation.record(SurveyAsked(survey=scale.name, lowest=scale.lowest, highest=scale.highest))
            self._ask(conversation, conversation.render(self.text))
        if memory.commenting_since is None and (reason := await self._score(conversation, memory)):
            if isinstance(reason, Detour):
                conversation.record(SurveyLeft(survey=self.scale))
                return reason
            conversation.record(SurveyUnanswered(survey=self.scale, reason=reason))
            return NO_ANSWER
        if self.comment and (detour := await self._comment(conversation, memory)):
            return detour
        return ANSWERED

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `answered` and `no_answer`."""
        return self.exits.ways(answered=True, no_answer=True)

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return the time limit for its exit; at every other the contact has just spoken, or was not reached."""
        return silence(exit, self.timeout)

    async def _score(self, conversation: Conversation, memory: Surveying) -> str | Detour:
        """Wait for the score; return why there is none, a keyword's detour, or nothing."""
        while True:
            try:
                message = await interaction(conversation, memory, self.timeout, self.reminders or (), conversation.peek)
            except UndeliveredError:
                return "undelivered"
            if message is None:
                return "silence"
            if (reason := await self._hear(conversation, memory, message)) is not None:
                return reason

    async def _hear(self, conversation: Conversation, memory: Surveying, message: Inbound) -> str | Detour | None:
        """Take *message* as the score: nothing when it is one, why not, a keyword's detour, or None to wait on."""
        score = self._given(message)
        thanks = score is None and is_thanks(message, conversation.words("thanks"))
        declined = score is None and says(message.text, conversation.words("no"), conversation.words("yes"))
        if score is None and not thanks and not declined and (detour := conversation.detour(message)):
            await conversation.next_message(None)
            return detour
        if score is None and not thanks and not declined and memory.refused + 1 >= self.attempts:
            return "not_understood"
        await conversation.next_message(None)
        if score is not None:
            conversation.record(SurveyAnswered(survey=self.scale, score=score))
            return ""
        if thanks or declined:
            return "declined" if declined else None
        memory.refused += 1
        memory.since, memory.reminded = conversation.now, 0
        conversation.record(AnswerRefused(attempt=memory.refused, reason="no_score"))
        if not message.truncated:  # the conversation itself has said that it was too long
            self._ask(conversation, self._refusal(conversation, memory.refused))
        return None

    def _given(self, message: Inbound) -> int | None:
        """Return the score that *message* gives, in shorthand too: `9 kkk`."""
        scale = SCALES[self.scale]
        score = scale.score(message)
        if score is not None:
            return score
        return scale.score(message.model_copy(update={"text": spelled_out(message.text)}))

    async def _comment(self, conversation: Conversation, memory: Surveying) -> Detour | None:
        """Ask for the comment and keep it; return the detour when the contact writes a keyword instead."""
        if memory.commenting_since is None:
            memory.commenting_since = conversation.now
            conversation.say(Content(text=conversation.render(self.comment)))
        until = deadline(memory.commenting_since, self.timeout, (), 0)
        try:
            while (message := await conversation.next_message(until)) and message.truncated:
                continue  # the conversation itself has asked for a shorter one
        except UndeliveredError:
            return None
        if message is not None and (detour := conversation.detour(message)):
            return detour
        comment = message.text.strip() if message else ""
        if comment and not says(comment, conversation.words("no"), conversation.words("yes")):
            conversation.record(SurveyCommented(survey=self.scale, comment=comment))
        return None

    def _ask(self, conversation: Conversation, text: str) -> None:
        conversation.say(Content(text=text.strip(), options=SCALES[self.scale].options()))

    def _refusal(self, conversation: Conversation, attempt: int) -> str:
        if self.invalid:
            return conversation.render(self.invalid[min(attempt, len(self.invalid)) - 1])
        scale = SCALES[self.scale]
        return conversation.text("choose_score", lowest=scale.lowest, highest=scale.highest)
