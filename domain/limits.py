"""Every limit of Prosa, in one frozen model."""

from datetime import timedelta
from typing import Final

from domain.model import Value


class Limits(Value):
    """Limits of one conversation; sizes in bytes of UTF-8 unless said otherwise."""

    cards_per_turn: int = 1_000
    calls_per_turn: int = 50
    messages_per_turn: int = 30
    """How often the bot may say something in one turn; a long text counts once, in however many parts it is sent."""
    journal_per_turn: int = 1024 * 1024
    openings_unheard: int = 10
    """How many conversations in a row may each open the next while no contact says a word."""
    call_depth: int = 20
    message_text: int = 16 * 1024
    variable: int = 256 * 1024
    state: int = 384 * 1024
    """Variables, answers and inputs of all flows being played: with what is unread and what is kept for a retry, the
    input of a new run stays below 1 MiB; Temporal takes 2 MiB."""
    webhook_body: int = 1024 * 1024
    webhook_items: int = 500
    """Messages and reports of one webhook."""
    message_files: int = 50
    event_body: int = 64 * 1024
    events_unread: int = 5
    file: int = 16 * 1024 * 1024
    upload: int = 10 * 1024 * 1024
    free_for_uploads: int = 512 * 1024 * 1024
    """Free bytes of the disk below which no files of visitors are taken; on small disks a tenth of it."""
    free_for_messages: int = 128 * 1024 * 1024
    """Free bytes of the disk below which nothing is taken any more, so that what is open can go on; likewise."""
    flow_file: int = 1024 * 1024
    template_source: int = 4 * 1024
    template_result: int = 16 * 1024
    expression_source: int = 1024
    expression_effort: int = 200_000
    pattern_source: int = 200
    pattern_input: int = 1024
    seen_events: int = 500
    unread: int = 384 * 1024
    told: int = 200
    """Messages that a conversation has been told and has not read yet; others wait in the inbox."""
    tags: int = 50
    links: int = 3
    contact: int = 16 * 1024
    fragments: int = 20
    robot_messages: int = 30
    silences: int = 20
    waits_unheard: int = 500
    messages_unheard: int = 100
    turns_per_run: int = 40
    waits_counted: int = 20
    waits_needed: int = 5
    waits_recent: timedelta = timedelta(hours=3)
    taken_over: timedelta = timedelta(days=1)
    grace: timedelta = timedelta(minutes=10)
    service_window: timedelta = timedelta(hours=24)
    workflow_task: timedelta = timedelta(seconds=5)
    typing: timedelta = timedelta(seconds=10)
    provider_call: timedelta = timedelta(seconds=10)
    """The longest that an account may let one call take."""
    provider_call_usual: timedelta = timedelta(seconds=5)
    provider_call_start: timedelta = timedelta(seconds=1)
    """From the note that a message is being sent to the beginning of the call: later, it is not made."""
    provider_call_margin: timedelta = timedelta(seconds=1)
    """From the end of the call until no provider takes its request any more: what was written last is on its way, and
    the database's clock and that of the process may drift apart a little in the meantime."""
    mail_session: timedelta = timedelta(seconds=18)
    local_delivery: timedelta = timedelta(seconds=20)
    local_delivery_budget: timedelta = timedelta(seconds=3)
    regular_delivery: timedelta = timedelta(minutes=1)
    delivery_heartbeat: timedelta = timedelta(seconds=5)
    """Without it, a turn that a dying worker took along would be missed after a minute."""
    delivery_patience: timedelta = timedelta(hours=24)
    outside_call: timedelta = timedelta(seconds=30)
    outside_attempt: timedelta = timedelta(seconds=25)
    """Shorter than a call, so that an attempt ends by itself, and says how."""
    outside_heartbeat: timedelta = timedelta(seconds=10)
    outside_patience: timedelta = timedelta(minutes=2)
    erp_answer: int = 1024 * 1024
    http_answer: int = 256 * 1024
    answer: int = 32 * 1024 * 1024
    """Of any other system, a file in base64 among it."""


LIMITS: Final = Limits()
