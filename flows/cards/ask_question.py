"""The card `ask_question`."""

from collections.abc import Awaitable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.duration import Duration, format_duration
from domain.errors import FlowError, InvalidAnswerError, UndeliveredError
from domain.events.questions import AnswerRefused, QuestionAnswered, QuestionTimedOut
from domain.fields import Gives, Template
from domain.message import Content, Inbound
from domain.wait_defaults import Reminder
from flows.answers.base import Answer, Understood, answers
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.expressions.pattern import mistake
from flows.names import SavesTo, Target
from flows.parts.fragments import LONGEST, Fragments
from flows.parts.options import FixedOption, OptionsFrom, fixed_choices, listed_choices
from flows.parts.patience import silence
from flows.parts.question import Question, wrong_keys
from flows.parts.waiting import Waiting, interaction
from flows.play_result import Detour, PlayResult
from flows.texts import refusal
from flows.types import AnswerName

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


class Asking(Waiting):
    """State that the card keeps while it waits."""

    asked_at: AwareDatetime | None = None
    refused: int = 0
    fragments: Fragments = Field(default_factory=Fragments)


@cards.register
class AskQuestion(Card):
    """Ask, wait for the answer, and keep it in a variable.

    An answer that the question does not take is refused with the `invalid` text of that attempt, and the waiting
    starts anew; it is never stored.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(
        icon="circle-question-mark", colour="#0891b2", names={"pt-BR": "Pergunta", "en": "Question"}
    )
    example: ClassVar[str] = """
id: ask_document
card: ask_question
text: "Para localizar seu cadastro, informe o CPF ou CNPJ do titular."
answer: cpf_cnpj
save_as: document
attempts: 3
invalid:
  - "Esse número não confere. Digite só os números do CPF ou CNPJ."
  - "Ainda não consegui validar. Confira os números e tente mais uma vez."
reminders:
  - {after: 5m, text: "Você ainda está aí?"}
timeout: 30m
exits: {invalid: apologise, no_answer: goodbye}
"""
    waits: ClassVar[bool] = True
    speaks: ClassVar[bool] = True

    text: Template = ""
    """The question; without it, the message before is the question: a template, a file with a caption."""
    answer: AnswerName
    """Kind of answer that is accepted."""
    save_as: SavesTo | None = None
    """The variable that keeps the answer."""
    files_as: Annotated[SavesTo, Gives("list")] | None = None
    """For a `text`: the variable, a list, that keeps the files which come with it, or in its place; without it, a file
    alone is no answer."""
    options: tuple[FixedOption, ...] = ()
    """Options of a `choice`."""
    options_from: OptionsFrom | None = None
    """Options of a `choice`: one for each element of a list."""
    pattern: str | None = None
    """Regular expression that a `text` must match, in RE2's syntax."""
    pattern_example: Template = ""
    """A text that fits the pattern; shown with the standard `invalid` text."""
    act: str = ""
    """Of a `confirmation`: what it asks about, an infinitive. Forms of `cancelar` are a yes (`pode cancelar`), denied
    ones a no (`não cancela`), and the wish for something else (`sim, quero ficar`) is neither."""
    irreversible: bool = False
    """Of a `confirmation`: what follows cannot be taken back. A yes is then a tap, or a message of nothing but a plain
    yes, forms of the act and politeness."""
    past: bool = False
    """Of a `date`: it is today or before, such as a date of birth; `15/03/45` is in 1945, `10/05` the last such day."""
    future: bool = False
    """Of a `date`: it is today or later."""
    least: Decimal | None = None
    """Of a `number` or `money`: the smallest that is taken."""
    most: Decimal | None = None
    """Of a `number` or `money`: the largest that is taken."""
    attempts: int = Field(default=3, ge=1, le=20)
    """How many answers are heard before the exit `invalid`."""
    invalid: tuple[Template, ...] = ()
    """Reply to a refused answer: one text for each attempt, the last one repeats."""
    reminders: tuple[Reminder, ...] | None = None
    """Reminders while the contact is silent, in the order of time; without them, those under `silence` of the flow,
    else under `[silence]` of the settings."""
    timeout: Duration | None = None
    """How long to wait for an answer; without it, as `reminders`; else 24h."""
    settle: Duration | None = None
    """Pause after which an answer counts as complete: `4s` joins an answer that is typed in several messages."""
    exits: QuestionExits = QuestionExits()
    """Where to go afterwards."""

    @model_validator(mode="after")
    def _fits_its_answer(self) -> Self:
        if mistakes := list(self._mistakes()):
            raise ValueError("; ".join(mistakes))
        return self

    async def play(self, conversation: Conversation) -> PlayResult:
        """Ask, unless asked before, and wait until there is an answer, or no more patience."""
        memory = conversation.memory(Asking)
        question = self._question(conversation)
        if memory.asked_at is None:
            memory.asked_at = memory.since = conversation.now
            if self.text:
                self._say(conversation, conversation.render(self.text), question)

        def read(until: datetime) -> Awaitable[Inbound | None]:
            return memory.fragments.read(conversation, self.settle, until)

        while True:
            try:
                message = await interaction(conversation, memory, self.timeout, self.reminders or (), read)
            except UndeliveredError:
                if self.exits.undelivered:
                    return "undelivered"
                continue
            if message is None:
                conversation.record(QuestionTimedOut(asked_at=memory.asked_at))
                return "no_answer"
            if taken := self._hear(conversation, memory, question, message):
                return taken

    def ways_out(self) -> tuple[Exit, ...]:
        """Return where answers lead, and where failing does."""
        return tuple(self.exits.of(self.options, confirms=self.answer == "confirmation"))

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return the time limit for its exit; at every other the contact has just spoken, or was not reached."""
        return silence(exit, self.timeout)

    def gives(self) -> dict[str, str]:
        """Return the kind of answer; files are a list."""
        return {**super().gives(), "save_as": self.answer}

    def _hear(
        self, conversation: Conversation, memory: Asking, question: Question, message: Inbound
    ) -> str | Detour | None:
        """Take *message* as the answer: return the exit or a keyword's detour, or None when it is asked again."""
        if self._kind.takes_any_words and (detour := conversation.detour(message)):
            return detour
        try:
            understood = self._understand(conversation, question, message)
        except InvalidAnswerError as error:
            if detour := conversation.detour(message):
                return detour
            return self._refuse(conversation, memory, question, str(error))
        if self.save_as is not None:
            conversation.set(self.save_as, understood.value)
        if self.files_as is not None:
            conversation.set(self.files_as, [file.model_dump(mode="json") for file in message.files])
        conversation.record(QuestionAnswered(variable=self.save_as, value=understood.value, attempt=memory.refused + 1))
        own = f"{ANSWERED}_{understood.choice}"
        return own if own in {way.name for way in self.ways_out()} else ANSWERED

    def _understand(self, conversation: Conversation, question: Question, message: Inbound) -> Understood:
        if self._kind.needs_today:
            question = question.model_copy(update={"today": conversation.local(message.at).date()})
        return self._kind.hear(message, question)

    def _refuse(self, conversation: Conversation, memory: Asking, question: Question, reason: str) -> str | None:
        memory.refused += 1
        conversation.record(AnswerRefused(attempt=memory.refused, reason=reason))
        if memory.refused >= self.attempts:
            return "invalid"
        memory.since, memory.reminded = conversation.now, 0
        # The conversation itself has said so when a message was too long.
        if reason != "too_long":
            self._say(conversation, self._refusal(conversation, memory.refused), question)
        return None

    def _refusal(self, conversation: Conversation, attempt: int) -> str:
        if self.invalid:
            return conversation.render(self.invalid[min(attempt, len(self.invalid)) - 1])
        if self._kind.offers:
            return conversation.text("choose_one")
        text = conversation.text(refusal(self.answer))
        if not self.pattern_example:
            return text
        example = conversation.render(self.pattern_example)
        return f"{text}\n{conversation.text('for_example', example=example)}"

    def _say(self, conversation: Conversation, text: str, question: Question) -> None:
        conversation.say(Content(text=text.strip(), options=self._kind.options(question)))

    @property
    def _kind(self) -> Answer:
        return answers[self.answer]()

    def _question(self, conversation: Conversation) -> Question:
        choices = fixed_choices(self.options, conversation)
        if self.options_from is not None:
            choices = listed_choices(self.options_from, conversation)
        if self._kind.offers and not choices:
            raise FlowError(f"question {self.id!r} has no options to offer")
        words = {"yes": conversation.words("yes"), "no": conversation.words("no")}
        return self._bounds.model_copy(update={"choices": choices, **words})

    @property
    def _bounds(self) -> Question:
        return Question(
            pattern=self.pattern,
            files=self.files_as is not None,
            act=self.act,
            irreversible=self.irreversible,
            past=self.past,
            future=self.future,
            least=self.least,
            most=self.most,
        )

    def _mistakes(self) -> Iterator[str]:
        given = bool(self.options) + (self.options_from is not None)
        if self._kind.offers and (given != 1 or not self.text):
            yield f"answer {self.answer!r} needs 'options' or 'options_from', and not both, below a 'text'"
        if not self._kind.offers and given:
            yield f"answer {self.answer!r} takes no options"
        if self._kind.must_save and self.save_as is None:
            yield f"answer {self.answer!r} needs 'save_as'"
        yield from wrong_keys(self.answer, self._bounds)
        ids = [option.id(place) for place, option in enumerate(self.options, 1)]
        if len(set(ids)) != len(ids):
            yield f"two options have the same value among {', '.join(map(repr, ids))}"
        if (times := [reminder.after for reminder in self.reminders or ()]) != sorted(set(times)):
            yield "'reminders' stand in the order of their times"
        if self.settle is not None and self.settle > LONGEST:
            yield f"'settle' is {format_duration(LONGEST)} at most"
        yield from self._mistakes_of_text()
        if self.answer != "confirmation" and (self.exits.yes or self.exits.no):
            yield "only answer 'confirmation' has the exits 'yes' and 'no'"

    def _mistakes_of_text(self) -> Iterator[str]:
        if self.pattern is not None and (wrong := mistake(self.pattern)):
            yield wrong
        for key, what in ((self.pattern, "a pattern"), (self.files_as, "files beside it")):
            if key is not None and self.answer != "text":
                yield f"only answer 'text' takes {what}"
