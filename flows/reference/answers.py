"""Every kind of answer."""

import inspect

from flows.answers import answers
from flows.reference.topic import Chapter, Topic


def chapter() -> Chapter:
    """Return them."""
    about = "What `answer:` of an `ask_question` may say, and what each kind understands."
    return Chapter("answers", "Answers", about, tuple(_topic(name) for name in answers))


def _topic(name: str) -> Topic:
    sensitive = "\n\nPersonal data: declare its variable as `sensitive`." if answers[name].sensitive else ""
    return Topic(name, f"{inspect.getdoc(answers[name])}{sensitive}")
