import pytest

from runtime.filetypes import HEAD, fetched, known

PDF = "application/pdf"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b" \t\n", b"\xef\xbb\xbf\n", b" " * 900])
def test_a_pdf_may_begin_with_a_byte_order_mark_and_blanks(before: bytes) -> None:
    head = (before + b"%PDF-1.7\n%\xe2\xe3")[:HEAD]
    found = known(head)
    assert found is not None
    assert found.mime == PDF
    assert fetched(head, "boleto.pdf", PDF) == found


@pytest.mark.parametrize("claimed", [PDF, "application/octet-stream", "text/plain", "image/png", ""])
@pytest.mark.parametrize("name", ["boleto.pdf", "boleto", "boleto.bin"])
@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><title>Login</title>",
        b"\xef\xbb\xbf\n <html lang=pt>",
        b"<!-- %PDF-1.7 -->\n<HTML>",
        b'<?xml version="1.0"?><svg onload="alert(1)">',
        b"<html>%PDF-1.7",
    ],
)
def test_a_page_is_no_file_whatever_it_claims_to_be(page: bytes, name: str, claimed: str) -> None:
    assert fetched(page, name, claimed) is None


def test_a_text_is_kept_as_one() -> None:
    found = fetched(b"vencimento;valor\n<html", "contas.csv", "text/csv")
    assert found is not None
    assert found.mime == "text/csv"
