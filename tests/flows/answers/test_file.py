import pytest

from domain.errors import InvalidAnswerError
from domain.message import FileRef
from flows.answers.base import Question
from flows.answers.file import File
from tests.flows.fakes import BOLETO, inbound


@pytest.mark.parametrize(
    "mime",
    [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "audio/ogg",
        "audio/ogg; codecs=opus",
        "video/mp4",
        "text/plain",
        "text/vcard",
        "application/zip",
        "application/octet-stream",
        "",
    ],
)
def test_a_file_of_any_kind_is_kept_as_a_reference(mime: str) -> None:
    file = FileRef(id="b" * 64, name="f", mime=mime, size=1)
    understood = File().understand(inbound("segue o comprovante", files=(file,)), Question())
    assert FileRef.model_validate(understood.value) == file


def test_of_several_files_the_first_is_kept() -> None:
    other = BOLETO.model_copy(update={"name": "outro.pdf"})
    assert File().understand(inbound(files=(BOLETO, other)), Question()).value == BOLETO.model_dump()


@pytest.mark.parametrize("text", ["", "já te mando", "👍", "https://example.com/foto.jpg"])
def test_words_are_no_file(text: str) -> None:
    with pytest.raises(InvalidAnswerError, match="no_file"):
        File().understand(inbound(text), Question())


def test_a_text_that_was_cut_off_is_no_file_although_it_is_kept_as_one() -> None:
    with pytest.raises(InvalidAnswerError, match="too_long"):
        File().understand(inbound("a", files=(BOLETO,), truncated=True), Question())
