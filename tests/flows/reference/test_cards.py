from flows.cards import cards
from flows.cards.base import FAMILIES, Card
from flows.reference.cards import card_topics, common_keys, families


def test_every_card_stands_in_the_family_that_its_file_names() -> None:
    found = [topic.name for topics in families().values() for topic in topics]
    assert sorted(found) == list(cards)
    assert [family for family in FAMILIES if family in families()] == list(families())
    assert [topic.name for topic in families()["survey"]] == ["survey"]


def test_what_every_card_has_is_told_once() -> None:
    common = [key.path for key in common_keys()]
    assert common == list(Card.model_fields)
    assert not any(key.path in common for topic in card_topics().values() for key in topic.keys)


def test_keys_inside_keys_say_what_they_hold_and_what_counts_without_them() -> None:
    keys = {key.path: key for key in card_topics()["ask_question"].keys}
    assert keys["reminders[].after"].holds == "duration"
    assert keys["reminders[].after"].required
    assert (keys["attempts"].holds, keys["attempts"].instead) == ("number", "3")
    assert keys["exits.invalid"].holds == "target"
    assert "`cpf_cnpj`" in keys["answer"].holds


def test_the_exits_of_the_example_are_told() -> None:
    assert card_topics()["business_hours"].exits == ("open", "closed")
