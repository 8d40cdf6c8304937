import pytest

from domain.errors import InvalidAnswerError
from domain.message import FileRef
from flows.answers.base import Question
from flows.answers.image import Image
from tests.flows.fakes import BOLETO, inbound


def file(mime: str) -> FileRef:
    return FileRef(id="b" * 64, name="f", mime=mime, size=1)


@pytest.mark.parametrize(
    "mime", ["image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "IMAGE/JPEG", "image/svg+xml"]
)
def test_a_picture_is_kept_as_a_reference(mime: str) -> None:
    understood = Image().understand(inbound("a luz do modem", files=(file(mime),)), Question())
    assert FileRef.model_validate(understood.value) == file(mime)


def test_the_picture_among_other_files_is_kept() -> None:
    taken = Image().understand(inbound(files=(BOLETO, file("image/png"))), Question())
    assert FileRef.model_validate(taken.value) == file("image/png")


@pytest.mark.parametrize(
    "mime", ["application/pdf", "audio/ogg", "video/mp4", "text/plain", "application/octet-stream", ""]
)
def test_another_kind_of_file_is_refused(mime: str) -> None:
    with pytest.raises(InvalidAnswerError, match="wrong_file"):
        Image().understand(inbound(files=(file(mime),)), Question())


@pytest.mark.parametrize("text", ["", "não consigo", "image/png"])
def test_words_are_no_picture(text: str) -> None:
    with pytest.raises(InvalidAnswerError, match="no_file"):
        Image().understand(inbound(text), Question())
