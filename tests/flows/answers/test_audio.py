import pytest

from domain.errors import InvalidAnswerError
from domain.message import FileRef
from flows.answers.audio import Audio
from flows.answers.base import Question
from tests.flows.fakes import BOLETO, inbound


def file(mime: str) -> FileRef:
    return FileRef(id="b" * 64, name="f", mime=mime, size=1)


@pytest.mark.parametrize(
    "mime", ["audio/ogg", "audio/ogg; codecs=opus", "audio/mpeg", "audio/mp4", "Audio/AMR", "application/ogg"]
)
def test_a_recording_is_kept_as_a_reference(mime: str) -> None:
    understood = Audio().understand(inbound("o barulho", files=(file(mime),)), Question())
    assert FileRef.model_validate(understood.value) == file(mime)


def test_the_recording_among_other_files_is_kept() -> None:
    taken = Audio().understand(inbound(files=(BOLETO, file("audio/ogg"))), Question())
    assert FileRef.model_validate(taken.value) == file("audio/ogg")


@pytest.mark.parametrize(
    "mime", ["application/pdf", "image/jpeg", "video/mp4", "text/plain", "application/octet-stream", ""]
)
def test_another_kind_of_file_is_refused(mime: str) -> None:
    with pytest.raises(InvalidAnswerError, match="wrong_file"):
        Audio().understand(inbound(files=(file(mime),)), Question())


@pytest.mark.parametrize("text", ["", "não consigo", "audio/ogg"])
def test_words_are_no_recording(text: str) -> None:
    with pytest.raises(InvalidAnswerError, match="no_file"):
        Audio().understand(inbound(text), Question())
