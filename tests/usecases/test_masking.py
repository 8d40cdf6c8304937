import time
from datetime import UTC, datetime

import pytest

from domain.message import Inbound
from flows.understanding.documents import CPF, document_of
from usecases.masking import masked, masked_data

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("written", ["529.982.247-25", "52998224725", "529 982 247 25", "529.982.247/25"])
def test_a_cpf_is_masked_however_it_is_written(written: str) -> None:
    assert masked(f"meu cpf é {written}, ok?") == "meu cpf é ***.982.247-**, ok?"


@pytest.mark.parametrize(
    "written",
    [
        "5 2 9 9 8 2 2 4 7 2 5",
        "529,982,247-25",
        "529–982–247–25",
        "529.982.247‐25",
        "529\u00a0982\u00a0247\u00a025",
        "529.982.247\u200b-25",
        "52\u200b998\u2060224725",
        "\uff15\uff12\uff19.982.247-25",
        "529.982.247\n25",
        "529_982_247_25",
    ],
)
def test_a_cpf_that_flows_or_people_read_is_masked(written: str) -> None:
    assert masked(f"12 {written}, 3") == "12 ***.982.247-**, 3"


@pytest.mark.parametrize("written", ["CPF52998224725", "52998224725ok", "CPF529.982.247-25é"])
def test_a_word_written_against_a_cpf_hides_nothing(written: str) -> None:
    assert "***.982.247-**" in masked(written)


def test_whatever_the_answer_cpf_takes_is_masked() -> None:
    for written in ("529 - 982 - 247 - 25", "529./982./247/-25", "5.2.9.9.8.2.2.4.7.2.5", "⁵²⁹⁹⁸²²⁴⁷²⁵"):
        assert document_of(Inbound(message_id="a", at=NOW, text=written), CPF) == "52998224725"
        assert masked(written) == "***.982.247-**"


def test_numbers_and_names_of_data_are_masked() -> None:
    data = {"document": 52998224725, "529.982.247-25": True, "seq": 7}
    assert masked_data(data) == {"document": "***.982.247-**", "***.982.247-**": True, "seq": 7}


def test_a_long_text_is_masked_in_a_moment() -> None:
    began = time.monotonic()
    for piece in ("5 ", "1", "a", "\u200b", "52998224725 ", "9____"):
        masked(piece * (16 * 1024 // len(piece)))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("text", ["529.982.247-26", "5511987654321", "20261121-000001", "R$ 1.234,56", "a52998224725"])
def test_what_is_no_cpf_stays(text: str) -> None:
    assert masked(text) == text


def test_data_is_masked_at_any_depth_but_addresses_are_not() -> None:
    data = {"address": "52998224725", "events": [{"data": {"text": "52998224725", "number": 7}}]}
    assert masked_data(data) == {
        "address": "52998224725",
        "events": [{"data": {"text": "***.982.247-**", "number": 7}}],
    }
