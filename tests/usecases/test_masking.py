import pytest

from usecases.masking import masked, masked_data


@pytest.mark.parametrize("written", ["529.982.247-25", "52998224725", "529 982 247 25", "529.982.247/25"])
def test_a_cpf_is_masked_however_it_is_written(written: str) -> None:
    assert masked(f"meu cpf é {written}, ok?") == "meu cpf é ***.982.247-**, ok?"


@pytest.mark.parametrize("text", ["529.982.247-26", "5511987654321", "20261121-000001", "R$ 1.234,56", "a52998224725"])
def test_what_is_no_cpf_stays(text: str) -> None:
    assert masked(text) == text


def test_data_is_masked_at_any_depth_but_addresses_are_not() -> None:
    data = {"address": "52998224725", "events": [{"data": {"text": "52998224725", "number": 7}}]}
    assert masked_data(data) == {
        "address": "52998224725",
        "events": [{"data": {"text": "***.982.247-**", "number": 7}}],
    }
