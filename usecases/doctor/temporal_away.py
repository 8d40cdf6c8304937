"""Findings for a Temporal that cannot be reached or refuses us, with the mend for each reason."""

from typing import Final

from domain.errors import ProsaError, TemporalError
from domain.temporal_reason import TemporalReason
from runtime.settings import Settings
from usecases.doctor.finding import Finding, trouble

_WHY: Final = "no conversation goes on; what contacts write is kept in the inbox and answered when Temporal is back"
_TAKEN: Final = "gateway and workers take what you write there by themselves, within ten seconds"
_MENDS: Final[dict[TemporalReason, tuple[str, ...]]] = {
    "nobody": ("start Temporal (`prosa up` starts one), or mend temporal.address",),
    "silent": ("mend temporal.address: another program listens there, or a proxy that does not speak HTTP/2",),
    "no_tls": ("take `tls` out of [temporal] if nobody else can listen on the way there; else give that server TLS",),
    "wants_tls": ("write `tls = true` under [temporal]",),
    "untrusted": (
        "write who has signed it under temporal.tls_ca: a PEM file, or secret://name",
        "if you did not expect this, somebody else may answer in its place: ask who runs that Temporal",
    ),
    "expired": ("renew the certificate of that Temporal; if it is good, set the clock of this machine",),
    "server_name": ("write the name that stands in its certificate under temporal.tls_server_name",),
    "wants_certificate": ("write our certificate and its key under temporal.tls_certificate and temporal.tls_key",),
    "certificate_refused": (
        "renew what temporal.tls_certificate and temporal.tls_key name, signed by whom that Temporal trusts",
        _TAKEN,
    ),
    "unauthorized": (
        "write a key that may read and write in this namespace where temporal.api_key says; look at the namespace too",
        _TAKEN,
    ),
    "key_expired": ("make a new key, and write it where temporal.api_key says", _TAKEN),
    "namespace": (
        "mend temporal.namespace; on Temporal Cloud it is `name.account`",
        "or make it: `temporal operator namespace create --retention 7d --namespace NAME`",
    ),
}


def away(settings: Settings, error: ProsaError) -> Finding:
    """Return the trouble with a Temporal that *error* keeps us from."""
    mend = _MENDS.get(error.reason) if isinstance(error, TemporalError) else None
    other = f"start Temporal (`prosa up` starts one), or mend [temporal]; its address is {settings.temporal_address!r}"
    return trouble("temporal", str(error), _WHY, *(mend or [other]))
