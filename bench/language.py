"""The flow language: stories a second, and what the size of a flow and of a library costs."""

import asyncio
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

from bench import provider as providers
from bench.driver import driving
from bench.measures import Say
from bench.plan import Plan
from bench.prosa_stack import prosa_stack
from bench.questions import NOTE, NOTES
from bench.results import Language
from runtime.settings import Settings
from stories import files, parallel
from usecases import checking, flow_files

SMALL: Final = 8
LARGE: Final = 80
"""Cards of a flow."""
_HEAD: Final = """spec: 1
flow: ring_of_{cards}
title: Perguntas em roda, para o teste de desempenho
variables:
  note: {{type: text}}
cards:
"""
_QUESTION: Final = """  - id: ask_{number}
    card: ask_question
    text: "{question}"
    answer: text
    save_as: note
    timeout: 30m
    next: ask_{next}
    exits: {{invalid: end, no_answer: end}}
"""


async def measure(plan: Plan, found: Language, say: Say, on_turn: Callable[[], None]) -> None:
    """Measure everything into *found*."""
    for _ in range(plan.ring_rounds):
        for cards in (SMALL, LARGE):
            say(f"flow language: turns of a flow of {cards} cards")
            found.turns.setdefault(cards, []).extend(await _turns(plan, cards, on_turn))
    for flows in plan.libraries:
        say(f"flow language: reading and checking {flows} flows")
        found.checked[flows] = await asyncio.to_thread(_check, flows)
    for processes in plan.story_processes:
        say(f"flow language: the stories of the library, {processes} at once")
        found.stories, found.played[processes] = await asyncio.to_thread(_play, processes)


def turns(plan: Plan) -> int:
    """Return how many turns `measure` takes."""
    return 2 * plan.ring_rounds * plan.low_contacts * (plan.warm_turns + plan.ring_turns)


def ring(cards: int) -> str:
    """Return a flow of so many questions, the last of which leads back to the first."""
    questions = (
        _QUESTION.format(number=number, question=NOTE.text, next=(number + 1) % cards) for number in range(cards)
    )
    return _HEAD.format(cards=cards) + "".join(questions)


async def _turns(plan: Plan, cards: int, on_turn: Callable[[], None]) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="prosa-bench-", ignore_cleanup_errors=True) as folder:
        async with (
            providers.serve() as provider,
            prosa_stack(provider, Path(folder), idempotent=True, flow=ring(cards)) as stack,
            stack.working(),
            driving(stack, on_turn, NOTES) as driver,
        ):
            contacts = [f"ring-{number}" for number in range(plan.low_contacts)]
            for contact in contacts:
                await driver.turns(contact, plan.warm_turns)
            taken = await asyncio.gather(*(driver.turns(one, plan.ring_turns, plan.think) for one in contacts))
    return [seconds for one in taken for seconds in one]


_NAMED: Final = re.compile(r"(?P<before>\bflow: ?)(?P<flow>\w+)")
"""Where a flow is named: by itself, and by those that run it."""


def _check(flows: int) -> float:
    """Read and check copies of the library's flows, as `prosa flow check` does; each set of copies runs its own."""
    originals = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(flow_files.LIBRARY.glob("*.yaml"))]
    names = [flow for flow, _ in originals]
    with tempfile.TemporaryDirectory(prefix="prosa-bench-") as name:
        folder = Path(name)
        for number in range(flows):
            copies, place = divmod(number, len(originals))
            flow, text = originals[place]
            known = {one: f"{one}_{copies if copies * len(names) + at < flows else 0}" for at, one in enumerate(names)}
            copy = _NAMED.sub(partial(_renamed, known), text)
            (folder / f"{flow}_{copies}.yaml").write_text(copy, encoding="utf-8")
        settings = Settings.model_validate({"flows": {"directory": name}})
        began = monotonic()
        checked = checking.check(settings, flow_files.paths(settings))
        seconds = monotonic() - began
    if len(checked) != flows or any(one.unreadable for one in checked):
        raise RuntimeError(f"expected {flows} flows that can be read, found {len(checked)}")
    return seconds


def _renamed(known: Mapping[str, str], found: re.Match[str]) -> str:
    return found["before"] + known.get(found["flow"], found["flow"])


def _play(processes: int) -> tuple[int, float]:
    settings = Settings()
    stories = files.stories(settings)
    began = monotonic()
    outcomes = parallel.play(flow_files.readable(settings), stories, processes, lambda _: None)
    return len(outcomes), monotonic() - began
