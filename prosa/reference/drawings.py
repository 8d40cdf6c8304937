"""The pictures of the reference: every flow of the library, and the symbol of every card."""

from collections.abc import Iterator

from drawing.picture import picture, symbol
from flows.cards import cards
from usecases.flow_files import LIBRARY, read


def page() -> str:
    """Return the page that shows the flows of the library."""
    head = (
        "# Flows of the library\n\nWhat comes with Prosa, as `prosa flow draw` draws it. "
        "Amber lines turn back, dotted ones lead where the flow's `fallback` says; in large flows a line may end in "
        "the name of the card where it goes on."
    )
    return "\n\n".join([head, *_sections()])


def files() -> dict[str, bytes]:
    """Return the pictures by the names of their files."""
    drawn = {f"flows/{path.stem}.svg": picture(read(path).flow, "svg") for path in sorted(LIBRARY.glob("*.yaml"))}
    return drawn | {f"symbols/{name}.svg": symbol(name, cards[name].symbol) for name in cards}


def _sections() -> Iterator[str]:
    for path in sorted(LIBRARY.glob("*.yaml")):
        flow = read(path).flow
        yield (
            f"## {flow.title or flow.flow}\n\n`{flow.flow}`, {len(flow.cards)} cards.\n\n"
            f"[![{flow.title or flow.flow}](flows/{flow.flow}.svg)](flows/{flow.flow}.svg)"
        )
