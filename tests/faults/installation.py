"""What whoever installs Prosa prepares: prosa.toml, its secrets, and the flow that is published."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import yaml

from flows.flow import Flow
from journal import flows
from journal.database import Database

FLOWS: Final = Path(__file__).parent / "flows"
SECRET: Final = "a secret that both sides know"
SECRETS: Final = {"PROSA_SECRET_WIRE": SECRET, "PROSA_SECRET_BILLING": "demo-token"}
RULES: Final[Mapping[str, tuple[str, str]]] = {
    "keyed": ("careful", "idempotent = true"),
    "again": ("plain", 'after_crash = "send_again"'),
    "once": ("plain", 'after_crash = "leave_unknown"'),
}
"""One account for each rule of what becomes of a message that was cut off while it was sent, and its provider."""

SETTINGS: Final = """
data = "{data}"

[database]
url = "{database}"

[temporal]
address = "{temporal}"

[conversation]
grace_seconds = {grace}
turns_per_run = {turns}

[connections.billing]
erp = "demo"
url = "{erp_url}"
token = "secret://billing"

[accounts.site]
channel = "webchat"
flow = "{flow}"
"""

ACCOUNT: Final = """
[accounts.{account}]
channel = "http"
flow = "{flow}"
url = "{provider_url}"
secret = "secret://wire"
{rule}
"""


def write(  # noqa: PLR0913 - what clusters differ in
    folder: Path,
    *,
    flow: str,
    provider_urls: Mapping[str, str],
    erp_url: str,
    temporal: str,
    grace: float,
    turns: int,
    database: str = "",
) -> Path:
    """Write *folder*/prosa.toml and return it; data goes below *folder*, the database too if *database* is empty."""
    content = SETTINGS.format(
        data=folder / "var",
        temporal=temporal,
        grace=grace,
        turns=turns,
        erp_url=erp_url,
        database=database,
        flow=flow,
    )
    for account, (provider, rule) in RULES.items():
        url = f"{provider_urls[provider]}/messages"
        content += ACCOUNT.format(account=account, flow=flow, provider_url=url, rule=rule)
    file = folder / "prosa.toml"
    file.write_text(content, encoding="utf-8")
    return file


async def publish(database: Database, flow: str) -> None:
    """Publish the flow in `flows/`*flow*`.yaml`."""
    parsed = Flow.model_validate(yaml.safe_load((FLOWS / f"{flow}.yaml").read_text(encoding="utf-8")))
    async with database.write() as connection:
        await flows.publish(
            connection,
            name=parsed.flow,
            version=parsed.fingerprint({}),
            content=parsed.dump(),
            calls={},
            by="the fault run",
            now=datetime.now(UTC),
        )
