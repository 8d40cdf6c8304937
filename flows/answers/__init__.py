"""One file a kind of answer: the file's name is what flows write after `answer:`."""

import sys
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from flows.answers.base import answers
from flows.suggestion import nearest_or_all

answers.discover(sys.modules[__name__])


def _known(name: str) -> str:
    if name not in answers:
        raise ValueError(f"unknown answer {name!r}{nearest_or_all(name, answers)}")
    return name


AnswerName = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(answers)})]
"""The name of a kind of answer."""
