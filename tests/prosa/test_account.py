"""`prosa account`: the link to a chat page, and its QR code."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.prosa.conftest import Prosa

ADDRESS = "http://127.0.0.1:8080/webchat/site?ref=balc%C3%A3o+2"


def test_the_qr_code_leads_to_the_page_with_its_referral(prosa: Prosa, folder: Path) -> None:
    answer = prosa("account", "link", "site", "--referral", "balcão 2", "-o", "qr.png")
    assert answer.exit_code == 0
    assert ADDRESS in answer.output
    assert "no entry of the account is for 'balcão 2'" in answer.output
    assert "✔ qr.png" in answer.stdout
    [code] = zxingcpp.read_barcodes(Image.open(folder / "qr.png"))
    assert code.text == ADDRESS


def test_without_a_referral_it_is_the_page(prosa: Prosa, folder: Path) -> None:
    answer = prosa("account", "link", "site", "-o", "qr.svg")
    assert answer.stdout.splitlines() == ["http://127.0.0.1:8080/webchat/site", "✔ qr.svg"]
    assert (folder / "qr.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_an_address_of_this_machine_says_so(prosa: Prosa, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = prosa("account", "link", "site")
    assert answer.stdout == "http://127.0.0.1:8080/webchat/site\n"
    assert "leads to this machine only: say in prosa.toml where others reach it, gateway.public_url" in answer.stderr
    monkeypatch.setenv("PROSA_GATEWAY__PUBLIC_URL", "https://conversa.example.com")
    answer = prosa("account", "link", "site")
    assert (answer.stdout, answer.stderr) == ("https://conversa.example.com/webchat/site\n", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sites"], "there is no account 'sites'"),
        (["site", "-o", "qr.jpg"], "expected a file that ends in .svg or .png"),
        (["site", "-o", "nowhere/qr.png"], "cannot write"),
    ],
)
def test_what_cannot_be_is_named(prosa: Prosa, arguments: list[str], sentence: str) -> None:
    answer = prosa("account", "link", *arguments)
    assert answer.exit_code == 2
    assert sentence in " ".join(answer.output.split())
