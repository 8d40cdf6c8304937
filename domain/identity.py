"""Effects by which a contact proves who they are, before a contract is changed."""

from typing import Any, ClassVar, Final, Literal

from pydantic import Field

from domain.call import CallAnswer, ConnectionCall
from domain.effect import AtOnce
from domain.proof import Fact
from domain.world import World

Result = Literal["proved", "different", "sent", "impossible", "exhausted"]
"""The result of one try.

`impossible`: the register, or the settings, lack what it takes; `exhausted`: too many tries for this customer.
"""
CODE_PLACE: Final = "••••••"
"""Stands for the code in its message, which the activity completes: a history never holds the code."""


class CheckAddress(ConnectionCall[CallAnswer]):
    """Compare the contact's address, where the channel's provider has verified it, with the customer's."""

    activity: ClassVar[str] = "check_address"
    answer: ClassVar[type[Any]] = CallAnswer

    customer: str
    account: str
    address: str


class SendCode(ConnectionCall[CallAnswer]):
    """Draw a code and send it to the customer; the answer tells where to, masked, and the code's keyed hash."""

    activity: ClassVar[str] = "send_code"
    answer: ClassVar[type[Any]] = CallAnswer

    customer: str
    subject: str
    text: str
    """The message; `CODE_PLACE` stands for the code."""


class CheckRegister(ConnectionCall[CallAnswer]):
    """Compare what the contact says with the customer's data."""

    activity: ClassVar[str] = "check_register"
    answer: ClassVar[type[Any]] = CallAnswer

    customer: str
    given: dict[Fact, str] = Field(default_factory=dict[Fact, str])


class CheckCode(AtOnce[bool]):
    """Compare the code that a contact typed with the keyed hash of the one that was sent."""

    activity: ClassVar[str] = "check_code"
    answer: ClassVar[type[Any]] = bool

    key: str
    """The key under which it was sent."""
    code: str
    """The keyed hash; in stories, the code itself."""
    typed: str

    @property
    def what(self) -> str:
        """The comparison."""
        return "the code of a contact"

    def in_memory(self, world: World) -> bool:  # noqa: ARG002 - the same in every world
        """Compare with the code that the story gives."""
        return self.typed == self.code
