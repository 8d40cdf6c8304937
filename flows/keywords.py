"""Words that work at any question: back to the menu, to the question before, to a person, out."""

from collections.abc import Iterator

from pydantic import ConfigDict

from domain.conversation import Keyword
from domain.message import Inbound
from domain.model import Written
from flows.names import Target
from flows.texts import Texts
from flows.understanding.phrases import says


class Keywords(Written):
    """Where the words lead that work at any question; which words these are, `texts` say (`menu_words`)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    menu: Target | None = None
    """Where `menu` leads; without it, where the flow that called this one says, else the settings."""
    agent: Target | None = None
    """Where `atendente` leads; after a `flow:NAME` the question is asked again. Without it: as for `menu`."""
    leave: Target | None = None
    """Where `sair` leads; without it: as for `menu`, else the conversation ends with a goodbye."""
    off: tuple[Keyword, ...] = ()
    """Words that are answers like any other in this flow."""

    def targets(self) -> Iterator[tuple[Keyword, str]]:
        """Yield the words that lead somewhere of this flow's own, and where."""
        if self.menu is not None:
            yield "menu", self.menu
        if self.agent is not None:
            yield "agent", self.agent
        if self.leave is not None:
            yield "leave", self.leave


def keyword(message: Inbound, texts: Texts) -> Keyword | None:
    """Return the keyword that *message* is, politeness aside; None when it says anything else."""
    if message.files or message.truncated or message.choice is not None:
        return None
    words: tuple[tuple[Keyword, tuple[str, ...]], ...] = (
        ("menu", texts.menu_words),
        ("back", texts.back_words),
        ("repeat", texts.repeat_words),
        ("agent", texts.agent_words),
        ("leave", texts.leave_words),
    )
    return next((word for word, phrases in words if says(message.text, phrases)), None)
