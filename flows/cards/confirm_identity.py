"""The card `confirm_identity`."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Final, Self

from pydantic import Field, model_validator

from domain.duration import Duration
from domain.errors import FlowError, UndeliveredError
from domain.events.questions import AnswerRefused, QuestionTimedOut
from domain.fields import Knows, Template
from domain.identity import CODE_PLACE, CheckAddress, CheckCode, CheckRegister, SendCode
from domain.limits import LIMITS
from domain.message import Content, Inbound, Option
from domain.proof import Fact, Means, digits
from domain.wait_defaults import Reminder
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation, Progress
from flows.names import ConnectionName, Target
from flows.parts.proving import CONFIRMED, check, prove
from flows.parts.waiting import Waiting, interaction
from flows.play_result import Detour, PlayResult
from flows.understanding.folding import folded

LIFE: Final = timedelta(minutes=10)
"""How long a code is good."""
TRIES: Final = 5
"""How many answers are compared with one code."""
DIGITS: Final = 6
NEEDED: Final = 2
"""Data of the register that are compared."""
AGAIN: Final = "again"
"""The option by which the contact asks for another code."""
_CODE: Final = re.compile(r"\{\{[^}]*\bcode\b[^}]*\}\}")


class IdentityExits(Exits):
    """Where to go after the proof."""

    confirmed: Target | None = None
    """The contact is the customer; without it, the card below."""
    refused: Target | None = None
    """What they have or say is not the customer's, or there were too many tries."""
    impossible: Target | None = None
    """There is nothing to prove it by: the register, the channel or the settings lack it."""
    no_answer: Target | None = None
    """Nobody has said the code in the ten minutes that it is good."""
    failed: Target | None = None
    """The system did not answer for as long as `patience`, or answered nonsense."""


class Confirming(Waiting):
    """State that the card keeps while it waits for a code."""

    key: str = ""
    """The key under which the code was sent."""
    code: str = ""
    """Its keyed hash; empty before it is sent."""
    to: str = ""
    tries: int = 0


@cards.register
class ConfirmIdentity(Card):
    """Prove that the contact is the customer, before something is changed in their name.

    `by: address` asks nothing: it compares the address that the channel's provider has verified with the customer's.
    `by: code` sends six digits to the customer's e-mail address (`[mail]`), else telephone (`[identity]`), and asks for
    them: they are good for ten minutes and five tries, and a customer gets three in an hour. `by: register` compares
    what the contact has said with the register: both data must be right.

    The proof is kept until the conversation ends, and operations that want one take it. Who is proved already goes on
    at once.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="shield-check", colour="#059669", names={"pt-BR": "Confirmar titular", "en": "Confirm identity"}
    )
    example: ClassVar[str] = """
id: by_code
card: confirm_identity
by: code
connection: billing
customer: "{{ customer.id }}"
subject: "Seu código"
message: "Seu código é {{ code }}. Ele vale por 10 minutos."
text: "Enviei um código de 6 números para {{ sent_to }}. Qual é?"
invalid: ["Esse código não confere. Pode conferir e digitar de novo?"]
again: "Enviar outro código"
exits: {refused: to_person, impossible: by_register, no_answer: goodbye, failed: apologise}
"""
    waits: ClassVar[bool] = True
    speaks: ClassVar[bool] = True

    by: Means
    """How: `address`, `code` or `register`."""
    connection: ConnectionName
    """Name of the connection in `prosa.toml`."""
    customer: Template
    """The customer's `id` there, as `find_customer` gave it."""
    given: dict[Fact, Template] = Field(default_factory=dict[Fact, Template])
    """For `register`: what the contact has said, `birth_date` and `cep`."""
    subject: Template = ""
    """For `code`: subject of the e-mail."""
    message: Annotated[Template, Knows("code")] = ""
    """For `code`: what is sent to the customer, with `{{ code }}`."""
    text: Annotated[Template, Knows("sent_to")] = ""
    """For `code`: the question; `sent_to` is where the code went, masked."""
    invalid: tuple[Annotated[Template, Knows("sent_to")], ...] = ()
    """Reply to a wrong code: one text for each, the last one repeats; without one, the question."""
    again: Template = ""
    """For `code`: label of the option to get another one; empty: none is offered."""
    reminders: tuple[Reminder, ...] = ()
    """Reminders while nobody says the code, in the order of time."""
    progress: Progress | None = None
    """Message to the contact when the system takes long."""
    patience: Duration = LIMITS.outside_patience
    """How long to try."""
    exits: IdentityExits = IdentityExits()
    """Where to go afterwards."""

    @model_validator(mode="after")
    def _has_what_it_takes(self) -> Self:
        if mistakes := list(self._mistakes()):
            raise ValueError("; ".join(mistakes))
        return self

    async def play(self, conversation: Conversation) -> PlayResult:
        """Have it proved, unless it is, and return `confirmed`, `refused`, `impossible`, `no_answer` or `failed`."""
        customer = conversation.render(self.customer).strip()
        if (self.connection, customer) in {(proof.connection, proof.customer) for proof in conversation.proofs}:
            return CONFIRMED
        if not customer:
            return "impossible"
        if self.by == "code":
            return await self._by_code(conversation, customer)
        call = self._address(conversation, customer) if self.by == "address" else self._register(conversation, customer)
        return (await check(conversation, call, self.progress)).exit

    def ways_out(self) -> tuple[Exit, ...]:
        """Return all its exits; only a code waits for an answer."""
        ways = self.exits.ways(confirmed=True)
        return tuple(way for way in ways if way.name != "no_answer" or self.by == "code")

    def summary(self) -> str:
        """Return the means."""
        return self.by

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return the life of a code for its exit; who has proved it by a code has just spoken."""
        if exit == "no_answer":
            return LIFE
        return None if self.by == "code" and exit in {CONFIRMED, "refused"} else timedelta(0)

    async def _by_code(self, conversation: Conversation, customer: str) -> PlayResult:
        memory = conversation.memory(Confirming)
        if not memory.code and (failed := await self._send(conversation, memory, customer)):
            return failed
        while True:
            try:
                message = await interaction(conversation, memory, LIFE, self.reminders, conversation.next_message)
            except UndeliveredError:
                continue
            if message is None:
                conversation.record(QuestionTimedOut(asked_at=memory.since or conversation.now))
                return "no_answer"
            if done := await self._hear(conversation, memory, customer, message):
                return done

    async def _send(self, conversation: Conversation, memory: Confirming, customer: str) -> str:
        """Have a code sent and ask for it: nothing, or the exit when there is none to ask for."""
        call = SendCode(
            connection=self.connection,
            customer=customer,
            subject=conversation.render(self.subject),
            text=self._with_place(conversation),
            key=conversation.key,
            card=self.id,
            patience=self.patience,
        )
        sent = await check(conversation, call, self.progress)
        if not sent.code:
            return sent.exit
        memory.key, memory.code, memory.to = call.key, sent.code, sent.to
        memory.since, memory.reminded, memory.tries = conversation.now, 0, 0
        self._say(conversation, memory, self.text)
        return ""

    async def _hear(
        self, conversation: Conversation, memory: Confirming, customer: str, message: Inbound
    ) -> str | Detour | None:
        """Take *message* as the code: return the exit or a keyword's detour, or None when it is asked again."""
        if memory.since is None or conversation.now >= memory.since + LIFE:
            return "no_answer"
        if self._wants_another(conversation, message):
            return await self._send(conversation, memory, customer) or None
        if detour := conversation.detour(message):
            return detour
        typed = digits(folded(message.text))
        if len(typed) == DIGITS and await conversation.perform(
            CheckCode(key=memory.key, code=memory.code, typed=typed)
        ):
            prove(conversation, self.connection, customer, "code")
            return CONFIRMED
        memory.tries += 1
        conversation.record(AnswerRefused(attempt=memory.tries, reason="code"))
        if memory.tries >= TRIES:
            return "refused"
        self._say(conversation, memory, self._refusal(memory.tries))
        return None

    def _refusal(self, attempt: int) -> str:
        texts: Sequence[str] = self.invalid or (self.text,)
        return texts[min(attempt, len(texts)) - 1]

    def _say(self, conversation: Conversation, memory: Confirming, text: str) -> None:
        label = conversation.render(self.again).strip()
        options = (Option(id=AGAIN, label=label),) if label else ()
        conversation.say(Content(text=conversation.render(text, sent_to=memory.to), options=options))

    def _wants_another(self, conversation: Conversation, message: Inbound) -> bool:
        label = folded(conversation.render(self.again)).strip()
        return bool(label) and (message.choice == AGAIN or folded(message.text).strip() in {label, "1"})

    def _with_place(self, conversation: Conversation) -> str:
        text = conversation.render(self.message, code=CODE_PLACE)
        if CODE_PLACE not in text:
            raise FlowError("expected the message to say the code as it is")
        return text

    def _address(self, conversation: Conversation, customer: str) -> CheckAddress:
        return CheckAddress(
            connection=self.connection,
            customer=customer,
            account=str(conversation.evaluate("conversation.account")),
            address=str(conversation.evaluate("contact.address")),
            key=conversation.key,
            card=self.id,
            patience=self.patience,
        )

    def _register(self, conversation: Conversation, customer: str) -> CheckRegister:
        return CheckRegister(
            connection=self.connection,
            customer=customer,
            given={name: conversation.render(said).strip() for name, said in self.given.items()},
            key=conversation.key,
            card=self.id,
            patience=self.patience,
        )

    def _mistakes(self) -> Iterator[str]:
        own = {
            "code": ("subject", "message", "text", "invalid", "again", "reminders"),
            "register": ("given",),
            "address": (),
        }
        for means, keys in own.items():
            if means != self.by and (wrong := [key for key in keys if getattr(self, key)]):
                yield f"only 'by: {means}' takes {', '.join(map(repr, wrong))}"
        if self.by == "code":
            if missing := [key for key in ("subject", "message", "text") if not getattr(self, key)]:
                yield f"'by: code' needs {', '.join(map(repr, missing))}"
            elif not _CODE.search(self.message):
                yield "'message' says the code as {{ code }}"
        if self.by == "register" and len(self.given) < NEEDED:
            yield "'by: register' needs 'birth_date' and 'cep' under 'given'"
