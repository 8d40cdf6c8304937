"""All kinds of events as one type, and how a row of the journal is read as one of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Union, get_args

from pydantic import Field, TypeAdapter, ValidationError

from domain.events.callbacks import (
    EventAwaited,
    EventExpected,
    EventMissed,
)
from domain.events.calls import (
    EmailSent,
    ErpCalled,
    HttpCalled,
    OutreachMade,
    WebhookPosted,
)
from domain.events.contacts import (
    ContactLinked,
    ContactRefused,
    ContactUpdated,
)
from domain.events.conversations import (
    ConversationEnded,
    ConversationOpened,
    ConversationRepaired,
    ConversationTerminated,
    StepFailed,
    StepRetried,
    WaitSkipped,
)
from domain.events.handover import (
    AgentJoined,
    HandedOver,
    HandoverGivenUp,
    HandoverResolved,
    PeopleNotified,
)
from domain.events.identity import (
    IdentityChecked,
    IdentityProved,
)
from domain.events.messages import (
    ConversationInitiated,
    EventReceived,
    MessageFailed,
    MessageReceived,
    MessageSent,
)
from domain.events.questions import (
    AnswerRefused,
    QuestionAnswered,
    QuestionTimedOut,
    ReminderSent,
)
from domain.events.steps import (
    DelayBegun,
    ExitTaken,
    FlowEntered,
    FlowLeft,
    KeywordHeard,
    NoteAdded,
    PrioritySet,
    ReferencePointReached,
    TagAdded,
    TagRemoved,
    VariableSet,
    WayDrawn,
)
from domain.events.surveys import (
    SurveyAnswered,
    SurveyAsked,
    SurveyCommented,
    SurveyLeft,
    SurveyUnanswered,
)

AnyEvent = Union[  # noqa: UP007 - read at run time
    ConversationOpened,
    ConversationEnded,
    ConversationRepaired,
    ConversationTerminated,
    StepFailed,
    WaitSkipped,
    StepRetried,
    MessageReceived,
    EventReceived,
    ConversationInitiated,
    MessageSent,
    MessageFailed,
    FlowEntered,
    FlowLeft,
    ExitTaken,
    KeywordHeard,
    VariableSet,
    WayDrawn,
    DelayBegun,
    TagAdded,
    TagRemoved,
    PrioritySet,
    NoteAdded,
    ReferencePointReached,
    QuestionAnswered,
    AnswerRefused,
    ReminderSent,
    QuestionTimedOut,
    EventExpected,
    EventAwaited,
    EventMissed,
    ContactUpdated,
    ContactRefused,
    ContactLinked,
    IdentityChecked,
    IdentityProved,
    HandedOver,
    HandoverGivenUp,
    AgentJoined,
    HandoverResolved,
    PeopleNotified,
    SurveyAsked,
    SurveyAnswered,
    SurveyCommented,
    SurveyLeft,
    SurveyUnanswered,
    ErpCalled,
    HttpCalled,
    WebhookPosted,
    EmailSent,
    OutreachMade,
]
"""Any kind of event."""

KINDS: Final[Mapping[str, type[AnyEvent]]] = {kind.model_fields["kind"].default: kind for kind in get_args(AnyEvent)}
"""The types by the names of the kinds, in reading order."""

_READER: Final = TypeAdapter[AnyEvent](Annotated[AnyEvent, Field(discriminator="kind")])


def read(kind: str, data: Mapping[str, Any]) -> AnyEvent | None:
    """Return a row of the journal as its type; None for a kind that is unknown here, or data that is not its own."""
    try:
        return _READER.validate_python({**data, "kind": kind})
    except ValidationError:
        return None
