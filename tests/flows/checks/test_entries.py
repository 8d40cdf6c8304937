"""What is wrong with the ways into an account."""

import pytest

from domain.entry import Entry
from flows.checks.entries import check_entries
from flows.flow import Flow

PROMO = Entry(flow="f", says=("promo",))


@pytest.mark.parametrize(
    ("ways", "found"),
    [
        ([PROMO, Entry(flow="g", says=("Promo!",))], "says: 'Promo!' is never heard: entry 1 takes it, by says"),
        ([Entry(flow="f", mentions=("via",)), Entry(flow="g", says=("segunda via",))], "entries.2.says: 'segunda via'"),
        ([Entry(flow="f", referral=("a", "a"))], "entries.1.referral: 'a' is there already"),
        ([Entry(flow="f", missed_call=True), Entry(flow="g", missed_call=True)], "2.missed_call is never heard"),
        ([Entry(flow="f", says=("?!",))], "entries.1.says: '?!' has no word in it"),
    ],
)
def test_what_is_never_taken_is_named(ways: list[Entry], found: str) -> None:
    [finding] = check_entries("site", ways, {})
    assert finding.code == "P311"
    assert found in finding.sentence


@pytest.mark.parametrize(
    "ways",
    [
        [PROMO, Entry(flow="g", mentions=("promo",)), Entry(flow="h", referral=("promo",))],
        [Entry(flow="f", says=("segunda via",)), Entry(flow="g", mentions=("via",))],
        [Entry(flow="f", missed_call=True), Entry(flow="g", referral=("a", "b"))],
    ],
)
def test_a_narrower_way_may_come_before_a_wider_one(ways: list[Entry]) -> None:
    assert list(check_entries("site", ways, {})) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("1.234,56", "input 'price': expected '1234.56', as it is kept, found '1.234,56'"),
        ("caro", "input 'price': expected money, found 'caro'"),
        ("1234.56", ""),
    ],
)
def test_inputs_of_an_entry_are_written_as_they_are_kept(value: str, found: str) -> None:
    flow = Flow.load(
        {
            "spec": 1,
            "flow": "f",
            "variables": {"price": {"type": "money", "input": True}},
            "cards": [{"id": "bye", "card": "close"}],
        }
    )
    ways = [Entry(flow="f", says=("promo",), inputs={"price": value})]
    sentences = [finding.sentence for finding in check_entries("site", ways, {"f": flow})]
    assert len(sentences) == bool(found)
    assert all(found in sentence for sentence in sentences)
