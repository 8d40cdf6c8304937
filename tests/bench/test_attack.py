import asyncio
from collections import Counter
from contextlib import suppress
from io import StringIO

import pytest
from rich.console import Console

from bench import attack, attacker
from bench.results import Attack


def shown(found: Attack) -> str:
    console = Console(file=StringIO(), width=200)
    console.print(*attack.tables(found))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def line(found: Attack, means: str) -> str:
    return next(line for line in shown(found).splitlines() if means in line)


def test_visitors_are_compared_with_the_same_round_without_an_attack() -> None:
    quiet, slow = [[0.1] * 20, [0.2] * 20], [[0.14] * 20, [0.3] * 20]
    found = Attack(20, {attack.QUIET: quiet, "heads": slow, "bodies": [[0.4] * 20]})
    found.gateway = {means: [0.5] for means in found.times}
    found.refused = {attack.QUIET: Counter(), "heads": Counter({429: 2}), "bodies": Counter()}
    heads, bodies = line(found, "heads"), line(found, "bodies")
    assert "1.45" in heads
    assert "2 of 429" in heads
    assert "not met" not in heads
    assert "4.00" in bodies
    assert "not met" in bodies


def test_a_short_wait_is_met_however_much_longer_it_is() -> None:
    found = Attack(20, {attack.QUIET: [[0.01]], "heads": [[0.09]]})
    found.gateway = {means: [0.5] for means in found.times}
    found.refused = {means: Counter() for means in found.times}
    assert "9.00" in line(found, "heads")
    assert "not met" not in line(found, "heads")


def test_nothing_is_shown_of_a_run_that_measured_nothing() -> None:
    assert shown(Attack(20)).strip() == ""


@pytest.mark.parametrize("means", attacker.MEANS)
async def test_an_attack_keeps_to_its_rate_and_comes_from_one_address(means: str) -> None:
    heads: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            heads.append(await reader.read(2_000))
            writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            await attacker.attack(means, f"http://127.0.0.1:{port}", ["a-token"])
    server.close()
    await asyncio.sleep(0.1)
    assert 0 < len(heads) <= attacker.RATE * 1.3
    assert all(
        attacker.ADDRESS.encode() in head for head in heads if head.startswith((b"GET /webchat/site/events", b"POST"))
    )
