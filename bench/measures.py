"""The measures, each against one running stack."""

import asyncio
import random
from collections.abc import Callable
from typing import Final

from bench.driver import Driver
from bench.history import Size, at_rest
from bench.plan import Plan
from bench.processes import resident_bytes
from bench.results import Burst, Once, Round

Say = Callable[[str], None]
"""Tells the reader what runs now."""
_REST: Final = 1
"""Seconds before a burst, in which what came before is finished."""


async def measure_round(driver: Driver, plan: Plan, say: Say) -> Round:
    """Low load, then as much as the stack takes, then bursts."""
    async with driver.stack.working():
        say("warming up")
        few = await driver.open("few", plan.low_contacts)
        many = await driver.open("many", max(plan.contacts, plan.burst))
        await _at_once(driver, few, plan.warm_turns, think=0)
        say(f"latency: {plan.low_contacts} contacts, {plan.think * 1000:.0f} ms between turns")
        latencies = await _at_once(driver, few, plan.low_turns, think=plan.think)
        say(f"saturated: {plan.contacts} contacts, no pause")
        before = driver.stack.cpu()
        seconds = await driver.saturate(many[: plan.contacts], plan.turns)
        after = driver.stack.cpu()
        bursts: dict[int, Burst] = {}
        for messages in plan.burst_messages:
            say(f"burst: {plan.burst} contacts in the same instant, {messages} messages each")
            bursts[messages] = await _burst(driver, many[: plan.burst], messages)
    return Round(latencies, plan.turns, seconds, {name: after[name] - before[name] for name in before}, bursts)


async def _burst(driver: Driver, contacts: list[str], messages: int) -> Burst:
    await asyncio.sleep(_REST)
    before = sum(driver.stack.cpu().values())
    times = await driver.burst(contacts, messages)
    return Burst(len(contacts), times, sum(driver.stack.cpu().values()) - before)


async def measure_once(driver: Driver, plan: Plan, say: Say) -> Once:
    """History of a plain turn, cold turns, memory of open conversations."""
    async with driver.stack.working():
        say("history: events and bytes of a plain turn")
        turn = await plain_turn(driver, plan.history_before, plan.history_turns)
        say("cold turns: talking first")
        aged = await _age(driver, plan)
    say("cold turns: the worker is started again")
    async with driver.stack.working():
        await driver.turn("discarded")
        cold = await _cold(driver, aged)
    async with driver.stack.working() as worker:
        say(f"memory: opening {plan.open} conversations")
        await driver.open("first", 1)
        memory_before = resident_bytes(worker.pid)
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        await driver.open("open", plan.open)
        opening_seconds = loop.time() - started_at
        memory = resident_bytes(worker.pid)
    return Once(turn, cold, plan.open, opening_seconds, memory_before, memory)


async def plain_turn(driver: Driver, before: int, turns: int) -> Size:
    """Return what a turn adds to a history: the difference that *turns* make after the first *before*, shared out."""
    first = await _after(driver, before)
    last = await _after(driver, turns)
    return Size((last.events - first.events) / turns, (last.bytes - first.bytes) / turns)


async def _after(driver: Driver, turns: int) -> Size:
    """Take *turns* turns, each from rest to rest; return what the history is then."""
    size = Size(0, 0)
    for _ in range(turns):
        await driver.turn("plain")
        size = await at_rest(driver.stack.client, driver.stack.workflow_id("plain"))
    return size


async def _at_once(driver: Driver, addresses: list[str], turns: int, *, think: float) -> list[float]:
    times = await asyncio.gather(*(driver.turns(address, turns, think) for address in addresses))
    return [seconds for one in times for seconds in one]


async def _age(driver: Driver, plan: Plan) -> dict[str, int]:
    aged = {f"cold-{turns}-{n}": turns for turns in plan.cold_after for n in range(plan.cold_contacts)}
    await asyncio.gather(*(driver.turns(address, turns) for address, turns in aged.items()))
    for address in aged:
        await at_rest(driver.stack.client, driver.stack.workflow_id(address))
    return aged


async def _cold(driver: Driver, aged: dict[str, int]) -> dict[int, list[float]]:
    times: dict[int, list[float]] = {turns: [] for turns in sorted(set(aged.values()))}
    addresses = list(aged)
    random.Random(1).shuffle(addresses)
    for address in addresses:
        times[aged[address]].append(await driver.turn(address))
        await at_rest(driver.stack.client, driver.stack.workflow_id(address))
    return times
