import base64

import pytest
import zxingcpp
from PIL import Image

from emulators.erps.demo.pix import make_pix
from gateway.webchat.pix import PixCode, pix_in

SCALE = 6
CODE = make_pix(key="pix@redeserrana.example", amount=None, name="Rede Serrana", city="Lages", transaction="F1")


def drawn(pix: PixCode) -> Image.Image:
    """Returns the code as an image, as the page draws it: four modules of margin."""
    packed = base64.b64decode(pix.bits)
    side = (pix.size + 8) * SCALE
    image = bytearray(b"\xff" * side * side)
    for n in range(pix.size**2):
        if packed[n >> 3] >> (7 - n % 8) & 1:
            row, column = (4 + n // pix.size) * SCALE, (4 + n % pix.size) * SCALE
            for line in range(row, row + SCALE):
                image[line * side + column : line * side + column + SCALE] = bytes(SCALE)
    return Image.frombytes("L", (side, side), bytes(image))


def test_a_pix_code_has_a_qr_code_that_a_phone_reads() -> None:
    pix = pix_in(f" {CODE}\n")
    assert pix is not None
    (found,) = zxingcpp.read_barcodes(drawn(pix))
    assert found.text == CODE


@pytest.mark.parametrize(
    "text",
    ["", "oi", f"Pix: {CODE}", CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), CODE.replace("Lages", "Lajes"), CODE * 9],
)
def test_nothing_else_is_a_pix_code(text: str) -> None:
    assert pix_in(text) is None
