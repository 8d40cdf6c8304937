import pytest

from channels.base import StatusReport
from domain.call import CallAnswer
from domain.storable import storable


@pytest.mark.parametrize(
    ("text", "kept"),
    [("olá 😀", "olá 😀"), ("a\0b", "ab"), ("\ud83d\ude00", "😀"), ("a\ud83db", "ab"), ("\u202ea\x1b", "\u202ea\x1b")],
)
def test_only_what_no_database_keeps_is_left_out(text: str, kept: str) -> None:
    assert storable(text) == kept


def test_the_beginning_of_a_reason_is_kept() -> None:
    long = "x\0" * 100_000
    report = StatusReport(external_id="a", state="failed", reason=long)
    assert report.reason == CallAnswer(reason=long).reason == "x" * 500
