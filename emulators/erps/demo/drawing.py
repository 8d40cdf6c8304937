"""What a slip is drawn with: labelled boxes, bar code, QR code, cutting lines; lengths in millimetres."""

import segno
from fpdf import FPDF

INK = 20
GREY = 105
RULE = 0.2
PADDING = 1.2

# FEBRABAN: Interleaved 2 of 5, 103 x 13 mm (Prosa's ERP reference, section 4.3).
BARCODE_WIDTH = 103.0
BARCODE_HEIGHT = 13.0
WIDE_TO_NARROW = 3


class Sheet(FPDF):
    """An A4 page in whose fonts Portuguese can be written: Latin-1, anything else becomes a question mark."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_line_width(RULE)
        self.add_page()

    def write_at(  # noqa: PLR0913 a text has a place, a size and a look
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        grey: bool = False,
        width: float = 0,
        align: str = "L",
    ) -> None:
        """Write one line below `y`; with `width` it is aligned in it, and set smaller until it fits."""
        if not text:
            return
        self.set_text_color(GREY if grey else INK)
        shown = text.encode("latin-1", "replace").decode("latin-1")
        self.set_font("Helvetica", "B" if bold else "", size)
        while width and self.get_string_width(shown) > width:
            size -= 0.25
            self.set_font_size(size)
        self.set_xy(x, y)
        self.cell(width or None, size * 0.4, shown, align=align)

    def box(  # noqa: PLR0913 a box has a place, a label and a value
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        label: str,
        value: str = "",
        *,
        align: str = "L",
        bold: bool = False,
    ) -> None:
        """Draw a field of a form: frame, small label above, value below."""
        self.rect(x, y, width, height)
        inner = width - 2 * PADDING
        self.write_at(x + PADDING, y + 0.8, label, size=6, grey=True, width=inner)
        self.write_at(x + PADDING, y + height - 4.3, value, size=9, bold=bold, width=inner, align=align)

    def cut_line(self, x: float, y: float, width: float) -> None:
        """Draw a dashed line to cut along."""
        self.set_draw_color(GREY)
        self.set_dash_pattern(dash=1.5, gap=1)
        self.line(x, y, x + width, y)
        self.set_dash_pattern()
        self.set_draw_color(0)

    def bar_code(self, x: float, y: float, digits: str) -> None:
        """Draw an even number of digits as an Interleaved 2 of 5 code of 103 x 13 mm."""
        # A pair of digits is 6 narrow and 4 wide bars, the start 4 narrow, the stop 1 wide and 2 narrow.
        modules = len(digits) // 2 * (6 + 4 * WIDE_TO_NARROW) + 4 + WIDE_TO_NARROW + 2
        self.set_fill_color(0)
        self.interleaved2of5(digits, x, y, w=BARCODE_WIDTH / modules * WIDE_TO_NARROW, h=BARCODE_HEIGHT)

    def qr_code(self, x: float, y: float, size: float, text: str) -> None:
        """Draw a QR code of `size`, its quiet zone of four modules included."""
        code = segno.make_qr(text, error="m")
        rows = [list(row) for row in code.matrix_iter(border=4)]
        module = size / len(rows)
        self.set_fill_color(0)
        for line, row in enumerate(rows):
            for start, length in _runs(row):
                # A hair more than a module, so that no viewer shows seams between rows.
                self.rect(x + start * module, y + line * module, length * module, module + 0.02, "F")


def _runs(row: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs
