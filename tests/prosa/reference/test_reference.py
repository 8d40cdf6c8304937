"""The pages under docs/reference/ are what the code says."""

from flows.answers import answers
from flows.cards import cards
from prosa.reference import pages as reference_pages
from usecases.flow_files import LIBRARY


def test_the_pages_and_pictures_are_up_to_date() -> None:
    written, made = reference_pages.written(), reference_pages.files()
    old = [name for name in sorted({*written, *made}) if written.get(name) != made.get(name)]
    assert old == [], "`make docs` writes them anew"


def test_every_flow_of_the_library_is_shown_and_every_card_has_its_symbol() -> None:
    page, pictures = reference_pages.pages()["flows.md"], reference_pages.written()
    for path in LIBRARY.glob("*.yaml"):
        assert f"(flows/{path.stem}.svg)" in page
        assert f"flows/{path.stem}.svg" in pictures
    for name in cards:
        assert cards[name].symbol.colour in pictures[f"symbols/{name}.svg"].decode()


def test_every_card_and_answer_has_its_section_with_keys_and_example() -> None:
    pages = reference_pages.pages()
    for name in cards:
        section = pages["cards.md"].partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for key in cards[name].model_fields.values():
            assert not key.alias or f"| `{key.alias}` |" in section
        assert "```yaml\n" in section, name
    for name in answers:
        assert f"\n## {name}\n" in pages["answers.md"]


def test_keys_inside_keys_are_told_with_their_way() -> None:
    page = reference_pages.pages()["cards.md"]
    for key in ("reminders[].after", "exits.no_answer", "options_from.each", "when[].if", "for"):
        assert f"| `{key}` |" in page, key


def test_every_command_has_its_section() -> None:
    page = reference_pages.pages()["commands.md"]
    for command in ("demo", "flow", "flow check", "conversation show", "audit verify", "version"):
        assert f"\n## prosa {command}\n" in page, command
    assert "`--directory`" in page
