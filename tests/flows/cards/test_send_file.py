import pytest
from pydantic import JsonValue, ValidationError

from domain.call import FetchFile, HttpAnswer
from domain.errors import FlowError
from domain.message import FileRef
from tests.flows.fakes import BOLETO, FakeConversation, card

PDF = """
id: pdf
card: send_file
file: copy.file
name: "boleto-{{ copy.number }}.pdf"
caption: "Vence {{ copy.due | date }}"
"""
COPY: dict[str, JsonValue] = {"number": "7841", "due": "2026-12-10", "file": BOLETO.model_dump(mode="json")}


async def test_it_sends_the_file_with_its_name_and_caption() -> None:
    conversation = FakeConversation(variables={"copy": COPY})
    assert await card(PDF).play(conversation) == "done"
    (said,) = conversation.said
    assert said.text == "Vence 10/12/2026"
    assert said.file == FileRef(id=BOLETO.id, name="boleto-7841.pdf", mime="application/pdf", size=2_048)


async def test_without_name_and_caption_the_file_keeps_its_own() -> None:
    conversation = FakeConversation(variables={"copy": COPY})
    await card("{id: pdf, card: send_file, file: copy.file}").play(conversation)
    assert conversation.said[0].text == ""
    assert conversation.said[0].file == BOLETO


@pytest.mark.parametrize("file", [None, "7841.pdf", {"name": "7841.pdf"}, [], {**COPY}])
async def test_what_is_no_file_is_an_error_of_the_flow(file: JsonValue) -> None:
    conversation = FakeConversation(variables={"copy": {**COPY, "file": file}})
    with pytest.raises(FlowError, match=r"'copy.file' is no file"):
        await card(PDF).play(conversation)
    assert conversation.said == []


FETCHED = """
id: pdf
card: send_file
url: "https://files.example/{{ copy.number }}.pdf"
caption: "Vence {{ copy.due | date }}"
patience: 1m
progress: {after: 4s, text: "Um instante..."}
exits: {failed: sorry}
"""


def fetching(answer: HttpAnswer) -> FakeConversation:
    return FakeConversation(variables={"copy": COPY}, erp={"pdf": answer}, slow="2s")


async def test_a_file_from_an_address_is_fetched_and_sent() -> None:
    conversation = fetching(HttpAnswer(status=200, value=BOLETO.model_dump(mode="json")))
    assert await card(FETCHED).play(conversation) == "done"
    (effect,) = conversation.effects
    assert isinstance(effect, FetchFile)
    assert (effect.url, effect.key, effect.patience.total_seconds()) == ("https://files.example/7841.pdf", "c1:1", 60)
    assert [(said.text, said.file) for said in conversation.said] == [("Vence 10/12/2026", BOLETO)]
    (called,) = conversation.data("http_called")
    assert (called["method"], called["host"], called["outcome"]) == ("GET", "files.example", "ok")


async def test_a_text_in_the_address_leads_to_no_other_file_of_the_host() -> None:
    conversation = fetching(HttpAnswer(status=200, value=BOLETO.model_dump(mode="json")))
    conversation.variables["copy"] = {**COPY, "number": "../all#"}
    await card(FETCHED).play(conversation)
    (effect,) = conversation.effects
    assert isinstance(effect, FetchFile)
    assert effect.url == "https://files.example/..%2Fall%23.pdf"


@pytest.mark.parametrize("outcome", ["not_found", "rejected", "failed"])
async def test_a_file_that_is_not_to_be_had_has_one_exit(outcome: str) -> None:
    conversation = fetching(HttpAnswer(outcome=outcome, status=404))
    assert await card(FETCHED).play(conversation) == "failed"
    assert conversation.said == []


def test_only_a_file_from_an_address_can_fail() -> None:
    assert [way.name for way in card(PDF).ways_out()] == ["done"]
    assert [way.name for way in card(FETCHED).ways_out()] == ["done", "failed"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "either 'file' or 'url'"),
        ('file: copy.file, url: "https://files.example/1.pdf"', "either 'file' or 'url'"),
        ("file: copy.file, exits: {failed: sorry}", "only a file from a 'url'"),
    ],
)
def test_a_file_comes_from_one_place(more: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        card(f"{{id: pdf, card: send_file, {more}}}")
