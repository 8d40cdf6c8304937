import asyncio
import json
from io import StringIO
from pathlib import Path
from typing import cast

import httpx
import pytest
from rich.console import Console

from bench import floors, provider, scale, wire
from bench.arithmetic import Ratio, per_thousand, percentile, ratio
from bench.driver import driving
from bench.history import Size
from bench.measures import plain_turn
from bench.prosa_stack import ECHO
from bench.questions import NOTE, QUESTIONS, RIGHT, SUBJECT, Question, answer, understand
from bench.report import figures, tables
from bench.results import LEAN, PROSA, USUAL, Burst, Language, Once, Results, Round, Scale
from bench.stacks import floor_stack
from bench.targets import table, targets
from channels.http import Http
from domain.message import Inbound, Option, Part
from flows.cards.ask_question import AskQuestion
from flows.reader import read_flow
from tests.interpreter.world import SETUP, START, World


@pytest.mark.parametrize(("floor", "events"), [(USUAL, 12), (LEAN, 5)])
async def test_a_floor_costs_the_events_that_the_reference_counted(floor: str, events: int, tmp_path: Path) -> None:
    taken: list[None] = []
    async with (
        provider.serve() as outside,
        floor_stack(floor, outside, tmp_path) as stack,
        stack.working(),
        driving(stack, lambda: taken.append(None)) as driver,
    ):
        grown = await plain_turn(driver, before=1, turns=2)
        async with httpx.AsyncClient() as client:
            refused = await client.post(stack.webhook, content=wire.message("x", "plain", "oi"))
        assert set(stack.cpu()) == {"server", "worker", "gateway"}
    assert grown.events == events
    assert len(taken) == 3
    assert refused.status_code == 403
    assert outside.repeats == 0


async def test_a_burst_answers_every_message_of_every_contact(tmp_path: Path) -> None:
    taken: list[None] = []
    async with (
        provider.serve() as outside,
        floor_stack(LEAN, outside, tmp_path) as stack,
        stack.working(),
        driving(stack, lambda: taken.append(None)) as driver,
    ):
        contacts = await driver.open("ana", 3)
        times = await driver.burst(contacts, 4)
    assert len(times) == 12
    assert len(taken) == 15
    assert all(seconds > 0 for seconds in times)


async def test_many_open_conversations_outlast_a_restart_of_the_worker(tmp_path: Path) -> None:
    said: list[str] = []
    taken: list[None] = []
    async with (
        provider.serve() as outside,
        floor_stack(LEAN, outside, tmp_path) as stack,
        driving(stack, lambda: taken.append(None)) as driver,
    ):
        stack.commands = {"nothing": ["true"]}
        found = Scale(5)
        await scale.measure(driver, found, said.append)
    assert len(taken) == scale.turns(5)
    assert list(found.memory) == [0, 5]
    assert found.commands["nothing"] > 0
    assert len(found.answered) == 5
    assert 0 < found.ready_seconds < found.answered[0] <= found.answered[-1]
    assert said == [
        "opening 5 conversations: 0 are open",
        "nothing, with 5 open",
        "the worker is started again, 5 contacts speak",
    ]


def test_memory_is_told_for_what_the_worker_keeps_and_for_what_is_beyond() -> None:
    found = Scale(
        open=4_000,
        opening_seconds=40,
        memory={0: 2**20, 1_000: 101 * 2**20, 2_000: 201 * 2**20, 3_000: 201 * 2**20, 4_000: 211 * 2**20},
        commands={"prosa doctor": 2.5},
        ready_seconds=1.2,
        answered=[1.5, 3.4],
    )
    console = Console(width=160, file=StringIO())
    with console.capture() as captured:
        console.print(*scale.tables({PROSA: found}))
    shown = {row.split("│")[1].strip(): row.split("│")[2].strip() for row in captured.get().splitlines() if "│" in row}
    assert shown == {
        "opened a second": "100.0",
        "worker, MiB resident, with none open": "1",
        "worker, MiB resident, with all of them": "211",
        "worker, KiB a conversation, up to the 2,000 that it keeps": "102.4",
        "worker, KiB a conversation, beyond": "5.1",
        "prosa doctor, s": "2.5",
        "worker started again: ready after, s": "1.2",
        "worker started again: first conversation answered after, s": "1.5",
        "worker started again: 2 answered after, s": "3.4",
    }


def test_an_interrupted_run_tells_how_many_it_had_opened() -> None:
    found = Scale(open=3_000, opening_seconds=10, memory={0: 2**20, 1_000: 101 * 2**20})
    console = Console(width=160, file=StringIO())
    with console.capture() as captured:
        console.print(*scale.tables({PROSA: found, USUAL: Scale(open=3_000)}))
    shown = captured.get()
    assert "opened until it was interrupted" in shown
    assert "1,000" in shown
    assert "started again" not in shown


async def test_the_provider_wakes_who_waits_and_counts_repeats() -> None:
    async with provider.serve() as outside, httpx.AsyncClient() as client:
        received, next_one = outside.expect("ana"), outside.expect("ana")
        for _ in range(2):
            body = wire.outgoing("k1", "ana", "Olá, é você?")
            answer = await client.post(outside.url, content=body, headers=wire.sign("k1", body))
            assert answer.json() == {"id": "at-k1"}
        assert received.done()
        assert received.result() <= asyncio.get_running_loop().time()
        assert not next_one.done()
    assert outside.repeats == 1


def test_floors_say_what_the_http_channel_says() -> None:
    part = Part(seq=3, text=SUBJECT.text, options=tuple(Option(id=id_, label=label) for id_, label in SUBJECT.options))
    said = json.loads(wire.outgoing("c:3", "ana", SUBJECT.text, SUBJECT.options))
    options = [option.model_dump() for option in part.options]
    assert said == {"id": "c:3", "to": "ana", "type": "message", "text": part.text, "options": options, "file": None}


def test_a_signature_fits_its_own_body_only() -> None:
    body = wire.message("m1", "ana", "oi")
    headers = wire.sign("m1", body)
    assert wire.verified(headers, body)
    assert not wire.verified(headers, body + b" ")
    assert not wire.verified({**headers, "webhook-timestamp": "1"}, body)


def test_floors_wait_as_long_as_the_bench_flow() -> None:
    flow = read_flow(ECHO.read_text(encoding="utf-8"), "echo")
    assert {cast("AskQuestion", card).timeout for card in flow.cards} == {floors.SILENCE}


async def test_prosa_and_the_floors_ask_the_same_and_understand_the_same() -> None:
    flow = ECHO.read_text(encoding="utf-8")
    messages = [answer(QUESTIONS, number, f"m{number}") for number in range(16)]
    said = [
        Inbound(message_id=f"m{number}", at=START, text=text, choice=choice)
        for number, (text, choice) in enumerate(messages)
    ]
    setup = SETUP.model_copy(update={"flow": "bench_echo", "capabilities": Http.capabilities})
    world = World({"bench_echo": flow}, [(float(number), one) for number, one in enumerate(said)], setup=setup)
    await world.play()
    asked = [part for one in world.delivered for part in one.parts]
    expected = [QUESTIONS[number % 3] for number in range(16)]
    assert [part.text for part in asked] == [question.text for question in expected]
    offered = [tuple((option.id, option.label) for option in part.options) for part in asked]
    assert offered == [question.options for question in expected]
    answered = [event for one in world.delivered for event in one.events if event.kind == "question_answered"]
    assert [event.data["value"] for event in answered] == [
        understand(question, text, choice) for question, (text, choice) in zip(expected, messages[1:], strict=False)
    ]


@pytest.mark.parametrize(
    ("question", "text", "choice", "value"),
    [
        (NOTE, "  oi ", None, "oi"),
        (NOTE, " ", None, None),
        (SUBJECT, "Visita técnica", "visita", "visita"),
        (SUBJECT, "7", None, "senha"),
        (SUBJECT, "Sem internet.", None, "suporte"),
        (SUBJECT, "outra coisa", None, None),
        (RIGHT, "Claro!", None, True),
        (RIGHT, "2", None, False),
        (RIGHT, "talvez", None, None),
    ],
)
def test_a_floor_reads_answers_as_people_write_it_by_hand(
    question: Question, text: str, choice: str | None, value: object
) -> None:
    assert understand(question, text, choice) == value


def test_a_percentile_is_the_nearest_rank() -> None:
    samples = [float(n) for n in range(1, 101)]
    assert percentile(samples, 50) == 50
    assert percentile(samples, 99) == 99
    assert percentile(samples, 100) == 100
    assert percentile([3.0, 1.0, 2.0], 50) == 2
    assert percentile([7.0], 99) == 7
    assert percentile([1.0, 2.0], 0) == 1
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 50)


def test_a_ratio_compares_round_with_round() -> None:
    assert ratio([2.0, 9.0, 4.0], [1.0, 3.0, 4.0]) == Ratio(median=2, low=1, high=3)
    assert ratio([2.0, 9.0], [0.0, 3.0]) == Ratio(3, 3, 3)
    assert ratio([2.0], [0.0]) is None
    assert per_thousand(6, 400) == 15


def test_the_report_shows_ratios_and_judges_the_targets() -> None:
    results = _results(events=5, seconds=11, late=0.2)
    found = {figure.title: figure for figure in figures(results)}
    assert found["turns a second"].middle(USUAL) == 40
    assert found["turns a second"].against(USUAL) == pytest.approx((10 / 11, 10 / 11, 10 / 11))
    assert found["p50, ms"].middle(PROSA) == pytest.approx(20)
    assert found["together"].middle(PROSA) == pytest.approx(15)
    bursts = [(figure.title, figure.middle(PROSA)) for figure in figures(results) if "same instant" in figure.section]
    assert bursts == [
        *[("answered, p50, ms", 200), ("all answered, ms", 500), ("CPU-seconds per 1,000 turns", pytest.approx(20))],
        *[("answered, p50, ms", 700), ("all answered, ms", 800), ("CPU-seconds per 1,000 turns", pytest.approx(30))],
    ]
    assert [target.met for target in targets(results)] == [True] * 7
    text = _printed(results)
    for figure in ("0.91", "4.0", "2.00", "25.0", "1.25"):
        assert figure in text
    assert "not met" not in text


def test_targets_that_are_missed_are_called_so() -> None:
    results = _results(events=6, seconds=20, late=0.9)
    assert [target.met for target in targets(results)] == [False] * 7
    assert _printed(results).count("not met") == 7


def test_the_memory_of_a_few_conversations_is_not_judged() -> None:
    results = _results(events=5, seconds=10, late=0.1)
    results.once[PROSA].open = 60
    assert [target.met for target in targets(results)].count(None) == 1


def test_what_was_not_measured_is_not_judged() -> None:
    assert [target.met for target in targets(Results())] == [None] * 7


def test_an_interrupted_run_is_reported_as_far_as_it_came() -> None:
    results = _results(events=5, seconds=10, late=0.1)
    results.rounds[PROSA].pop()
    del results.once[LEAN], results.rounds[LEAN]
    found = {figure.title: figure for figure in figures(results)}
    assert found["turns a second"].against(USUAL) == Ratio(1, 1, 1)
    assert found["turns a second"].against(LEAN) is None
    assert "Targets" in _printed(results)


def test_what_went_wrong_on_the_way_is_mentioned() -> None:
    results = _results(events=5, seconds=10, late=0.1)
    results.repeats[PROSA] = 2
    results.posted_again[LEAN] = 3
    assert "Prosa: the provider got 2 messages more than once" in _printed(results)
    assert "Lean: 3 webhooks were answered with a 5xx, and posted again" in _printed(results)


def _results(*, events: int, seconds: float, late: float) -> Results:
    slow = 1.3 if late > 0.5 else 1.0
    times = {PROSA: slow}
    once = {
        name: Once(
            turn=Size(count, 1000),
            cold={39: [0.2], 119: [last]},
            open=1_000,
            opening_seconds=10,
            memory_before=10**8,
            memory=10**8 + int(120_000_000 * slow),
        )
        for name, count, last in ((PROSA, events, late), (USUAL, 12, 1.0), (LEAN, 5, 1.0))
    }
    bursts = {1: Burst(contacts=2, times=[0.5, late], cpu=0.04), 3: Burst(contacts=2, times=[0.7, 0.8], cpu=0.06)}
    rounds = {
        name: [
            Round(
                latencies=[one * times.get(name, 1) for one in (0.01, 0.02, 0.03)],
                turns=400,
                seconds=took,
                cpu={"server": 3.0, "worker": 2.0 * times.get(name, 1) ** 3, "gateway": 1.0},
                bursts=bursts,
            )
            for _ in range(3)
        ]
        for name, took in ((PROSA, seconds), (USUAL, 10.0), (LEAN, 8.0))
    }
    language = Language(
        stories=40, played={1: 20, 2: 10}, turns={8: [0.02], 80: [late * 0.1]}, checked={50: 1, 500: 12.5}
    )
    return Results(rounds=rounds, once=once, language=language)


def _printed(results: Results) -> str:
    console = Console(width=160, file=StringIO())
    with console.capture() as captured:
        console.print(tables(results))
        console.print(table(targets(results)))
    return captured.get()
