"""Gateway, worker and Temporal are killed while several visitors chat: each page shows what the journal has.

`FAULT_SEED=588855 make test ARGS=tests/browser/test_kills.py` plays the plans of an earlier run again.
"""

import random
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import BrowserContext, expect

from tests.browser.line import only_the_net
from tests.browser.stack import Stack
from tests.browser.talk import PATIENCE, Talk
from tests.faults import checker, plans
from tests.faults.cluster import Cluster
from tests.faults.customers import Provider
from tests.faults.evidence import gather

WIDTHS: Final = (390, 800, 1280)
"""Of the visitors' windows."""
ROUNDS: Final = 4
"""Conversations of each visitor, one after the other."""
ASKS_NAME: Final = "Como você se chama?"
LIFE: Final = (2, 5)
"""After how many arrivals at its failpoint a process dies: few, so that three visitors reach them all."""
HOLD: Final = (
    checker.nothing_is_taken_twice,
    checker.contacts_are_read_in_order,
    checker.every_answer_is_kept,
    checker.nobody_died_unplanned,
    checker.no_turn_was_rewritten,
)


@contextmanager
def dying(folder: Path, chance: random.Random) -> Generator[tuple[BlockingPortal, Cluster]]:
    """Runs a cluster in a thread with a loop of its own: this one's is Playwright's."""
    cluster = Cluster(
        folder,
        flow="two_questions",
        gateways=plans.deal(chance, plans.GATEWAY, each=1, hands=1, life=LIFE),
        workers=plans.deal(chance, plans.WORKER, each=1, hands=1, life=LIFE),
    )
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(cluster):
        yield portal, cluster


@pytest.mark.timeout(600)
def test_every_page_shows_its_journal_whatever_is_killed(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    number = plans.seed()
    chance = random.Random(number)
    sys.stdout.write(f"seed {number}\n")
    with dying(tmp_path, chance) as (portal, cluster):
        [url] = cluster.gateway_urls
        talks = [Talk(context(width=width).new_page(), f"{url}/webchat/site") for width in WIDTHS]
        fatal = chance.randrange(1, ROUNDS)
        for number in range(ROUNDS):
            temporal = portal.start_task_soon(cluster.kill_temporal) if number == fatal else None
            for say, hear in lines(number):
                for talk in talks:
                    talk.say(say)
                for talk in talks:
                    talk.hears(hear, times=number + 1 if hear == ASKS_NAME else 1)
            if temporal:
                temporal.result()
        for talk in talks:
            expect(talk.page.locator(".mark b")).to_have_count(ROUNDS, timeout=PATIENCE)
            talk.shows_the_journal(Stack(cluster.settings.data, cluster.settings.gateway.port))
            mine = [text for _, who, text in talk.shown if who == "me"]
            assert mine == [say for number in range(ROUNDS) for say, _ in lines(number)]
            assert only_the_net(talk.trouble)
        evidence = portal.call(gather, cluster, Provider((), chance), ())
        assert set(cluster.fired.values()) == {1}, cluster.fired
        assert cluster.temporal.killed == 1
    assert [sentence for invariant in HOLD for sentence in invariant(evidence)] == []
    assert not any(evidence.store.values()), evidence.store


def lines(number: int) -> list[tuple[str, str]]:
    """Returns what a visitor says in their conversation of this *number*, each with what the bot says to it."""
    name, city = f"Ana {number}", f"Lages {number}"
    return [(f"oi {number}", ASKS_NAME), (name, f"Onde você mora, {name}?"), (city, f"Anotado: {name}, de {city}.")]
