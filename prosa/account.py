"""`prosa account`: the addresses under which contacts reach the accounts."""

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlencode

import segno
import typer
from rich.markup import escape

from channels.base import channels
from channels.webchat import Webchat
from domain.errors import OperatorError, UnknownNameError
from domain.suggestion import nearest_or_all
from prosa.context import application, examples, located
from prosa.terminal import out, warn
from runtime.settings import Settings

app = application("The accounts on which contacts reach you.")

KINDS: Final = (".svg", ".png")
SCALE: Final = 10
"""Pixels of a module of the QR code."""


@app.callback()
def accounts() -> None:
    """Look at the accounts on which contacts reach you."""


@app.command(
    epilog=examples(
        "prosa account link site",
        "prosa account link site --referral recepcao -o recepcao.svg",
        "prosa account link site -o qr.png",
    )
)
def link(
    account: Annotated[str, typer.Argument(help="A web chat, as prosa.toml calls it.")],
    *,
    referral: Annotated[
        str,
        typer.Option(metavar="NAME", help="The referral of contacts who use this link, for entry points and flows."),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write its QR code: FILE.svg or FILE.png.")
    ] = None,
) -> None:
    """Print the address of a chat page, and write its QR code to print or to put on a page."""
    settings = located()
    address = address_of(settings, account, referral)
    out().print(address, soft_wrap=True, highlight=False)
    if output is not None:
        write(address, output)
        out().print(f"[green]✔[/] {escape(str(output))}")
    if not settings.gateway.public_url:
        warn(f"{address} leads to this machine only: say in prosa.toml where others reach it, gateway.public_url")
    named = {name for entry in settings.accounts[account].entries for name in entry.referral}
    if referral and referral not in named:
        unknown = escape(f"no entry of the account is for {referral!r}; flows know it as conversation.referral")
        out().print(f"[yellow]•[/] {unknown}")


def address_of(settings: Settings, account: str, referral: str) -> str:
    """Return the address of the page of *account*, with *referral*; OperatorError when it has no page."""
    if account not in settings.accounts:
        raise UnknownNameError(
            f"there is no account {account!r} in the settings{nearest_or_all(account, settings.accounts)}"
        )
    channel = settings.accounts[account].channel
    if channel != channels.name_of(Webchat):
        raise OperatorError(f"account {account!r} has no page: its channel is {channel!r}, expected 'webchat'")
    base = (settings.gateway.public_url or settings.gateway.local_url).rstrip("/")
    return f"{base}/webchat/{account}" + (f"?{urlencode({'ref': referral})}" if referral else "")


def write(address: str, file: Path) -> None:
    """Write the QR code of *address* into *file*, whose name says the kind; OperatorError when it cannot be."""
    if file.suffix not in KINDS:
        raise OperatorError(f"expected a file that ends in {' or '.join(KINDS)}, found {file.name!r}")
    try:
        segno.make(address, error="m", micro=False).save(str(file), scale=SCALE)
    except OSError as error:
        raise OperatorError(f"cannot write {str(file)!r}: {(error.strerror or '').lower()}") from error
