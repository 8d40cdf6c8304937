"""The slip as a PDF page: above, the payer's receipt with the Pix code; below, the bank's part."""

from datetime import date
from decimal import Decimal

from emulators.erps.demo import beneficiary
from emulators.erps.demo.documents import format_document
from emulators.erps.demo.drawing import Sheet
from emulators.erps.demo.records import Copy
from emulators.erps.demo.store import BRASILIA

LEFT = 15.0
WIDTH = 180.0
RIGHT = 48.0
ROW = 9.0
NOTICE = "DEMONSTRAÇÃO: documento fictício, sem valor. Não pague."
LATE = (
    "Após o vencimento, multa de 2% e juros de 1% ao mês, calculados pelo banco.",
    "Pague também com Pix: o código está no recibo do pagador.",
)


def render_slip(copy: Copy) -> bytes:
    """Return the PDF of a second copy: one A4 page, the same bytes for the same copy every time."""
    sheet = Sheet()
    sheet.set_creation_date(copy.issued_at)
    sheet.set_title(f"Boleto {copy.number}")
    sheet.set_author(beneficiary.NAME)
    sheet.set_lang("pt-BR")
    _receipt(sheet, copy)
    sheet.cut_line(LEFT, 126, WIDTH)
    _bank_part(sheet, copy, 134)
    return bytes(sheet.output())


def _receipt(sheet: Sheet, copy: Copy) -> None:
    sheet.write_at(LEFT, 15, beneficiary.NAME, size=18, bold=True)
    provider = f"CNPJ {format_document(beneficiary.DOCUMENT)}  |  {beneficiary.ADDRESS}"
    sheet.write_at(LEFT, 24, provider, size=8.5, grey=True)
    sheet.write_at(LEFT, 32, NOTICE, size=8.5, bold=True)
    third = WIDTH / 3
    sheet.box(LEFT, 40, WIDTH, 11, "Pagador", _payer(copy))
    sheet.box(LEFT, 51, third, 11, "Fatura", copy.number, bold=True)
    sheet.box(LEFT + third, 51, third, 11, "Vencimento", _day(copy.due), bold=True)
    sheet.box(LEFT + 2 * third, 51, third, 11, "Valor", _money(copy), bold=True)
    sheet.qr_code(LEFT - 3, 66, 50, copy.pix)
    column = LEFT + 52
    sheet.write_at(column, 70, "Pague com Pix", size=13, bold=True)
    sheet.write_at(column, 77, "Aponte a câmera do aplicativo do seu banco para o código,", size=9)
    sheet.write_at(column, 81.5, "ou copie e cole no aplicativo:", size=9)
    for line, start in enumerate(range(0, len(copy.pix), 64)):
        sheet.write_at(column, 88 + 4 * line, copy.pix[start : start + 64], size=8, grey=True)
    sheet.write_at(LEFT, 119, "Recibo do pagador", size=7, grey=True, width=WIDTH, align="R")


def _bank_part(sheet: Sheet, copy: Copy, top: float) -> None:
    sheet.write_at(LEFT, top + 0.5, beneficiary.BANK_NAME, size=12, bold=True)
    sheet.set_line_width(0.5)
    sheet.line(LEFT + 38, top - 1, LEFT + 38, top + 7)
    sheet.line(LEFT + 56, top - 1, LEFT + 56, top + 7)
    sheet.line(LEFT, top + 7, LEFT + WIDTH, top + 7)
    sheet.set_line_width(0.2)
    sheet.write_at(LEFT + 38, top, beneficiary.BANK_CODE, size=14, bold=True, width=18, align="C")
    sheet.write_at(LEFT + 58, top + 0.7, copy.digitable_line, size=12, bold=True, width=WIDTH - 58, align="R")
    y = top + 7
    for wide, narrow in _rows(copy):
        _row(sheet, y, wide, narrow)
        y += ROW
    _instructions(sheet, y)
    y += 5 * ROW
    sheet.box(LEFT, y, WIDTH, 11, "Pagador", _payer(copy))
    sheet.write_at(
        LEFT,
        y + 12,
        "Autenticação mecânica - Ficha de compensação",
        size=7,
        grey=True,
        width=WIDTH,
        align="R",
    )
    # At least 5 mm of white before a bar code.
    sheet.bar_code(LEFT + 5, y + 18, copy.barcode)


def _rows(copy: Copy) -> list[tuple[list[tuple[float, str, str]], tuple[str, str]]]:
    owner = f"{beneficiary.NAME} - CNPJ {format_document(beneficiary.DOCUMENT)}"
    issued = _day(copy.issued_at.astimezone(BRASILIA).date())
    paper = [(30.0, "Data do documento", issued), (32.0, "Nº do documento", copy.number)]
    paper += [(22.0, "Espécie doc.", "DS"), (16.0, "Aceite", "N"), (32.0, "Data do processamento", issued)]
    money = [(30.0, "Uso do banco", ""), (32.0, "Carteira", beneficiary.WALLET)]
    money += [(22.0, "Espécie", "R$"), (16.0, "Quantidade", ""), (32.0, "Valor", "")]
    our_number = f"{beneficiary.WALLET}/{copy.number:0>11}"
    return [
        (
            [(132.0, "Local de pagamento", "Pagável em qualquer banco até o vencimento")],
            ("Vencimento", _day(copy.due)),
        ),
        (
            [(132.0, "Beneficiário", owner)],
            ("Agência / Código do beneficiário", f"{beneficiary.AGENCY} / {beneficiary.ACCOUNT}"),
        ),
        (paper, ("Nosso número", our_number)),
        (money, ("(=) Valor do documento", _money(copy))),
    ]


def _row(sheet: Sheet, y: float, wide: list[tuple[float, str, str]], narrow: tuple[str, str]) -> None:
    x = LEFT
    for width, label, value in wide:
        sheet.box(x, y, width, ROW, label, value)
        x += width
    label, value = narrow
    sheet.box(x, y, RIGHT, ROW, label, value, align="R", bold=True)


def _instructions(sheet: Sheet, y: float) -> None:
    sheet.box(LEFT, y, WIDTH - RIGHT, 5 * ROW, "Instruções (texto de responsabilidade do beneficiário)")
    for line, text in enumerate((*LATE, "", NOTICE)):
        sheet.write_at(LEFT + 1.2, y + 6 + 5 * line, text, size=9, bold=text == NOTICE)
    labels = (
        "(-) Desconto",
        "(-) Outras deduções",
        "(+) Mora / Multa",
        "(+) Outros acréscimos",
        "(=) Valor cobrado",
    )
    for line, label in enumerate(labels):
        sheet.box(LEFT + WIDTH - RIGHT, y + line * ROW, RIGHT, ROW, label)


def _payer(copy: Copy) -> str:
    return f"{copy.payer} - {format_document(copy.payer_document)}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _money(copy: Copy) -> str:
    return f"R$ {Decimal(copy.cents).scaleb(-2):,.2f}".translate(str.maketrans(",.", ".,"))
