import pytest

from emulators.erps.demo.documents import InvalidDocumentError, format_document, parse_document


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("529.982.247-25", "52998224725"),
        ("01234567890", "01234567890"),
        ("11.444.777/0001-61", "11444777000161"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
    ],
)
def test_a_document_is_found_with_and_without_punctuation(text: str, compact: str) -> None:
    assert parse_document(text) == compact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "5299822472",
        "52998224724",
        "11444777000160",
        "12ABC34501DE36",
        "11111111111",
        "00000000000",
        "00000000000000",
        "529982247250",
    ],
)
def test_a_document_with_wrong_check_digits_is_refused(text: str) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        parse_document(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("text", ["529.982.247-25", "11.444.777/0001-61", "12.ABC.345/01DE-35"])
def test_a_document_is_printed_with_its_punctuation(text: str) -> None:
    assert format_document(parse_document(text)) == text
