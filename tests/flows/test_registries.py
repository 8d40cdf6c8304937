"""What every card and every kind of answer has, whoever adds it."""

from pathlib import Path
from pkgutil import iter_modules

import pytest
from pydantic import JsonValue

from domain.model import Written
from flows.answers import answers
from flows.cards import cards
from flows.cards.base import Card
from flows.reading.tree import read_tree

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "flows"


def has_file(folder: str, name: str) -> bool:
    place = PACKAGE / folder / name
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def example(name: str) -> Card:
    return cards[name].model_validate(read_tree(cards[name].example, name).plain())


@pytest.mark.parametrize("name", list(cards))
def test_every_card_has_its_file_test_and_an_example_that_can_be_read(name: str) -> None:
    assert has_file("cards", name)
    assert (HERE / "cards" / f"test_{name}.py").is_file()
    assert example(name).card == name


@pytest.mark.parametrize("name", list(answers))
def test_every_answer_has_its_file_and_test(name: str) -> None:
    assert has_file("answers", name)
    assert (HERE / "answers" / f"test_{name}.py").is_file()


def test_every_file_and_folder_of_the_folders_registers_one() -> None:
    for folder, registry in (("cards", cards), ("answers", answers)):
        files = {found.name for found in iter_modules([str(PACKAGE / folder)])} - {"base"}
        assert files == {*registry, *registry.rooms}


@pytest.mark.parametrize("name", list(cards))
def test_exits_have_different_names(name: str) -> None:
    ways = [way.name for way in example(name).ways_out()]
    assert len(ways) == len(set(ways)) > 0


@pytest.mark.parametrize("name", list(cards))
def test_every_text_of_a_card_is_known_to_the_checks(name: str) -> None:
    """A card that forgets to list a text in `texts`, `values` or `expressions` would go unchecked."""
    written = read_tree(cards[name].example, name).plain()
    card = example(name)
    known = {*card.texts().values(), *card.expressions().values(), *map(str, card.values().values())}
    for text in _templates(written):
        assert any(text in one for one in known), text


def _templates(value: JsonValue) -> list[str]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in _templates(item)]
    if isinstance(value, list):
        return [found for item in value for found in _templates(item)]
    return [value] if isinstance(value, str) and "{{" in value else []


def test_cards_are_values_that_nobody_changes() -> None:
    for name in cards:
        assert issubclass(cards[name], Written)
        assert cards[name].model_config.get("frozen")
