from typing import Any

import pytest

from activities.lookups import CONTACT, ORIGIN, Lookups
from domain.call import CallErp
from domain.limits import LIMITS
from journal.database import Database
from tests.journal.factory import begun, message_id


def call(conversation: int, **arguments: Any) -> CallErp:
    return CallErp(
        connection="billing",
        operation="find_customer",
        arguments=arguments,
        key=f"{message_id(conversation)}:7",
        patience=LIMITS.outside_patience,
    )


@pytest.fixture
def lookups(database: Database) -> Lookups:
    return Lookups(database, b"k" * 32)


async def test_a_contact_looks_up_so_many_customers_a_day_in_all_their_conversations(
    database: Database, lookups: Lookups
) -> None:
    await begun(database, 1, "ana")
    found = [await lookups.may(call(1, document=f"{number}")) for number in range(CONTACT.most + 1)]
    assert found == [True] * CONTACT.most + [False]
    await begun(database, 2, "bruno")
    assert await lookups.may(call(2, document="99"))


async def test_the_same_customer_however_written_counts_once(database: Database, lookups: Lookups) -> None:
    await begun(database, 1, "ana")
    for document in ("529.982.247-25", "52998224725", "529 982 247 25") * CONTACT.most:
        assert await lookups.may(call(1, document=document))
    assert await lookups.may(call(1, document="12345678909"))


async def test_new_sessions_of_one_network_share_what_it_may(database: Database, lookups: Lookups) -> None:
    for number in range(ORIGIN.most + 1):
        await begun(database, number, f"session{number}", "net-1")
    found = [await lookups.may(call(number, document=f"{number}")) for number in range(ORIGIN.most + 1)]
    assert found == [True] * ORIGIN.most + [False]
    await begun(database, 1000, "elsewhere", "net-2")
    assert await lookups.may(call(1000, document="1000"))


async def test_a_conversation_that_is_not_in_the_journal_is_not_counted(lookups: Lookups) -> None:
    assert all([await lookups.may(call(1, document=f"{number}")) for number in range(20)])
