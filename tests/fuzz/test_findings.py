"""A fuzz run notices what it looks for."""

import random
from collections import Counter

import pytest

from domain.message import Inbound
from tests.fuzz import playing
from tests.fuzz.bodies import Bodies
from tests.fuzz.doors import FRONT, Attack, Doors, Row, Visitor
from tests.fuzz.findings import LIMIT, LINE, Findings
from tests.fuzz.shapes import Shapes
from tests.fuzz.siblings import Siblings
from tests.fuzz.signatures import Signatures
from tests.fuzz.wire import Answer, Raw
from tests.interpreter.world import START

RAW = Raw("POST", b"")
SIBLING = Row(FRONT, "m1")


def judged(answer: Answer, *lines: bytes, complete: bool = True, siblings: tuple[Row, ...] = ()) -> dict[str, int]:
    found = Findings(seed=1)
    found.judge(Attack("odd", RAW, siblings, complete), answer, lines)
    return {name: len(mistakes) for name, mistakes in found.mistakes.items() if mistakes}


def test_it_notices_an_answer_that_is_wrong_late_or_missing() -> None:
    assert judged(Answer(400)) == {}
    assert judged(Answer(500)) == {"broken": 1}
    assert judged(Answer(-1)) == {"broken": 1}
    assert judged(Answer(-1), complete=False) == {}
    assert judged(Answer(200, seconds=LIMIT + 1)) == {"slow": 1}


def test_it_notices_a_second_line_and_a_long_one() -> None:
    assert judged(Answer(400), b"x" * LINE) == {}
    assert judged(Answer(400), b"x" * (LINE + 1)) == {"talkative": 1}
    assert judged(Answer(400), b"x", b"x") == {"talkative": 1}


def test_it_notices_a_lost_sibling_and_a_doubled_one() -> None:
    assert judged(Answer(400), siblings=(SIBLING,)) == {"lost": 1}
    siblings = Siblings(0, Doors([]), Findings(seed=1))
    siblings.expect([SIBLING])
    assert siblings.missing(Counter([SIBLING])) == []
    assert len(siblings.missing(Counter())) == 1
    assert len(siblings.missing(Counter([SIBLING, SIBLING]))) == 1


async def test_it_notices_a_message_that_stops_a_conversation() -> None:
    right = Inbound(message_id="a", at=START, text="oi")
    assert await playing.stopped([right], 1, random.Random(1)) == []
    leaves = right.model_copy(update={"text": "sair"})
    assert len(await playing.stopped([leaves], 1, random.Random(1))) == 1


def test_a_seed_draws_the_same_attacks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)

    def drawn(seed: int) -> list[str]:
        doors = Doors([Visitor("s", "a.token-of.twenty-letters")], [f"/events/a.callback-of-{n}" for n in range(200)])
        kinds = [kind(random.Random(seed), doors) for kind in (Bodies, Shapes, Signatures)]
        return [kind.draw().what for kind in kinds for _ in range(150)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
