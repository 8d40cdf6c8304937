import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from structlog.testing import capture_logs

from activities import deliver as module
from channels.base import AfterCrash, Receipt
from domain.effect import Deliver
from domain.errors import AmbiguousSendError, CredentialError, NotSentError, RefusedError, SendError
from domain.limits import LIMITS
from domain.message import FileRef, Part
from journal.database import Database
from journal.outbox import PartRow, parts
from journal.tables import outbox
from tests.activities.scripted import Post, ScriptedChannel
from tests.journal.factory import NOW, deliver, event, first_turn, opening

RULES: tuple[AfterCrash, ...] = get_args(AfterCrash)
LATER = NotSentError("'provider' answered 429", retry_after=timedelta(seconds=7))
MAYBE = AmbiguousSendError("no answer from 'provider': ReadTimeout")
NEVER = RefusedError("'provider' answered 400: blocked")
EXPIRED = CredentialError("'provider' answered 401")

every_rule = pytest.mark.parametrize("rule", RULES)
either_way = pytest.mark.parametrize("local", [True, False], ids=["local", "regular"])


def turn(*texts: str) -> Deliver:
    return deliver(says=dict(enumerate(texts, 5)))


@every_rule
@either_way
async def test_what_is_said_is_sent_once_however_often_it_is_delivered(
    rule: AfterCrash,
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    channel = ScriptedChannel(rule)
    post = Post(database, channel)
    effect = turn("um", "dois")
    first = await post.attempt(effect, local=local)
    assert [part.state for part in first.parts] == ["sent", "sent"]
    for again in (True, False):
        assert await post.attempt(effect, local=again) == first
    assert channel.texts == ["um", "dois"]
    assert [(row.state, row.external_id, row.repeated) for row in await post.parts(effect)] == [
        ("sent", f"ext-{effect.conversation_id}:5", False),
        ("sent", f"ext-{effect.conversation_id}:6", False),
    ]


async def test_a_part_goes_to_its_address_under_its_key_with_a_link_to_its_file(database: Database) -> None:
    channel = ScriptedChannel("leave_unknown")
    file = FileRef(id="f" * 64, name="boleto.pdf", mime="application/pdf", size=3)
    effect = deliver(parts=(Part(seq=4, text="Olá"), Part(seq=5, file=file)))
    await Post(database, channel).attempt(effect)
    greeting, slip = channel.sent
    assert (greeting.key, greeting.address, greeting.file_url) == (f"{effect.conversation_id}:4", effect.address, None)
    assert (slip.part.file, slip.file_url) == (file, f"https://chat.example/files/{file.id}")


async def test_a_turn_in_which_nothing_is_said_calls_nobody(database: Database) -> None:
    post = Post(database, None)
    assert (await post.attempt(deliver())).parts == ()


@every_rule
@pytest.mark.parametrize("error", [LATER, EXPIRED], ids=["not sent", "credential"])
async def test_what_is_proven_not_sent_is_queued_locally_and_raised_regularly(
    rule: AfterCrash, error: SendError, database: Database
) -> None:
    channel = ScriptedChannel(rule, error, error)
    post = Post(database, channel)
    effect = turn("um", "dois")
    delivered = await post.attempt(effect)
    assert delivered.pending == (5, 6)
    with pytest.raises(type(error)) as raised:
        await post.attempt(effect, local=False)
    assert raised.value.retry_after == error.retry_after
    assert await post.states(effect) == ["queued", "queued"]
    assert channel.sent == []
    assert [part.state for part in (await post.attempt(effect, local=False)).parts] == ["sent", "sent"]
    assert channel.texts == ["um", "dois"]
    assert [row.repeated for row in await post.parts(effect)] == [False, False]


@every_rule
@either_way
async def test_what_the_provider_refuses_has_failed_and_what_follows_is_sent(
    rule: AfterCrash,
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    channel = ScriptedChannel(rule, NEVER)
    post = Post(database, channel)
    effect = turn("um", "dois")
    delivered = await post.attempt(effect, local=local)
    assert [(part.state, part.reason) for part in delivered.parts] == [("failed", str(NEVER)), ("sent", "")]
    assert await post.attempt(effect, local=local) == delivered
    assert channel.texts == ["dois"]
    assert len(channel.calls) == 2


@either_way
async def test_what_may_have_been_sent_is_left_unknown_where_the_channel_says_so(
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    channel = ScriptedChannel("leave_unknown", MAYBE)
    post = Post(database, channel)
    effect = turn("um", "dois")
    delivered = await post.attempt(effect, local=local)
    assert [(part.state, part.reason) for part in delivered.parts] == [("unknown", str(MAYBE)), ("sent", "")]
    assert await post.attempt(effect, local=False) == delivered
    assert channel.texts == ["dois"]


@pytest.mark.parametrize(("rule", "marked"), [("send_again", True), ("harmless", False)])
async def test_what_may_have_been_sent_is_sent_again_and_marked_unless_it_is_harmless(
    rule: AfterCrash,
    marked: bool,  # noqa: FBT001
    database: Database,
) -> None:
    channel = ScriptedChannel(rule, MAYBE, MAYBE)
    post = Post(database, channel)
    effect = turn("um", "dois")
    assert (await post.attempt(effect)).pending == (5, 6)
    assert [row.repeated for row in await post.parts(effect)] == [marked, False]
    with pytest.raises(AmbiguousSendError):
        await post.attempt(effect, local=False)
    await post.attempt(effect, local=False)
    assert channel.texts == ["um", "dois"]
    assert [(row.state, row.repeated) for row in await post.parts(effect)] == [("sent", marked), ("sent", False)]


@either_way
async def test_a_part_cut_off_while_sending_follows_the_rule_of_its_channel(
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    found: dict[str, tuple[list[str], list[tuple[str, bool]]]] = {}
    for number, rule in enumerate(RULES):
        channel = ScriptedChannel(rule)
        post = Post(database, channel)
        effect = deliver(number, says={5: "um", 6: "dois"})
        await post.cut_off(effect, 5)
        delivered = await post.attempt(effect, local=local)
        assert delivered.pending == ()
        rows = await post.parts(effect)
        found[rule] = channel.texts, [(row.state, row.repeated) for row in rows]
        assert [outgoing.part.seq for outgoing in channel.reconciled] == [5]
    assert found == {
        "leave_unknown": (["dois"], [("unknown", False), ("sent", False)]),
        "send_again": (["um", "dois"], [("sent", True), ("sent", False)]),
        "harmless": (["um", "dois"], [("sent", False), ("sent", False)]),
    }


@every_rule
async def test_a_provider_that_finds_the_part_settles_it_without_sending_it_again(
    rule: AfterCrash, database: Database
) -> None:
    channel = ScriptedChannel(rule, found=Receipt(external_id="ext-1", state="delivered"))
    post = Post(database, channel)
    effect = turn("um")
    await post.cut_off(effect, 5)
    await post.attempt(effect)
    assert channel.calls == []
    (row,) = await post.parts(effect)
    assert (row.state, row.external_id, row.repeated) == ("delivered", "ext-1", False)


@every_rule
@either_way
async def test_a_provider_that_never_got_the_part_gets_it_and_nothing_is_marked(
    rule: AfterCrash,
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    channel = ScriptedChannel(rule, found=NotSentError("the receiver does not know the key"))
    post = Post(database, channel)
    effect = turn("um")
    await post.cut_off(effect, 5)
    delivered = await post.attempt(effect, local=local)
    assert [part.state for part in delivered.parts] == ["sent"]
    assert channel.texts == ["um"]
    assert [row.repeated for row in await post.parts(effect)] == [False]


async def test_a_repeated_part_that_is_refused_or_put_off_stays_marked(database: Database) -> None:
    for number, error in enumerate((NEVER, LATER, MAYBE)):
        post = Post(database, ScriptedChannel("send_again", error))
        effect = deliver(number, says={5: "um"})
        await post.cut_off(effect, 5)
        await post.attempt(effect)
        assert [row.repeated for row in await post.parts(effect)] == [True], error


@every_rule
async def test_nothing_that_comes_after_an_unsent_part_is_sent(rule: AfterCrash, database: Database) -> None:
    channel = ScriptedChannel(rule, None, LATER, LATER)
    post = Post(database, channel)
    effect = turn("um", "dois", "três")
    delivered = await post.attempt(effect)
    assert [part.state for part in delivered.parts] == ["sent", "queued", "queued"]
    with pytest.raises(NotSentError):
        await post.attempt(effect, local=False)
    assert channel.texts == ["um"]
    await post.attempt(effect, local=False)
    assert channel.texts == ["um", "dois", "três"]


@either_way
async def test_an_attempt_that_has_taken_too_long_ends_between_two_parts(
    local: bool,  # noqa: FBT001
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    none = timedelta(0)
    monkeypatch.setattr(module, "REGULAR_BUDGET", none)
    monkeypatch.setattr(module, "LIMITS", module.LIMITS.model_copy(update={"local_delivery_budget": none}))
    channel = ScriptedChannel("leave_unknown")
    post = Post(database, channel)
    effect = turn("um", "dois", "três")
    if local:
        delivered = await post.attempt(effect, local=True)
        assert [part.state for part in delivered.parts] == ["sent", "queued", "queued"]
    else:
        with pytest.raises(NotSentError, match="more parts than fit") as raised:
            await post.attempt(effect, local=False)
        assert raised.value.retry_after == none
    assert channel.texts == ["um"]
    assert await post.states(effect) == ["sent", "queued", "queued"]


@either_way
async def test_what_is_given_up_is_not_sent_any_more(
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    channel = ScriptedChannel("leave_unknown", None, LATER)
    post = Post(database, channel)
    effect = turn("um", "dois", "três")
    await post.attempt(effect)
    calls = len(channel.calls)
    given_up = effect.model_copy(update={"give_up": True})
    delivered = await post.attempt(given_up, local=local)
    assert [(part.state, part.reason) for part in delivered.parts] == [
        ("sent", ""),
        ("failed", str(LATER)),
        ("failed", "given up"),
    ]
    assert await post.attempt(given_up, local=local) == delivered
    assert len(channel.calls) == calls


@every_rule
async def test_what_was_cut_off_and_is_then_given_up_is_unknown_and_not_failed(
    rule: AfterCrash, database: Database
) -> None:
    channel = ScriptedChannel(rule)
    post = Post(database, channel)
    effect = turn("um").model_copy(update={"give_up": True})
    await post.cut_off(effect, 5)
    await post.attempt(effect, local=False)
    assert await post.states(effect) == ["unknown"]
    assert channel.calls == []


async def test_an_account_that_is_gone_is_waited_for(database: Database) -> None:
    effect = turn("um")
    gone = Post(database, None)
    with pytest.raises(NotSentError, match="accounts: expected 'whatsapp-main'"):
        await gone.attempt(effect, local=False)
    channel = ScriptedChannel("leave_unknown")
    await Post(database, channel).attempt(effect, local=False)
    assert channel.texts == ["um"]


async def test_what_an_account_that_is_gone_cannot_send_can_be_given_up(database: Database) -> None:
    post = Post(database, None)
    effect = deliver(says={5: "um", 6: "dois"}, give_up=True)
    await post.cut_off(effect, 5)
    delivered = await post.attempt(effect, local=False)
    assert [part.state for part in delivered.parts] == ["unknown", "failed"]
    assert await post.attempt(effect, local=False) == delivered


@pytest.mark.parametrize("rule", ["leave_unknown", "send_again"])
async def test_two_attempts_that_are_alive_at_once_send_nothing_twice(rule: AfterCrash, database: Database) -> None:
    # A worker that was stopped and goes on has read the outbox before the attempt that took its place.
    async def somebody_else() -> None:
        async with database.write() as connection:
            await connection.execute(outbox.update().values(sending_until=NOW))  # long ago
        await Post(database, other).attempt(effect, local=False)

    other = ScriptedChannel(rule, found=Receipt(external_id="ext-1"))
    channel = ScriptedChannel(rule, somebody_else)
    post = Post(database, channel)
    effect = turn("um", "dois", "três")
    delivered = await post.attempt(effect)
    assert other.texts == ["dois", "três"]
    assert channel.texts == ["um"]
    assert [part.state for part in delivered.parts] == ["sent", "sent", "sent"]


async def test_a_part_that_somebody_else_is_just_sending_follows_the_rule(database: Database) -> None:
    async def somebody_else_begins() -> None:
        await post.cut_off(effect, 6)

    channel = ScriptedChannel("leave_unknown", somebody_else_begins)
    post = Post(database, channel)
    effect = turn("um", "dois")
    delivered = await post.attempt(effect)
    assert [part.state for part in delivered.parts] == ["sent", "unknown"]
    assert channel.texts == ["um"]


@every_rule
async def test_while_another_attempt_may_be_under_way_no_rule_is_followed(rule: AfterCrash, database: Database) -> None:
    channel = ScriptedChannel(rule)
    post = Post(database, channel)
    effect = turn("um", "dois")
    await post.cut_off(effect, 5, lasts=timedelta(seconds=7))
    assert (await post.attempt(effect)).pending == (5, 6)
    with pytest.raises(NotSentError, match="under way") as refused:
        await post.attempt(effect, local=False)
    assert timedelta(seconds=5) < (refused.value.retry_after or timedelta()) <= timedelta(seconds=7)
    assert (channel.calls, channel.reconciled) == ([], [])
    assert await post.states(effect) == ["sending", "queued"]


async def test_an_attempt_that_is_held_up_before_its_call_makes_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIMITS", LIMITS.model_copy(update={"provider_call_start": timedelta()}))
    channel = ScriptedChannel("leave_unknown")
    post = Post(database, channel)
    effect = turn("um")
    assert (await post.attempt(effect)).pending == (5,)
    assert channel.calls == []
    assert await post.states(effect) == ["queued"]


@every_rule
async def test_a_call_is_cut_off_when_the_time_of_its_account_is_over(rule: AfterCrash, database: Database) -> None:
    async def trickles() -> None:
        await asyncio.sleep(60)

    channel = ScriptedChannel(rule, trickles, call_timeout=1)
    post = Post(database, channel)
    effect = turn("um")
    began = time.monotonic()
    delivered = await post.attempt(effect)
    assert time.monotonic() - began < 3
    [part] = delivered.parts
    assert part.state == ("unknown" if rule == "leave_unknown" else "queued")
    assert "within 1 s" in part.reason


async def test_how_long_an_attempt_is_waited_for_follows_from_the_time_that_was_its_own(database: Database) -> None:
    """Not from that of the account as it is now: settings may have changed since."""

    async def looks() -> None:
        async with database.read() as connection:
            noted.append((await parts(connection, effect.conversation_id))[0])

    noted: list[PartRow] = []
    effect = turn("um")
    await Post(database, ScriptedChannel("send_again", looks, call_timeout=9)).attempt(effect)
    [row] = noted
    assert row.sending_until is not None
    left = row.sending_until - datetime.now(UTC)
    assert (
        timedelta(seconds=9) < left <= timedelta(seconds=9) + LIMITS.provider_call_start + LIMITS.provider_call_margin
    )


async def test_a_call_that_comes_back_after_a_newer_one_was_made_marks_the_part(database: Database) -> None:
    """A worker is stopped in the moment before it writes; the receiver knows nothing, so another one sends."""

    async def stopped_meanwhile() -> None:
        async with database.write() as connection:
            await connection.execute(outbox.update().values(sending_until=NOW))  # long ago
        await Post(database, other).attempt(effect, local=False)

    other = ScriptedChannel("leave_unknown", found=NotSentError("the receiver does not know the key"))
    channel = ScriptedChannel("leave_unknown", stopped_meanwhile)
    effect = turn("um")
    post = Post(database, channel)
    await post.attempt(effect)
    assert (other.texts, channel.texts) == (["um"], ["um"])
    assert [(row.state, row.repeated) for row in await post.parts(effect)] == [("sent", True)]


async def test_an_attempt_that_is_cancelled_from_outside_ends_the_call_that_it_has_begun(database: Database) -> None:
    async def cancelled_meanwhile() -> None:
        attempts[0].cancel()
        await asyncio.sleep(0.05)

    channel = ScriptedChannel("leave_unknown", cancelled_meanwhile)
    post = Post(database, channel)
    effect = turn("um", "dois")
    attempts = [asyncio.create_task(post.attempt(effect, local=False))]
    with pytest.raises(asyncio.CancelledError):
        await attempts[0]
    assert await post.states(effect) == ["sent", "queued"]


async def test_an_attempt_that_is_cancelled_leaves_its_part_to_the_rule(database: Database) -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    channel = ScriptedChannel("leave_unknown", cancelled)
    post = Post(database, channel)
    effect = turn("um")
    with pytest.raises(asyncio.CancelledError):
        await post.attempt(effect)
    assert await post.states(effect) == ["sending"]
    async with database.write() as connection:
        await connection.execute(outbox.update().values(sending_until=NOW))  # long ago
    await post.attempt(effect, local=False)
    assert await post.states(effect) == ["unknown"]
    assert len(channel.calls) == 1


@either_way
async def test_the_opening_turn_gets_the_protocol_and_again_the_same(
    local: bool,  # noqa: FBT001
    database: Database,
) -> None:
    post = Post(database, ScriptedChannel("leave_unknown"))
    first = await post.attempt(first_turn(1), local=local)
    assert first.protocol.endswith("-000001")
    assert await post.attempt(first_turn(1), local=local) == first
    assert (await post.attempt(first_turn(2), local=local)).protocol.endswith("-000002")


async def test_a_stale_opening_writes_nothing_and_says_nothing(database: Database) -> None:
    channel = ScriptedChannel("leave_unknown")
    post = Post(database, channel)
    await post.attempt(first_turn(1, chain="run-1"))
    effect = deliver(1, says={9: "de novo"}, opening=opening(1, chain="run-2"), events=(event(9, "flow_entered"),))
    delivered = await post.attempt(effect)
    assert delivered.stale
    assert (delivered.protocol, delivered.parts) == ("", ())
    assert channel.texts == ["Olá, Ana!"]
    assert [row.seq for row in await post.parts(effect)] == [4]
    assert await post.events(effect.conversation_id) == [1, 2, 3, 4]


async def test_events_are_written_once_and_a_different_past_is_logged(database: Database) -> None:
    post = Post(database, ScriptedChannel("leave_unknown"))
    effect = deliver(events=(event(2, "flow_entered", flow="support"),))
    await post.attempt(effect)
    with capture_logs() as logs:
        await post.attempt(effect)
        assert [line["event"] for line in logs if line["log_level"] == "error"] == []
        await post.attempt(deliver(events=(event(2, "flow_entered", flow="sales"),)))
        assert [line["event"] for line in logs if line["log_level"] == "error"] == ["journal_divergence"]
    assert await post.events(effect.conversation_id) == [2]
