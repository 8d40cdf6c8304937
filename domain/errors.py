"""The error tree.

ProsaError
├── AuthorError                 who must look: author
│   ├── FlowError               a flow cannot be read, checked or played
│   │   ├── ExpressionError     a template or condition is not allowed, or cannot be evaluated
│   │   └── LoopError           more cards in one turn, or deeper calls, than the limits allow
│   ├── ForbiddenHostError      a flow calls a host that the settings do not allow
│   ├── SettingsError           prosa.toml or the environment
│   └── UnknownNameError        nothing is registered under a name
├── ContactError                who must look: the contact
│   └── InvalidAnswerError      an answer that a question does not take
├── ProviderError               who must look: the provider
│   ├── InvalidWebhookError     a request that is not the provider's, or not readable
│   ├── SendError               a channel's provider did not take a message
│   │   ├── NotSentError        proven not sent; sending again is safe
│   │   ├── AmbiguousSendError  it may have been sent
│   │   ├── RefusedError        it never will be taken: content, window, recipient, account
│   │   └── CredentialError     our credential was refused
│   ├── HttpError               a call of a flow to another system did not work
│   │   ├── HttpUnavailableError    no answer, or one that says: later; sending again is safe
│   │   ├── HttpAmbiguousError      it may have been taken
│   │   └── HttpMalformedError      an answer that cannot be read: a redirect, too large, cut JSON
│   ├── EmailError              an e-mail to agents or operators was not taken
│   │   ├── EmailUnavailableError   no answer, or one that says: later; a repeat is known by its Message-ID
│   │   └── EmailRefusedError       the mail server says no, or is not safe to talk to
│   └── ErpError                an ERP did not answer an operation
│       ├── ErpUnavailableError     no answer, or one that says: later
│       ├── ErpCredentialError      our credential was refused
│       ├── ErpMalformedError       an answer that is not what its API promises
│       ├── ErpRejectedError        the ERP says no, and says why
│       └── ErpNotFoundError        what was asked for does not exist
└── OperatorError               who must look: us
    ├── MissingProgramError     a program that Prosa starts is not installed
    ├── PortTakenError          another process listens where one of ours should
    ├── FileMissingError        a file reference without its file
    ├── TemporalError           Temporal cannot be reached, or refuses us; says why
    ├── UndeliveredError        a message for good not delivered
    └── MistakeError            Prosa itself did something wrong, outside any card

Each class says whether a retry can help, its stable code, and who must look.
Messages: lower case, no full stop, names with !r, what was expected and what was found.
"""

from datetime import timedelta
from typing import ClassVar, Literal

from domain.temporal_reason import TemporalReason

Audience = Literal["author", "contact", "provider", "us"]


class ProsaError(Exception):
    """Base of all errors that Prosa raises on purpose."""

    code: ClassVar[str] = "prosa"
    retryable: ClassVar[bool] = False
    audience: ClassVar[Audience] = "us"


class AuthorError(ProsaError):
    """Something that a person wrote needs to be mended."""

    code = "author"
    audience = "author"


class FlowError(AuthorError):
    """A flow cannot be read, checked or played."""

    code = "flow"


class ExpressionError(FlowError):
    """A template or a condition is not allowed, or cannot be evaluated."""

    code = "expression"
    at: int | None = None
    """Where in its source, counted in characters, as far as that is known and not said."""


class LoopError(FlowError):
    """A flow plays more cards in one turn, or calls deeper, than the limits allow."""

    code = "loop"


class ForbiddenHostError(AuthorError):
    """A flow calls a host that the settings do not allow, or that leads into a private network."""

    code = "forbidden_host"


class SettingsError(AuthorError):
    """prosa.toml or the environment says something that Prosa does not understand."""

    code = "settings"


class UnknownNameError(AuthorError):
    """Nothing is registered under the name that was asked for."""

    code = "unknown_name"


class ContactError(ProsaError):
    """The contact did something that cannot be taken as it is."""

    code = "contact"
    audience = "contact"


class InvalidAnswerError(ContactError):
    """An answer that the question does not take."""

    code = "invalid_answer"


class ProviderError(ProsaError):
    """A system outside broke the promises of its interface."""

    code = "provider"
    audience = "provider"


class InvalidWebhookError(ProviderError):
    """A request that is not the provider's (*forged*), or that cannot be read."""

    code = "invalid_webhook"

    def __init__(self, message: str, *, forged: bool = False) -> None:
        super().__init__(message)
        self.forged = forged


class SendError(ProviderError):
    """A channel's provider did not take a message."""

    code = "send"

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotSentError(SendError):
    """Proven not sent (refused connection, 429, 503 with Retry-After): sending again is safe."""

    code = "not_sent"
    retryable = True


class AmbiguousSendError(SendError):
    """It may have been sent: read time-out, reset after the request was written, 5xx."""

    code = "ambiguous_send"


class RefusedError(SendError):
    """The provider will never take this message: content, window, recipient or account."""

    code = "refused"


class CredentialError(SendError):
    """The provider refused our credential; a retry helps once somebody has renewed it."""

    code = "credential"
    retryable = True
    audience = "us"


class HttpError(ProviderError):
    """A call of a flow to another system did not work."""

    code = "http"


class HttpUnavailableError(HttpError):
    """No answer, or one that says: later; sending again is safe."""

    code = "http_unavailable"
    retryable = True


class HttpAmbiguousError(HttpError):
    """No answer to a write that may have been taken, and must not be taken twice."""

    code = "http_ambiguous"


class HttpMalformedError(HttpError):
    """An answer that cannot be read: a redirect, too large, packed, cut JSON."""

    code = "http_malformed"


class EmailError(ProviderError):
    """An e-mail to agents or operators was not taken."""

    code = "email"


class EmailUnavailableError(EmailError):
    """No answer, or one that says: later (4xx); should it have been taken all the same, its Message-ID tells so."""

    code = "email_unavailable"
    retryable = True


class EmailRefusedError(EmailError):
    """The mail server says no (5xx) to our login, to every address or to what is written, or has no TLS to trust."""

    code = "email_refused"


class ErpError(ProviderError):
    """An ERP did not answer an operation."""

    code = "erp"


class ErpUnavailableError(ErpError):
    """No answer in time, a broken connection, a 5xx, or an answer that says: later."""

    code = "erp_unavailable"
    retryable = True


class ErpCredentialError(ErpError):
    """The ERP refused our credential (401, 403); a retry helps once somebody has renewed it."""

    code = "erp_credential"
    retryable = True
    audience = "us"


class ErpMalformedError(ErpError):
    """An answer that breaks the ERP's interface (a login page, cut JSON)."""

    code = "erp_malformed"
    retryable = True


class ErpRejectedError(ErpError):
    """The ERP says no, and says why; repeating the call would not change it."""

    code = "erp_rejected"


class ErpNotFoundError(ErpError):
    """The requested record does not exist; an answer, for which the flow has an exit."""

    code = "erp_not_found"


class OperatorError(ProsaError):
    """A fault that the operator has to mend."""

    code = "operator"


class MissingProgramError(OperatorError):
    """A program that Prosa starts is not installed."""

    code = "missing_program"


class PortTakenError(OperatorError):
    """Another process listens where one of ours should."""

    code = "port_taken"


class FileMissingError(OperatorError):
    """A file reference points to a file that the store does not have."""

    code = "file_missing"


class TemporalError(OperatorError):
    """Temporal cannot be reached, or refuses us."""

    code = "temporal"

    def __init__(self, message: str, reason: TemporalReason = "other") -> None:
        super().__init__(message)
        self.reason: TemporalReason = reason


class UndeliveredError(OperatorError):
    """A message was for good not delivered."""

    code = "undelivered"


class MistakeError(OperatorError):
    """Prosa itself did something wrong, outside any card."""

    code = "mistake"
