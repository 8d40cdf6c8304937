from journal import recent, turn
from journal.database import Database
from tests.journal.factory import ACCOUNT, ADDRESS, NOW, first_turn, message_id


async def test_the_end_of_the_journal_names_the_contacts_whose_conversations_grow(db: Database) -> None:
    async with db.write() as c:
        assert await recent.tail(c) == {}
        await turn.commit(c, first_turn(1), NOW)
        before = await recent.tail(c)
        await turn.commit(c, first_turn(2, workflow_id="w2"), NOW)
        after = await recent.tail(c)
        assert set(before.values()) == {message_id(1)}
        assert {after[row] for row in after.keys() - before.keys()} == {message_id(2)}
        assert await recent.contacts(c, [message_id(1), message_id(2)]) == {(ACCOUNT, ADDRESS)}
        assert await recent.contacts(c, []) == set()
