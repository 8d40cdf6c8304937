import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, cast

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from emulators.erps.demo.pdf import render_slip
from emulators.erps.demo.records import Copy
from emulators.erps.demo.store import Store

DPI = 300


class Bitmap(Protocol):
    def to_pil(self) -> Image.Image: ...


class Text(Protocol):
    def get_text_range(self) -> str: ...


class Page(Protocol):
    """What is used here of pypdfium2's page, whose own signatures are not typed."""

    def render(self, *, scale: float) -> Bitmap: ...

    def get_textpage(self) -> Text: ...


def page_of(pdf: bytes) -> Page:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return cast("Page", document[0])


def print_page(pdf: bytes) -> Image.Image:
    return page_of(pdf).render(scale=DPI / 72).to_pil()


def words_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", page_of(pdf).get_textpage().get_text_range())


def issue(store: Store, invoice: str) -> Copy:
    return store.issue(invoice, f"key of {invoice}")[0]


@pytest.mark.parametrize("invoice", ["F-5001", "F-4906", "F-5004", "F-5005", "F-5007"])
def test_a_scanner_reads_bar_code_and_pix_from_the_printed_page(store: Store, invoice: str) -> None:
    copy = issue(store, invoice)
    found = {code.format: code for code in zxingcpp.read_barcodes(print_page(render_slip(copy)))}
    assert found[zxingcpp.BarcodeFormat.ITF].text == copy.barcode
    assert found[zxingcpp.BarcodeFormat.QRCode].text == copy.pix


def test_the_bar_code_is_103_by_13_millimetres(store: Store) -> None:
    image = print_page(render_slip(issue(store, "F-5001")))
    code = zxingcpp.read_barcode(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.ITF]))
    assert code is not None
    dots_a_millimetre = DPI / 25.4
    place = code.position
    width = (place.bottom_right.x - place.top_left.x) / dots_a_millimetre
    assert width == pytest.approx(103, abs=1)
    middle = (place.top_left.x + place.bottom_right.x) // 2
    column = next(x for x in range(middle, middle + 20) if image.getpixel((x, place.top_left.y + 20)) == (0, 0, 0))
    dark = 0
    for y in range(place.top_left.y - 40, place.top_left.y + 200):
        dark += image.getpixel((column, y)) == (0, 0, 0)
    assert dark / dots_a_millimetre == pytest.approx(13, abs=0.3)


def test_the_page_says_who_pays_whom_what_and_when(store: Store) -> None:
    words = words_of(render_slip(issue(store, "F-5004")))
    assert "Padaria Pão Quente Ltda - 11.444.777/0001-61" in words
    assert "Rede Serrana Telecom Ltda - CNPJ 11.222.333/0001-81" in words
    assert words.count("R$ 1.234,56") == 2
    assert words.count("05/12/2026") == 2
    assert "não pague" in words.lower()


def test_the_page_shows_the_digitable_line_to_be_copied(store: Store) -> None:
    copy = issue(store, "F-5001")
    assert copy.digitable_line in words_of(render_slip(copy))


def test_a_long_accented_name_stays_whole(store: Store) -> None:
    words = words_of(render_slip(issue(store, "F-5007")))
    assert words.count("José Antônio da Conceição Guimarães Magalhães - 390.533.447-05") == 2


def test_the_alphanumeric_cnpj_keeps_its_letters(store: Store) -> None:
    assert "12.ABC.345/01DE-35" in words_of(render_slip(issue(store, "F-5005")))


def test_the_same_copy_always_gives_the_same_bytes(store: Store) -> None:
    copy = replace(issue(store, "F-5001"), issued_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    first = render_slip(copy)
    assert first.startswith(b"%PDF-")
    assert b"/CreationDate (D:20260102030405Z" in first
    assert render_slip(copy) == first
