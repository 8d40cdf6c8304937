"""A flow, or the changes in it, as a picture: SVG, PNG or HTML."""

from html import escape
from typing import Final

from drawing.chart import Node
from drawing.jumps import with_jumps
from drawing.placing import Placed, place
from drawing.png import png
from drawing.reading import chart, compared, node_of
from drawing.stylesheet import LIGHT, both, rules
from drawing.svg import alone, svg
from drawing.words import Words
from flows.cards.base import Card, Symbol
from flows.flow import Flow

FORMS: Final = ("svg", "png", "html")
_PAGE: Final = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body {{ margin: 0 }} svg {{ display: block; margin: auto }}</style>
{picture}</html>
"""


def placed(flow: Flow, before: Flow | None = None, language: str = "") -> Placed:
    """Return the drawing of *flow*, compared with *before* if that is given; FlowError for a target that is not there.

    The words that are not the author's are in *language*, else in the flow's own.
    """
    return place(with_jumps(compared(before, flow, language) if before else chart(flow, language)))


def picture(flow: Flow, form: str, language: str = "") -> bytes:
    """Return the drawing of *flow* as a file; other flows are looked for beside it, in the same form."""
    drawn = placed(flow, language=language)
    if form == "png":
        return png(svg(drawn, style=rules(LIGHT)))
    text = svg(drawn, style=both(), flow_link=lambda name: f"{name}.{form}")
    if form == "html":
        text = _PAGE.format(language=drawn.chart.language, title=escape(drawn.chart.title), picture=text)
    return text.encode()


def symbol(kind: str, looks: Symbol, language: str = "en", style: str | None = None) -> bytes:
    """Return the symbol of a type of card as SVG, with its name; no *style* for a page that brings one."""
    named = Node(kind, looks, Words(language).kind(kind, looks), kind)
    return alone(named, style=both() if style is None else style).encode()


def sample(card: Card) -> bytes:
    """Return *card* as drawings show it, as SVG for a page that brings the style."""
    return alone(node_of(card), style="").encode()
