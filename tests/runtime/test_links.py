import time
from pathlib import Path

import pytest

from domain.errors import FileMissingError
from domain.message import FileRef
from runtime.links import LIFETIME, Links, signer
from runtime.sections import GatewaySection
from runtime.settings import Settings

FILE = FileRef(id="a" * 64, name="boleto nº 7.pdf", mime="application/pdf", size=3)
KEY = b"k" * 32


def token(url: str) -> str:
    return url.partition("?t=")[2]


def test_a_link_leads_to_its_file_and_says_all_of_it() -> None:
    links = Links(KEY, "https://chat.example.com/")
    url = links.file_url(FILE)
    assert url.startswith(f"https://chat.example.com/files/{FILE.id}?t=")
    assert links.read(FILE.id, token(url)) == FILE


def test_a_link_of_another_installation_is_not_ours() -> None:
    with pytest.raises(FileMissingError, match="not ours"):
        Links(b"o" * 32).read(FILE.id, token(Links(KEY).file_url(FILE)))


def test_a_link_of_a_former_key_is_read_and_new_ones_are_not_made_with_it() -> None:
    rotated = Links(b"n" * 32, former=(KEY,))
    assert rotated.read(FILE.id, token(Links(KEY).file_url(FILE))) == FILE
    assert Links(b"n" * 32).read(FILE.id, token(rotated.file_url(FILE))) == FILE
    with pytest.raises(FileMissingError, match="not ours"):
        Links(KEY).read(FILE.id, token(rotated.file_url(FILE)))


def test_a_link_opens_no_other_file() -> None:
    with pytest.raises(FileMissingError, match="another file"):
        Links(KEY).read("b" * 64, token(Links(KEY).file_url(FILE)))


def test_a_link_that_was_changed_opens_nothing() -> None:
    with pytest.raises(FileMissingError):
        Links(KEY).read(FILE.id, "x" + token(Links(KEY).file_url(FILE)))
    with pytest.raises(FileMissingError):
        Links(KEY).read(FILE.id, "")


def test_a_link_expires_after_seven_days(monkeypatch: pytest.MonkeyPatch) -> None:
    url = Links(KEY).file_url(FILE)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME.total_seconds() - 5)
    assert Links(KEY).read(FILE.id, token(url)) == FILE
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME.total_seconds() + 5)
    with pytest.raises(FileMissingError, match="expired"):
        Links(KEY).read(FILE.id, token(url))


@pytest.mark.parametrize(
    ("gateway", "base"),
    [
        (GatewaySection(), "http://127.0.0.1:8080/files/"),
        (GatewaySection(public_url="https://chat.example.com"), "https://chat.example.com/files/"),
    ],
)
def test_links_that_leave_this_machine_are_whole_addresses(gateway: GatewaySection, base: str) -> None:
    assert signer(Settings(data=Path("var"), gateway=gateway), KEY)(FILE).startswith(base)
