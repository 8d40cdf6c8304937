from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.message import FileRef, Inbound
from flows.cards.base import Card
from tests.flows.fakes import BOLETO, RUN_ENDS, START, UNDELIVERED, FakeConversation, RunEndedError, card, inbound
from tests.flows.questions import INVOICES, MENU

DOCUMENT = """
id: ask
card: ask_question
text: "{{ contact.name | first_name }}, qual é o CPF?"
answer: cpf_cnpj
save_as: document
attempts: 3
invalid: ["Não confere.", "Ainda não confere."]
reminders:
  - {after: 5m, text: "Ainda aí?"}
  - {after: 10m, text: "Vou esperar mais um pouco."}
timeout: 30m
exits: {invalid: person, no_answer: bye}
"""
CONFIRM = """
id: sure
card: ask_question
text: Posso enviar?
answer: confirmation
timeout: 30m
exits: {yes: send, invalid: person}
"""
CODE = r"""
id: code
card: ask_question
text: Qual é o código?
answer: text
save_as: code
pattern: '[A-Z]{2}[0-9]{3}'
pattern_example: AB123
"""


async def test_a_right_answer_is_stored_and_takes_the_answered_exit() -> None:
    conversation = FakeConversation(("1m", "meu cpf é 529.982.247-25"))
    assert await card(DOCUMENT).play(conversation) == "answered"
    assert conversation.heard == ["Ana, qual é o CPF?"]
    assert conversation.variables == {"document": "52998224725"}
    assert conversation.events == [
        ("question_answered", {"variable": "document", "value": "52998224725", "attempt": 1})
    ]


async def test_a_question_without_a_text_waits_for_the_answer_to_what_was_said_before() -> None:
    conversation = FakeConversation(("1m", "talvez"), ("1m", "sim"))
    silent = CONFIRM.replace("text: Posso enviar?\n", "invalid: [Sim ou não?]\n")
    assert await card(silent).play(conversation) == "answered_yes"
    assert conversation.heard == ["Sim ou não?"]


async def test_a_wrong_answer_is_refused_with_the_text_of_its_attempt_and_never_stored() -> None:
    conversation = FakeConversation(("1m", "123"), ("1m", "111.111.111-11"), ("1m", "52998224725"))
    assert await card(DOCUMENT).play(conversation) == "answered"
    assert conversation.heard[1:] == ["Não confere.", "Ainda não confere."]
    assert conversation.data("answer_refused") == [
        {"attempt": 1, "reason": "not_a_document"},
        {"attempt": 2, "reason": "check_digits"},
    ]
    assert conversation.data("question_answered")[0]["attempt"] == 3


async def test_used_up_attempts_take_the_invalid_exit_without_another_word() -> None:
    conversation = FakeConversation(("1m", "a"), ("1m", "b"), ("1m", "c"), ("1m", "52998224725"))
    assert await card(DOCUMENT).play(conversation) == "invalid"
    assert conversation.heard[1:] == ["Não confere.", "Ainda não confere."]
    assert conversation.variables == {}
    assert len(conversation.data("answer_refused")) == 3


async def test_the_last_invalid_text_repeats() -> None:
    conversation = FakeConversation(*[("1m", "x")] * 4)
    patient = card(DOCUMENT.replace("attempts: 3", "attempts: 5"))
    await patient.play(conversation)
    assert conversation.heard[1:5] == ["Não confere.", *["Ainda não confere."] * 3]


async def test_silence_brings_the_reminders_and_then_the_no_answer_exit() -> None:
    conversation = FakeConversation()
    assert await card(DOCUMENT).play(conversation) == "no_answer"
    assert conversation.heard[1:] == ["Ainda aí?", "Vou esperar mais um pouco."]
    assert [data["number"] for data in conversation.data("reminder_sent")] == [1, 2]
    assert conversation.data("question_timed_out") == [{"asked_at": START.isoformat()}]
    assert conversation.now == START + timedelta(minutes=30)
    assert conversation.waits == [timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=20)]


async def test_an_answer_after_a_reminder_counts() -> None:
    conversation = FakeConversation(("7m", "52998224725"))
    assert await card(DOCUMENT).play(conversation) == "answered"
    assert conversation.heard[1:] == ["Ainda aí?"]


async def test_a_refused_answer_restarts_timeout_and_reminders() -> None:
    conversation = FakeConversation(("29m", "não sei"))
    assert await card(DOCUMENT).play(conversation) == "no_answer"
    assert conversation.heard[1:] == [
        "Ainda aí?",
        "Vou esperar mais um pouco.",
        "Não confere.",
        "Ainda aí?",
        "Vou esperar mais um pouco.",
    ]
    assert conversation.now == START + timedelta(minutes=59)


async def test_reminders_missed_in_one_long_wait_are_said_once() -> None:
    conversation = FakeConversation(late="12m")
    assert await card(DOCUMENT).play(conversation) == "no_answer"
    assert conversation.heard[1:] == ["Vou esperar mais um pouco."]


async def test_a_question_without_timeout_waits_a_day() -> None:
    conversation = FakeConversation()
    await card(DOCUMENT.replace("timeout: 30m\n", "")).play(conversation)
    assert conversation.now == START + timedelta(hours=24)


async def test_a_wait_goes_on_in_a_new_run_without_asking_again() -> None:
    asking = card(DOCUMENT)
    before = FakeConversation(("6m", "não sei"), ("1m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await asking.play(before)
    after = before.continued(("3m", "52998224725"))
    assert await asking.play(after) == "answered"
    assert after.heard == []
    assert after.data("question_answered")[0]["attempt"] == 2


async def test_clock_and_reminders_go_on_in_a_new_run() -> None:
    asking = card(DOCUMENT)
    before = FakeConversation(("12m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await asking.play(before)
    assert before.heard[1:] == ["Ainda aí?", "Vou esperar mais um pouco."]
    after = before.continued()
    assert await asking.play(after) == "no_answer"
    assert after.heard == []
    assert after.now == START + timedelta(minutes=30)
    assert after.data("question_timed_out") == [{"asked_at": START.isoformat()}]


async def test_an_undelivered_question_takes_its_exit_when_it_has_one() -> None:
    conversation = FakeConversation(("0s", UNDELIVERED))
    lost = card(DOCUMENT.replace("exits: {", "exits: {undelivered: write_email, "))
    assert await lost.play(conversation) == "undelivered"


async def test_an_undelivered_question_without_exit_waits_on() -> None:
    conversation = FakeConversation(("0s", UNDELIVERED), ("1m", "52998224725"))
    assert await card(DOCUMENT).play(conversation) == "answered"


async def test_a_yes_with_a_way_of_its_own_takes_it() -> None:
    conversation = FakeConversation(("1m", "pode mandar 👍"))
    assert await card(CONFIRM).play(conversation) == "answered_yes"
    assert conversation.data("question_answered") == [{"variable": None, "value": True, "attempt": 1}]


async def test_a_no_without_a_way_of_its_own_is_an_answer() -> None:
    assert await card(CONFIRM).play(FakeConversation(("1m", "não"))) == "answered"


async def test_the_standard_refusal_shows_the_example_of_the_pattern() -> None:
    conversation = FakeConversation(("1m", "ab1"), ("1m", "AB123"))
    await card(CODE).play(conversation)
    assert conversation.heard[1] == f"{conversation.texts.invalid}\nPor exemplo: AB123"
    assert conversation.variables == {"code": "AB123"}


async def test_a_file_is_refused_and_counted() -> None:
    conversation = FakeConversation(("1m", inbound(files=(BOLETO,))), ("1m", "52998224725"))
    await card(DOCUMENT).play(conversation)
    assert conversation.data("answer_refused") == [{"attempt": 1, "reason": "file"}]


async def test_a_message_cut_off_is_refused_without_a_second_text() -> None:
    """The conversation itself says `text_too_long` when it reads such a message."""
    conversation = FakeConversation(("1m", inbound("5" * 99, truncated=True)), ("1m", "52998224725"))
    await card(DOCUMENT).play(conversation)
    assert conversation.data("answer_refused") == [{"attempt": 1, "reason": "too_long"}]
    assert len(conversation.heard) == 1


SETTLING = DOCUMENT.replace("timeout: 30m", "timeout: 30m\nsettle: 4s")


async def test_fragments_typed_in_a_row_are_one_answer() -> None:
    conversation = FakeConversation(("10s", "meu cpf é"), ("3s", "529.982"), ("3s", ".247-25"), ("3s", "obrigada"))
    assert await card(SETTLING).play(conversation) == "answered"
    assert conversation.variables == {"document": "52998224725"}
    assert conversation.now == START + timedelta(seconds=10 + 3 * 3 + 4)
    assert conversation.data("answer_refused") == []


async def test_fragments_are_understood_as_soon_as_nothing_follows() -> None:
    conversation = FakeConversation(("10s", "529.982"), ("5s", "52998224725"))
    assert await card(SETTLING).play(conversation) == "answered"
    assert conversation.heard[1:] == ["Não confere."]


async def test_silence_is_not_counted_against_somebody_who_is_typing() -> None:
    conversation = FakeConversation(("299s", "529.982"), ("3s", ".247-25"))
    assert await card(SETTLING).play(conversation) == "answered"
    assert conversation.heard[1:] == []
    conversation = FakeConversation()
    assert await card(SETTLING).play(conversation) == "no_answer"
    assert len(conversation.data("reminder_sent")) == 2


async def test_fragments_survive_a_new_run() -> None:
    conversation = FakeConversation(("10s", "529.982"), ("2s", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(SETTLING).play(conversation)
    following = conversation.continued(("1s", ".247-25"))
    assert await card(SETTLING).play(following) == "answered"
    assert following.variables == {"document": "52998224725"}


async def test_a_tapped_option_does_not_wait_for_more() -> None:
    conversation = FakeConversation(
        ("1s", "hum"), ("1s", inbound(choice="segunda_via")), variables={"may_cancel": False}
    )
    await card(MENU.replace("timeout: 30m", "timeout: 30m\nsettle: 1m")).play(conversation)
    assert conversation.variables["wish"] == "segunda_via"
    assert conversation.now == START + timedelta(seconds=2)


async def test_somebody_who_never_stops_typing_is_heard_all_the_same() -> None:
    story = "{id: ask, card: ask_question, text: Conte, answer: text, save_as: story, settle: 4s}"
    conversation = FakeConversation(*[("1s", "e aí")] * 100)
    assert await card(story).play(conversation) == "answered"
    assert conversation.variables["story"] == " ".join(["e aí"] * 20)
    conversation = FakeConversation(*[("1s", "a" * 10_000)] * 100)
    await card(story).play(conversation)
    assert len(str(conversation.variables["story"])) == 20_001


async def test_files_among_fragments_are_kept() -> None:
    send = "{id: ask, card: ask_question, text: Envie, answer: file, save_as: file, settle: 4s}"
    conversation = FakeConversation(("1s", "segue"), ("1s", inbound(files=(BOLETO,))), ("1s", "é essa"))
    assert await card(send).play(conversation) == "answered"
    assert conversation.variables["file"] == BOLETO.model_dump()


STORY = "{id: ask, card: ask_question, text: Conte, answer: text, save_as: story, files_as: photos, settle: 4s}"
PHOTO = BOLETO.model_copy(update={"name": "roteador.jpg", "mime": "image/jpeg"})


@pytest.mark.parametrize(
    ("said", "story", "photos"),
    [
        (["sem luz"], "sem luz", []),
        ([inbound(files=(PHOTO,))], "", [PHOTO]),
        ([inbound("a luz", files=(PHOTO,))], "a luz", [PHOTO]),
        (
            ["sem luz", inbound(files=(PHOTO,)), "desde ontem", inbound(files=(BOLETO,))],
            "sem luz desde ontem",
            [PHOTO, BOLETO],
        ),
    ],
)
async def test_a_text_brings_files_along_where_they_may_come(
    said: list[str | Inbound], story: str, photos: list[FileRef]
) -> None:
    conversation = FakeConversation(*[("1s", what) for what in said], variables={"photos": ["of before"]})
    assert await card(STORY).play(conversation) == "answered"
    assert conversation.variables == {"story": story, "photos": [photo.model_dump() for photo in photos]}


async def test_a_file_alone_is_no_text_where_files_may_not_come() -> None:
    conversation = FakeConversation(("1s", inbound(files=(PHOTO,))), ("1s", "sem luz"))
    await card(STORY.replace(" files_as: photos, settle: 4s", "")).play(conversation)
    assert conversation.data("answer_refused") == [{"attempt": 1, "reason": "file"}]
    assert conversation.variables == {"story": "sem luz"}


async def test_a_text_too_long_is_no_file() -> None:
    conversation = FakeConversation(("1s", inbound("aaa", files=(PHOTO,), truncated=True)), ("1s", "sem luz"))
    await card(STORY).play(conversation)
    assert conversation.data("answer_refused") == [{"attempt": 1, "reason": "too_long"}]
    assert conversation.variables == {"story": "sem luz", "photos": []}


def _ways(question: Card) -> dict[str, str | None]:
    return {way.name: way.target for way in question.ways_out()}


def test_every_exit_is_visible() -> None:
    assert _ways(card(DOCUMENT)) == {"answered": None, "invalid": "person", "no_answer": "bye"}
    assert _ways(card(MENU)) == {
        "answered_segunda_via": "copy",
        "answered": None,
        "invalid": None,
        "no_answer": None,
    }
    assert _ways(card(CONFIRM)) == {"answered_yes": "send", "answered": None, "invalid": "person", "no_answer": None}


def test_only_answered_falls_through() -> None:
    assert [way.name for way in card(MENU).ways_out() if way.falls_through] == ["answered_segunda_via", "answered"]


def test_it_says_what_it_reads_and_sets() -> None:
    assert set(card(MENU).texts()) == {
        "text",
        "pattern_example",
        "options.0.label",
        "options.0.synonyms.0",
        "options.1.label",
        "options.2.label",
    }
    assert card(MENU).expressions() == {"options.1.if": "may_cancel"}
    assert card(INVOICES).expressions() == {"options_from.each": "invoices"}
    assert card(INVOICES).values() == {"options_from.value": "{{ item }}"}
    assert card(INVOICES).names_inside()["options_from.label"] == ("item",)
    assert "options_from.each" not in card(INVOICES).names_inside()
    assert card(DOCUMENT).sets() == {"save_as": "document"}
    assert card(STORY).sets() == {"save_as": "story", "files_as": "photos"}
    assert card(STORY).gives() == {"save_as": "text", "files_as": "list"}


@pytest.mark.parametrize(
    ("yaml", "sentence"),
    [
        (DOCUMENT.replace("save_as: document\n", ""), "needs 'save_as'"),
        (DOCUMENT + "options: [{label: a}]\n", "takes no options"),
        (DOCUMENT + "files_as: photos\n", "only answer 'text' takes files"),
        (DOCUMENT + "pattern: '[0-9]'\n", "only answer 'text' takes a pattern"),
        (CODE.replace("'[A-Z]{2}[0-9]{3}'", "'('"), "not readable"),
        (DOCUMENT.replace("after: 10m", "after: 5m"), "order of their times"),
        (DOCUMENT.replace("exits: {", "exits: {yes: a, "), "only answer 'confirmation'"),
        (INVOICES + "options: [{label: a}]\n", "not both"),
        (CONFIRM.replace("confirmation", "choice").replace("yes: send, ", ""), "needs 'options'"),
        (MENU.replace("value: cancel", "value: segunda_via"), "two options have the same value"),
        (MENU.replace("text:", "title:"), "below a 'text'"),
        (SETTLING.replace("4s", "6m"), "'settle' is 5m at most"),
        (DOCUMENT.replace("cpf_cnpj", "cpf_cnp"), "did you mean 'cpf_cnpj'"),
        (DOCUMENT.replace("attempts: 3", "attempts: 0"), "greater than or equal to 1"),
    ],
)
def test_what_does_not_fit_together_is_refused(yaml: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence.replace("(", r"\(")):
        card(yaml)


@pytest.mark.parametrize("kind", ["number", "money", "cpf", "cnpj", "cpf_cnpj", "email", "phone", "cep", "file"])
async def test_without_invalid_texts_a_refusal_says_what_this_kind_of_answer_expects(kind: str) -> None:
    conversation = FakeConversation(("1m", "hein?"))
    await card(f"{{id: ask, card: ask_question, text: Qual?, answer: {kind}, save_as: value}}").play(conversation)
    assert conversation.heard[1] == getattr(conversation.texts, f"invalid_{kind}")
    assert conversation.data("answer_refused")


async def test_a_date_is_understood_by_the_day_where_the_company_is() -> None:
    conversation = FakeConversation(("14h", "amanhã"))  # 02:00 UTC, 23:00 there
    await card("{id: ask, card: ask_question, text: Quando?, answer: date, save_as: day}").play(conversation)
    assert conversation.variables == {"day": "2026-11-22"}


async def test_a_yes_may_be_followed_by_a_remark() -> None:
    conversation = FakeConversation(("1m", "sim, voltou"))
    ask = "{id: ask, card: ask_question, text: Voltou?, answer: confirmation, exits: {yes: good, no: bad}}"
    assert await card(ask).play(conversation) == "answered_yes"


async def test_a_contact_who_wants_several_options_is_asked_again() -> None:
    conversation = FakeConversation(("1m", "os dois"))
    options = "[{label: Internet, go: a}, {label: TV, go: b}]"
    ask = f"{{id: ask, card: ask_question, text: Qual?, answer: choice, options: {options}}}"
    assert await card(ask).play(conversation) == "no_answer"
    assert [data["reason"] for data in conversation.data("answer_refused")] == ["ambiguous"]


BORN = """
id: born
card: ask_question
text: Quando você nasceu?
answer: date
save_as: born
past: true
timeout: 30m
"""


async def test_days_are_counted_from_when_it_was_said() -> None:
    yesterday = START - timedelta(days=1)
    conversation = FakeConversation(("0s", inbound("hoje").model_copy(update={"at": yesterday})))
    await card(BORN).play(conversation)
    assert conversation.variables["born"] == conversation.local(yesterday).date().isoformat()


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("answer: date\npast: true\nfuture: true", "exclude each other"),
        ("answer: number\npast: true", "'number' has neither 'past' nor 'future'"),
        ("answer: date\nleast: 1", "number and money have"),
        ("answer: date\nact: cancelar", "'date' has neither 'act' nor 'irreversible'"),
        ("answer: money\nleast: 5\nmost: 1", "'least' is 5, and 'most' is 1"),
    ],
)
def test_bounds_that_mean_nothing_are_mistakes(keys: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        card(BORN.replace("answer: date\n", "").replace("past: true", keys))
