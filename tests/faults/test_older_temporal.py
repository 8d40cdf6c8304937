"""Temporal taken back to an older state than the journal has, as by a power cut or by an older copy of its database."""

import asyncio
from pathlib import Path

import pytest

from journal.check import check
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until
from tests.faults.copies import copy, replace

ASKS_NAME = "Como você se chama?"
ASKS_CITY = "Onde você mora, {}?"
RULES = ("keyed", "once", "keyed", "once", "keyed")
NOTED = "Anotado: {}, de Lages."


@pytest.mark.timeout(600)
async def test_conversations_that_temporal_has_set_back_go_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    async with Cluster(folder, flow="two_questions", grace=600) as cluster:
        talking, finished, young, silent, unanswered = (Contact(cluster, rule) for rule in RULES)
        for contact in (talking, finished, silent, unanswered):
            await contact.say("oi")
            await contact.sees(ASKS_NAME)
        temporal = folder / "temporal.db"
        await asyncio.to_thread(copy, temporal, tmp_path / "older.db")

        await talking.say("Ana")
        await talking.sees(ASKS_NAME, ASKS_CITY.format("Ana"))
        await finished.say("Bia", "Lages")
        await finished.sees(ASKS_NAME, ASKS_CITY.format("Bia"), NOTED.format("Bia"))
        await young.say("oi", "Caio")
        await young.sees(ASKS_NAME, ASKS_CITY.format("Caio"))

        await cluster.switch("careful", rate_limit=1)
        await unanswered.say("Eva")
        await until(unanswered.kinds, lambda kinds: kinds.count("question_answered") == 1)

        (worker,), (gateway,) = cluster.workers, cluster.gateways
        for process in (gateway, worker, cluster.temporal):
            await process.kill()
        await asyncio.to_thread(replace, tmp_path / "older.db", temporal)
        await cluster.switch("careful")
        for process in (cluster.temporal, worker, gateway):
            await process.start()

        await unanswered.sees(ASKS_NAME, ASKS_CITY.format("Eva"))
        await talking.say("Lages")
        await young.say("Lages")
        await finished.say("obrigado")
        await silent.say("Duda")
        await talking.sees(ASKS_NAME, ASKS_CITY.format("Ana"), NOTED.format("Ana"))
        await young.sees(ASKS_NAME, ASKS_CITY.format("Caio"), NOTED.format("Caio"))
        await silent.sees(ASKS_NAME, ASKS_CITY.format("Duda"))
        await until(finished.kinds, lambda kinds: kinds.count("message_received") == 4)
        assert (await finished.seen())[:3] == [ASKS_NAME, ASKS_CITY.format("Bia"), NOTED.format("Bia")]
        for contact in (talking, finished, young):
            assert [row["stage"] for row in await contact.conversations()] == ["ended"]
            assert (await contact.kinds()).count("conversation_ended") == 1
        async with cluster.database.read() as c:
            assert await check(c) == []
