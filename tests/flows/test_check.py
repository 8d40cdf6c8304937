import re
from pathlib import Path
from typing import Any

import pytest

from domain.errors import FlowError
from domain.wait_defaults import WaitDefaults
from flows.check import Finding, Installation, KnownFlows, Operation, check, load_and_check
from flows.checks.explained import EXPLAINED
from flows.checks.names import check_reminders
from flows.checks.needs import check_named
from flows.reader import read_flow

CHECKS = Path(__file__).parents[2] / "flows" / "checks"

HEAD = "spec: 1\nflow: demo\n"
SOUND = f"""{HEAD}fallback: sorry
variables:
  document: {{type: cpf_cnpj, sensitive: true}}
  customer: {{type: record}}
cards:
  - {{id: ask, card: ask_question, text: Qual?, answer: cpf_cnpj, save_as: document, timeout: 30m}}
  - id: find
    card: erp_call
    connection: billing
    operation: find_customer
    arguments: {{document: "{{{{ document }}}}"}}
    save_as: customer
  - {{id: hello, card: send_message, text: "Oi, {{{{ customer.name }}}}", next: bye}}
  - {{id: sorry, card: send_message, text: Desculpe}}
  - {{id: bye, card: close}}
"""
FIND = {
    "type": "object",
    "properties": {
        "document": {"type": "string"},
        "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "since": {"$ref": "#/$defs/Date"},
    },
    "required": ["document"],
}
ANYTHING: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": True}
INSTALLATION = Installation(
    channels=("http", "webchat"),
    tables={
        "accounts": ["phones"],
        "calendars": ["main"],
        "connections": ["billing"],
        "templates": ["due"],
        "webhooks": ["crm"],
    },
    operations={"billing": {"find_customer": Operation(FIND), "list_open_invoices": Operation(ANYTHING)}},
    templates={"due": ("name", "day")},
    hosts={"api.example.com": False, "reports.intranet:8080": True},
)


def findings(
    text: str, installation: Installation | None = None, known_flows: KnownFlows | None = None
) -> list[Finding]:
    return load_and_check(text, "f.yaml", installation, known_flows)[1]


def codes(text: str, installation: Installation | None = None, known_flows: KnownFlows | None = None) -> list[str]:
    return sorted(finding.code for finding in findings(text, installation, known_flows))


def flow_of(*cards: str, head: str = "fallback: end\n") -> str:
    return HEAD + head + "cards:\n" + "".join(f"  - {card}\n" for card in cards)


def test_a_sound_flow_has_no_findings() -> None:
    assert findings(SOUND, installation=INSTALLATION, known_flows=["demo"]) == []


ASK = "{id: ask, card: ask_question, text: Qual?, answer: text, save_as: a, timeout: 30m%s}"
SECRET = "fallback: end\nvariables:\n  a: {type: text, sensitive: true}\n  b: {type: text}\n"
DECLARED = "fallback: end\nvariables: {a: {type: text}}\n"


@pytest.mark.parametrize(
    ("text", "code", "sentence", "line"),
    [
        (
            flow_of("{id: a, card: send_message, text: oi, next: bey}", "{id: bye, card: close}"),
            "P101",
            "target 'bey' is no card of this flow, did you mean 'bye'?",
            5,
        ),
        (flow_of("{id: a, card: close}", head="fallback: nowhere\n"), "P101", "target 'nowhere'", 3),
        (flow_of("{id: a, card: close}", "{id: b, card: close}"), "P102", "no way leads here", 6),
        (
            flow_of("{id: ask, card: ask_question, text: Qual?, answer: text, save_as: a}", head=DECLARED),
            "P103",
            "the question has no timeout",
            6,
        ),
        (
            flow_of(ASK % ", exits: {no_answer: end}", head="variables: {a: {type: text}}\n"),
            "P104",
            "exit 'invalid' leads nowhere",
            5,
        ),
        (
            flow_of(
                "{id: f, card: erp_call, connection: a, operation: b, exits: {not_found: end, rejected: end}}", head=""
            ),
            "P105",
            "exit 'failed' leads nowhere",
            4,
        ),
        (
            flow_of(ASK % ", exits: {invalid: end}", head="variables: {a: {type: text}}\n"),
            "P106",
            "exit 'no_answer' leads nowhere",
            5,
        ),
        (
            flow_of("{id: a, card: send_message, text: oi}", "{id: b, card: send_message, text: oi, next: a}"),
            "P107",
            "'a', 'b' can go round for ever",
            5,
        ),
        (
            flow_of(ASK % ", reminders: [{after: 30m, text: oi}]", head=DECLARED),
            "P108",
            "gives up before this reminder",
            6,
        ),
        (flow_of('{id: a, card: send_message, text: "{{ 1 + 1 }}"}'), "P201", "'text' cannot be read: column 4", 5),
        (flow_of("{id: a, card: condition, when: [{if: 'a b', go: end}]}"), "P201", "'when.0.if' cannot be read", 5),
        (
            flow_of(ASK % "", '{id: b, card: send_message, text: "{{ aa }}"}', head=DECLARED.replace("a:", "aaa:")),
            "P202",
            "'text' uses the unknown name 'aa', did you mean 'aaa'?",
            7,
        ),
        (flow_of(ASK % ""), "P203", "'save_as' sets the undeclared variable 'a'", 5),
        (
            flow_of("{id: a, card: close}", '{id: b, card: send_message, text: "{{ a }}"}', head=DECLARED),
            "P204",
            "variable 'a' is used and never set",
            4,
        ),
        (flow_of("{id: a, card: close}", head=DECLARED), "P205", "variable 'a' is neither used nor set", 4),
        (
            flow_of(
                "{id: b, card: ask_question, text: Qual?, answer: cpf_cnpj, save_as: a, timeout: 1h}", head=DECLARED
            ),
            "P206",
            "variable 'a' keeps personal data",
            6,
        ),
        (
            flow_of(
                ASK.replace("30m", "25h") % ", exits: {no_answer: late, answered: end}",
                "{id: late, card: send_message, text: oi}",
                head=DECLARED,
            ),
            "P109",
            "it may speak when the contact has been silent for 24 hours",
            7,
        ),
        (
            flow_of(
                ASK.replace("30m", "3d") % ", reminders: [{after: 24h, text: oi}], exits: {no_answer: end}",
                head=DECLARED,
            ),
            "P109",
            "it may speak when the contact has been silent for 24 hours",
            6,
        ),
        (
            flow_of(
                "{id: ask, card: ask_question, text: Qual?, answer: cpf, save_as: a, timeout: 1h}",
                '{id: keep, card: set_variable, set: {b: "{{ a }}"}}',
                '{id: say, card: send_message, text: "{{ b }}"}',
                head=SECRET,
            ),
            "P207",
            "variable 'b' takes over 'a', which is personal data",
            9,
        ),
        (
            flow_of(
                "{id: ask, card: ask_question, text: Qual?, answer: cpf, save_as: a, timeout: 1h}",
                '{id: jot, card: note, text: "Deu {{ a }}"}',
                head=SECRET.replace("  b: {type: text}\n", ""),
            ),
            "P208",
            "'text' writes 'a', which is personal data, into the journal",
            8,
        ),
        (flow_of("{id: a, card: run_flow, flow: dmo2}"), "P301", "there is no flow 'dmo2', did you mean 'demo2'?", 5),
        (flow_of('{id: a, card: send_message, text: oi, next: "flow:x"}'), "P301", "there is no flow 'x'", None),
        (flow_of("{id: a, card: run_flow, flow: demo, inputs: {x: 1}}"), "P302", "flow 'demo' has no variable 'x'", 5),
        (
            flow_of("{id: f, card: erp_call, connection: biling, operation: b}"),
            "P303",
            "there is no 'biling' under [connections] of the settings, did you mean 'billing'?",
            5,
        ),
        (flow_of("{id: w, card: webhook, to: crn, event: left}"), "P303", "no 'crn' under [webhooks]", 5),
        (flow_of("{id: n, card: notify, text: oi, to: team}"), "P303", "no 'team' under [webhooks]", 5),
        (flow_of("{id: n, card: notify, text: oi, to: crm, email: team}"), "P303", "no 'team' under [emails]", 5),
        (flow_of("{id: h, card: business_hours, calendar: shop}"), "P303", "no 'shop' under [calendars]", 5),
        (flow_of("{id: d, card: delay, calendar: mian}"), "P303", "did you mean 'main'?", 5),
        (
            flow_of("{id: f, card: erp_call, connection: billing, operation: find_costumer}"),
            "P304",
            "has no operation 'find_costumer', did you mean 'find_customer'?",
            5,
        ),
        (
            flow_of("{id: l, card: link_contact, connection: billing}"),
            "P304",
            "has no operation 'list_customers'",
            5,
        ),
        (
            flow_of(
                "{id: f, card: erp_call, connection: billing, operation: find_customer, arguments: {document: a, b: c}}"
            ),
            "P305",
            "has no argument 'b'",
            5,
        ),
        (
            flow_of("{id: f, card: erp_call, connection: billing, operation: find_customer}"),
            "P306",
            "needs the argument 'document'",
            5,
        ),
        (
            flow_of("{id: f, card: erp_call, connection: billing, operation: find_customer, arguments: {document: 1}}"),
            "P307",
            "argument 'document' of 'find_customer' is string, found 1",
            5,
        ),
        (
            flow_of("{id: w, card: wait_event, event: paid, timeout: 1h}", head=""),
            "P110",
            "exit 'timeout' leads nowhere",
            4,
        ),
        (
            flow_of("{id: a, card: send_message, text: oi}", "{id: w, card: wait_event, event: paid, timeout: 1h}"),
            "P112",
            "nobody can tell the event 'paid'",
            6,
        ),
        (
            flow_of("{id: e, card: expect_event, event: paid, save_url_as: a}"),
            "P113",
            "the address in 'a' is given to nobody",
            5,
        ),
        (
            flow_of("{id: e, card: expect_event, event: paid, save_url_as: a}"),
            "P114",
            "no card waits for the event 'paid'",
            5,
        ),
        (
            flow_of(ASK % ", exits: {no_answer: say}", "{id: say, card: send_message, text: oi, next: ask}"),
            "P111",
            "'ask', 'say' go round for ever while the contact is silent",
            5,
        ),
        (
            flow_of('{id: h, card: http_request, url: "https://api.exmple.com/v1?a={{ now }}"}'),
            "P308",
            "'api.exmple.com' is no host that flows may call, did you mean 'api.example.com'?",
            5,
        ),
        (
            flow_of("{id: h, card: http_request, url: http://api.example.com/v1}"),
            "P308",
            "'api.example.com' may be called by https only, found 'http'",
            5,
        ),
        (
            flow_of("{id: f, card: send_file, url: https://files.example/1.pdf, exits: {failed: end}}"),
            "P308",
            "'files.example' is no host that flows may call",
            5,
        ),
        (
            flow_of("{id: s, card: send_message, text: a, variants: [{channel: webcaht, text: b}]}"),
            "P313",
            "there is no channel 'webcaht', did you mean 'webchat'?",
            5,
        ),
        (
            flow_of("{id: o, card: open_conversation, account: phone, address: b, flow: demo2}"),
            "P303",
            "there is no 'phone' under [accounts] of the settings, did you mean 'phones'?",
            5,
        ),
        (
            flow_of("{id: o, card: open_conversation, account: phones, address: b, flow: demo3}"),
            "P301",
            "there is no flow 'demo3', did you mean 'demo2'?",
            5,
        ),
        (
            flow_of("{id: o, card: open_conversation, account: phones, address: b, flow: demo, inputs: {x: 1}}"),
            "P302",
            "flow 'demo' has no variable 'x'",
            5,
        ),
        (
            flow_of(
                "{id: o, card: open_conversation, account: phones, address: b, flow: demo2, template: due,"
                " parameters: {day: b}}"
            ),
            "P310",
            "template 'due': it needs the parameter 'name'",
            5,
        ),
        (flow_of("{id: t, card: send_template, template: du}"), "P303", "no 'du' under [templates]", 5),
        (
            flow_of('{id: t, card: send_template, template: due, parameters: {name: "a"}}'),
            "P310",
            "template 'due': it needs the parameter 'day'",
            5,
        ),
        (
            flow_of('{id: t, card: send_template, template: due, parameters: {name: "a", day: "b", c: "d"}}'),
            "P310",
            "it has no parameter 'c': it has 'name', 'day'",
            5,
        ),
    ],
)
def test_each_mistake_is_found_with_code_line_and_remedy(text: str, code: str, sentence: str, line: int | None) -> None:
    found = [f for f in findings(text, installation=INSTALLATION, known_flows=["demo2"]) if f.code == code]
    assert len(found) == 1, codes(text)
    assert sentence in found[0].sentence
    assert found[0].line == line
    assert found[0].remedy


def test_the_line_is_that_of_the_key() -> None:
    text = SOUND.replace("{{ document }}", "{{ documento }}").replace("save_as: customer", "save_as: costumer")
    assert [(f.code, f.line) for f in findings(text)] == [("P204", 6), ("P202", 13), ("P203", 14)]


def test_a_template_may_speak_whenever_it_likes() -> None:
    late = flow_of(
        ASK.replace("30m", "3d") % ", exits: {no_answer: late, answered: end}",
        "{id: late, card: send_template, template: due}",
        head=DECLARED,
    )
    assert codes(late) == []


def test_a_flow_by_which_conversations_are_opened_must_not_speak_before_the_contact() -> None:
    reply = flow_of("{id: hi, card: send_message, text: oi}").replace("flow: demo", "flow: reply")
    quiet = flow_of("{id: wait, card: await_interaction, timeout: 1h}", "{id: hi, card: send_message, text: oi}")
    opener = read_flow(flow_of("{id: o, card: open_conversation, account: a, address: b, flow: reply}"), "o.yaml")
    assert codes(reply) == []
    assert codes(reply, known_flows={"demo": opener}) == ["P109"]
    assert codes(quiet.replace("flow: demo", "flow: reply"), known_flows={"demo": opener}) == []


def test_a_finding_is_written_as_one_line() -> None:
    (finding,) = findings(flow_of("{id: a, card: send_message, text: oi, next: b}"))
    assert finding.written("f.yaml") == (
        "f.yaml:5: P101 error: card 'a': target 'b' is no card of this flow; there are a; "
        "name a card, `end`, or `flow:NAME`"
    )


def test_one_wrong_target_is_one_finding() -> None:
    text = flow_of("{id: a, card: send_message, text: oi, next: bey}", "{id: b, card: close}", "{id: bye, card: close}")
    assert codes(text) == ["P101"]


def test_a_fallback_takes_care_of_exits_without_target() -> None:
    assert codes(flow_of("{id: f, card: erp_call, connection: a, operation: b}")) == []
    assert codes(flow_of("{id: f, card: erp_call, connection: a, operation: b}", head="")) == ["P105", "P106", "P106"]


def test_a_circle_with_a_question_in_it_waits() -> None:
    circle = flow_of("{id: hi, card: send_message, text: oi}", ASK % ", exits: {answered: hi}", head=DECLARED)
    assert codes(circle) == []


def test_what_leads_into_a_circle_or_out_of_it_is_not_part_of_it() -> None:
    text = flow_of(
        "{id: before, card: send_message, text: oi}",
        "{id: here, card: condition, when: [{if: 'now', go: after}]}",
        "{id: there, card: send_message, text: oi, next: here}",
        "{id: after, card: close}",
    )
    (finding,) = findings(text)
    assert finding.sentence.startswith("'here', 'there' can go round")


def test_a_card_that_leads_to_itself_is_a_circle() -> None:
    assert codes(flow_of("{id: a, card: send_message, text: oi, next: a}")) == ["P107"]


def test_the_element_of_a_list_is_known_where_options_are_made_of_it_and_nowhere_else() -> None:
    text = """{id: ask, card: ask_question, text: "%s", answer: choice, timeout: 1h,
      options_from: {each: "%s", label: "{{ item.x }}"}}"""
    head = "fallback: end\nvariables: {l: {type: list, input: true}}\n"
    assert codes(flow_of(text % ("oi", "l"), head=head)) == []
    assert codes(flow_of(text % ("{{ item }}", "l"), head=head)) == ["P202"]
    assert codes(flow_of(text % ("oi", "item"), head=head)) == ["P202"]


def test_an_input_or_a_default_counts_as_set() -> None:
    say = '{id: b, card: send_message, text: "{{ a }}"}'
    assert codes(flow_of(say, head=DECLARED.replace("text}", "text, input: true}"))) == []
    assert codes(flow_of(say, head=DECLARED.replace("text}", "text, default: x}"))) == []


def test_the_standard_sentences_are_checked_too() -> None:
    bye = "{id: b, card: close}"
    assert codes(flow_of(bye, head='texts: {apology: "{{ nme }}"}\n')) == ["P202"]
    assert codes(flow_of(bye, head='texts: {for_example: "{{ example }}"}\n')) == []


def test_arguments_that_are_expressions_are_believed() -> None:
    call = "{id: f, card: erp_call, connection: billing, operation: find_customer, arguments: {document: a, %s}}"
    assert codes(flow_of(call % 'limit: "{{ now }}"'), installation=INSTALLATION) == []
    assert codes(flow_of(call % "limit: null"), installation=INSTALLATION) == []
    assert codes(flow_of(call % "limit: true"), installation=INSTALLATION) == ["P307"]
    assert codes(flow_of(call % "since: 3"), installation=INSTALLATION) == []


def test_with_its_content_known_the_inputs_of_a_called_flow_are_checked() -> None:
    called = read_flow("{spec: 1, flow: b, variables: {x: {type: any}}, cards: [{id: a, card: close}]}", "b")
    head = "fallback: end\nvariables: {mine: {type: any}}\n"
    run = "{id: a, card: run_flow, flow: b, inputs: {x: 1}, outputs: {mine: %s}}"
    assert codes(flow_of(run % "x", head=head), known_flows={"b": called}) == []
    assert codes(flow_of(run % "y", head=head), known_flows={"b": called}) == ["P302"]


def test_a_flow_may_call_itself() -> None:
    asked = flow_of(
        ASK % ", exits: {no_answer: end, invalid: end}", "{id: b, card: run_flow, flow: demo}", head=DECLARED
    )
    assert codes(asked, known_flows=[]) == []


def test_the_fallback_is_reached_even_when_no_exit_leads_there() -> None:
    assert codes(flow_of("{id: a, card: close}", "{id: sorry, card: close}", head="fallback: sorry\n")) == []


def test_without_settings_and_flows_calls_are_not_judged() -> None:
    assert codes(flow_of("{id: a, card: run_flow, flow: x}")) == []
    assert codes(flow_of("{id: a, card: erp_call, connection: x, operation: y}")) == []
    assert codes(flow_of("{id: a, card: webhook, to: x, event: y}")) == []
    assert codes(flow_of("{id: a, card: http_request, url: https://x.example}")) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://API.example.com:443/v1",
        "https://api.example.com/{{ now }}",
        "http://reports.intranet:8080/",
        "https://{{ company.name }}/v1",
        "https://api.{{ company.name }}/v1",
        "{{ company.name }}",
        "https://[half/",
    ],
)
def test_hosts_that_may_be_called_or_that_only_the_conversation_knows_are_no_findings(url: str) -> None:
    assert codes(flow_of(f'{{id: h, card: http_request, url: "{url}"}}'), installation=INSTALLATION) == []


def test_what_a_card_without_arguments_cannot_give_asks_for_another_connection() -> None:
    needs = {"required": ["tenant"], "additionalProperties": True}
    offered = Installation(tables={"connections": ["crm"]}, operations={"crm": {"list_customers": Operation(needs)}})
    (finding,) = findings(flow_of("{id: l, card: link_contact, connection: crm}"), installation=offered)
    assert (finding.code, finding.key, finding.remedy) == (
        "P306",
        "connection",
        "name a connection that needs it not",
    )


def test_a_file_from_an_address_that_may_fail_needs_a_way() -> None:
    assert codes(flow_of("{id: f, card: send_file, url: https://api.example.com/1.pdf}", head="")) == ["P106"]


WAITING = "{id: a, card: ask_question, text: Qual?, answer: text, save_as: x%s}"


def waiting(silence: str, own: str = "") -> str:
    return flow_of(WAITING % own, head=f"fallback: end\nvariables: {{x: {{type: text}}}}\n{silence}")


def test_a_time_limit_of_the_flow_or_of_the_settings_is_one() -> None:
    offered = Installation(silence=WaitDefaults.model_validate({"timeout": "30m"}))
    assert codes(waiting("")) == ["P103"]
    assert codes(waiting("silence: {timeout: 30m}\n")) == []
    assert codes(waiting(""), installation=offered) == []
    assert codes(waiting("", ", reminders: [{after: 45m, text: oi}]"), installation=offered) == ["P108"]


@pytest.mark.parametrize(
    ("silence", "code"),
    [
        ("{timeout: 5m, reminders: [{after: 10m, text: oi}]}", "P108"),
        ("{timeout: 50h, reminders: [{after: 25h, text: oi}]}", "P109"),
        ('{timeout: 5m, reminders: [{after: 1m, text: "{{ nobody }}"}]}', "P202"),
        ('{timeout: 5m, reminders: [{after: 1m, text: "{{ x"}]}', "P201"),
        ("\n  timeout: 5m # short\n  reminders:\n    - after: 1m # soon\n      text: Ramal #3", "P210"),
    ],
)
def test_what_a_flow_says_of_silence_is_checked_as_what_cards_say(silence: str, code: str) -> None:
    assert codes(waiting(f"silence: {silence}\n")) == [code]


def test_a_reminder_of_the_settings_knows_no_variable() -> None:
    said = {"reminders": [{"after": "5m", "text": "{{ x }}"}, {"after": "6m", "text": "{{ contact.name }}"}]}
    (finding,) = check_reminders(WaitDefaults.model_validate(said))
    assert (finding.code, finding.key) == ("P202", "silence.reminders.0.text")


def test_a_port_belongs_to_the_host() -> None:
    call = "{id: h, card: http_request, url: https://api.example.com:8443/}"
    assert codes(flow_of(call), installation=INSTALLATION) == ["P308"]


def test_settings_that_name_a_flow_which_is_not_here_are_told() -> None:
    named = {"accounts.site.flow": "demo", "keywords.menu": "meni"}
    (finding,) = check_named(named, ["demo", "menu"])
    assert (finding.code, finding.key) == ("P309", "keywords.menu")
    assert finding.sentence.endswith("names the flow 'meni', and there is none of that name, did you mean 'menu'?")


def test_a_text_that_a_comment_cuts_off_is_told_with_its_line() -> None:
    text = f"""{HEAD}title: Demo # for now
fallback: end # why not
texts:
  goodbye: Tchau # até logo
variables: {{times: {{type: number}}, room: {{type: text}}}}
cards:
  - id: a # the first
    card: send_message # it speaks
    text: Ligue para o ramal #12
    next: b # which asks
  - id: b
    card: ask_question
    text: "Qual?" # in quotes
    answer: choice # of two
    options:
      - {{label: Boleto, synonyms: [conta, via # segunda
          ]}}
    timeout: 30m # half an hour
  - id: c
    card: set_variable
    set:
      times: 3 # a number
      room: ramal #12
  - id: d
    card: erp_call
    connection: billing
    operation: change_address
    arguments:
      lines: [{{text: Sala #3
        }}]
  - id: e
    card: close # why
"""
    found = findings(text)
    assert [(one.code, one.severity, one.card, one.key, one.line) for one in found] == [
        ("P210", "warning", None, "texts.goodbye", 6),
        ("P210", "warning", "a", "text", 11),
        ("P210", "warning", "b", "options.0.synonyms.1", 18),
        ("P210", "warning", "c", "set.room", 25),
        ("P210", "warning", "d", "arguments.lines.0.text", 31),
    ]
    assert found[1].sentence == "'text' ends before '#12': ` #` begins a comment"


def test_a_flow_alone_is_checked_without_lines() -> None:
    flow = read_flow(flow_of("{id: a, card: send_message, text: oi, next: b}"), "f")
    assert [(finding.code, finding.line) for finding in check(flow)] == [("P101", None)]


def test_a_flow_that_cannot_be_read_is_not_checked() -> None:
    with pytest.raises(FlowError):
        load_and_check("spec: 1", "f")


def test_a_flow_of_thousands_of_cards_is_checked() -> None:
    cards = [f"{{id: c{n}, card: send_message, text: a}}" for n in range(5_000)]
    assert codes(flow_of(*cards)) == []
    assert codes(flow_of(*cards[:-1], "{id: c4999, card: send_message, text: a, next: c0}")) == ["P107"]


def late(wait: str, *, then: str = "{id: after, card: send_message, text: oi}", more: str = "") -> list[str]:
    return codes(flow_of(wait, then, *([more] if more else []), head=DECLARED))


def test_waits_without_a_word_of_the_contact_add_up() -> None:
    wait = "{id: w%d, card: delay, for: %s}"
    assert late(wait % (1, "23h")) == ["P205"]
    assert late(wait % (1, "24h")) == ["P109", "P205"]
    assert late(wait % (1, "13h"), then=wait % (2, "13h"), more="{id: after, card: send_message, text: oi}") == [
        "P109",
        "P205",
    ]
    assert late('{id: w, card: delay, until: "{{ now }}"}') == ["P109", "P205"]


def test_who_has_just_spoken_may_be_answered() -> None:
    ask = ASK.replace("30m", "3d") % ", exits: {no_answer: end}"
    assert late(ask) == []
    assert late(
        "{id: w, card: delay, for: 3d, interruptible: true, exits: {interrupted: after}}",
        then="{id: x, card: close}",
        more="{id: after, card: send_message, text: oi}",
    ) == ["P205"]


def test_a_question_without_a_text_says_nothing_outside_the_window() -> None:
    exits = "{no_answer: end, invalid: end}"
    question = f"{{id: after, card: ask_question, %sanswer: confirmation, timeout: 1h, exits: {exits}}}"
    wait = "{id: w, card: delay, for: 3d}"
    assert late(wait, then=question % "text: Quer?, ") == ["P109", "P205"]
    assert late(wait, then=question % "") == ["P205"]


def test_a_circle_of_short_waits_comes_to_an_end_in_the_check_too() -> None:
    circle = ("{id: w, card: delay, for: 5h}", "{id: say, card: send_message, text: oi, next: w}")
    assert codes(flow_of(*circle)) == ["P109", "P111"]
    assert codes(flow_of(circle[0].replace("5h", "59m"), circle[1])) == ["P111"]


@pytest.mark.parametrize(
    "cards",
    [
        (ASK % ", exits: {no_answer: say, answered: ask}", "{id: say, card: send_message, text: oi}"),
        (
            ASK % ", exits: {no_answer: tired}",
            "{id: tired, card: condition, when: [{if: a, go: ask}], otherwise: end}",
        ),
        (ASK % ", exits: {no_answer: end, invalid: ask, answered: ask}",),
        (
            "{id: e, card: expect_event, event: paid, save_url_as: a}",
            '{id: t, card: send_message, text: "{{ a }}"}',
            "{id: w, card: wait_event, event: paid, timeout: 1h, exits: {timeout: end, received: e}}",
        ),
        (
            "{id: w, card: delay, for: 10m}",
            "{id: c, card: condition, when: [{if: a, go: w}], otherwise: end}",
        ),
        ("{id: w, card: delay, for: 10m}", "{id: f, card: run_flow, flow: other, next: w}"),
    ],
    ids=[
        "elsewhere",
        "a condition decides",
        "the contact goes round",
        "another system goes round",
        "a condition ends the delays",
        "a flow that is called",
    ],
)
def test_a_circle_that_somebody_has_to_go_round_is_none_of_silence(cards: tuple[str, ...]) -> None:
    assert "P111" not in codes(flow_of(*cards))


@pytest.mark.parametrize(
    "cards",
    [
        ("{id: w, card: delay, for: 10m, next: w}",),
        ("{id: w, card: delay, for: 1d}", "{id: s, card: send_message, text: oi, next: w}"),
        ("{id: w, card: delay, for: 1d, interruptible: true, exits: {interrupted: end}, next: w}",),
        (
            "{id: e, card: expect_event, event: paid, save_url_as: a}",
            '{id: t, card: send_message, text: "{{ a }}"}',
            "{id: w, card: wait_event, event: paid, timeout: 1h, exits: {timeout: w, received: end}}",
        ),
    ],
    ids=["a delay", "a delay that tells", "a delay that can be interrupted", "an event that does not come"],
)
def test_a_circle_in_which_only_time_passes_is_told(cards: tuple[str, ...]) -> None:
    assert "P111" in codes(flow_of(*cards))


def test_what_is_masked_counted_or_asked_about_shows_nothing() -> None:
    ask = "{id: ask, card: ask_question, text: Qual?, answer: cpf, save_as: a, timeout: 1h}"
    for text, found in {
        "{{ a | cpf }}": [],
        "{{ 'sim' if a == '1' else b }}": [],
        "{{ a | length }} letras": [],
        "{{ b if a else a }}": ["P208"],
        "{{ a ~ b }}": ["P208"],
        "{{ a | upper }}": ["P208"],
    }.items():
        keep = "{id: b, card: set_variable, set: {b: x}}"
        assert codes(flow_of(ask, keep, f'{{id: n, card: note, text: "{text}"}}', head=SECRET)) == found, text


def test_surveys_and_awaited_interactions_need_a_time_limit_too() -> None:
    assert codes(flow_of("{id: s, card: survey, scale: nps, text: oi}")) == ["P103"]
    assert codes(flow_of("{id: s, card: await_interaction, timeout: 1h, reminders: [{after: 2h, text: oi}]}")) == [
        "P108"
    ]


def test_every_finding_is_explained_and_every_explanation_is_of_a_finding() -> None:
    written = "".join(file.read_text(encoding="utf-8") for file in CHECKS.glob("*.py") if file.stem != "explained")
    assert set(re.findall(r'"(P[0-9]{3})"', written)) == set(EXPLAINED)
