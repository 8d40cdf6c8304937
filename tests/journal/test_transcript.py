from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from domain.event import Event
from domain.message import FileRef, Option
from journal import conversations, outbox, transcript, turn
from journal.database import Database
from journal.tables import journal
from tests.journal.factory import ACCOUNT, ADDRESS, NOW, deliver, event, first_turn, later, message_id, received

BOLETO = FileRef(id="a" * 64, name="boleto.pdf", mime="application/pdf", size=12_345)
YES = Option(id="yes", label="Sim")


def _second_turn(number: int = 1) -> Any:
    return deliver(
        number,
        events=(
            received(5, "5", choice="yes", files=[BOLETO.model_dump()]),
            event(6, "message_sent", card="send_file", text="Aqui está", file=BOLETO.model_dump()),
            event(7, "variable_set", variable="cpf", value="***"),
            event(8, "message_sent", card="menu", text="Mais?", options=[YES.model_dump()], file=None),
            event(9, "conversation_ended", resolution="solved"),
        ),
        says={6: "Aqui está", 8: "Mais?"},
    )


async def test_a_transcript_tells_who_said_what_and_how_far_it_came(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, _second_turn(), NOW)
        await outbox.sending(c, message_id(1), 4, timedelta())
        await outbox.settle(c, message_id(1), 4, state="sent", now=NOW, marked=True)
        lines = await transcript.lines(c, message_id(1))
    assert [(line.seq, line.who, line.kind, line.text) for line in lines] == [
        (1, "system", "conversation_opened", "20260302-000001"),
        (2, "contact", "message_received", "message 1"),
        (4, "bot", "message_sent", "Olá, Ana!"),
        (5, "contact", "message_received", "message 5"),
        (6, "bot", "message_sent", "Aqui está"),
        (8, "bot", "message_sent", "Mais?"),
        (9, "system", "conversation_ended", "solved"),
    ]
    greeting, answer, boleto, question = lines[2:6]
    assert (greeting.card, greeting.flow, greeting.version) == ("greet", "support", "v1")
    assert (greeting.state, greeting.repeated) == ("sent", True)
    assert (answer.choice, answer.files, answer.state) == ("yes", (BOLETO,), None)
    assert (boleto.file, boleto.state, boleto.repeated) == (BOLETO, "queued", False)
    assert (question.options, question.file) == ((YES,), None)


async def test_the_stream_goes_through_all_conversations_of_the_contact_and_no_one_elses(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, _second_turn(), NOW)
        second = first_turn(2)
        newer = tuple(happened.model_copy(update={"at": later(60)}) for happened in second.events)
        await turn.commit(c, second.model_copy(update={"events": newer}), later(60))
        await conversations.terminated(c, message_id(2), "ana", "secret", later(61))
        await turn.commit(c, first_turn(3, address="somebody else"), NOW)
        stream = await transcript.follow(c, ACCOUNT, ADDRESS)
    first, other = message_id(1), message_id(2)
    assert [(seen.conversation_id, seen.seq) for seen in stream] == [
        *((first, seq) for seq in (1, 2, 4, 5, 6, 8, 9)),
        *((other, seq) for seq in (1, 2, 4, 5)),
    ]
    assert [seen.kind for seen in stream[-4:]] == [
        "conversation_opened",
        "message_received",
        "message_sent",
        "conversation_ended",
    ]
    assert (stream[0].protocol, stream[7].protocol) == ("20260302-000001", "20260302-000002")
    assert (stream[1].message_id, stream[3].choice, stream[4].files) == (message_id(1), "yes", (BOLETO,))
    assert (stream[5].options, stream[-1].text) == ((YES,), "")


async def test_the_stream_tells_people_from_the_bot(db: Database) -> None:
    people = (
        event(5, "handed_over", queue="main", note="frágil"),
        event(6, "agent_joined", by="bia"),
        event(7, "message_sent", text="Oi!", by="bia"),
        event(8, "handover_resolved", by="bia", note="feito"),
    )
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, deliver(1, events=people, says={7: "Oi!"}), NOW)
        stream = await transcript.follow(c, ACCOUNT, ADDRESS)
    assert [(seen.seq, seen.kind, seen.by, seen.text) for seen in stream[2:]] == [
        (4, "message_sent", "", "Olá, Ana!"),
        (6, "agent_joined", "bia", ""),
        (7, "message_sent", "bia", "Oi!"),
        (8, "handover_resolved", "bia", ""),
    ]


async def test_the_stream_tells_that_the_conversation_waits_in_a_queue_only_while_it_does(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        for happened, waits in ((event(5, "handed_over", queue="main"), True), (event(6, "exit_taken"), False)):
            await turn.commit(c, deliver(1, events=(happened,), says={}), NOW)
            assert {seen.waiting for seen in await transcript.follow(c, ACCOUNT, ADDRESS)} == {waits}


async def test_the_stream_goes_on_after_what_was_seen_last_without_gap_or_repeat(db: Database) -> None:
    async with db.write() as c:
        for number in (1, 2):
            await turn.commit(c, first_turn(number), NOW)
        whole = await transcript.follow(c, ACCOUNT, ADDRESS)
        for index, seen in enumerate(whole):
            rest = await transcript.follow(c, ACCOUNT, ADDRESS, (seen.conversation_id, seen.seq))
            assert rest == whole[index + 1 :]
        assert await transcript.follow(c, ACCOUNT, ADDRESS, limit=2) == whole[:2]


async def test_a_place_in_somebody_elses_conversation_counts_as_none(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, first_turn(2, address="somebody else"), NOW)
        whole = await transcript.follow(c, ACCOUNT, ADDRESS)
        assert await transcript.follow(c, ACCOUNT, ADDRESS, (message_id(2), 4)) == whole
        assert await transcript.follow(c, ACCOUNT, ADDRESS, ("nothing", 4)) == whole


async def test_the_number_to_poll_rises_with_every_event(db: Database) -> None:
    async with db.write() as c:
        numbers = [await transcript.newest(c)]
        for number in (1, 2, 3):
            await turn.commit(c, first_turn(number, workflow_id=f"w{number}"), NOW)
            numbers.append(await transcript.newest(c))
        numbers.append(await transcript.newest(c))
    assert numbers[0] == 0
    assert numbers[:-1] == sorted(set(numbers))
    assert numbers[-1] == numbers[-2]


async def test_the_number_to_poll_rises_when_a_row_appears_below_the_highest_id(db: Database) -> None:
    # PostgreSQL gives ids when rows are written and shows them when they are committed.
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        row = (await c.execute(journal.select().where(journal.c.seq == 2))).mappings().one()
        await c.execute(delete(journal).where(journal.c.seq == 2))
        before = await transcript.newest(c)
        await c.execute(journal.insert().values(dict(row)))
        assert await transcript.newest(c) > before


async def test_an_event_of_an_unopened_conversation_is_in_no_stream(db: Database) -> None:
    async with db.write() as c:
        lost = Event(seq=2, kind="message_sent", at=NOW, data={"text": "?"})
        await turn.commit(c, deliver(1, events=(lost,)), NOW)
        assert await transcript.follow(c, ACCOUNT, ADDRESS) == []
        assert [line.text for line in await transcript.lines(c, message_id(1))] == ["?"]
