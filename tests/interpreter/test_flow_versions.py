import gc
from weakref import ref

import pytest
from pydantic import ValidationError

from domain.effect import LoadedFlow
from domain.wait_defaults import WaitDefaults
from flows.cards.ask_question import AskQuestion
from flows.reader import read_flow
from interpreter.flow_versions import shared
from tests.interpreter.world import flow

ASK = '  - {id: ask, card: ask_question, text: "Qual o seu nome?", answer: text, save_as: name}'
SHORT = WaitDefaults.model_validate({"timeout": "5m"})


def loaded(text: str = ASK, version: str = "v1", number: int = 1) -> LoadedFlow:
    """As it comes from a history: nothing of it is shared with another."""
    content = read_flow(flow(text), "main").dump()
    kept = LoadedFlow(name="main", version=version, number=number, content=content).model_dump_json()
    return LoadedFlow.model_validate_json(kept)


def test_conversations_share_one_copy_of_a_version() -> None:
    first, second = shared(loaded(), WaitDefaults()), shared(loaded(), WaitDefaults())
    assert second is first
    assert first.flow.first().id == "ask"


def test_each_default_of_time_limits_has_its_own_copy() -> None:
    plain, short = shared(loaded(), WaitDefaults()), shared(loaded(), SHORT)
    asked = short.flow.first()
    assert isinstance(asked, AskQuestion)
    assert asked.timeout == SHORT.timeout
    assert plain.flow.first() != asked
    assert shared(loaded(), WaitDefaults()) is plain


@pytest.mark.parametrize(
    "other",
    [loaded(version="v2"), loaded(number=2), loaded(ASK.replace("nome", "sobrenome"))],
    ids=["version", "number", "content"],
)
def test_what_differs_in_anything_is_not_shared(other: LoadedFlow) -> None:
    first = shared(loaded(), WaitDefaults())
    found = shared(other, WaitDefaults())
    assert found is not first
    assert found.loaded == other


def test_a_version_that_no_conversation_plays_is_forgotten() -> None:
    gone = ref(shared(loaded(), WaitDefaults()))
    gc.collect()
    assert gone() is None


def test_a_version_that_cannot_be_read_is_not_kept() -> None:
    wrong = loaded().model_copy(update={"content": {"spec": 1}})
    for _ in range(2):
        with pytest.raises(ValidationError):
            shared(wrong, WaitDefaults())
