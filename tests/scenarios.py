"""Conversations of many kinds, played on real workflows: recorded as histories that later code must replay."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from domain.conversation import CloseRequest, Intervention, Snapshot
from domain.keys import OUTREACH
from domain.message import Content, FileRef, Outreach
from domain.people import Act
from runtime.temporal_names import QUERY_SNAPSHOT, SIGNAL_ACT, SIGNAL_CLOSE, SIGNAL_INTERVENE
from tests.interpreter.world import flow
from tests.workflows.line import Line

LIBRARY: Final = Path(__file__).parent.parent / "flows" / "library"
ONE_INVOICE: Final = "529.982.247-25"
TWO_INVOICES: Final = "123.456.789-09"
ALL_PAID: Final = "987.654.321-00"
NOBODY: Final = "333.444.555-08"

OUTWARD: Final = """
  - {id: wait, card: await_interaction, timeout: 2d, exits: {no_answer: bye}}
  - {id: where, card: send_location, latitude: -27.1, longitude: -52.6, name: Loja}
  - {id: who, card: send_contact, name: Financeiro, phones: ["+55 49 3333-0000"]}
  - {id: due, card: send_template, template: due, parameters: ["{{ name }}"], exits: {undelivered: bye}}
  - id: other
    card: open_conversation
    account: site
    address: somebody
    template: due
    parameters: ["10/12"]
    flow: ask
    exits: {already_open: bye, failed: bye}
  - {id: bye, card: close, resolution: told}
"""

DOUBTS: Final = """
  - {id: which, card: ask_question, text: Qual?, answer: choice, options: [{label: Internet}, {label: TV}],
     save_as: name, timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: many, card: ask_question, text: Quantos?, answer: number, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: much, card: ask_question, text: Quanto?, answer: money, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: bye, card: close, resolution: told}
"""

SAID: Final = """
  - {id: who, card: ask_question, text: CPF?, answer: cpf, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: day, card: ask_question, text: Dia?, answer: date, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: at, card: ask_question, text: Hora?, answer: time, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: mail, card: ask_question, text: "E-mail?", answer: email, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: much, card: ask_question, text: Quanto?, answer: money, save_as: name,
     timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: which, card: ask_question, text: Qual?, answer: choice, options: [{label: Internet}, {label: TV}],
     save_as: name, timeout: 1h, attempts: 2, exits: {invalid: bye, no_answer: bye}}
  - {id: stars, card: survey, scale: csat, text: Nota?, timeout: 1h, exits: {no_answer: bye}}
  - {id: bye, card: close, resolution: told}
"""

Scenario = Callable[[Line, str], Awaitable[None]]
"""Plays one conversation on a line; the text is the URL of the demo ERP."""

ASK: Final = """
  - id: ask
    card: ask_question
    text: "Diga algo"
    answer: text
    save_as: name
    attempts: 2
    reminders: [{after: 5m, text: "Você ainda está aí?"}, {after: 10m, text: "Alô?"}]
    timeout: 30m
    exits: {invalid: bye, no_answer: bye}
  - {id: say, card: send_message, text: "Você disse {{ name }}"}
  - {id: bye, card: close, resolution: resolved}
"""
LOOP: Final = """
  - {id: one, card: set_variable, set: {name: "a"}}
  - {id: two, card: set_variable, set: {name: "b"}, next: one}
"""
NESTED: Final = """
  - {id: call, card: run_flow, flow: inner, outputs: {name: name}}
  - {id: say, card: send_message, text: "De volta: {{ name }}"}
"""
ECHO: Final = '  - {id: ask, card: ask_question, text: "eco", answer: text, save_as: name, timeout: 1h, next: ask}'
DELAY: Final = """
  - {id: wait, card: send_message, text: "Volto a falar em três dias."}
  - {id: mark, card: tag, add: [acompanhar]}
  - {id: rest, card: delay, for: 3d, interruptible: false}
  - {id: unmark, card: tag, remove: [acompanhar]}
  - {id: ask, card: ask_question, text: "Deu certo?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: tell, card: note, text: "Disse: {{ name }}"}
  - {id: here, card: reference_point, name: followed_up}
  - {id: bye, card: close}
"""
MOMENT: Final = DELAY.replace("for: 3d", 'until: "2050-01-01T09:00"')
SETTLING: Final = ASK.replace("    attempts: 2\n", "    attempts: 2\n    settle: 5s\n")
HOURS: Final = """
  - {id: hours, card: business_hours, save_as: name, exits: {closed: rest}}
  - {id: rest, card: delay, until: "2050-12-25T09:00", calendar: main}
"""
WHEN: Final = """
  - {id: when, card: ask_question, text: "Que dia?", answer: date, save_as: name, attempts: 2, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: say, card: send_message, text: "Dia {{ name | date }}, pedido em {{ now | date }}"}
  - {id: bye, card: close}
"""
KEYWORDS: Final = """
  - {id: lot, card: split, between: [{name: one, go: rest}, {name: other, go: rest}]}
  - {id: rest, card: await_interaction, timeout: 1h, exits: {no_answer: bye}}
  - {id: ask, card: ask_question, text: "Nome?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: age, card: ask_question, text: "Idade?", answer: number, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: bye, card: close}
"""
RATE: Final = """
  - {id: rate, card: survey, scale: nps, text: "De 0 a 10?", comment: "Por quê?", timeout: 30m,
     reminders: [{after: 5m, text: "E aí?"}]}
  - {id: again, card: survey, scale: csat, text: "De 1 a 5?", timeout: 30m}
  - {id: bye, card: close}
"""
PAY: Final = """
  - {id: address, card: expect_event, event: payment, save_url_as: name}
  - {id: tell, card: send_message, text: "Pague e avise."}
  - {id: sure, card: ask_question, text: "Pagou?", answer: confirmation, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
  - {id: paid, card: wait_event, event: payment, timeout: 1h, set: {name: "{{ data.by }}"}, exits: {timeout: again}}
  - {id: thank, card: send_message, text: "Recebi: {{ name }}", next: address}
  - {id: again, card: wait_event, event: payment, timeout: 1h, interruptible: true,
     exits: {timeout: end, interrupted: say}}
  - {id: say, card: ask_question, text: "Ainda não?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
"""
PEOPLE: Final = """
  - {id: keep, card: update_contact, email: "ana@correio.example"}
  - {id: pass, card: transfer, queue: always, priority: high, wait_up_to: 2h,
     exits: {no_agent: bye, gave_up: bye, out_of_hours: bye}}
  - {id: say, card: send_message, text: "Resolvido, {{ contact.email }}?"}
  - {id: again, card: transfer, queue: always, wait_up_to: 1h, exits: {no_agent: bye, gave_up: bye, out_of_hours: bye}}
  - {id: bye, card: close}
"""
WAITING: Final = """
  - {id: menu, card: ask_question, text: "O que foi?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: pass, card: transfer, queue: always, priority: high, wait_up_to: 2h,
     exits: {no_agent: bye, gave_up: menu, out_of_hours: bye}}
  - {id: bye, card: close}
"""
ENTRY: Final = "  - {id: go, card: run_flow, flow: atendimento}"


def flows() -> dict[str, str]:
    """Return the flows that the scenarios play, by name; the library's own among them."""
    library = {file.stem: file.read_text(encoding="utf-8") for file in sorted(LIBRARY.glob("*.yaml"))}
    own = {"ask": ASK, "loop": LOOP, "nested": NESTED, "inner": ASK.split("  - {id: say")[0], "echo": ECHO}
    own |= {"delay": DELAY, "breakable": DELAY.replace("false", "true"), "moment": MOMENT, "rate": RATE}
    own |= {"settling": SETTLING, "when": WHEN, "hours": HOURS, "keywords": KEYWORDS, "pay": PAY, "outward": OUTWARD}
    own |= {"people": PEOPLE, "doubts": DOUBTS, "said": SAID}
    own["inner"] = own["inner"].replace(
        "exits: {invalid: bye, no_answer: bye}", "exits: {invalid: end, no_answer: end}"
    )
    entries = {"main": flow(ENTRY), "waiting": flow(WAITING, "waiting", more="keywords: {menu: menu}")}
    return {**library, **{name: flow(cards, name) for name, cards in own.items()}, **entries}


async def _talk(line: Line, *texts: str) -> None:
    """Say each text when the bot has said something new and fallen silent."""
    for text in texts:
        await line.say(text)
        await line.quiet()


async def one_invoice(line: Line, _: str) -> None:
    await _talk(line, "oi", "1", ONE_INVOICE, "não")


async def two_invoices(line: Line, _: str) -> None:
    await _talk(line, "bom dia", "segunda via", TWO_INVOICES, "2", "não, obrigado", "valeu!")


async def nothing_due(line: Line, _: str) -> None:
    await _talk(line, "oi", "boleto", ALL_PAID, "sim", "encerrar")


async def unknown_customer(line: Line, _: str) -> None:
    await _talk(line, "oi", "1", NOBODY, "não", "não", "não")


async def three_wrong_documents(line: Line, _: str) -> None:
    await _talk(line, "oi", "1", "123", "529.982.247-24", "111.111.111-11", "não", "não")


async def silence(line: Line, _: str) -> None:
    await line.say("oi")
    await line.over()


async def silence_in_a_called_flow(line: Line, _: str) -> None:
    await _talk(line, "oi", "1")
    await line.over()


async def erp_down(line: Line, erp: str) -> None:
    await _talk(line, "oi", "1")
    await switch(erp, down=True)
    await line.say(ONE_INVOICE)
    await asyncio.sleep(1)
    await line.pass_time(timedelta(minutes=5))
    await switch(erp)
    await _talk(line, "não", "não")


async def erp_back_after_errors(line: Line, erp: str) -> None:
    await _talk(line, "oi", "1")
    await switch(erp, error_500=True, times=2)
    await line.say(ONE_INVOICE)
    await asyncio.sleep(1)
    await line.pass_time(timedelta(seconds=30))
    await _talk(line, "não")
    await switch(erp)


async def many_runs(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 2, "echo"
    await _talk(line, "oi", "um", "dois", "três", "quatro", "cinco")


async def new_conversation_in_the_grace_time(line: Line, _: str) -> None:
    line.entry = "ask"
    await _talk(line, "oi", "algo", "obrigada", "mais uma coisa", "outra")


async def closed_by_the_company(line: Line, _: str) -> None:
    await _talk(line, "oi")
    await line.handle.signal(SIGNAL_CLOSE, CloseRequest(by="ops", reason="test"))
    await line.quiet()


async def keywords(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 3, "keywords"
    await _talk(line, "oi", "pronto", "Aan", "voltar", "Ana", "repetir", "atendente", "sair")


async def silence_skipped(line: Line, _: str) -> None:
    line.entry = "ask"
    await _talk(line, "oi")
    await _intervene(line, "skip")


async def failed_step_retried(line: Line, erp: str) -> None:
    await _talk(line, "oi", "1")
    await switch(erp, down=True)
    await line.say(ONE_INVOICE)
    await asyncio.sleep(1)
    await _intervene(line, "skip")
    await switch(erp)
    await _intervene(line, "retry")


async def _intervene(line: Line, kind: Literal["retry", "skip"]) -> None:
    state = await line.handle.query(QUERY_SNAPSHOT, result_type=Snapshot)
    await line.handle.signal(SIGNAL_INTERVENE, Intervention(kind=kind, by="ops", seq=state.seq))
    await line.quiet()


async def endless_loop(line: Line, _: str) -> None:
    line.entry = "loop"
    await line.say("oi")
    await line.until(lambda said: len(said) == 1)
    await line.quiet()


async def called_flow_returns(line: Line, _: str) -> None:
    line.entry = "nested"
    await _talk(line, "oi", "algo")


async def file_and_long_text_as_answers(line: Line, _: str) -> None:
    line.entry = "ask"
    await _talk(line, "oi")
    photo = FileRef(id="0" * 64, name="foto.jpg", mime="image/jpeg", size=10)
    await line.say("", files=(photo,))
    await line.quiet()
    await line.say("a" * 100, truncated=True)
    await line.quiet()


async def everything_at_once(line: Line, _: str) -> None:
    for text in ("oi", "1", ONE_INVOICE, "não", "obrigado"):
        await line.say(text)
    await line.quiet()


async def answers_in_doubt(line: Line, _: str) -> None:
    """Say what may mean something else, and is refused, then what is plain."""
    line.entry = "doubts"
    await _talk(line, "oi", "os dois", "TV", "2 não", "3", "200 não consigo", "200")


async def answers_as_said(line: Line, _: str) -> None:
    """Answer with denials, which are refused, with slips of the finger, spoken signs and shorthand."""
    line.entry = "said"
    await _talk(line, "oi", f"não é {ONE_INVOICE}", ONE_INVOICE, "10/12 não", "10/12", "14;30")
    await _talk(line, "ana traço souza arroba example ponto com", "50 reais e cinquenta", "2 kkk", "5 kkk")


async def delay_with_messages_meanwhile(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 2, "delay"
    await _talk(line, "oi")
    for text in ("um", "dois"):
        await line.say(text)
        await line.pass_time(timedelta(hours=30))
    await line.pass_time(timedelta(days=1))
    await line.quiet()


async def delay_interrupted(line: Line, _: str) -> None:
    line.entry = "breakable"
    await _talk(line, "oi", "deu", "obrigado")


async def delay_until_a_moment(line: Line, _: str) -> None:
    line.entry = "moment"
    await _talk(line, "oi")
    await line.handle.signal(SIGNAL_CLOSE, CloseRequest(by="ops", reason="test"))
    await line.quiet()


async def fragments_joined(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 2, "settling"
    await _talk(line, "oi", "minha internet", "caiu")
    await line.pass_time(timedelta(seconds=6))
    await line.quiet()


async def date_by_the_companys_clock(line: Line, _: str) -> None:
    line.entry = "when"
    await _talk(line, "oi", "31/02", "amanhã")


async def business_hours_and_the_next_business_time(line: Line, _: str) -> None:
    line.entry = "hours"
    await _talk(line, "oi")
    await line.handle.signal(SIGNAL_CLOSE, CloseRequest(by="ops", reason="test"))
    await line.quiet()


async def survey_answered(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 2, "rate"
    await _talk(line, "oi", "obrigada", "hum", "nota 9", "Foi rápido")
    await line.over()


async def survey_in_silence(line: Line, _: str) -> None:
    line.entry = "rate"
    await line.say("oi")
    await line.over()


async def something_else_at_the_survey(line: Line, _: str) -> None:
    line.entry = "rate"
    await _talk(line, "oi", "quero outra coisa", "outra coisa!", "não")


async def keywords_in_a_survey_and_a_delay(line: Line, _: str) -> None:
    line.entry = "rate"
    await _talk(line, "oi", "repetir", "9", "sair")
    await line.over()
    line.entry = "breakable"
    await _talk(line, "oi", "sair")
    await line.over()


async def event_waited_for(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 3, "pay"
    await _talk(line, "oi")
    await line.tell_callback("payment", {"by": "pix"})  # before it is waited for
    await _talk(line, "sim", "sim")
    await line.say("só um minuto")
    await asyncio.sleep(1)
    await line.tell_callback("payment", {"by": "boleto"})
    await line.quiet()
    await _talk(line, "sim")
    await line.pass_time(timedelta(hours=1, minutes=1))
    await _talk(line, "não recebi", "tchau")
    await line.over()


async def opened_by_the_company(line: Line, _: str) -> None:
    outward = Outreach(flow="outward", inputs={"name": "600"}, message=Content(text="Ainda quer?"), by="ana")
    opening = await line.receive(key="o1", kind=OUTREACH, outreach=outward)
    await line.forward(opening)
    await line.quiet()
    await _talk(line, "quero")
    await line.over()


async def passed_to_people(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 2, "people"
    await _talk(line, "oi", "alô?")
    for kind, text in (("say", "Oi, aqui é a Bia."), ("resolve", "cabo trocado")):
        state = await line.handle.query(QUERY_SNAPSHOT, result_type=Snapshot)
        act = {"kind": kind, "by": "bia", "text": text, "handover": state.handover or 0}
        await line.handle.signal(SIGNAL_ACT, Act.model_validate(act))
        await line.quiet()
    await line.over()


async def waiting_for_people(line: Line, _: str) -> None:
    line.turns_per_run, line.entry = 4, "waiting"
    await _talk(line, "oi", "a internet caiu")
    await line.pass_time(timedelta(minutes=11))
    await _talk(line, "alô?", "menu", "a internet caiu", "voltar")
    await line.over()


async def whole_visit(line: Line, _: str) -> None:
    await _talk(line, "oi", "1", ONE_INVOICE, "não", "10", "Foi rápido e fácil!", "obrigada")
    await line.over()


async def late_repeat(line: Line, _: str) -> None:
    line.entry, line.grace = "ask", timedelta(0)
    first = await line.receive("oi")
    await line.forward(first)
    await line.quiet()
    await _talk(line, "algo")
    await line.ended()
    await line.forward(first)
    await line.ended()


SCENARIOS: Final[dict[str, Scenario]] = {
    scenario.__name__: scenario
    for scenario in (
        one_invoice,
        two_invoices,
        nothing_due,
        unknown_customer,
        three_wrong_documents,
        silence,
        silence_in_a_called_flow,
        erp_down,
        erp_back_after_errors,
        many_runs,
        new_conversation_in_the_grace_time,
        closed_by_the_company,
        silence_skipped,
        keywords,
        failed_step_retried,
        endless_loop,
        called_flow_returns,
        file_and_long_text_as_answers,
        everything_at_once,
        answers_in_doubt,
        answers_as_said,
        delay_with_messages_meanwhile,
        delay_interrupted,
        delay_until_a_moment,
        fragments_joined,
        date_by_the_companys_clock,
        business_hours_and_the_next_business_time,
        survey_answered,
        survey_in_silence,
        something_else_at_the_survey,
        event_waited_for,
        keywords_in_a_survey_and_a_delay,
        opened_by_the_company,
        passed_to_people,
        waiting_for_people,
        whole_visit,
        late_repeat,
    )
}


@asynccontextmanager
async def demo_erp(folder: Path) -> AsyncGenerator[str]:
    """Run the demo ERP; give its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emulators.erps.demo",
        "--port",
        "0",
        "--database",
        str(folder / "erp.db"),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ,
    )
    try:
        assert process.stdout is not None
        ready: dict[str, Any] = json.loads(await process.stdout.readline())
        yield ready["url"]
    finally:
        process.terminate()
        await process.wait()


async def switch(erp: str, **switches: Any) -> None:
    async with httpx.AsyncClient() as client:
        (await client.put(f"{erp}/control/switches", json=switches)).raise_for_status()
