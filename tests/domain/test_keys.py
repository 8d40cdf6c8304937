import re

from hypothesis import given
from hypothesis import strategies as st

from domain.keys import address_key, message_id, part_key, workflow_id

NAMES = st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]), max_size=20)


def test_the_id_of_an_event_never_changes_because_rows_are_kept_under_it() -> None:
    assert message_id("site", "message", "wamid.1") == "7d0fb96d62b2948c8412f7e95a915e4e"


@given(st.tuples(NAMES, NAMES, NAMES), st.tuples(NAMES, NAMES, NAMES))
def test_two_events_have_one_id_only_when_they_are_the_same(
    one: tuple[str, str, str], two: tuple[str, str, str]
) -> None:
    assert (message_id(*one) == message_id(*two)) == (one == two)
    assert re.fullmatch("[0-9a-f]{32}", message_id(*one))


def test_where_a_name_ends_makes_a_difference() -> None:
    assert message_id("ab", "c", "d") != message_id("a", "bc", "d")


def test_an_address_is_not_readable_in_its_key_and_depends_on_the_secret() -> None:
    key = address_key(b"secret", "5511987654321")
    assert re.fullmatch("[0-9a-f]{24}", key)
    assert key == address_key(b"secret", "5511987654321")
    assert key != address_key(b"other", "5511987654321")
    assert key != address_key(b"secret", "5511987654322")


def test_a_workflow_is_named_by_account_and_hidden_address() -> None:
    assert workflow_id("site", "0ff1ce") == "conversation:site:0ff1ce"


def test_a_part_is_named_by_conversation_and_seq() -> None:
    assert part_key("c0ffee", 4) == "c0ffee:4"
