import hashlib

import pytest

from drawing import icons
from drawing.engine import VENDOR, elk
from flows.cards import cards

LINES = (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
SUMS = {name: digest for digest, name in (line.split() for line in LINES)}


@pytest.mark.parametrize("name", SUMS)
def test_a_vendored_file_is_the_one_of_its_checksum(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == SUMS[name]


def test_every_vendored_file_has_a_checksum_or_is_about_one() -> None:
    assert {path.name for path in VENDOR.iterdir() if "LICENSE" not in path.name} == {*SUMS, "SHA256SUMS", "README.md"}


def test_licences_come_along() -> None:
    licences = {path.name: path.read_text(encoding="utf-8") for path in VENDOR.glob("*LICENSE*")}
    assert "Eclipse Public License" in licences["elkjs.LICENSE.md"]
    assert "ISC License" in licences["lucide.LICENSE"]
    assert "SIL OPEN FONT LICENSE" in licences["Inter.LICENSE"]


@pytest.mark.parametrize("name", list(cards))
def test_every_card_has_an_icon_that_is_there(name: str) -> None:
    assert icons.known(cards[name].symbol.icon)


def test_an_unknown_icon_is_a_square() -> None:
    assert icons.icon("no-such-icon") == icons.icon("square")


def test_what_elk_refuses_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="ELK refused a graph"):
        elk().layout({"id": "chart", "children": [], "edges": [{"id": "e", "sources": ["a"], "targets": ["b"]}]})
