import pytest

from domain.errors import InvalidAnswerError
from domain.message import Inbound, Location
from flows.answers.base import Question
from flows.answers.location import Place
from tests.flows.fakes import BOLETO, START, inbound

HERE = {"latitude": -27.1004, "longitude": -52.6152, "name": "", "address": ""}


def test_a_place_shared_from_the_map_is_kept_with_its_name() -> None:
    place = Location(latitude=-27.1004, longitude=-52.6152, name="Casa", address="Rua A, 1")
    taken = Place().understand(inbound("aqui", location=place), Question())
    assert taken.value == {**HERE, "name": "Casa", "address": "Rua A, 1"}


@pytest.mark.parametrize(
    "text",
    [
        "-27.1004,-52.6152",
        "-27.1004, -52.6152",
        "-27.1004 -52.6152",
        "-27.1004; -52.6152",
        "estou em -27.1004, -52.6152, portão azul",
        "(-27.1004, -52.6152)",
        "https://maps.google.com/?q=-27.1004,-52.6152",
        "https://www.google.com/maps?q=-27.1004%2C-52.6152",
        "https://www.google.com/maps/@-27.1004,-52.6152,17z",
        "https://www.google.com/maps/place/X/@-27.2,-52.7,15z/data=!4m5!3m4!1s0x0:0x0!8m2!3d-27.1004!4d-52.6152",
        "https://maps.apple.com/?ll=-27.1004,-52.6152",
        "geo:-27.1004,-52.6152",
        "-27.1004,-52.6152\n-27.1004,-52.6152",
    ],
)
def test_coordinates_are_understood_in_texts_and_links(text: str) -> None:
    assert Place().understand(inbound(text), Question()).value == HERE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Rua das Flores, 123", "no_location"),
        ("perto do mercado", "no_location"),
        ("https://maps.app.goo.gl/abc123", "no_location"),
        ("-97.1004, -52.6152", "no_location"),
        ("-27.1004, -192.6152", "no_location"),
        ("-27, -52", "no_location"),
        ("-27.1004,-52.6152 ou -27.2004,-52.7152", "ambiguous"),
    ],
)
def test_what_is_no_place_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Place().understand(inbound(text), Question())
    assert str(caught.value) == reason


def test_a_photo_of_the_house_is_no_place() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        Place().understand(inbound(files=(BOLETO,)), Question())


def test_what_was_kept_before_there_were_places_still_decodes() -> None:
    old = f'{{"message_id": "e", "at": "{START.isoformat()}", "text": "oi", "choice": null, "files": []}}'
    assert Inbound.model_validate_json(old) == inbound("oi")
