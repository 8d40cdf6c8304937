"""The longest texts that contacts may write are read well within the two seconds that a workflow has for a task."""

import time
from contextlib import suppress
from datetime import date

import pytest

from domain.errors import InvalidAnswerError
from domain.limits import LIMITS
from flows.answers.base import answers
from flows.parts.question import Choice, Question
from tests.flows.fakes import inbound

QUESTION = Question(
    choices=tuple(Choice(id=f"o{number}", label=f"Opção número {number}", value=number) for number in range(10)),
    yes=("sim",),
    no=("nao",),
    today=date(2026, 12, 1),
)
MOST = 0.25
"""Seconds of CPU; a step whose time grows with the square of the text takes more."""


@pytest.mark.parametrize("piece", ["☀", "☀ ", "1@", "1 ", "a ", ".", "*", "(", "a@", "1/1/", "ﷺ", "não "])
@pytest.mark.parametrize("kind", list(answers))
def test_the_longest_text_is_read_in_a_moment(kind: str, piece: str) -> None:
    text = (piece * LIMITS.message_text).encode()[: LIMITS.message_text - 2].decode(errors="ignore")
    times: list[float] = []
    for _ in range(2):
        began = time.process_time()
        with suppress(InvalidAnswerError):
            answers[kind]().hear(inbound(f"a{text}b"), QUESTION)
        times.append(time.process_time() - began)
    assert min(times) < MOST
