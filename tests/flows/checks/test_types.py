import pytest

from flows.answers import answers
from flows.check import Finding, Installation, Operation, load_and_check
from flows.reader import read_flow
from flows.types import TYPES, fits

INSTALLATION = Installation(
    tables={"connections": ["billing"]},
    operations={
        "billing": {
            "find": Operation({}, {"anyOf": [{"type": "object"}, {"type": "null"}]}),
            "list": Operation({}, {"type": "array"}),
            "any": Operation({}, {"anyOf": [{"type": "object"}, {"type": "string"}]}),
        }
    },
)
CALLED = read_flow(
    "{spec: 1, flow: called, variables: {amount: {type: money}, city: {type: text}}, cards: [{id: a, card: close}]}",
    "called",
)


def misfits(type_: str, *cards: str, default: str = "") -> list[Finding]:
    """Check a flow whose variable `x` is declared as *type_*."""
    said = f", default: {default}" if default else ""
    text = (
        f"spec: 1\nflow: demo\nfallback: end\nvariables:\n  x: {{type: {type_}{said}}}\n  y: {{type: list}}\ncards:\n"
    )
    text += "".join(f"  - {card}\n" for card in (*cards, "{id: z, card: close}"))
    found = load_and_check(text, "f.yaml", INSTALLATION, {"called": CALLED})[1]
    return [finding for finding in found if finding.code == "P209"]


def keeps(value: str) -> str:
    return f"{{id: a, card: set_variable, set: {{x: {value}}}}}"


ASK = "{id: a, card: ask_question, text: Qual?, answer: %s, save_as: x, timeout: 1h}"
CHOOSE = "{id: a, card: ask_question, text: Qual?, answer: choice, save_as: x, timeout: 1h, options: [%s]}"
CALL = "{id: a, card: erp_call, connection: billing, operation: %s, save_as: x}"


@pytest.mark.parametrize(
    ("type_", "card", "gets"),
    [
        ("number", ASK % "email", "email"),
        ("phone", ASK % "email", "email"),
        ("record", ASK % "text", "text"),
        ("text", ASK % "confirmation", "confirmation"),
        ("number", CHOOSE % "{label: Um, value: 1}, {label: Dois}", "text"),
        ("text", CALL % "find", "record"),
        ("record", CALL % "list", "list"),
        ("text", "{id: a, card: business_hours, save_as: x}", "record"),
        ("list", "{id: a, card: await_interaction, timeout: 1h, save_as: x}", "record"),
        ("number", keeps("dez"), "text"),
        ("boolean", keeps("'sim'"), "text"),
        ("text", keeps("5"), "number"),
        ("text", keeps("[a]"), "list"),
        ("text", keeps("true"), "boolean"),
        ("number", keeps('"{{ y }}"'), "list"),
        ("number", keeps('"{{ contact.name }}!"'), "text"),
        ("text", keeps('"{{ y | length }}"'), "number"),
        ("number", keeps("\"{{ contact.name ~ '!' }}\""), "text"),
        ("text", keeps("\"{{ y == 'a' }}\""), "boolean"),
        ("number", keeps("\"{{ 'a' if y else 'b' }}\""), "text"),
        ("list", "{id: a, card: run_flow, flow: called, outputs: {x: amount}}", "money"),
        ("any", "{id: a, card: run_flow, flow: called, inputs: {city: 5}}", "number"),
    ],
)
def test_what_is_known_not_to_fit_is_found(type_: str, card: str, gets: str) -> None:
    (finding,) = misfits(type_, card)
    assert finding.sentence.endswith(f", and gets {gets}")
    assert finding.line == 8
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("type_", "card"),
    [
        ("any", ASK % "email"),
        ("text", ASK % "email"),
        ("cpf_cnpj", ASK % "cpf"),
        ("email", ASK % "text"),
        ("number", ASK % "rating"),
        ("boolean", ASK % "confirmation"),
        ("file", ASK % "image"),
        ("text", CHOOSE % "{label: Um}, {label: Dois, value: '2'}"),
        ("record", CALL % "find"),
        ("number", CALL % "any"),
        ("number", keeps("'89.90'")),
        ("text", keeps("null")),
        ("number", keeps("''")),
        ("text", keeps('"{{ now | date }}"')),
        ("number", keeps('"{{ y | first }}"')),
        ("number", keeps('"{{ contact.name }}"')),
        ("number", keeps("\"{{ 'a' if y else 1 }}\"")),
        ("number", "{id: a, card: http_request, url: https://x.example, save_as: x}"),
        ("money", "{id: a, card: run_flow, flow: called, inputs: {amount: '10.00'}, outputs: {x: amount}}"),
    ],
)
def test_what_fits_or_may_fit_is_no_finding(type_: str, card: str) -> None:
    assert misfits(type_, card) == []


def test_a_default_has_to_fit_too() -> None:
    assert [finding.line for finding in misfits("number", keeps("1"), default="muito")] == [5]
    assert misfits("number", keeps("1"), default="0") == []


def test_without_the_catalogue_only_what_the_flow_says_itself_is_judged() -> None:
    text = f"spec: 1\nflow: a\nfallback: end\nvariables: {{x: {{type: text}}}}\ncards:\n  - {CALL % 'list'}\n"
    assert load_and_check(text, "f.yaml")[1] == []


def test_every_type_is_at_last_something_general() -> None:
    for name in TYPES:
        assert fits(name, name)
        assert fits(name, "any")
        assert sum(fits(name, general) for general in ("text", "number", "boolean", "list", "record")) in {1, 5}


def test_what_an_answer_also_is_is_a_type() -> None:
    assert {answers[name].also for name in answers} <= {*TYPES, ""}
