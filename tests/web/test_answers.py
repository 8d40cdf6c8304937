import json
import re
from pathlib import Path

from web.answers import JSONResponse

ROOT = Path(__file__).parents[2]
OTHER_WAYS = re.compile(r"(?<!\w)Console\(|from starlette\.responses import [^\n]*JSONResponse")
ONE_WAY = {"prosa/terminal.py", "web/answers.py"}


def test_an_answer_in_json_has_nothing_raw_and_loses_nothing() -> None:
    said = {"name": "Ana\x9b31m\u202egnp.exe\x7f", "text": "Olá"}
    body = JSONResponse(said).body
    assert json.loads(bytes(body)) == said
    assert bytes(body).decode() == r'{"name":"Ana\u009b31m\u202egnp.exe\u007f","text":"Olá"}'


def test_consoles_and_json_answers_are_made_in_one_place_each() -> None:
    rooms = ("prosa", "gateway", "console", "web", "workers", "usecases", "stories")
    files = [file.relative_to(ROOT) for room in rooms for file in (ROOT / room).rglob("*.py")]
    assert {str(file) for file in files if OTHER_WAYS.search((ROOT / file).read_text(encoding="utf-8"))} <= ONE_WAY
