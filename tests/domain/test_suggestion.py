"""Suggestions of a name in the place of an unknown one."""

import pytest

from domain.suggestion import nearest, nearest_or_all
from flows.cards.base import cards
from runtime.temporal_section import TemporalSection


@pytest.mark.parametrize(
    ("written", "meant"),
    [("tls_cert", "tls_certificate"), ("tls_cer", "tls_certificate"), ("tls_c", "tls_ca"), ("adress", "address")],
)
def test_a_setting_is_suggested_that_begins_as_the_written_one(written: str, meant: str) -> None:
    assert nearest(written, TemporalSection.model_fields) == f", did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("send_mesage", "send_message"),
        ("ask_questions", "ask_question"),
        ("sned_message", "send_message"),
        ("set_varaible", "set_variable"),
    ],
)
def test_a_card_is_suggested_whose_name_has_a_slip(written: str, meant: str) -> None:
    assert nearest(written, cards) == f", did you mean {meant!r}?"


@pytest.mark.parametrize("name", list(cards))
def test_a_card_without_one_of_its_letters_is_suggested(name: str) -> None:
    for left_out in range(len(name)):
        assert nearest(name[:left_out] + name[left_out + 1 :], cards) == f", did you mean {name!r}?"


def test_likeness_weighs_more_than_a_short_common_beginning() -> None:
    assert nearest("sent_at", ("sender", "set_at")) == ", did you mean 'set_at'?"


def test_nothing_is_suggested_when_no_name_is_near() -> None:
    assert nearest("zzz", ("timeout", "retries")) == ""
    assert nearest("", ("timeout",)) == ""
    assert nearest_or_all("zzz", ("timeout", "retries")) == "; there are timeout, retries"
