"""Expressions: syntax, names, every filter."""

import inspect
from typing import Final

from flows.expressions.filters import filters
from flows.reference.topic import Chapter, Topic

ABOUT: Final = """
`{{ total | money }}` within a text, or bare after `if:` and `each:` (`total > 100`). A key whose whole value is one
`{{ expression }}` keeps its type: a list stays a list. There are no loops, calls or sums: other systems calculate, a
flow says what came of it. What goes wrong takes the card's exit `failed`, else the flow's `fallback`.
"""
WRITTEN: Final = (
    ("`customer.name`", "a part of a record; nothing when it has none"),
    ("`invoices[0]`", "an element of a list, counted from 0; `[-1]` is the last one"),
    ("`'text'`, `12.5`, `true`, `none`, `['a', 'b']`", "values as they are"),
    ("`'Olá, ' ~ contact.name`", "texts joined"),
    ("`total == 10`, `!=`, `<`, `<=`, `>`, `>=`", "comparisons; the text `89.90` is the number"),
    ("`'fibra' in plans`, `not in`", "whether a list, a record or a text has it"),
    ("`total > 10 and plans`, `or`, `not`", "conditions joined; nothing, 0 and what is empty count as no"),
    ("`'sim' if plans else 'não'`", "one or the other"),
    ("`customer is defined`, `customer is none`", "whether it has a value"),
    ("`total | money`, `due | date('short')`", "a filter, with an argument in brackets where it takes one"),
)
NAMES: Final = (
    ("`answers.CARD`", "the answer to a question, by the id of its card, kept in a variable or not"),
    ("`company.name`", "what `[company]` of the settings says"),
    ("`contact.address`", "the number or address on the channel"),
    ("`contact.document`", "CPF or CNPJ, where an `update_contact` has kept it; likewise those below"),
    ("`contact.email`", "the e-mail address"),
    ("`contact.language`", "the language that they speak, `pt-BR`, as the channel or a flow has said; may be empty"),
    ("`contact.fields`", "what else was kept: `contact.fields.plan`"),
    ("`contact.links`", "who the contact is in other systems: `contact.links.billing`"),
    ("`contact.name`", "what the channel calls the contact, or an `update_contact`; may be empty"),
    ("`contact.phone`", "the telephone number"),
    ("`conversation.account`", "where the contact writes, as the settings call it"),
    ("`conversation.channel`", "on which channel: `webchat`"),
    ("`conversation.id`", "for other systems; people use the protocol number"),
    ("`conversation.opened_at`", "when it began, by the company's clock"),
    ("`conversation.priority`", "`low`, `normal`, `high` or `urgent`"),
    ("`conversation.protocol`", "its protocol number"),
    ("`conversation.referral`", "by which link, QR code or advertisement the contact came; may be empty"),
    ("`conversation.tags`", "the list of its tags"),
    (
        "`conversation.window_open`",
        "whether the contact has said something in the last 24 hours, so that WhatsApp and Messenger take free text",
    ),
    ("`now`", "date and time, by the company's clock"),
)


def chapter() -> Chapter:
    """Return it."""
    topics = (
        Topic("What may be written", "", rows=WRITTEN),
        Topic("Names that are always there", "Beside the variables of the flow:", rows=NAMES),
        Topic("Filters", "", rows=tuple((_call(name), _about(name)) for name in filters)),
    )
    return Chapter("expressions", "Expressions", ABOUT.strip(), topics)


def _call(name: str) -> str:
    return f"`{name}(...)`" if filters[name].arguments else f"`{name}`"


def _about(name: str) -> str:
    return " ".join((inspect.getdoc(filters[name].apply) or "").split())
