"""The table `[temporal]` of prosa.toml: Temporal's address, namespace and credentials."""

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from runtime.sections import Section

_HOST_AND_PORT: Final = re.compile(r"[^\s/:]+:[0-9]{1,5}|\[[0-9a-fA-F:.]+\]:[0-9]{1,5}")


def _host_and_port(value: str) -> str:
    if value and not _HOST_AND_PORT.fullmatch(value):
        raise ValueError("expected host:port")
    return value


class TemporalSection(Section):
    """The Temporal server; without an address `prosa up` starts its own."""

    address: Annotated[str, AfterValidator(_host_and_port)] = ""
    """`host:port`; empty: our own, on this machine."""
    namespace: str = "default"
    """One that is there; on our own Temporal it is made."""
    tls: bool = False
    """Whether it is spoken to by TLS, as Temporal Cloud and every cluster that others can reach want it."""
    tls_ca: str = ""
    """Authority of its certificate: a PEM file, or `secret://name`; empty: those that this machine trusts."""
    tls_server_name: str = ""
    """The name in its certificate, where that is not the host of `address`."""
    tls_certificate: str = ""
    """Our own certificate, where Temporal asks for one (mutual TLS): a PEM file, or `secret://name`."""
    tls_key: str = ""
    """The private key of our certificate: a PEM file, or `secret://name`."""
    api_key: str = ""
    """API key for Temporal, best as `secret://name`."""
    retention_days: int = Field(default=7, ge=1)
    """How long our own Temporal keeps ended workflows; any other has a retention of its own."""
    ui: str = ""
    """Address of its pages, for links, where it is not ours: `https://temporal.example`."""
    ui_port: int = Field(default=8233, ge=0, le=65535)
    """Port of the pages of our own Temporal."""
    port: int = Field(default=7233, ge=0, le=65535)
    """Port of our own Temporal."""

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("expected tls_certificate and tls_key, or neither")
        needs = ("tls_ca", "tls_server_name", "tls_certificate", "api_key")
        if not self.tls and (given := [name for name in needs if getattr(self, name)]):
            raise ValueError(f"expected tls = true where there is {given[0]}")
        if self.tls and not self.address:
            raise ValueError("expected an address where tls = true; the Temporal that `prosa up` starts has no TLS")
        return self
