"""A conversation that is continued as a new run, and a message that arrives just then."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause

from tests.interpreter.world import flow
from tests.workflows.line import Line, line

TRIES = 200
CONTACTS = 8
SEED = 20261121
FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
UNHANDLED = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND

ECHO = """
  - {id: ask, card: ask_question, text: "eco: {{ name | default('-') }}", answer: text, save_as: name, timeout: 30m,
     next: ask, exits: {invalid: ask, no_answer: bye}}
  - {id: bye, card: close, resolution: resolved}
"""


async def test_a_message_in_the_window_of_continue_as_new_is_neither_lost_nor_doubled(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(SEED)
    async with line(tmp_path, {"main": flow(ECHO)}, skip_time=False) as opened:
        contacts = [
            Line(opened.client, opened.database, opened.settings, opened.environment, turns_per_run=2)
            for _ in range(CONTACTS)
        ]
        runs, hits = zip(*await asyncio.gather(*(_talk(contact, chance) for contact in contacts)), strict=True)

        record_property("figure", f"continued as new {sum(runs)} times, {sum(hits)} messages fell into the window")
        assert sum(runs) >= TRIES
        assert sum(hits) > 0, "no message fell into the window"


async def _talk(contact: Line, chance: random.Random) -> tuple[int, int]:
    """Play this contact's share of the tries; return its runs, and how often a message fell into the window."""
    sent = ["-"]
    await contact.say("oi")
    await contact.until(lambda said: len(said) == 1)
    for _ in range(TRIES * 3 // 2 // CONTACTS):  # some come too early, and are read before the run is continued
        # The first answer is the run's first turn, the second its last; the third comes while it is continued.
        await _say(contact, sent)
        await contact.until(lambda said: len(said) == len(sent))
        await _say(contact, sent)
        await asyncio.sleep(chance.uniform(0, 0.06))
        await _say(contact, sent)
        await contact.until(lambda said: len(said) >= len(sent))

    assert await contact.said() == [f"eco: {text}" for text in sent]
    (row,) = await contact.conversations()
    events = [line.seq for line in await contact.lines()]
    assert events == sorted(set(events))
    assert row.stage == "bot"
    return await _history(contact)


async def _say(contact: Line, sent: list[str]) -> None:
    sent.append(f"m{len(sent)}")
    await contact.say(sent[-1])


async def _history(contact: Line) -> tuple[int, int]:
    runs = hits = 0
    async for run in contact.client.list_workflows(f"WorkflowId = '{contact.workflow_id}'"):
        runs += 1
        handle = contact.client.get_workflow_handle(run.id, run_id=run.run_id)
        history = await handle.fetch_history()
        failed = (event for event in history.events if event.event_type == FAILED)
        hits += sum(event.workflow_task_failed_event_attributes.cause == UNHANDLED for event in failed)
    return runs, hits
