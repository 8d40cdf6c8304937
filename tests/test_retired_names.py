"""Names that were given up: none of them comes back as a module, class, function or log key."""

import ast
from collections.abc import Iterator

import pytest

from tests.test_architecture import ROOT, name_of, tracked

RETIRED = {
    "Arrival": "InboxItem",
    "Border": "ErrorTranslation",
    "Claimed": "ClaimedItem",
    "Exchange": "Mailbox",
    "Flood": "RateLimit",
    "Hearer": "CallbackTarget",
    "Marks": "ForwardMarks",
    "Opening": "OpeningClaim, OpenResult or OpenInterval",
    "Performance": "StoryRun",
    "Player": "Person",
    "Playing": "CardContext",
    "Prospect": "QueuePosition",
    "Ready": "CheckedRequest",
    "Received": "ReceiveResult",
    "SOOTHE": "REASSURE",
    "ScriptedCustomer": "DemoResult",
    "Sight": "ConversationView",
    "Standing": "Status or PendingWork",
    "Taken": "IntakeResult",
    "Theatre": "StoryServer",
    "Told": "NarrationLine, HistoryLine or CallbackResult",
    "WISH": "INTERVENED",
    "Wanted": "OpenRequest",
    "Wish": "OpenCommand",
    "complain": "print_error",
    "event_unheard": "callback_unheard",
    "hearer": "target",
    "lot": "stable_choice",
    "obeys": "starts_detour",
    "prospect": "queue_position",
    "provider_event_id": "provider_message_id",
    "rehearse": "run_stories",
    "soothed": "reassured",
    "standings": "statuses",
    "take_event": "take_callback",
    "tell_event": "tell_callback",
    "theatre": "story_server",
    "without_denials": "without_negations",
}
"""What each class, function, constant or log key is called now."""
MODULES = {
    "flows.denial": "flows.understanding.negation",
    "flows.hearing": "flows.understanding.refusals",
    "flows.prospect": "flows.parts.queue_position",
    "gateway.door": "web.access",
    "gateway.events": "gateway.callbacks",
    "gateway.flood": "web.rate_limit",
    "gateway.marks": "gateway.forward_marks",
    "journal.inline": "journal.transaction",
    "journal.lost": "journal.divergence",
    "prosa.checkups": "usecases.doctor",
    "prosa.rehearsal": "stories",
    "prosa.sight": "usecases.conversations",
    "prosa.standing": "usecases.pending_work",
    "prosa.story": "usecases.narration",
    "runtime.whole": "runtime.shielded",
    "tests.faults.standing": "tests.faults.workflow_status",
    "workflows.exchange": "interpreter.mailbox",
    "workflows.facts": "interpreter.expression_names",
    "workflows.scene": "interpreter.card_context",
}
"""Where each module or package is now."""
CODE = [file for file in tracked() if file.suffix == ".py"]


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and name of what a file defines, uses or imports, and the strings that may be log keys."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield node.lineno, name
            case ast.Constant(value=str(text)) if "_" in text:
                yield node.lineno, text
            case _:
                pass


def test_no_file_uses_a_retired_name() -> None:
    found = [
        f"{name_of(file)}:{line}: {name!r} is called {RETIRED[name]} now"
        for file in CODE
        if file.name != "test_retired_names.py"
        for line, name in identifiers(ast.parse(file.read_text(encoding="utf-8")))
        if name in RETIRED
    ]
    assert found == []


@pytest.mark.parametrize(("old", "new"), MODULES.items())
def test_a_retired_module_stays_away(old: str, new: str) -> None:
    assert not is_there(old), f"{old} is {new} now"
    assert is_there(new)


def is_there(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
