"""The reference of stories: the keys of a file, and every step of a talk."""

import inspect
from typing import Final, cast

from flows.reference.keys import Schema, keys_of
from flows.reference.topic import Chapter, Topic
from stories.schema import story_schema
from stories.steps import ANYTHING, steps
from stories.story import OneOfMany, Stories, Story, World

ABOUT: Final = f"""
A story is a conversation on paper: the contact's acts, and the expected messages of the bot. `prosa flow test` plays
it on the production workflow and shows the first difference. Files stand in the folder `stories` beside the flows.

Every message of the bot is a step of its own, and so is the end; the step `{ANYTHING}` stands for any messages
until the next one. A `*` at the end of a text stands for the rest of it.
"""
MANY: Final = "The keys of the file hold for all of its `stories`, a list."
AMONG: Final = """
Each has `story` and `talk`, and may set the keys listed here, with the same content as above. All other keys are the
file's: a story in another company or on another channel goes into a file of its own.
"""
GIVEN: Final = (
    ("any value", "the answer to every call; `{file: boleto.pdf}` within it is a file"),
    ("`not_found`, `rejected`, `failed`", "the answer is that"),
    ("`{answer: VALUE, after: 6s}`", "it takes its time; beyond the card's `patience` it fails"),
    ("`{calls: [VALUE, VALUE]}`", "one answer for each call, in order"),
)
ANSWERS: Final = """
The answers to calls, by `CONNECTION.OPERATION`, `http.CARD`, `webhook.RECEIVER` or `email.NAME`. A call without
an answer ends the story. The name of a flow instead, with `failed`: that flow cannot be read.
`queue.NAME` is the conversation's place in a queue, as `{position: 3, estimate: 10m}`; without it, it is next, without
an estimate.
"""
_ONE: Final = ("story", "flow", *World.model_fields)
_AMONG: Final = tuple(key for key in OneOfMany.model_fields if key != "talk")


def chapter() -> Chapter:
    """Return it."""
    definitions = cast("Schema", story_schema()["$defs"])
    one, many, among = (cast("Schema", definitions[model.__name__]) for model in (Story, Stories, OneOfMany))
    allowed = keys_of(among, definitions, _AMONG)
    topics = (
        Topic("A file with one story", "`talk` has the steps.", keys=keys_of(one, definitions, _ONE)),
        Topic("A file with several stories", MANY, keys=keys_of(many, definitions, _ONE[1:])),
        Topic("A story among several", AMONG.strip(), keys=tuple(key for key in allowed if key.path in _AMONG)),
        Topic("given", ANSWERS.strip(), rows=GIVEN),
        Topic("Steps", "What the contact does, and what is looked at. One key says which."),
        *(_step(name, definitions) for name in steps),
    )
    return Chapter("stories", "Stories", ABOUT.strip(), topics)


def _step(name: str, definitions: Schema) -> Topic:
    own = cast("Schema", definitions[steps[name].__name__])
    return Topic(name, inspect.getdoc(steps[name]) or "", keys=keys_of(own, definitions), level=3)
