"""Metrics for Prometheus: every process has all of them, and counts its own part."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

REGISTRY: Final = CollectorRegistry()
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_FAST: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_SLOW: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

ACKNOWLEDGEMENTS: Final = Histogram(
    "prosa_acknowledgement_seconds",
    "From a provider's request to our answer, when what it brought is safe.",
    ["account"],
    buckets=_FAST,
    registry=REGISTRY,
)
RECEIVED: Final = Counter(
    "prosa_messages_received", "Messages of contacts, repeats left out.", ["account"], registry=REGISTRY
)
REPEATED: Final = Counter(
    "prosa_messages_repeated", "Messages that a provider handed in more than once.", ["account"], registry=REGISTRY
)
REFUSED: Final = Counter(
    "prosa_requests_refused",
    "Requests of providers that were refused, by status.",
    ["account", "status"],
    registry=REGISTRY,
)
TURNS: Final = Histogram(
    "prosa_turn_seconds",
    "From the moment a conversation reads a message until what it says has been handed to the provider.",
    ["account"],
    buckets=_SLOW,
    registry=REGISTRY,
)
SENT: Final = Counter(
    "prosa_messages_sent",
    "Messages to contacts, by the state in which a delivery left them.",
    ["account", "state"],
    registry=REGISTRY,
)
CALLS: Final = Histogram(
    "prosa_erp_call_seconds",
    "Attempts to call an ERP, by outcome: ok, not_found, rejected, or the code of the error.",
    ["connection", "operation", "outcome"],
    buckets=_SLOW,
    registry=REGISTRY,
)
HTTP_CALLS: Final = Histogram(
    "prosa_http_call_seconds",
    "Attempts to call other systems and the mail server, by card or receiver and by outcome, as for an ERP.",
    ["called", "outcome"],
    buckets=_SLOW,
    registry=REGISTRY,
)
FAILURES: Final = Counter(
    "prosa_activity_failures",
    "Attempts of any activity that failed, by the code of the error.",
    ["activity", "code"],
    registry=REGISTRY,
)


def page() -> bytes:
    """Return everything that this process has counted, in Prometheus's text format."""
    return generate_latest(REGISTRY)
