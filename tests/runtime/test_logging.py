import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from domain.keys import address_key, message_id, workflow_id
from runtime.logging import configure, logger, mask
from runtime.sections import LogSection

PERSONAL = [
    "529.982.247-25",
    "52998224725",
    "529 982 247 25",
    "529.982.247/25",
    "012.345.678-90",
    "11.444.777/0001-61",
    "11444777000161",
    "11 444 777 / 0001 - 61",
    "12.ABC.345/01DE-35",
    "12ABC34501DE35",
    "12abc34501de35",
    "5511987654321",
    "+55 11 98765-4321",
    "+55 (11) 98765-4321",
    "(11) 98765-4321",
    "(011) 98765-4321",
    "11 9 8765-4321",
    "11 3456-7890",
    "98765-4321",
    "14155552671",
    "+49 1512 3456789",
    "4915123456789",
    "ana@correio.example",
    "ana.souza+boleto@correio.com.br",
    "joão_p@correio.com.br",
]
SENTENCES = ["{}", "meu documento é {}, obrigada", "cpf:{};", "doc_{}", '{{"to": "{}"}}', "({})", "a\n{}\nb", "{}."]
OURS = [
    message_id("site", "message", "wamid.1"),
    f"{message_id('site', 'message', 'wamid.1')}:12",
    workflow_id("site", address_key(b"s", "5511987654321")),
    "f" * 64,
    "0f52998224725abc",
    "7f3c9a52-0c1d-4f6e-9b7a-52998224725a",
    "20261121-000001",
    "2026-11-21T12:00:00.123456Z",
    "2026-11-21 12:00:00+00:00",
    "ProsaAccount",
    "conversation01",
    "erp:billing",
    "127.0.0.1:7233",
    "R$ 1.234,56",
    "prosa 0.1.0",
]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("found", PERSONAL)
def test_personal_data_is_masked_wherever_it_stands_in_a_text(found: str, sentence: str) -> None:
    masked = mask(sentence.format(found))
    assert "•••" in masked
    digits = [digit for digit in masked if digit.isdigit()]
    assert len(digits) <= 2
    assert "ana" not in masked.replace("obrigada", "")
    assert "joão" not in masked


def test_the_last_digits_stay_so_that_people_can_recognise_them() -> None:
    assert mask("cpf 529.982.247-25 de ana@correio.example") == "cpf •••25 de •••@•••"


@pytest.mark.parametrize("name", OURS)
def test_our_own_names_of_things_stay_readable(name: str) -> None:
    assert mask(name) == name
    assert mask(f"in {name}, here") == f"in {name}, here"


def test_masking_a_long_text_takes_no_time() -> None:
    began = time.monotonic()
    for text in ("a." * 50_000, "9" * 100_000, "1-" * 50_000, "a" * 100_000, "+1 " * 30_000):
        mask(text)
    assert time.monotonic() - began < 20  # a hang would be hours


Lines = list[dict[str, Any]]


class Written:
    """Logging as a process has it; called, it returns the lines written since the last call."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def start(self, **section: Any) -> None:
        configure(LogSection(**section), "test")

    def __call__(self) -> Lines:
        return [json.loads(line) for line in self._capsys.readouterr().err.splitlines()]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield Written(capsys)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


CPF = "529.982.247-25"
PHONE = 5511987654321


class Ana:
    def __repr__(self) -> str:
        return f"Ana({CPF})"


def test_a_line_is_one_json_object_that_says_when_where_and_how_grave(
    written: Written,
) -> None:
    written.start()
    logger().warning("message_refused", seq=4, late=True, seconds=0.25, nothing=None, text="Olá\nAna")
    (line,) = written()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "message_refused",
        "level": "warning",
        "process": "test",
        "seq": 4,
        "late": True,
        "seconds": 0.25,
        "nothing": None,
        "text": "Olá\nAna",
    }


@pytest.mark.parametrize(
    "value",
    [
        CPF,
        PHONE,
        [CPF],
        (PHONE,),
        {CPF},
        {"document": CPF},
        {PHONE: 1},
        {CPF: 1},
        {"key": CPF, "conversation": PHONE},
        {"customer": [{"documents": [CPF, {"phone": PHONE}]}]},
        ValueError(f"no customer {CPF}"),
        Ana(),
        [Ana()],
        CPF.encode(),
    ],
    ids=repr,
)
def test_personal_data_is_masked_in_every_kind_of_value(value: object, written: Written) -> None:
    written.start()
    logger().info("x", value=value)
    (line,) = written()
    assert "•••" in json.dumps(line, ensure_ascii=False)
    assert "2998" not in json.dumps(line)
    assert "98765" not in json.dumps(line)


def test_what_is_bound_to_the_context_is_masked_too(written: Written) -> None:
    written.start()
    with structlog.contextvars.bound_contextvars(address=str(PHONE)):
        logger().info("x")
    assert written()[0]["address"] == "•••21"


def test_an_exception_is_on_its_line_with_its_traceback_masked(
    written: Written,
) -> None:
    written.start()
    try:
        int(f"no customer {CPF}")
    except ValueError:
        logger().exception("lookup_failed")
        logging.getLogger("somebody.else").exception("lookup of %s failed", CPF)
    ours, theirs = written()
    for line in (ours, theirs):
        assert "Traceback" in line["exception"]
        assert line["exception"].endswith("with base 10: 'no customer •••25'")
    assert theirs["event"] == "lookup of •••25 failed"


def test_what_libraries_log_is_one_masked_line_too(written: Written) -> None:
    written.start()
    logging.getLogger("httpx").info("not shown")
    logging.getLogger("uvicorn.error").warning("from %s:\n%s", "ana@correio.example", {"to": PHONE}, stack_info=True)
    (line,) = written()
    assert line["event"] == "from •••@•••:\n{'to': •••21}"
    assert line["level"] == "warning"
    assert line["process"] == "test"


@pytest.mark.parametrize(
    "key", ["conversation", "message_id", "workflow", "workflow_id", "version", "protocol", "run_id", "key"]
)
def test_identifiers_are_untouched(key: str, written: Written) -> None:
    written.start()
    number = "52998224725"  # an id may happen to look like one
    logger().info("x", **{key: number})
    assert written()[0][key] == number


def test_what_is_below_the_level_is_not_written(written: Written) -> None:
    written.start(level="ERROR")
    logger().warning("x")
    logging.getLogger("somebody").warning("x")
    logger().error("y")
    assert [line["event"] for line in written()] == ["y"]


CONSOLE = """
import logging
from runtime.logging import configure, logger
from runtime.sections import LogSection
configure(LogSection(format="console"), "test")
try:
    raise ValueError("no customer 529.982.247-25")
except ValueError:
    logger().exception("lookup_failed", document="529.982.247-25")
logging.getLogger("somebody").warning("to 5511987654321")
"""


def test_people_who_read_along_see_masked_lines_too() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", CONSOLE], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert "ValueError: no customer •••25" in ran.stderr
    assert "to •••21" in ran.stderr
    assert "2998" not in ran.stderr


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_log_line_is_one_line_and_holds_nothing_raw(
    form: str, capsys: pytest.CaptureFixture[str], written: Written
) -> None:
    written.start(format=form)
    logger().warning("heard\x9b", name="Ana\x1b]0;owned\x07\u202e", text="oi\n2026 [error] forged", message_id="a\x9d")
    logging.getLogger("other").warning("said \x1b[2J\u2066\nforged")
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 2
    assert not {*shown} & set("\x1b\x07\x9b\x9d\u202e\u2066")
