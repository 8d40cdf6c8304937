"""Temporal, as commands reach it: soon, or with a sentence that says that it does not answer."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import OperatorError
from runtime.settings import Settings
from runtime.temporal import connect

PATIENCE: Final = timedelta(seconds=5)


@asynccontextmanager
async def reached(settings: Settings) -> AsyncGenerator[Client]:
    """Give a client of the Temporal that answers; OperatorError when none does, or it refuses a call inside."""
    where = f"Temporal at {settings.temporal_address!r}"
    try:
        client = await connect(settings)
        await client.service_client.check_health(timeout=PATIENCE)
    except (RPCError, RuntimeError) as error:
        raise OperatorError(f"{where} does not answer; `prosa up` starts one, temporal.address names one") from error
    try:
        yield client
    except RPCError as error:
        raise OperatorError(f"{where} says: {error.message}") from error


def gone(error: RPCError) -> bool:
    """Say whether a call failed because the workflow is not there, or has ended."""
    return error.status == RPCStatusCode.NOT_FOUND
