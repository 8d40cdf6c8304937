import pytest
from pydantic import JsonValue

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
