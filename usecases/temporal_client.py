"""Temporal, as commands reach it: soon, or with a sentence that says that it does not answer."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import OperatorError
from runtime.settings import Settings
from runtime.temporal import connect
from runtime.temporal_diagnosis import diagnose, refusal

PATIENCE: Final = timedelta(seconds=5)


@asynccontextmanager
async def reached(settings: Settings) -> AsyncGenerator[Client]:
    """Give a client of the Temporal that answers; TemporalError when it does not, or knows no such namespace.

    SettingsError when a key or certificate is not there; OperatorError when Temporal refuses a call inside.
    """
    try:
        client = await connect(settings)
        request = DescribeNamespaceRequest(namespace=client.namespace)
        await client.workflow_service.describe_namespace(request, timeout=PATIENCE)
    except (RPCError, RuntimeError) as error:
        raise await diagnose(settings, error) from error
    try:
        yield client
    except RPCError as error:
        if known := refusal(settings, error):
            raise known from error
        raise OperatorError(f"Temporal at {settings.temporal_address!r} says: {error.message}") from error


def gone(error: RPCError) -> bool:
    """Say whether a call failed because the workflow is not there, or has ended."""
    return error.status == RPCStatusCode.NOT_FOUND
