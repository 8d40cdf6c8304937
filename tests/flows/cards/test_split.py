import pytest
from pydantic import ValidationError

from domain.keys import stable_choice
from tests.flows.fakes import FakeConversation, card

WAYS = "{name: a, weight: 3, go: x}, {name: b, go: y}, {name: c, weight: 2, go: z}"
SPLIT = f"{{id: offer, card: split, between: [{WAYS}]}}"


@pytest.mark.parametrize(("drawn", "way"), list(enumerate("aaabcc")))
async def test_the_weights_say_which_way_a_lot_leads(drawn: int, way: str) -> None:
    conversation = FakeConversation()
    conversation.choice = drawn
    assert await card(SPLIT).play(conversation) == way
    assert conversation.events == [("way_drawn", {"way": way})]


def test_each_way_is_an_exit() -> None:
    assert [(way.name, way.target) for way in card(SPLIT).ways_out()] == [("a", "x"), ("b", "y"), ("c", "z")]


def test_a_lot_is_the_same_whenever_it_is_drawn_and_fair_over_many_conversations() -> None:
    drawn = [stable_choice(f"c{number}", "main", "offer", 4) for number in range(4_000)]
    assert drawn == [stable_choice(f"c{number}", "main", "offer", 4) for number in range(4_000)]
    assert all(900 < drawn.count(number) < 1_100 for number in range(4))


def test_two_splits_of_a_conversation_draw_independently() -> None:
    both = [(stable_choice(f"c{n}", "main", "one", 2), stable_choice(f"c{n}", "main", "two", 2)) for n in range(1_000)]
    assert all(200 < both.count((a, b)) < 300 for a in (0, 1) for b in (0, 1))


@pytest.mark.parametrize(
    ("between", "mistake"),
    [
        ("[{name: a, go: x}]", "at least 2"),
        ("[{name: a, go: x}, {name: a, go: y}]", "two ways are called 'a'"),
        ("[{name: a, go: x, weight: 0}, {name: b, go: y}]", "greater than or equal to 1"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(between: str, mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        card(f"{{id: offer, card: split, between: {between}}}")
