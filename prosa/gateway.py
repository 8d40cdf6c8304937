"""`prosa gateway`: webhooks, web chat and the company's own pages, at one address."""

from console import routes
from gateway import process
from prosa.context import application, examples, loaded
from runtime import logging

app = application()


@app.command(epilog=examples("prosa gateway", "prosa -C var/demo gateway"))
def gateway() -> None:
    """Serve webhooks, web chat and the company's own pages at one address, until told to stop."""
    settings = loaded()
    logging.configure(settings.log, "gateway")
    process.run(settings, routes.routes)
