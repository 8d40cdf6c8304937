import re

import pytest

from drawing.picture import placed
from drawing.png import png
from drawing.stylesheet import DARK, rules
from drawing.svg import svg
from flows.flow import Flow
from tests.drawing.geometry import Drawing
from tests.drawing.random_flows import random_flow
from usecases.flow_files import LIBRARY, read

SIZES = dict(enumerate([1, 2, 8, 25, 60]))
MANY = range(100, 150)


@pytest.mark.parametrize("name", [path.stem for path in sorted(LIBRARY.glob("*.yaml"))])
def test_in_drawings_of_the_library_nothing_covers_anything(name: str) -> None:
    assert Drawing(svg(placed(read(LIBRARY / f"{name}.yaml").flow))).flaws() == []


@pytest.mark.parametrize("seed", SIZES)
def test_in_drawings_of_flows_by_lot_nothing_covers_anything(seed: int) -> None:
    flow = random_flow(seed, SIZES[seed])
    drawing = Drawing(svg(placed(flow)))
    assert drawing.flaws() == []
    assert {card.id for card in flow.cards} <= {box.name for box in drawing.cards}


@pytest.mark.long
@pytest.mark.parametrize("seed", MANY)
def test_in_drawings_of_many_flows_by_lot_nothing_covers_anything(seed: int) -> None:
    assert Drawing(svg(placed(random_flow(seed, 8 + seed * 7 % 73)))).flaws() == []


def test_texts_of_any_letters_make_a_drawing_that_can_be_read() -> None:
    strange = '\x07<b>&"\ud800 \u202e\ufffe 漢字 👍\u200d'
    ask = {"id": "ask", "card": "ask_question", "text": strange, "answer": "choice", "title": strange}
    options = [{"label": label, "go": "ask"} for label in ("👍", "\x01", strange)]
    flow = Flow.model_validate({"spec": 1, "flow": "odd", "title": strange, "cards": [{**ask, "options": options}]})
    drawn = svg(placed(flow), style=rules(DARK))
    assert Drawing(drawn).flaws() == []
    assert "👍" in drawn
    assert png(drawn, 0.5).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("broken", "flaw"),
    [
        (r'(data-to="card_1" [^>]*?|class="card" )x="[\d.]+"', "covers"),
        (r'(<path class="line" d=")M[^L]*', "crosses"),
        (r'(class="title" )x="[\d.]+"', "does not fit"),
    ],
)
def test_the_measures_see_what_is_wrong(broken: str, flaw: str) -> None:
    drawn = svg(placed(random_flow(2, 8)))
    moved = re.sub(broken, r"\1M1000 1000" if flaw == "crosses" else r'\1x="10"', drawn)
    assert moved != drawn
    assert any(flaw in one for one in Drawing(moved).flaws())
