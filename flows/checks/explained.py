"""An explanation of every finding: its meaning, its consequence, its remedy."""

from typing import Final

from domain.limits import LIMITS
from domain.model import Value


class Explanation(Value):
    """One finding, as the reference tells it."""

    title: str
    why: str
    """The consequence for contacts or for the author."""
    mend: str


EXPLAINED: Final[dict[str, Explanation]] = {
    "P101": Explanation(
        title="A target is no card of this flow",
        why="The conversation would fail where it should go on.",
        mend="Write the id of a card, `end`, or `flow:NAME`; the nearest id is named.",
    ),
    "P102": Explanation(
        title="No way leads to a card",
        why="Nobody will ever see it; often a target elsewhere is missing or wrong.",
        mend="Make it the target of an exit or of `next`, or delete it.",
    ),
    "P103": Explanation(
        title="A question has no time limit",
        why="It waits 24 hours, the contact long gone; reports show it as open all that time.",
        mend="Say `timeout: 30m`, here or once under `silence` of the flow, and where `no_answer` leads.",
    ),
    "P104": Explanation(
        title="A question's exit `invalid` leads nowhere",
        why="Who is not understood would be left without a word.",
        mend="Give `invalid` a target under `exits`, or the flow a `fallback`.",
    ),
    "P105": Explanation(
        title="An ERP call's exit `failed` leads nowhere",
        why="ERPs are away at times; the contact would be left without a word then.",
        mend="Give `failed` a target under `exits`, or the flow a `fallback`.",
    ),
    "P106": Explanation(
        title="An exit leads nowhere",
        why="The flow would end there without a word.",
        mend="Give it a target under `exits`, or the flow a `fallback`.",
    ),
    "P107": Explanation(
        title="Cards go round for ever without waiting",
        why="The contact would be flooded until the limit of cards in one turn ends the conversation.",
        mend="Put a question or a delay into the circle, or lead one of its exits out.",
    ),
    "P108": Explanation(
        title="A reminder comes after the question has given up",
        why="It is never said.",
        mend="Make it earlier, or the `timeout` longer.",
    ),
    "P109": Explanation(
        title="Free text outside the service window",
        why="WhatsApp and Messenger take a text of one's own only within 24 hours of the contact's last message.",
        mend="Wait shorter before it, speak by a template (`send_template`), or end there without a word. A condition "
        "may ask `conversation.window_open`. Where only other channels are used, it may stay.",
    ),
    "P110": Explanation(
        title="A wait for an event leads nowhere when it is over",
        why="Other systems are late, or never tell; the contact would be left without a word.",
        mend="Give `timeout` a target under `exits`, or the flow a `fallback`.",
    ),
    "P111": Explanation(
        title="Cards go round for ever while the contact is silent",
        why=f"Who has left is asked again and again until {LIMITS.silences} time limits in a row end the conversation. "
        f"Delays go round until {LIMITS.messages_unheard} messages, or {LIMITS.waits_unheard} waits, without a word.",
        mend="Count the rounds in a variable and lead out with a `condition`, or end at the first silence.",
    ),
    "P112": Explanation(
        title="An event is waited for that nobody can tell",
        why="The card would fail whenever it is played.",
        mend="Make an address for it before, with the card `expect_event`, and give that to the other system.",
    ),
    "P113": Explanation(
        title="The address for an event is given to nobody",
        why="Nobody could tell the event: every conversation would wait in vain.",
        mend="Put the variable into an `http_request`, a `webhook` or a message.",
    ),
    "P114": Explanation(
        title="An event is expected and never waited for",
        why="The other system is told that it was taken, and nothing comes of it.",
        mend="Wait for it with the card `wait_event`, or delete the card.",
    ),
    "P115": Explanation(
        title="Flows go round for ever without waiting",
        why=f"Each leads into the next: {LIMITS.messages_per_turn} messages at a blow, until the limits end the "
        "conversation.",
        mend="Put a question into one of the flows, or lead one of the ways between them elsewhere.",
    ),
    "P116": Explanation(
        title="Conversations open conversations without end",
        why="Nobody says a word, and one contact after the other is written to; "
        f"after {LIMITS.openings_unheard} in a row no more are opened.",
        mend="Ask something before the next one is opened, or count the rounds in an input and end.",
    ),
    "P201": Explanation(
        title="An expression cannot be read",
        why="The card would fail whenever it is played.",
        mend="The place in the text and what is allowed are named.",
    ),
    "P202": Explanation(
        title="An unknown name",
        why="The card would fail whenever it is played.",
        mend="Declare the variable under `variables`, or mend the name.",
    ),
    "P203": Explanation(
        title="An undeclared variable is set",
        why="The card would fail when it has something to keep.",
        mend="Declare it under `variables`, or mend the name.",
    ),
    "P204": Explanation(
        title="A variable is used and never set",
        why="It is always empty: texts have holes, conditions always go the same way.",
        mend="Set it before, give it a `default`, or mark it `input: true` when the calling flow sets it.",
    ),
    "P205": Explanation(
        title="A variable is neither used nor set",
        why="It only makes readers wonder.",
        mend="Delete it.",
    ),
    "P206": Explanation(
        title="An answer that is personal data is kept in a plain variable",
        why="Journal, logs and everybody with access to them would show it.",
        mend="Declare the variable as `sensitive: true`: they show dots instead.",
    ),
    "P207": Explanation(
        title="A plain variable takes over personal data",
        why="The copy would stand in journal and logs where the original has dots.",
        mend="Declare it as `sensitive: true` too, or take only what is masked: `{{ document | cpf }}`.",
    ),
    "P208": Explanation(
        title="A note writes personal data",
        why="Notes are kept in the journal as they are written, for all colleagues and for years.",
        mend="Leave it out, or mask it: `{{ document | cpf }}`.",
    ),
    "P209": Explanation(
        title="A variable gets what it was not declared for",
        why="Texts, conditions and operations that rely on its type meet something else.",
        mend="Declare the type that it gets, or give it a value of the type declared; `any` takes whatever comes.",
    ),
    "P210": Explanation(
        title="A text ends before a `#`",
        why="In YAML a blank and `#` begin a comment: what stands there is never read, stored or sent.",
        mend="Put the text between quotes. A comment may follow the closing quote, or stand in a line of its own.",
    ),
    "P301": Explanation(
        title="A flow that is called does not exist",
        why="The card would fail whenever it is played; publishing is refused.",
        mend="Write it, or mend the name.",
    ),
    "P302": Explanation(
        title="The called flow has no such variable",
        why="The call would fail, or bring nothing back.",
        mend="Mend the name under `inputs` or `outputs`, or declare it in the called flow.",
    ),
    "P303": Explanation(
        title="A connection, receiver or calendar that the settings do not have",
        why="The card would fail whenever it is played.",
        mend="Add it to `prosa.toml` under the table that is named, or mend the name. Without settings nobody knows.",
    ),
    "P304": Explanation(
        title="The connection has no such operation",
        why="The call would fail whenever it is made.",
        mend="Mend the name; the nearest one is named.",
    ),
    "P305": Explanation(
        title="The operation has no such argument",
        why="The call would be refused.",
        mend="Mend the name, or leave it out.",
    ),
    "P306": Explanation(
        title="An argument is missing",
        why="The call would be refused.",
        mend="Add it under `arguments`. `link_contact` has none: name a connection whose `list_customers` needs no "
        "more than a document, a telephone number or an e-mail address.",
    ),
    "P307": Explanation(
        title="An argument has the wrong type",
        why="The call would be refused.",
        mend="Write a value of the type that is named.",
    ),
    "P308": Explanation(
        title="A host that flows may not call",
        why="The call is refused, and the card takes its exit `failed` whenever it is played.",
        mend="Add it to `prosa.toml` under `[hosts.NAME]`, or mend the address; by http only `private` ones are.",
    ),
    "P309": Explanation(
        title="The settings name a flow that is not here",
        why="A keyword, or an account, would lead nowhere.",
        mend="Mend the name in `prosa.toml`, or write the flow; one that was published from elsewhere may stay.",
    ),
    "P310": Explanation(
        title="Parameters do not fit the template",
        why="The provider would refuse the message; the card would fail whenever it is played.",
        mend="Write one parameter for each place of the text under `[templates]`, by its name or in its order.",
    ),
    "P311": Explanation(
        title="A way into an account is never taken",
        why="The first entry that fits counts: what another one takes before, or what has no word, begins nothing.",
        mend="Take it out of `prosa.toml`, or put the narrower entry first.",
    ),
    "P312": Explanation(
        title="A way into an account sets what its flow does not have",
        why="Whoever came by it would get no answer: the flow cannot begin.",
        mend="Mend `inputs` of the entry in `prosa.toml`, or declare the variable in the flow.",
    ),
    "P313": Explanation(
        title="A text for a channel that there is not",
        why="It is never said: the contacts it was written for read the other text.",
        mend="Write the channel's name (`webchat`, `http`), not that of an account.",
    ),
    "P314": Explanation(
        title="The list of a schedule is not right",
        why="A run whose list cannot be read, or has a wrong line, opens nothing.",
        mend="Mend the lines that are named, or put the table where `contacts` says, at the latest before the run.",
    ),
    "P315": Explanation(
        title="An operation that wants a proof can be reached without one",
        why="A CPF is no secret: who knows it could cancel a stranger's contract. Prosa refuses such a call, and the "
        "card takes its exit `rejected`.",
        mend="Run the flow `verifica_titular` first, and go on only when its variable `proved` is true; or play a card "
        "`confirm_identity`, and lead its other exits elsewhere. `proof = false` under the connection lets everybody.",
    ),
}
"""By code. P1.. the way through the cards, P2.. names, expressions and personal data, P3.. other flows and systems."""
