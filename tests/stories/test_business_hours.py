"""Stories of a company that is open, or closed, whatever time the server has."""

from flows.reader import read_flow
from stories import parallel
from stories.reader import read_stories

FLOW = """
spec: 1
flow: shop
variables:
  day: {type: date}
cards:
  - {id: hours, card: business_hours, exits: {closed: later}}
  - {id: hello, card: send_message, text: "We are open", next: bye}
  - {id: later, card: send_message, text: "We are closed"}
  - {id: rest, card: delay, calendar: main}
  - {id: back, card: send_message, text: "Good morning"}
  - {id: ask, card: ask_question, text: "Which day?", answer: date, save_as: day, settle: 4s, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: told, card: send_message, text: "{{ day | date }}"}
  - {id: bye, card: close, resolution: done}
"""
STORIES = """
flow: shop
company: {zone: America/Manaus, opens_in: 9h}
stories:
  - story: closed, and open in the morning
    talk:
      - contact: hello
      - bot: We are closed
      - silence: 8h59m
      - silence: 1m
      - bot: Good morning
      - bot: Which day?
      - contact: "10/"
      - contact: "12/2030"
      - silence: 4s
      - bot: 10/12/2030
      - ended: done
"""
OPEN = """
story: open
flow: shop
talk: [{contact: hello}, {bot: We are open}, {ended: done}]
"""


def test_a_story_says_when_the_company_opens() -> None:
    told = [*read_stories(STORIES, "s.yaml"), *read_stories(OPEN, "o.yaml")]
    for outcome in parallel.play({"shop": read_flow(FLOW, "shop.yaml")}, told, 1, lambda _: None):
        assert outcome.difference is None, (outcome.difference.args, outcome.transcript)


AT = """
flow: shop
stories:
  - story: on a working day
    at: monday 09:00
    talk: [{contact: hello}, {bot: We are open}, {ended: done}]
  - story: on the day before, at night
    at: sunday 23:30
    talk:
      - contact: hello
      - bot: We are closed
      - silence: 8h29m
      - silence: 2m
      - bot: Good morning
      - bot: Which day?
      - contact: amanhã
      - silence: 4s
      - ...
      - ended: done
  - story: at Christmas
    at: 12-25 10:00
    talk: [{contact: hello}, {bot: We are closed}]
"""


def test_a_story_begins_at_a_moment_and_calendars_say_whether_the_company_is_open() -> None:
    for outcome in parallel.play({"shop": read_flow(FLOW, "shop.yaml")}, read_stories(AT, "s.yaml"), 1, lambda _: None):
        assert outcome.difference is None, (outcome.story, outcome.difference.args, outcome.transcript)
