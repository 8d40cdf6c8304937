from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from tests.flows.fakes import RUN_ENDS, START, UNDELIVERED, FakeConversation, RunEndedError, card

THREE_DAYS = "{id: rest, card: delay, for: 3d}"
BREAKABLE = "{id: rest, card: delay, for: 3d, interruptible: true}"


async def test_it_lets_the_time_pass() -> None:
    conversation = FakeConversation()
    assert await card(THREE_DAYS).play(conversation) == "done"
    assert conversation.now == START + timedelta(days=3)
    until = (START + timedelta(days=3)).isoformat()
    assert conversation.events == [("delay_begun", {"until": until, "interruptible": False})]


async def test_what_is_said_meanwhile_stays_unread_in_order() -> None:
    conversation = FakeConversation(("1h", "oi"), ("1d", "tem alguém aí?"), ("4d", "depois"))
    assert await card(THREE_DAYS).play(conversation) == "done"
    assert conversation.now == START + timedelta(days=3)
    heard = [await conversation.next_message(None) for _ in range(3)]
    assert [message.text for message in heard if message] == ["oi", "tem alguém aí?", "depois"]


async def test_an_interruptible_one_ends_with_a_message_and_leaves_it_to_the_next_card() -> None:
    conversation = FakeConversation(("1h", "já paguei"))
    assert await card(BREAKABLE).play(conversation) == "interrupted"
    assert conversation.now == START + timedelta(hours=1)
    message = await conversation.next_message(None)
    assert message is not None
    assert message.text == "já paguei"


async def test_an_interruptible_one_is_over_when_nothing_is_said() -> None:
    conversation = FakeConversation()
    assert await card(BREAKABLE).play(conversation) == "done"
    assert conversation.now == START + timedelta(days=3)


async def test_what_could_not_be_delivered_before_it_does_not_interrupt() -> None:
    conversation = FakeConversation(("1s", UNDELIVERED))
    assert await card(BREAKABLE).play(conversation) == "done"
    assert conversation.now == START + timedelta(days=3)


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2026-12-10T09:00", datetime(2026, 12, 10, 12, 0, tzinfo=UTC)),
        ("2026-12-10", datetime(2026, 12, 10, 3, 0, tzinfo=UTC)),
        ("2026-12-10T09:00:00+01:00", datetime(2026, 12, 10, 8, 0, tzinfo=UTC)),
        ("{{ due }}T08:30", datetime(2026, 12, 1, 11, 30, tzinfo=UTC)),
    ],
)
async def test_it_waits_until_a_moment_of_the_companys_clock(until: str, moment: datetime) -> None:
    conversation = FakeConversation(variables={"due": "2026-12-01"})
    assert await card(f'{{id: rest, card: delay, until: "{until}"}}').play(conversation) == "done"
    assert conversation.now == moment


@pytest.mark.parametrize(
    ("keys", "moment"),
    [
        ("calendar: main", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),  # START is a Saturday
        ("for: 1h, calendar: main", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("for: 3d, calendar: main", START + timedelta(days=3)),
        ("for: 3d12h, calendar: main", datetime(2026, 11, 25, 11, 0, tzinfo=UTC)),
        ('until: "2026-12-25", calendar: main', datetime(2026, 12, 28, 11, 0, tzinfo=UTC)),
        ('until: "2026-11-20", calendar: main', datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
    ],
)
async def test_with_a_calendar_it_lasts_until_the_company_is_open(keys: str, moment: datetime) -> None:
    conversation = FakeConversation()
    assert await card(f"{{id: rest, card: delay, {keys}}}").play(conversation) == "done"
    assert conversation.now == moment


async def test_while_the_company_is_open_a_calendar_makes_nobody_wait() -> None:
    conversation = FakeConversation()
    conversation.now = monday = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert await card("{id: rest, card: delay, calendar: main}").play(conversation) == "done"
    assert conversation.now == monday


@pytest.mark.parametrize("written", [THREE_DAYS, BREAKABLE])
async def test_a_new_run_waits_only_for_what_is_left(written: str) -> None:
    conversation = FakeConversation(("1d", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(written).play(conversation)
    following = conversation.continued()
    assert await card(written).play(following) == "done"
    assert following.now == START + timedelta(days=3)
    assert following.events == []


def test_only_an_interruptible_one_has_the_exit() -> None:
    assert [way.name for way in card(THREE_DAYS).ways_out()] == ["done"]
    assert [way.name for way in card(BREAKABLE).ways_out()] == ["done", "interrupted"]


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ("", "expected 'for', 'until' or 'calendar'"),
        ("for: 1h, until: '2026-12-10'", "expected 'for' or 'until', and not both"),
        ("for: 1h, exits: {interrupted: menu}", "the exit 'interrupted' needs 'interruptible: true'"),
        ("for: 400d", "expected a duration from 1s to 366d"),
    ],
)
def test_a_delay_that_makes_no_sense_is_refused(keys: str, mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        card(f"{{id: rest, card: delay, {keys}}}")
