"""A turn that is played again after a crash, with a message that has come meanwhile."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until

HEARTBEATS: Final = 45.0
"""Seconds: without heartbeats, Temporal misses a worker that died in a reminder after a minute."""
ASKS_NAME = "Como você se chama?"
REMINDER = "Você ainda está aí?"
ASKS_CITY = "Onde você mora, Ana?"


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_message_that_meets_a_reminder_cut_off_by_a_crash_is_not_lost(tmp_path: Path) -> None:
    """The worker dies with the reminder sent; before its turn is played again, the contact answers."""
    dies_after_the_reminder = ["after_send_before_mark@2"]  # the first is the question
    async with Cluster(tmp_path, flow="reminding", workers=(dies_after_the_reminder,)) as cluster:
        (worker,) = cluster.workers
        ana = Contact(cluster)
        await ana.say("oi")
        await until(ana.seen, lambda seen: REMINDER in seen)
        await ana.say("Ana")
        await until(ana.seen, lambda seen: ASKS_CITY in seen)
        assert time.monotonic() - worker.deaths[0] < HEARTBEATS

        assert (await ana.seen())[:3] == [ASKS_NAME, REMINDER, ASKS_CITY]
        assert (await ana.kinds()).count("message_received") == 2
        assert (await ana.kinds()).count("question_answered") == 1
        assert not cluster.grep("journal_divergence")
        assert worker.fired["after_send_before_mark"] == 1
