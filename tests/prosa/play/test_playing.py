from pathlib import Path

import pytest

from tests.prosa.conftest import Prosa

SHOP = """
spec: 1
flow: hello
variables:
  size: {type: text}
  stock: {type: record}
cards:
  - id: ask
    card: ask_question
    text: "Size?"
    answer: choice
    options: [{label: Small, value: s}, {label: Large, value: l}]
    save_as: size
    reminders: [{after: 5m, text: "Still there?"}]
    timeout: 30m
    exits: {invalid: end, no_answer: bye}
  - id: find
    card: erp_call
    connection: billing
    operation: second_copy
    arguments: {invoice_id: "{{ size }}"}
    save_as: stock
    progress: {after: 4s, text: "One moment"}
    exits: {not_found: none, rejected: none, failed: down}
  - {id: told, card: send_message, text: "{{ stock.count }} left", next: nap}
  - {id: none, card: send_message, text: "None left", next: end}
  - {id: down, card: send_message, text: "Later, please", next: end}
  - {id: nap, card: delay, until: "2100-01-01T09:00"}
  - {id: sheet, card: send_file, file: stock.sheet, caption: "Here", next: end}
  - {id: bye, card: send_message, text: "Bye"}
"""

STORY = """
story: s
flow: hello
given:
  billing.second_copy: {answer: {count: 3, sheet: {file: a.pdf}}, after: 6s}
talk: [{contact: oi}]
"""

HOURS = """
spec: 1
flow: hello
cards:
  - {id: hours, card: business_hours, calendar: always, exits: {closed: end}}
  - {id: said, card: send_message, text: "Open"}
  - {id: rest, card: delay, calendar: always}
  - {id: again, card: send_message, text: "Still open"}
"""

PAY = """
spec: 1
flow: hello
variables: {url: {type: text}, at: {type: text}}
cards:
  - {id: address, card: expect_event, event: payment, save_url_as: url}
  - {id: send, card: send_message, text: "Pay at {{ url }}"}
  - {id: paid, card: wait_event, event: payment, timeout: 1h, set: {at: "{{ data.at }}"}, exits: {timeout: end}}
  - {id: thank, card: send_message, text: "Paid at {{ at }}"}
"""

PEOPLE = """
spec: 1
flow: hello
cards:
  - id: pass
    card: transfer
    text: "{{ position }}: {{ estimate }}."
    exits: {no_agent: end, gave_up: end, out_of_hours: end}
  - {id: bye, card: send_message, text: "Bye"}
"""

CALENDAR = """
[calendars.always]
holidays = ""
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
saturday = ["00:00-24:00"]
sunday = ["00:00-24:00"]
"""


@pytest.fixture(autouse=True)
def shop(folder: Path) -> None:
    (folder / "flows" / "hello.yaml").write_text(SHOP, encoding="utf-8")
    (folder / "story.yaml").write_text(STORY, encoding="utf-8")


def played(prosa: Prosa, *lines: str, more: tuple[str, ...] = ()) -> list[str]:
    """Return what is shown for *lines*, without the tips."""
    done = prosa("flow", "play", "hello", *more, stdin="".join(f"{line}\n" for line in lines))
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()[1:]


ASKED = ["bot: Size?", "  1. Small", "  2. Large"]


def test_the_person_taps_by_number_and_answers_for_the_erp(prosa: Prosa) -> None:
    copy = "{number: …, amount: …, due: …, digitable_line: …, pix: …, file: {file: NAME.pdf}}"
    question = f"# billing.second_copy(invoice_id='l') answers? {copy}, not_found, rejected or failed"
    end = "# ended: completed; say something to begin another"
    begin = ["you: hi", *ASKED, "you: Large", question]
    assert played(prosa, "hi", "2", "not_found") == [*begin, "bot: None left", end]
    assert played(prosa, "hi", "2", "failed") == [*begin, "bot: Later, please", end]
    unreadable = "# answer:2: not readable as YAML: did not find expected ',' or '}'"
    shown = played(prosa, "hi", "2", "{count: 2", "{count: 2}")
    assert shown[len(begin)].startswith(unreadable)
    assert [*shown[: len(begin)], *shown[len(begin) + 1 :]] == [*begin, "bot: 2 left"]


def test_what_a_slow_connection_says_is_said(prosa: Prosa) -> None:
    shown = played(prosa, "hi", "1", "{answer: rejected, after: 6s}")
    assert shown[-3:] == ["bot: One moment", "bot: None left", "# ended: completed; say something to begin another"]
    shown = played(prosa, "hi", "1", "{answer: 1, after: 1h}")
    assert "bot: Later, please" in shown


def test_a_story_answers_for_the_erp_and_years_pass_in_no_time(prosa: Prosa) -> None:
    shown = played(prosa, "hi", "1", "/later", more=("--given", "story.yaml"))
    assert shown[5:7] == ["bot: One moment", "bot: 3 left"]
    assert shown[7].endswith(" later")
    assert shown[8:] == ["bot: Here", "# file a.pdf", "# ended: completed; say something to begin another"]


def test_time_passes_as_far_as_the_person_says(prosa: Prosa) -> None:
    shown = played(prosa, "hi", "/wait 4m", "/wait 2m", "/wait 1h")
    assert shown[4:] == [
        "# 4m later",
        "# 1m later",
        "bot: Still there?",
        "# 1m later",
        "# 24m later",
        "bot: Bye",
        "# ended: completed; say something to begin another",
        "# 10m later",
        "# 26m later",
    ]


def test_later_goes_on_until_something_happens(prosa: Prosa) -> None:
    shown = played(prosa, "/later", "hi", "/later", "/later", "/later", "again")
    assert shown[0] == "# nothing would happen: say something"
    assert shown[5:] == [
        "# 5m later",
        "bot: Still there?",
        "# 25m later",
        "bot: Bye",
        "# ended: completed; say something to begin another",
        "# 10m later",
        "you: again",
        *ASKED,
    ]


def test_files_variables_and_words_that_mean_nothing(prosa: Prosa) -> None:
    shown = played(prosa, "/vars", "hi", "/file photo.jpg", "/vars", "/wait long", "/what", "/quit", "never read")
    assert shown[0] == "# nothing is being played"
    assert "you: [file photo.jpg]" in shown
    assert "# hello.ask: {}" in shown
    assert shown[-2] == "# expected a duration such as 45s, 5m, 1h30m or 2d, found 'long'"
    assert shown[-1].startswith("# write and press Enter")


def test_the_bot_knows_the_name_and_says_what_failed(prosa: Prosa, folder: Path) -> None:
    cards = '  - {id: a, card: send_message, text: "{{ contact.name }}"}\n  - {id: b, card: send_file, file: "1"}'
    text = f"spec: 1\nflow: hello\ncards:\n{cards}\n"
    (folder / "flows" / "hello.yaml").write_text(text, encoding="utf-8")
    shown = played(prosa, "hi", more=("--name", "Ana"))
    assert shown[1] == "bot: Ana"
    assert shown[2] == "# card 'b' failed: '1' is no file: expected a record with id, name, mime and size"


def test_a_flow_that_is_not_there_is_named(prosa: Prosa) -> None:
    done = prosa("flow", "play", "helo")
    assert done.exit_code == 2
    assert "'helo': expected a file, a folder, or the name of a flow" in done.stderr
    assert f"looked in {Path.cwd()}" in done.stderr.replace("\n", "")


def test_calendars_are_those_of_the_settings(prosa: Prosa, folder: Path) -> None:
    (folder / "flows" / "hello.yaml").write_text(HOURS, encoding="utf-8")
    with (folder / "prosa.toml").open("a", encoding="utf-8") as settings:
        settings.write(CALENDAR)
    assert played(prosa, "hi")[:3] == ["you: hi", "bot: Open", "bot: Still open"]


def test_templates_are_those_of_the_settings(prosa: Prosa, folder: Path) -> None:
    text = "spec: 1\nflow: hello\ncards: [{id: t, card: send_template, template: %s, parameters: ['10/12']}]\n"
    with (folder / "prosa.toml").open("a", encoding="utf-8") as settings:
        settings.write('[templates.due]\ntext = "Vence em {{ 1 }}."\n')
    for name, shown in (("due", "bot: Vence em 10/12."), ("deu", "# card 't' failed: there is no template 'deu'")):
        (folder / "flows" / "hello.yaml").write_text(text % name, encoding="utf-8")
        assert played(prosa, "hi")[1].startswith(shown)


def test_the_person_tells_events_for_other_systems(prosa: Prosa, folder: Path) -> None:
    (folder / "flows" / "hello.yaml").write_text(PAY, encoding="utf-8")
    shown = played(prosa, "hi", "/event visit", "/event payment {at: [", "/event payment {at: noon}")
    assert "bot: Pay at https://example.com/events/payment" in shown
    assert "# the flow expects 'payment', found 'visit'" in shown
    assert "bot: Paid at noon" in shown


def test_the_person_answers_for_people_and_nobody_comes_first_unless_a_story_says_so(
    prosa: Prosa, folder: Path
) -> None:
    (folder / "flows" / "hello.yaml").write_text(PEOPLE, encoding="utf-8")
    with (folder / "prosa.toml").open("a", encoding="utf-8") as settings:
        settings.write('[queues.main]\ncalendar = ""\n')
    shown = played(prosa, "hi", "/agent Hello, it is me", "/resolve")
    assert shown[1:4] == ["bot: 1: .", "agent: Hello, it is me", "bot: Bye"]

    crowded = "story: s\nflow: hello\ngiven: {queue.main: {position: 2, estimate: 1h30m}}\ntalk: [{contact: oi}]"
    (folder / "crowded.yaml").write_text(crowded, encoding="utf-8")
    assert played(prosa, "hi", more=("--given", "crowded.yaml"))[1] == "bot: 2: 1 hora e meia."
