import pytest

from domain.contact import Known
from journal import contacts, turn
from journal.database import Database
from tests.journal.factory import ACCOUNT, ADDRESS, NOW, deliver, event, first_turn

EMAIL = Known(email="ana@correio.example", fields={"plan": "gold"})
LINK = Known(name="Aninha", links={"billing": "C-1001"})


async def test_what_turns_learn_is_found_by_the_next_conversation(db: Database) -> None:
    async with db.write() as c:
        assert not (await turn.commit(c, first_turn(), now=NOW)).known
        for seq, learnt in ((5, EMAIL), (6, LINK)):
            more = deliver(events=(event(seq, "contact_updated", fields=[]),), learnt=learnt)
            for _ in range(2):
                await turn.commit(c, more, now=NOW)
        await turn.commit(c, deliver(events=(event(7, "conversation_ended"),)), now=NOW)
        assert (await turn.commit(c, first_turn(2), now=NOW)).known == EMAIL.updated(LINK)


async def test_other_contacts_have_nothing_to_do_with_it(db: Database) -> None:
    async with db.write() as c:
        await contacts.learn(c, deliver(learnt=EMAIL), NOW)
        assert await contacts.known(c, ACCOUNT, ADDRESS) == EMAIL
        assert not await contacts.known(c, ACCOUNT, "somebody else")
        assert not await contacts.known(c, "another account", ADDRESS)


async def test_a_turn_that_is_not_written_teaches_nothing(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(), now=NOW)
    other = deliver(events=(event(2, "note_added", text="another"),), learnt=EMAIL)
    with pytest.raises(turn.Diverged):
        async with db.write() as c:
            await turn.commit(c, other, now=NOW)
    async with db.read() as c:
        assert not await contacts.known(c, ACCOUNT, ADDRESS)
