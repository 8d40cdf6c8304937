import pytest

from flows.check import check
from flows.checks.finding import Finding
from flows.checks.installation import Installation, Operation
from flows.flow import Flow
from flows.reader import read_flow

OPEN = {"type": "object", "additionalProperties": True}
OURS = Installation(
    tables={"connections": ["billing"], "accounts": ["site"]},
    operations={"billing": {"cancel": Operation(OPEN, proof=True), "find": Operation(OPEN)}},
)
CANCEL = "{id: cancel, card: erp_call, connection: billing, operation: cancel, next: end}"
ADDRESS = 'card: confirm_identity, by: address, connection: billing, customer: "C-1"'


def flow(*cards: str, name: str = "f", more: str = "") -> Flow:
    lines = "\n".join(f"  - {card}" for card in cards)
    return read_flow(f"spec: 1\nflow: {name}\nfallback: end\n{more}cards:\n{lines}\n", f"{name}.yaml")


PROVES = flow(f"{{id: prove, {ADDRESS}}}", name="verify")
GREETS = flow("{id: hi, card: send_message, text: Oi}", name="greet")


def found(*cards: str, more: str = "", installation: Installation = OURS) -> list[Finding]:
    known = {one.flow: one for one in (PROVES, GREETS)}
    return [one for one in check(flow(*cards, more=more), installation, known) if one.code == "P315"]


def test_an_operation_that_wants_a_proof_is_found_where_a_way_leads_to_it_without() -> None:
    (finding,) = found(CANCEL)
    assert (finding.card, finding.key, finding.severity) == ("cancel", "operation", "warning")
    assert "'cancel'" in finding.sentence


@pytest.mark.parametrize(
    "cards",
    [
        (f"{{id: prove, {ADDRESS}, exits: {{refused: end, impossible: end, failed: end}}}}", CANCEL),
        ("{id: verify, card: run_flow, flow: verify}", CANCEL),
        (CANCEL.replace("operation: cancel", "operation: find"),),
    ],
    ids=["a card before", "a flow before", "another operation"],
)
def test_it_is_not_found_behind_a_proof(cards: tuple[str, ...]) -> None:
    assert found(*cards) == []


@pytest.mark.parametrize("way", ["refused", "impossible", "failed"])
def test_only_the_exit_confirmed_proves(way: str) -> None:
    exits = {"refused": "end", "impossible": "end", "failed": "end", way: "cancel"}
    written = ", ".join(f"{name}: {target}" for name, target in exits.items())
    assert len(found(f"{{id: prove, {ADDRESS}, exits: {{{written}}}}}", CANCEL)) == 1


def test_another_flow_does_not_prove() -> None:
    assert len(found("{id: hi, card: run_flow, flow: greet}", CANCEL)) == 1


def test_a_keyword_leads_around_a_proof() -> None:
    cards = (f"{{id: prove, {ADDRESS}, exits: {{refused: end, impossible: end, failed: end}}}}", CANCEL)
    assert len(found(*cards, more="keywords: {menu: cancel}\n")) == 1


def test_where_the_settings_want_no_proof_nothing_is_found() -> None:
    trusting = Installation(tables=OURS.tables, operations={"billing": {"cancel": Operation(OPEN)}})
    assert found(CANCEL, installation=trusting) == []
