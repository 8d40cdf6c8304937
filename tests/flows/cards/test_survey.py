from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.flows.fakes import RUN_ENDS, START, UNDELIVERED, FakeConversation, RunEndedError, card, inbound

NPS = """
id: rate
card: survey
scale: nps
text: "De 0 a 10, qual é a chance de você recomendar a {{ company.name }}?"
reminders: [{after: 5m, text: "Que nota você dá?"}]
timeout: 30m
"""
WHY = f'{NPS}comment: "Quer contar o motivo?"\n'


async def test_it_asks_for_a_score_and_keeps_it() -> None:
    conversation = FakeConversation(("1m", "9"))
    assert await card(NPS).play(conversation) == "answered"
    assert conversation.heard == ["De 0 a 10, qual é a chance de você recomendar a Conecta?"]
    assert [option.label for option in conversation.said[0].options] == [str(n) for n in range(11)]
    assert conversation.events == [
        ("survey_asked", {"survey": "nps", "lowest": 0, "highest": 10}),
        ("survey_answered", {"survey": "nps", "score": 9}),
    ]


async def test_a_tapped_score_counts() -> None:
    conversation = FakeConversation(("1m", inbound(choice="nps_0")))
    assert await card(NPS).play(conversation) == "answered"
    assert conversation.data("survey_answered") == [{"survey": "nps", "score": 0}]


async def test_it_asks_why_and_keeps_the_comment() -> None:
    conversation = FakeConversation(("1m", "10"), ("1m", " Rápido e fácil! "))
    assert await card(WHY).play(conversation) == "answered"
    assert conversation.heard[1:] == ["Quer contar o motivo?"]
    assert conversation.data("survey_commented") == [{"survey": "nps", "comment": "Rápido e fácil!"}]


@pytest.mark.parametrize("said", ["não", "agora não, obrigada", "deixa pra lá"])
async def test_who_does_not_want_to_say_why_is_left_alone(said: str) -> None:
    conversation = FakeConversation(("1m", "10"), ("1m", said))
    assert await card(WHY).play(conversation) == "answered"
    assert conversation.data("survey_commented") == []


async def test_a_score_counts_when_no_comment_follows() -> None:
    conversation = FakeConversation(("1m", "10"))
    assert await card(WHY).play(conversation) == "answered"
    assert conversation.data("survey_answered") == [{"survey": "nps", "score": 10}]
    assert conversation.now == START + timedelta(minutes=31)


async def test_a_comment_that_is_too_long_is_asked_for_again() -> None:
    conversation = FakeConversation(("1m", "10"), ("1m", inbound("a" * 10, truncated=True)), ("1m", "Ótimo"))
    assert await card(WHY).play(conversation) == "answered"
    assert conversation.data("survey_commented") == [{"survey": "nps", "comment": "Ótimo"}]


async def test_silence_is_reminded_of_and_takes_the_no_answer_exit() -> None:
    conversation = FakeConversation()
    assert await card(NPS).play(conversation) == "no_answer"
    assert conversation.heard[1:] == ["Que nota você dá?"]
    assert conversation.now == START + timedelta(minutes=30)
    assert conversation.data("survey_unanswered") == [{"survey": "nps", "reason": "silence"}]


async def test_a_no_ends_it_at_once() -> None:
    conversation = FakeConversation(("1m", "não, obrigado"))
    assert await card(NPS).play(conversation) == "no_answer"
    assert conversation.now == START + timedelta(minutes=1)
    assert conversation.data("survey_unanswered") == [{"survey": "nps", "reason": "declined"}]


async def test_a_thank_you_is_neither_refused_nor_counted() -> None:
    conversation = FakeConversation(("1m", "obrigada!"), ("1m", "valeu"), ("1m", "👍"), ("1m", "8"))
    assert await card(NPS).play(conversation) == "answered"
    assert conversation.data("answer_refused") == []
    assert len(conversation.heard) == 1


async def test_what_is_no_score_is_refused_once_and_then_left_to_what_follows() -> None:
    conversation = FakeConversation(("1m", "quero a segunda via"), ("1m", "segunda via!"))
    assert await card(NPS).play(conversation) == "no_answer"
    assert conversation.heard[1] == "Para avaliar, responda só com um número de 0 a 10, por favor."
    assert conversation.data("answer_refused") == [{"attempt": 1, "reason": "no_score"}]
    assert conversation.data("survey_unanswered") == [{"survey": "nps", "reason": "not_understood"}]
    assert [message.text for message in conversation.unread] == ["segunda via!"]


async def test_who_says_two_scores_is_asked_again() -> None:
    conversation = FakeConversation(("1m", "9 e 10"), ("1m", "10"))
    assert await card(NPS).play(conversation) == "answered"
    assert conversation.data("survey_answered") == [{"survey": "nps", "score": 10}]


@pytest.mark.parametrize("said", ["9 kkk", "nove rsrs", "acho que 9"])
async def test_a_score_counts_as_people_type_it(said: str) -> None:
    conversation = FakeConversation(("1m", said))
    await card(NPS).play(conversation)
    assert conversation.data("survey_answered") == [{"survey": "nps", "score": 9}]


async def test_a_refused_answer_lets_the_waiting_begin_anew() -> None:
    conversation = FakeConversation(("29m", "hum"), ("29m", "7"))
    assert await card(NPS).play(conversation) == "answered"


async def test_the_flow_may_say_how_it_refuses() -> None:
    conversation = FakeConversation(("1m", "hum"), ("1m", "7"))
    await card(f'{NPS}invalid: ["Só um número, de 0 a 10:"]').play(conversation)
    assert conversation.heard[1] == "Só um número, de 0 a 10:"
    assert conversation.said[1].options == conversation.said[0].options


@pytest.mark.parametrize(("first", "exit_"), [("9", "answered"), ("não", "no_answer")])
async def test_it_is_asked_once_a_conversation(first: str, exit_: str) -> None:
    conversation = FakeConversation(("1m", first))
    assert await card(NPS).play(conversation) == exit_
    conversation.forget()
    assert await card(NPS).play(conversation) == exit_
    assert len(conversation.heard) == 1


async def test_who_cannot_be_reached_is_not_waited_for() -> None:
    conversation = FakeConversation(("1s", UNDELIVERED))
    assert await card(NPS).play(conversation) == "no_answer"
    assert conversation.data("survey_unanswered") == [{"survey": "nps", "reason": "undelivered"}]


async def test_a_new_run_does_not_ask_again_and_waits_only_for_what_is_left() -> None:
    conversation = FakeConversation(("10m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(NPS).play(conversation)
    following = conversation.continued()
    assert await card(NPS).play(following) == "no_answer"
    assert following.heard == []
    assert following.now == START + timedelta(minutes=30)


async def test_a_new_run_waits_for_the_comment_when_the_score_is_there() -> None:
    conversation = FakeConversation(("1m", "9"), ("1m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(WHY).play(conversation)
    following = conversation.continued(("1m", "Foi rápido"))
    assert await card(WHY).play(following) == "answered"
    assert following.heard == []
    assert following.data("survey_commented") == [{"survey": "nps", "comment": "Foi rápido"}]


def test_an_unknown_scale_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="unknown survey 'npss'"):
        card(NPS.replace("scale: nps", "scale: npss"))
