"""`prosa demo`: everything at once in a folder of its own, to play with; or one scripted customer, and out."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path
from time import monotonic
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape

from domain.errors import OperatorError
from prosa.chat.webchat import Visitor
from prosa.context import application, enter, examples, loaded, run
from prosa.demo import postbox, report
from prosa.demo.customer import Customer, DemoResult
from prosa.terminal import out
from prosa.up import command, plan
from prosa.up.stack import Running, running
from runtime import http
from runtime.settings import FILE
from runtime.shown import one_line
from runtime.wording import clock_now

app = application()

ACCOUNT: Final = "site"
FOLDER: Final = Path("var/demo")
SETTINGS: Final = Path(__file__).with_name("demo.toml")
"""Settings of a new demo folder."""
KEPT: Final = ("PROSA_GATEWAY__", "PROSA_TEMPORAL__PORT", "PROSA_TEMPORAL__UI_PORT", "PROSA_LOG__", "PROSA_FAILPOINTS")
"""Variables that the demo listens to; the others may lead to data that are not its own."""
FREE: Final = {
    "PROSA_GATEWAY__PORT": "0",
    "PROSA_TEMPORAL__PORT": "0",
    "PROSA_TEMPORAL__UI_PORT": "0",
    "PROSA_CONNECTIONS__BILLING__URL": "http://127.0.0.1:0",
}
"""Free ports for everything."""
TAIL: Final = 12
"""Lines of each log that a failure shows."""
LIMIT: Final = 120.0
"""Seconds that the scripted customer may take in all."""


@app.command(epilog=examples("prosa demo", "prosa demo --once", "prosa demo --data /tmp/prosa"))
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Let one scripted customer play, show how it went, and stop.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Folder of its data; default: var/demo, or with --once a new one."),
    ] = None,
) -> None:
    """Play with Prosa: a web chat, a bot and a demo ERP, in a folder of their own."""
    console = out()
    folder = data or (Path(tempfile.mkdtemp(prefix="prosa-demo-")) if once else FOLDER)
    shown = folder if data or once else FOLDER
    _settle_in(folder)
    if once:
        os.environ.update(FREE)
        console.print(f"[dim]everything is kept in[/] {shown}")
        raise typer.Exit(run(_once(console, shown)))
    run(_stay(console, str(shown)))


def _settle_in(folder: Path) -> None:
    """Make *folder* the working directory, with the demo's settings and nothing of the environment's own."""
    for name in list(os.environ):
        if name.startswith("PROSA_") and not name.startswith(KEPT):
            del os.environ[name]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / FILE).exists():
            shutil.copyfile(SETTINGS, folder / FILE)
    except OSError as error:
        raise OperatorError(f"cannot write to {str(folder)!r}: {(error.strerror or '').lower()}") from error
    enter(folder)


async def _stay(console: Console, folder: str) -> None:
    """Stay until stopped; e-mails are shown here, unless the folder's settings have a mail server."""

    def show(message: EmailMessage) -> None:
        text = " ".join(str(message.get_content()).split())
        letter = one_line(f"{message['To']} · {message['Subject']}: {text}")
        console.print(f"[dim]{clock_now()}[/] ✉ {escape(letter)}", soft_wrap=True)

    async with postbox.postbox(show) as port:
        if not loaded().mail.host:
            os.environ.update(postbox.environment(port))
        await command.stay(console, loaded(), with_demo=True, workers=1, otherwise_free=True, folder=folder)


async def _once(console: Console, folder: Path) -> int:
    """Play the conversation; 0 when it went as it should, 1 when not, 130 when it was interrupted."""
    began = monotonic()
    made = await plan.make(loaded(), demo=True, otherwise_free=True)
    try:
        async with running(console, made, fail_fast=True) as everything:
            ready = monotonic() - began
            try:
                result = await _play_customer(console, everything)
            except (OperatorError, TimeoutError) as error:
                _explain(console, str(error), everything.supervisor.tails(TAIL), folder)
                return 1
            calls = await report.erp_calls(made.settings, result.protocol)
            report.show(console, result, ready, calls, folder)
    except asyncio.CancelledError:
        return 130
    return 0


async def _play_customer(console: Console, everything: Running) -> DemoResult:
    async with http.client() as client:
        with console.status("a customer comes in", spinner="dots") as status:
            customer = Customer(
                Visitor(client, everything.url, ACCOUNT),
                Path("received"),
                lambda text: status.update(f"customer: {text}"),
            )
            playing = asyncio.create_task(customer.play())
            try:
                await asyncio.wait({playing}, timeout=LIMIT)
                if not playing.done():
                    raise OperatorError(f"expected the customer to be done within {LIMIT:g} s, still at it")
                return playing.result()
            finally:
                playing.cancel()


def _explain(console: Console, why: str, tails: Iterable[tuple[Path, str]], folder: Path) -> None:
    console.print(f"\n[bold red]✘[/] [red]{escape(why)}[/]")
    for log, tail in tails:
        console.print(f"\n[bold]{folder / log}[/]")
        console.print(f"[dim]{escape(tail)}[/]")
