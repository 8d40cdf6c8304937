"""The checker finds what it is for: on the same run against a build without a unique key, it must complain."""

import asyncio
import random
import time
from pathlib import Path
from typing import Final

import pytest

from tests.faults import checker
from tests.faults.cluster import Cluster
from tests.faults.customers import Post, Provider, talk
from tests.faults.evidence import gather
from tests.faults.installation import RULES
from tests.faults.run import settled
from tests.faults.without_keys import KEYED, weaken

TWICE: Final = "I1 nothing is taken twice"
DEATHS: Final = ("before_task_complete@4", "after_send_before_mark@4")
"""Of the worker: both make it do a turn again."""
HANG: Final = 200.0
AGAIN: Final = (0.0, 1.5)
"""Seconds after which each message is said, and said again."""


async def _violations(folder: Path, weakened: str | None) -> dict[str, list[str]]:
    """Let three contacts say everything twice to a build without the unique keys of the table *weakened*."""

    def prepare(database: Path) -> None:
        if weakened is not None:
            weaken(database, weakened)

    async with Cluster(folder, flow="two_questions", workers=(DEATHS,), prepare=prepare) as cluster:
        provider = Provider(cluster.gateway_urls, random.Random(7))
        talks = [talk(account, f"contato-{account}", 3) for account in RULES]
        said = [(2.0 * n, message) for one in talks for n, message in enumerate(one.messages)]
        await provider.play(Post(at + later, (message,)) for at, message in said for later in AGAIN)
        if weakened is None:
            await settled(cluster, HANG)
            return checker.violations(await gather(cluster, provider, talks))
        limit = time.monotonic() + HANG
        while True:  # some doubles keep a conversation from ever coming to rest
            found = checker.violations(await gather(cluster, provider, talks))
            if found[TWICE] or time.monotonic() > limit:
                return found
            await asyncio.sleep(1)


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_a_whole_build_passes(tmp_path: Path) -> None:
    found = await _violations(tmp_path, None)

    assert not any(found.values()), checker.table(found)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("table", KEYED)
async def test_a_build_without_a_unique_key_fails(tmp_path: Path, table: str) -> None:
    found = await _violations(tmp_path, table)

    assert any(f"is in the {table}" in sentence for sentence in found[TWICE]), checker.table(found)
