"""Stories as a reference page: what a file says, and every step of a talk."""

import inspect
from typing import Any, Final, cast

from flows.schema import story_schema
from flows.steps import ANYTHING, steps
from prosa.reference_cards import Schema, keys_table

HEAD: Final = f"""# Stories

A story is a conversation on paper: what the contact does, and what the bot is expected to say. `prosa flow test` plays
it on the production workflow and shows the first difference. Files stand in the folder `stories` beside the flows.

Every message of the bot is a step of its own, and so is the end; the step `{ANYTHING}` stands for whatever the bot says
until the next one. A `*` at the end of a text stands for the rest of it.
"""

MANY: Final = "What the file says holds for all of its `stories`; each has `story` and `talk`, and may say more."

GIVEN: Final = """## given

By `CONNECTION.OPERATION`, what it answers:

| written | means |
|---|---|
| any value | the answer to every call; `{file: boleto.pdf}` within it is a file |
| `not_found`, `rejected`, `failed` | the answer is that |
| `{answer: VALUE, after: 6s}` | it takes its time; beyond the card's `patience` it fails |
| `{calls: [VALUE, VALUE]}` | one answer for each call, in order |

A call without an answer ends the story. The name of a flow instead, with `failed`: that flow cannot be read.
"""


def page() -> str:
    """Return the page."""
    schema = story_schema()["$defs"]
    one, many = (cast("Schema", schema[name]) for name in ("Story", "Stories"))
    order = ("story", "flow", "given", "undelivered", "contact", "company", "channel")
    parts = [
        HEAD.rstrip(),
        f"## A file with one story\n\n{keys_table(one, schema, order)}\n\n`talk` has the steps.",
        f"## A file with several stories\n\n{MANY}\n\n{keys_table(many, schema, order[1:])}",
        GIVEN.rstrip(),
        "## Steps",
        *(_step(name, schema) for name in steps),
    ]
    return "\n\n".join(parts)


def _step(name: str, schema: dict[str, Any]) -> str:
    own = cast("Schema", schema[steps[name].__name__])
    return f"### {name}\n\n{inspect.getdoc(steps[name])}\n\n{keys_table(own, schema, tuple(own['properties']))}"
