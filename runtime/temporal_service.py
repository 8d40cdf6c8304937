"""The connection to Temporal: its key and its certificates can be replaced while everything that uses it goes on."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog
from google.protobuf.message import Message
from temporalio.client import Client
from temporalio.service import ConnectConfig, ServiceClient, ServiceResponse, TLSConfig
from temporalio.worker import Worker

from domain.errors import SettingsError
from runtime.build import identity
from runtime.settings import Settings
from runtime.temporal_credentials import Credentials, read

RENEWAL: Final = 10.0
"""Seconds after which keys and certificates are read anew."""
_CONNECT: Final = timedelta(seconds=10)

log = structlog.get_logger()


class Service(ServiceClient):
    """Passes each call to a connection, which another one replaces when certificates are renewed."""

    def __init__(self, config: ConnectConfig, inner: ServiceClient, settings: Settings, used: Credentials) -> None:
        super().__init__(config)
        self._inner = inner
        self._settings = settings
        self._used = used

    @classmethod
    async def open(cls, settings: Settings, *, lazy: bool) -> "Service":
        """Connect now or, *lazy*, at the first call; RuntimeError when that fails, SettingsError without a secret."""
        used = read(settings)
        config = _config(settings, used, lazy=lazy)
        return cls(config, await ServiceClient.connect(config), settings, used)

    async def renew(self) -> bool:
        """Use the present secrets; return whether the connection is new. The old one stays when this raises."""
        found = read(self._settings)
        if found == self._used:
            return False
        reconnect = replace(found, api_key="") != replace(self._used, api_key="")
        if reconnect:
            config = _config(self._settings, found, lazy=False)
            self._inner, self.config = await ServiceClient.connect(config), config
        else:
            self.update_api_key(found.api_key)
        self._used = found
        return reconnect

    @property
    def worker_service_client(self) -> Any:
        """The connection itself, for workers, which poll by it."""
        return self._inner.worker_service_client

    def update_rpc_metadata(self, metadata: Mapping[str, str | bytes]) -> None:
        """Send other headers from now on."""
        self._inner.update_rpc_metadata(metadata)

    def update_api_key(self, api_key: str | None) -> None:
        """Send another API key from now on."""
        self._inner.update_api_key(api_key)

    async def _rpc_call(  # noqa: PLR0913 the SDK's signature
        self,
        rpc: str,
        req: Message,
        resp_type: type[ServiceResponse],
        *,
        service: str,
        retry: bool,
        metadata: Mapping[str, str | bytes],
        timeout: timedelta | None,  # noqa: ASYNC109 the same
    ) -> ServiceResponse:
        return await self._inner._rpc_call(  # noqa: SLF001 what a ServiceClient has to override
            rpc, req, resp_type, service=service, retry=retry, metadata=metadata, timeout=timeout
        )


@contextlib.asynccontextmanager
async def renewing(client: Client, settings: Settings, workers: Sequence[Worker] = ()) -> AsyncGenerator[None]:
    """While inside, let *client* and *workers* take renewed keys and certificates; nothing without any."""
    if not settings.temporal.tls:
        yield
        return
    task = asyncio.create_task(_watch(client, workers))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _watch(client: Client, workers: Sequence[Worker]) -> None:
    service = client.service_client
    if not isinstance(service, Service):
        return
    while True:
        await asyncio.sleep(RENEWAL)
        try:
            if await service.renew():
                for worker in workers:
                    worker.client = client  # the same, with another connection inside
                log.info("temporal_certificates_renewed")
        except (SettingsError, RuntimeError) as error:  # RuntimeError: the SDK cannot connect with them, or not now
            log.warning("temporal_renewal_failed", error=str(error))


def _config(settings: Settings, used: Credentials, *, lazy: bool) -> ConnectConfig:
    section = settings.temporal
    tls = TLSConfig(
        server_root_ca_cert=used.ca.encode() or None,
        domain=section.tls_server_name or None,
        client_cert=used.certificate.encode() or None,
        client_private_key=used.key.encode() or None,
    )
    return ConnectConfig(
        target_host=settings.temporal_address,
        api_key=used.api_key or None,
        tls=tls if section.tls else False,
        identity=identity(),
        lazy=lazy,
        connect_timeout=_CONNECT,
    )
