from collections.abc import Callable

import pytest

from domain.errors import InvalidAnswerError
from flows.understood import Outcome, Understood, changed, taken

ONE, TWO = Understood(value=1), Understood(value=2)


def now(found: Outcome, *made: str) -> object:
    """What a conversation makes of it that knows the changes *made*."""
    patched: Callable[[str], bool] = made.__contains__
    try:
        return taken(found).settled(patched).value
    except InvalidAnswerError as error:
        return str(error)


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        (ONE, ONE, 1, 1),
        (ONE, TWO, 1, 2),
        (ONE, "denied", 1, "denied"),
        ("ambiguous", TWO, "ambiguous", 2),
        ("ambiguous", "denied", "ambiguous", "ambiguous"),
    ],
)
def test_each_conversation_goes_on_as_it_began(before: Outcome, after: Outcome, old: object, new: object) -> None:
    found = changed("first", before, after)
    assert now(found) == old
    assert now(found, "first") == new


def test_each_of_two_changes_is_told_from_the_other() -> None:
    found = changed("second", changed("first", ONE, "denied"), TWO)
    assert [now(found), now(found, "first"), now(found, "first", "second")] == [1, "denied", 2]


def test_what_has_not_changed_needs_no_patch() -> None:
    assert changed("first", ONE, Understood(value=1)) is ONE
