import pytest

from domain.template import MessageTemplate, approvable


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("Olá!", ()),
        ("{{b}} e {{ a }} e {{ b }}", ("b", "a")),
        ("Vence em {{ 2 }}, {{1}}", ("2", "1")),
    ],
)
def test_its_parameters_are_its_places(text: str, parameters: tuple[str, ...]) -> None:
    template = MessageTemplate(name="t", language="pt_BR", category="utility", text=approvable(text))
    assert template.parameters == parameters


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "expected words"),
        ("{{ name }} {{1}}", "all have names, or the numbers"),
        ("Olá, {{ 2 }}", "numbers 1 to 1"),
        ("Olá, {{ 0 }}", "other braces"),
        ("Olá, {{ name | upper }}", "other braces"),
        ("Olá, {name}", "other braces"),
        ("{{ name }} {{ other }}", "expected words"),
    ],
)
def test_what_no_provider_would_approve_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        approvable(text)


def test_what_a_parameter_says_is_not_read_as_a_place() -> None:
    template = MessageTemplate(name="t", language="pt_BR", category="utility", text="{{ a }}, {{ b }}!")
    assert template.filled({"a": "{{ b }}", "b": "x"})[0] == "{{ b }}, x!"
