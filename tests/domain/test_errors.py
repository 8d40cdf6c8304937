import inspect
import re

import pytest

from domain import errors
from domain.errors import InvalidWebhookError, ProsaError, SendError

CLASSES = {
    name: found
    for name, found in inspect.getmembers(errors, inspect.isclass)
    if found.__module__ == errors.__name__ and issubclass(found, ProsaError)
}
NODE = re.compile(r"^(?P<bars>[│├└─ ]*)(?P<name>[A-Z]\w*Error)\b")


def drawn() -> dict[str, str]:
    """Return each class that the docstring draws, and its parent."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := NODE.match(line):
            depth = len(found["bars"]) // 4
            path[depth:] = [found["name"]]
            parents[found["name"]] = path[depth - 1] if depth else "Exception"
    return parents


def test_the_tree_that_the_docstring_draws_is_the_tree() -> None:
    assert drawn() == {name: found.__bases__[0].__name__ for name, found in CLASSES.items()}


def test_every_code_is_stable_unique_and_its_own() -> None:
    codes = {name: found.__dict__.get("code") for name, found in CLASSES.items()}
    assert [name for name, code in codes.items() if not code] == []
    assert len(set(codes.values())) == len(codes)


def test_a_code_is_its_class_in_words() -> None:
    spelled = {name: re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Error")).lower() for name in CLASSES}
    assert {name: found.code for name, found in CLASSES.items()} == spelled


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_who_must_look_is_drawn_for_the_branch_and_holds_in_it(name: str) -> None:
    found = CLASSES[name]
    if found is ProsaError:
        return
    branch: type[ProsaError] = next(known for known in found.__mro__ if known.__bases__ == (ProsaError,))
    line = next(line for line in (errors.__doc__ or "").splitlines() if f"─ {branch.__name__} " in line)
    assert line.partition("who must look: ")[2].removeprefix("the ").strip() == branch.audience
    assert found.audience in {branch.audience, "us"}


def test_every_error_is_documented() -> None:
    assert [name for name, found in CLASSES.items() if not (found.__doc__ or "").strip()] == []


def test_a_send_error_may_say_when_to_come_back_and_a_webhook_error_whether_it_is_forged() -> None:
    assert SendError("later").retry_after is None
    assert not InvalidWebhookError("unreadable").forged
    assert InvalidWebhookError("not theirs", forged=True).forged
