"""`python -m drawing`: takes an order in JSON on stdin, and answers with SVG, in a process that may take its time."""

import os
import sys
from typing import Final

from drawing.order import Order
from drawing.picture import placed
from drawing.svg import svg

_NICENESS: Final = 10


def main() -> None:
    """Draw one order."""
    os.nice(_NICENESS)
    order = Order.model_validate_json(sys.stdin.buffer.read())
    drawn = placed(order.flow, order.before, order.language)
    answer = svg(drawn, flow_link=lambda name: order.links.get(name, ""), card_link=lambda id_: f"#card-{id_}")
    sys.stdout.buffer.write(answer.encode())


if __name__ == "__main__":
    main()
