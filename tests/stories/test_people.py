"""Stories in which people help: who the contact is, who answers, and what becomes of it when nobody does."""

from pathlib import Path

from flows.reader import read_flow
from stories import parallel
from stories.reader import read_stories

FLOW = """
spec: 1
flow: help
fallback: end
cards:
  - {id: who, card: link_contact, connection: depot, exits: {not_found: queue, ambiguous: queue}}
  - {id: greet, card: send_message, text: "Ola, {{ contact.links.depot }}."}
  - id: queue
    card: transfer
    text: "Ja vem{{ ': ' ~ position ~ ', ' ~ estimate if position > 1 }}."
    note: "Sem sinal."
    wait_up_to: 1h
    exits: {no_agent: nobody, gave_up: calm, out_of_hours: closed}
  - {id: helped, card: close, resolution: helped}
  - {id: nobody, card: notify, text: "Ninguem veio.", email: bosses}
  - {id: alone, card: close, resolution: nobody}
  - {id: calm, card: close, resolution: calm}
  - {id: closed, card: close, resolution: closed}
"""
STORIES = """
flow: help
contact: {document: "52998224725"}
given:
  depot.list_customers: [{id: "7"}]
  email.bosses: failed
stories:
  - story: somebody answers
    talk:
      - contact: oi
      - bot: "Ola, 7."
      - bot: "Ja vem."
      - agent: "Oi, aqui é a Bia."
      - contact: "menu"
      - resolved: "troquei o cabo"
      - ended: helped
  - story: nobody answers
    talk:
      - contact: oi
      - ...
      - bot: "Ja vem."
      - silence: 1h
      - called: email.bosses
        arguments: {text: "Ninguem veio.", event: notification}
      - ended: nobody
  - story: the contact would rather not wait
    given: {depot.list_customers: []}
    talk:
      - contact: oi
      - bot: "Ja vem."
      - contact: voltar
      - ended: calm
  - story: the contact leaves
    given: {depot.list_customers: []}
    talk:
      - contact: oi
      - bot: "Ja vem."
      - contact: sair
      - bot: "Tudo bem, encerramos por aqui*"
      - ended: left
  - story: nobody is there at this time
    at: sunday 03:00
    talk:
      - contact: oi
      - bot: "Ola, 7."
      - ended: closed
  - story: others come first, and then fewer
    given: {queue.main: {calls: [{position: 3, estimate: 10m}, {position: 2}]}}
    talk:
      - contact: oi
      - ...
      - bot: "Ja vem: 3, 10 minutos."
      - silence: 12m
      - contact: "alguém?"
      - bot: "Sua mensagem já está com a equipe*"
      - silence: 12m
      - contact: "e agora?"
      - bot: "Sua mensagem já está com a equipe*"
      - silence: 36m
      - ended: nobody
  - story: it is said to be resolved, and is not
    talk:
      - contact: oi
      - ...
      - bot: "Ja vem."
      - resolved: ""
      - ended: nobody
"""


def test_stories_have_people(tmp_path: Path) -> None:
    flow = read_flow(FLOW, str(tmp_path / "help.yaml"))
    outcomes = parallel.play({"help": flow}, read_stories(STORIES, "s.yaml"), 1, lambda _: None)

    *right, wrong = [outcome.difference for outcome in outcomes]
    assert right == [None] * 6
    assert wrong is not None
    assert "helped" in str(wrong)
