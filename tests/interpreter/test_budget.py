import pytest

from domain.conversation import Snapshot
from domain.errors import LoopError
from domain.limits import LIMITS
from interpreter.budget import FAILURES_PER_TURN, Budget


def test_a_turn_plays_so_many_cards_and_the_next_turn_as_many_again() -> None:
    budget = Budget(Snapshot(conversation_id="c"))
    for _ in range(LIMITS.cards_per_turn):
        budget.count_card()
    with pytest.raises(LoopError, match="cards without waiting"):
        budget.count_card()

    budget.begin_turn()
    budget.count_card()


def test_a_turn_makes_so_many_calls() -> None:
    budget = Budget(Snapshot(conversation_id="c"))
    for _ in range(LIMITS.calls_per_turn):
        budget.count_call()
    with pytest.raises(LoopError, match="calls without waiting"):
        budget.count_call()


def test_failures_add_up_within_a_turn_and_each_leaves_room_for_cards() -> None:
    budget = Budget(Snapshot(conversation_id="c"))
    for _ in range(FAILURES_PER_TURN):
        for _ in range(LIMITS.cards_per_turn):
            budget.count_card()
        budget.count_failure()
    assert not budget.has_failed_too_often

    budget.count_failure()
    assert budget.has_failed_too_often


def test_messages_without_a_word_in_return_count_from_the_first_wait_that_passed() -> None:
    state = Snapshot(conversation_id="c")
    budget = Budget(state)
    budget.count_messages(LIMITS.messages_unheard + 1)
    budget.count_wait(passed=False)
    assert not budget.talks_to_itself

    budget.count_wait(passed=True)
    assert budget.talks_to_itself
    assert state.turns == 2


def test_exits_of_silence_count_until_something_is_said() -> None:
    budget = Budget(Snapshot(conversation_id="c"))
    for _ in range(LIMITS.silences):
        budget.count_exit("no_answer")
    budget.count_exit("done")
    assert not budget.talks_to_itself

    budget.count_exit("no_answer")
    assert budget.talks_to_itself
    budget.renew()
    assert not budget.talks_to_itself


def test_a_new_run_goes_on_counting_what_the_snapshot_holds() -> None:
    state = Snapshot(conversation_id="c", waits=LIMITS.waits_unheard)
    Budget(state).count_wait(passed=True)
    assert Budget(state).talks_to_itself
