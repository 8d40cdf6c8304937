"""The interpreter, without Temporal: what a conversation does, turn by turn."""

from datetime import timedelta

import pytest

from domain.call import ErpAnswer
from domain.conversation import CloseRequest, Company, Shift
from domain.limits import LIMITS
from domain.message import Inbound
from tests.interpreter.world import SETUP, START, World, flow, message, ok

ASK = """
  - id: ask_name
    card: ask_question
    text: "Qual o seu nome?"
    answer: text
    save_as: name
    attempts: 2
    reminders: [{after: 5m, text: "Você ainda está aí?"}]
    timeout: 30m
    exits: {invalid: bye, no_answer: bye}
  - id: greet
    card: send_message
    text: "Olá, {{ name }}!"
  - id: bye
    card: close
    resolution: resolved
"""


async def test_a_question_is_asked_answered_and_the_conversation_ends() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")])

    assert await world.play() is None

    assert world.said == ["Qual o seu nome?", "Olá, Ana!"]
    assert world.kinds()[0] == "conversation_opened"
    assert world.kinds()[-1] == "conversation_ended"
    assert world.state.resolution == "resolved"


async def test_seq_is_dense_over_events_and_parts() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")])

    await world.play()

    assert [event.seq for event in world.events] == list(range(1, len(world.events) + 1))
    said = [event.seq for event in world.events if event.kind == "message_sent"]
    assert [part.seq for effect in world.delivered for part in effect.parts] == said


async def test_one_turn_is_one_delivery() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")])

    await world.play()

    opening, asking, rest = world.delivered
    assert opening.opening is not None
    assert opening.consumed == ("e1",)
    assert [part.text for part in asking.parts] == ["Qual o seu nome?"]
    assert rest.consumed == ("e2",)
    assert [part.text for part in rest.parts] == ["Olá, Ana!"]


async def test_the_protocol_of_the_opening_is_known_to_the_first_text() -> None:
    cards = '  - {id: hello, card: send_message, text: "Protocolo {{ conversation.protocol }}"}'
    world = World({"main": flow(cards)}, [(0, "oi")])

    await world.play()

    assert world.said == ["Protocolo 20261121-000001"]


async def test_silence_is_reminded_of_and_takes_the_no_answer_exit() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")])

    await world.play()

    assert world.said == ["Qual o seu nome?", "Você ainda está aí?"]
    asked, reminded = (event.at for event in world.events if event.kind == "message_sent")
    timed_out = next(event.at for event in world.events if event.kind == "question_timed_out")
    assert (reminded - asked, timed_out - asked) == (timedelta(minutes=5), timedelta(minutes=30))


async def test_messages_that_arrive_together_are_read_in_one_turn() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (0, "Ana"), (0, "Ana")])
    world.script[2] = (0, message("Ana", "e2"))  # a repeat

    await world.play()

    assert world.kinds().count("message_received") == 2
    assert world.said == ["Qual o seu nome?", "Olá, Ana!"]
    assert len(world.delivered) == 2


async def test_a_repeat_of_a_message_is_dropped() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (5, message("oi", "e1")), (10, "Ana")])

    await world.play()

    assert world.said == ["Qual o seu nome?", "Olá, Ana!"]


async def test_a_late_repeat_of_an_opening_ends_in_silence() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], stale=True)

    assert await world.play() is None
    assert world.said == []


async def test_a_late_repeat_hands_what_came_with_it_to_a_new_conversation() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (0, "quero a fatura")], stale=True)

    following = await world.play()

    assert following is not None
    assert following.text == "quero a fatura"


async def test_thanks_after_the_end_are_answered_once_and_absorbed() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana"), (20, "obrigado!"), (30, "valeu")])

    assert await world.play() is None

    late = [event for event in world.events if event.kind == "message_received" and event.data.get("late")]
    assert len(late) == 2
    assert len(world.said) == 3


async def test_anything_else_after_the_end_begins_a_new_conversation() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana"), (20, "obrigado!"), (30, "e a fatura?"), (30, "oi?")])

    following = await world.play()

    assert following is not None
    assert following.text == "e a fatura?"
    assert [waiting.text for waiting in world.state.unread] == ["oi?"]
    assert "e4" not in [read for effect in world.delivered for read in effect.consumed]


async def test_after_the_grace_time_nothing_is_waited_for() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")])

    assert await world.play() is None
    assert world.clock == START + timedelta(seconds=10) + LIMITS.grace


@pytest.mark.parametrize("turns", [1, 2])
async def test_continuing_as_a_new_run_changes_nothing_for_the_contact(turns: int) -> None:
    script: list[tuple[float, str | Inbound]] = [(0, "oi"), (400, "x" * 3), (500, "Ana")]
    cards = ASK.replace("answer: text\n", "answer: cpf_cnpj\n").replace("Olá, {{ name }}!", "Documento recebido")
    script[2] = (500, "529.982.247-25")
    whole = World({"main": flow(cards)}, list(script))
    pieces = World({"main": flow(cards)}, list(script), turns_per_run=turns)

    await whole.play()
    await pieces.play()

    assert pieces.rests > 0
    assert pieces.said == whole.said
    assert pieces.kinds() == whole.kinds()
    assert [event.at for event in pieces.events] == [event.at for event in whole.events]


async def test_a_called_flow_comes_back_with_its_outputs_even_over_runs() -> None:
    main = """
  - id: call
    card: run_flow
    flow: asker
    outputs: {name: given}
  - id: greet
    card: send_message
    text: "Olá, {{ name }}!"
"""
    asker = (
        ASK.replace("save_as: name", "save_as: given")
        .replace("Olá, {{ name }}!", "Certo")
        .replace(
            "  - id: bye\n    card: close\n    resolution: resolved\n",
            "  - {id: bye, card: send_message, text: Voltando}",
        )
    )
    flows = {"main": flow(main), "asker": flow(asker, "asker", "given: {type: text}")}
    for turns in (1, 1_000):
        world = World(flows, [(0, "oi"), (10, "Ana")], turns_per_run=turns)

        await world.play()

        assert world.said == ["Qual o seu nome?", "Certo", "Voltando", "Olá, Ana!"]
        assert world.kinds().count("flow_left") == 2


async def test_the_outputs_of_a_flow_that_hands_over_to_another_are_kept() -> None:
    main = """
  - {id: call, card: run_flow, flow: first, outputs: {name: given, tone: mood}}
  - {id: greet, card: send_message, text: "{{ name }}, {{ tone }}!"}
"""
    first = """
  - {id: keep, card: set_variable, set: {given: Ana, mood: triste}, next: "flow:second"}
"""
    second = """
  - {id: cheer, card: set_variable, set: {mood: feliz}}
"""
    flows = {
        "main": flow(main, variables="name: {type: text}\n  tone: {type: text}"),
        "first": flow(first, "first", "given: {type: text}\n  mood: {type: text}"),
        "second": flow(second, "second", "mood: {type: text}"),
    }
    world = World(flows, [(0, "oi")])

    await world.play()

    assert world.said == ["Ana, feliz!"]


async def test_a_text_that_renders_to_nothing_is_not_sent() -> None:
    cards = """
  - {id: people, card: transfer, text: "{{ '' }} ", wait_up_to: 1m, exits: {no_agent: bye}}
  - {id: bye, card: send_message, text: Tchau}
"""
    world = World({"main": flow(cards)}, [(0, "oi")])

    await world.play()

    assert world.said == ["Tchau"]


async def test_an_erp_answer_is_kept_and_a_slow_one_is_announced() -> None:
    cards = """
  - id: find
    card: erp_call
    connection: billing
    operation: find_customer
    arguments: {document: "529"}
    save_as: name
    progress: {after: 4s, text: "Um instante..."}
    exits: {not_found: missing, failed: sorry}
  - {id: found, card: send_message, text: "Achei {{ name }}", next: end}
  - {id: missing, card: send_message, text: "Não achei", next: end}
  - {id: sorry, card: send_message, text: "Fora do ar"}
"""
    said: dict[str, list[str]] = {}
    for outcome in ("ok", "slow", "not_found", "failed"):
        answer = ErpAnswer(outcome=outcome, value="Ana")
        world = World({"main": flow(cards)}, [(0, "oi")], {"find_customer": answer})
        await world.play()
        said[outcome] = world.said

    assert said == {
        "ok": ["Achei Ana"],
        "slow": ["Um instante...", "Achei Ana"],
        "not_found": ["Não achei"],
        "failed": ["Fora do ar"],
    }


async def test_everything_is_committed_before_an_effect() -> None:
    cards = """
  - {id: hello, card: send_message, text: "Só um momento"}
  - {id: find, card: erp_call, connection: billing, operation: find_customer, exits: {failed: hello}}
"""
    world = World({"main": flow(cards)}, [(0, "oi")], {"find_customer": ok("Ana")})
    await world.play()

    assert world.said_before_calls == [["Só um momento"]]


async def test_a_flow_that_loops_without_a_wait_ends_with_an_apology() -> None:
    cards = """
  - {id: one, card: set_variable, set: {name: "a"}}
  - {id: two, card: set_variable, set: {name: "b"}, next: one}
"""
    world = World({"main": flow(cards)}, [(0, "oi")])

    await world.play()

    failed = next(event for event in world.events if event.kind == "step_failed")
    assert failed.data["error"] == "loop"
    assert world.state.resolution == "error"
    assert len(world.said) == 1


async def test_a_flow_that_calls_itself_is_stopped_at_the_call_depth() -> None:
    world = World({"main": flow("  - {id: again, card: run_flow, flow: main}")}, [(0, "oi")])

    await world.play()

    assert world.kinds().count("flow_entered") == LIMITS.call_depth
    assert world.state.resolution == "error"


async def test_an_error_in_a_card_takes_the_fallback_of_the_flow() -> None:
    cards = """
  - {id: bad, card: send_message, text: "{{ company | money }}"}
  - {id: bye, card: send_message, text: "Tchau"}
  - {id: sorry, card: send_message, text: "Tive um problema", next: end}
"""
    world = World({"main": flow(cards, more="fallback: sorry")}, [(0, "oi")])

    await world.play()

    assert world.said == ["Tive um problema"]
    assert "step_failed" in world.kinds()


async def test_a_fallback_that_fails_itself_does_not_go_on_for_ever() -> None:
    cards = '  - {id: bad, card: send_message, text: "{{ company | money }}"}'
    world = World({"main": flow(cards, more="fallback: bad")}, [(0, "oi")])

    await world.play()

    assert world.state.resolution == "error"
    assert world.kinds().count("step_failed") == 4


async def test_an_entry_flow_that_is_not_published_ends_the_conversation_with_an_apology() -> None:
    world = World({"other": flow(ASK, "other")}, [(0, "oi")])

    assert await world.play() is None
    assert world.state.resolution == "error"
    assert world.said[0].startswith("Tive um problema")
    begun = ["conversation_opened", "message_received", "step_failed"]
    assert world.kinds() == [*begun, "message_sent", "conversation_ended"]


async def test_a_question_that_cannot_be_delivered_takes_its_exit() -> None:
    cards = ASK.replace("no_answer: bye}", "no_answer: bye, undelivered: bye}")
    world = World({"main": flow(cards)}, [(0, "oi")], refused={"Qual": "failed"})

    await world.play()

    assert next(event.data["exit"] for event in world.events if event.kind == "exit_taken") == "undelivered"
    assert "message_failed" in world.kinds()


async def test_without_that_exit_the_question_waits_all_the_same() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")], refused={"Qual": "failed"})

    await world.play()

    assert world.said == ["Qual o seu nome?", "Olá, Ana!"]


async def test_somebody_of_the_company_closes_at_the_next_wait() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], closing=CloseRequest(by="ops", resolution="closed"))

    await world.play()

    assert world.state.resolution == "closed"
    assert world.kinds()[-1] == "conversation_ended"


async def test_sensitive_values_are_hidden_in_the_journal_but_known_to_the_flow() -> None:
    cards = ASK.replace("Olá, {{ name }}!", "Olá, {{ answers.ask_name }}!")
    world = World({"main": flow(cards, variables="name: {type: text, sensitive: true}")}, [(0, "oi"), (10, "Ana")])

    await world.play()

    answered = next(event for event in world.events if event.kind == "question_answered")
    assert answered.data["value"] == "•••"
    assert world.said[-1] == "Olá, Ana!"


async def test_a_variable_beyond_its_limit_is_an_error_not_a_crash() -> None:
    cards = """
  - {id: find, card: erp_call, connection: billing, operation: find_customer, save_as: name, exits: {failed: sorry}}
  - {id: found, card: send_message, text: "Achei", next: end}
  - {id: sorry, card: send_message, text: "Fora do ar"}
"""
    world = World({"main": flow(cards)}, [(0, "oi")], {"find_customer": ok("x" * (LIMITS.variable + 1))})

    await world.play()

    assert world.said == ["Fora do ar"]


async def test_a_message_too_long_is_told_so_and_refused_as_an_answer() -> None:
    long = Inbound(message_id="long", at=START, text="a" * 100, truncated=True)
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, long), (20, "Ana")])

    await world.play()

    assert world.kinds().count("answer_refused") == 1
    assert world.said[-1] == "Olá, Ana!"


async def test_texts_show_the_time_where_the_company_is() -> None:
    text = "{{ now | date('datetime') }}, desde {{ conversation.opened_at | date('time') }}"
    cards = f'  - {{id: say, card: send_message, text: "{text}"}}'
    company = Company(shifts=(Shift(since=START, ahead=timedelta(hours=-3)),))
    world = World({"main": flow(cards)}, [(0, "oi")], setup=SETUP.model_copy(update={"company": company}))

    await world.play()

    assert world.said == ["21/11/2026 09:00, desde 09:00"]


async def test_calls_that_lead_back_to_each_other_end() -> None:
    cards = """
  - id: again
    card: erp_call
    connection: billing
    operation: find
    next: again
    exits: {not_found: again, failed: end}
"""
    world = World({"main": flow(cards)}, [(0, "oi")], answers={"find": ok(None)})

    await world.play()

    assert world.state.resolution == "error"
    assert "step_failed" in world.kinds()
    assert len(world.calls) <= 4 * LIMITS.calls_per_turn


async def test_flows_that_lead_into_each_other_send_a_bounded_number_of_messages() -> None:
    say = '  - {{id: say, card: send_message, text: oi}}\n  - {{id: go, card: go_to, go: "flow:{to}"}}'
    flows = {name: flow(say.format(to=to), name) for name, to in (("main", "b"), ("b", "c"), ("c", "main"))}
    world = World(flows, [(0, "oi")])

    await world.play()

    assert len(world.said) == LIMITS.messages_per_turn + 2
    assert world.state.resolution == "error"


async def test_a_turn_writes_a_bounded_journal() -> None:
    big = "x" * 60_000
    cards = f'  - {{id: a, card: set_variable, set: {{name: "{big[:3_000]}"}}}}'
    cards += "\n".join(f'\n  - {{id: s{n}, card: set_variable, set: {{name: "{{{{ name }}}}"}}}}' for n in range(700))
    world = World({"main": flow(cards)}, [(0, "oi")])

    await world.play()

    assert LIMITS.journal_per_turn < sum(len(event.model_dump_json()) for event in world.events) < 1_300_000
    assert "bytes of the journal" in str(next(e.data for e in world.events if e.kind == "step_failed")["message"])
