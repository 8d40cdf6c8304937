"""Why Temporal cannot be reached, or refuses us: the doctor has another advice for each."""

from typing import Literal

TemporalReason = Literal[
    "nobody",  # nothing listens at the address, or its name is not known
    "silent",  # something listens, and does not speak as Temporal does
    "no_tls",  # TLS is wanted, and the server has none
    "wants_tls",  # the server wants TLS
    "untrusted",  # its certificate is signed by somebody we do not trust
    "expired",  # its certificate is not valid any more, or not yet
    "server_name",  # its certificate is for another name
    "wants_certificate",  # it wants a certificate of ours
    "certificate_refused",  # it does not take the certificate of ours
    "unauthorized",  # it refuses our API key, or that we have none, or what we are allowed
    "key_expired",  # our API key has expired
    "namespace",  # it does not know the namespace
    "search_attributes",  # search attributes are missing, and it does not let us make them
    "other",
]
