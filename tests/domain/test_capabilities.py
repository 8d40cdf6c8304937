import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.capabilities import Capabilities, fit
from domain.contact_card import ContactCard
from domain.message import Content, FileRef, Link, Location, Option
from domain.template import Sending

FILE = FileRef(id="f" * 64, name="boleto.pdf", mime="application/pdf", size=3)
BUTTONS = Capabilities(buttons=3, button_label=20)
LIST = Capabilities(buttons=3, button_label=20, list_items=10, list_label=24)
PLAIN = Capabilities()


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(id=str(number), label=label) for number, label in enumerate(labels))


def texts(content: Content, can: Capabilities) -> list[str]:
    return [part.text for part in fit(content, can)]


def test_options_stay_options_where_the_channel_has_buttons_for_them() -> None:
    content = Content(text="Qual?", options=options("Sim", "Não"))
    assert fit(content, BUTTONS) == (content,)


def test_more_options_than_buttons_stay_options_where_the_channel_has_a_list() -> None:
    content = Content(text="Qual?", options=options("a", "b", "c", "d"))
    assert fit(content, LIST) == (content,)


def test_a_label_too_long_for_a_button_may_still_fit_a_list() -> None:
    content = Content(text="Qual?", options=options("x" * 24))
    assert fit(content, LIST) == (content,)


@pytest.mark.parametrize(
    ("can", "labels"),
    [
        (PLAIN, ("Boleto", "Pix")),
        (BUTTONS, ("Boleto", "Pix", "Dinheiro", "Cartão")),
        (BUTTONS, ("x" * 21,)),
        (LIST, tuple("abcdefghijk")),
        (LIST, ("x" * 25,)),
    ],
)
def test_options_that_cannot_be_tapped_become_numbered_lines(can: Capabilities, labels: tuple[str, ...]) -> None:
    (part,) = fit(Content(text="Qual?", options=options(*labels)), can)
    assert part.options == ()
    assert part.text.split("\n") == ["Qual?", "", *(f"{n}. {label}" for n, label in enumerate(labels, 1))]


def test_scores_that_cannot_be_tapped_are_not_numbered_once_more() -> None:
    content = Content(text="De 0 a 3?", options=options("0", "1", "2", "3"))
    assert texts(content, PLAIN) == ["De 0 a 3?\n\n0 · 1 · 2 · 3"]


def test_options_without_a_text_begin_with_the_first_number() -> None:
    assert texts(Content(options=options("Sim", "Não")), PLAIN) == ["1. Sim\n2. Não"]


def test_the_last_part_of_a_long_question_carries_the_options() -> None:
    content = Content(text="uma pergunta comprida", options=options("Sim"))
    before, last = fit(content, Capabilities(text_length=12, buttons=1))
    assert (before.text, before.options) == ("uma pergunta", ())
    assert (last.text, last.options) == ("comprida", content.options)


def test_a_text_that_just_fits_is_left_as_it_is() -> None:
    assert texts(Content(text=" ab\n\ncd "), Capabilities(text_length=8)) == [" ab\n\ncd "]


def test_a_long_text_is_split_between_paragraphs_rather_than_within_one() -> None:
    text = "Olá, Ana!\n\nSeu boleto vence hoje."
    assert texts(Content(text=text), Capabilities(text_length=16)) == ["Olá, Ana!", "Seu boleto vence", "hoje."]


@pytest.mark.parametrize(
    ("text", "length", "first"),
    [
        ("a👨\u200d👩\u200d👧b", 3, "a"),
        ("abc👍🏽d", 4, "abc"),
        ("ab🇧🇷🇵🇹", 3, "ab"),
        ("ab🇧🇷🇵🇹", 5, "ab🇧🇷"),
        ("acao\u0303s", 4, "aca"),
        ("abcdef", 4, "abcd"),
        ("a" + "\u0301" * 100, 50, "a" + "\u0301" * 49),
    ],
)
def test_no_letter_or_emoji_is_cut_in_two(text: str, length: int, first: str) -> None:
    parts = texts(Content(text=text), Capabilities(text_length=length))
    assert parts[0] == first
    assert "".join(parts) == text


def test_numbered_options_are_split_between_lines() -> None:
    content = Content(text="Qual?", options=options("Segunda via", "Falar com alguém"))
    assert texts(content, Capabilities(text_length=24)) == ["Qual?\n\n1. Segunda via", "2. Falar com alguém"]


def test_a_paragraph_too_early_to_fill_half_a_part_does_not_end_it() -> None:
    assert texts(Content(text="a\n\nbb cc dd ee"), Capabilities(text_length=9)) == ["a\n\nbb cc", "dd ee"]


def test_a_word_that_ends_where_the_part_does_stays_in_it() -> None:
    assert texts(Content(text="ab cd ef"), Capabilities(text_length=5)) == ["ab cd", "ef"]


def test_a_word_longer_than_a_part_is_cut() -> None:
    assert texts(Content(text="ab cdefghij"), Capabilities(text_length=4)) == ["ab", "cdef", "ghij"]


def test_blanks_at_the_beginning_do_not_become_a_message() -> None:
    assert texts(Content(text="      abc def"), Capabilities(text_length=3)) == ["abc", "def"]


def test_a_caption_stays_with_its_file_where_the_channel_shows_captions() -> None:
    content = Content(text="Seu boleto", file=FILE)
    assert fit(content, PLAIN) == (content,)


@pytest.mark.parametrize("can", [Capabilities(captions=False), Capabilities(text_length=9)])
def test_a_caption_that_cannot_be_shown_goes_before_its_file(can: Capabilities) -> None:
    *before, last = fit(Content(text="Seu boleto", file=FILE), can)
    assert " ".join(part.text for part in before) == "Seu boleto"
    assert last == Content(file=FILE)


def test_a_file_without_caption_is_one_part() -> None:
    assert fit(Content(file=FILE), Capabilities(captions=False)) == (Content(file=FILE),)


def test_a_channel_shows_at_least_one_character() -> None:
    with pytest.raises(ValidationError):
        Capabilities(text_length=0)


SHOP = Location(latitude=-27.10042, longitude=-52.61523, name="Loja", address="Rua das Flores, 120")
ANA = ContactCard(name="Ana", phones=("+55 49 3333-0000",), email="ana@example.com")


@pytest.mark.parametrize("content", [Content(location=SHOP), Content(contact_card=ANA)])
def test_places_and_cards_stay_what_they_are_where_the_channel_has_them(content: Content) -> None:
    assert fit(content, Capabilities(text_length=1, locations=True, contact_cards=True)) == (content,)


def test_a_template_is_one_message_where_the_channel_has_templates_and_text_elsewhere() -> None:
    sending = Sending(name="due", language="pt_BR", category="utility", parameters={"1": "10/12"})
    content = Content(text="Vence em 10/12.", template=sending)
    assert fit(content, Capabilities(text_length=9, templates=True)) == (content,)
    assert fit(content, Capabilities(text_length=9)) == (Content(text="Vence em"), Content(text="10/12."))


def test_a_place_becomes_its_name_its_address_and_a_link_to_a_map() -> None:
    map_ = "https://www.google.com/maps/search/?api=1&query=-27.100420,-52.615230"
    assert texts(Content(location=SHOP), PLAIN) == [f"Loja\nRua das Flores, 120\n{map_}"]


def test_a_contact_card_becomes_its_lines() -> None:
    assert texts(Content(contact_card=ANA), PLAIN) == ["Ana\n+55 49 3333-0000\nana@example.com"]


WRITTEN = st.text(st.sampled_from("ab🙂ç \n"), max_size=200)


@given(WRITTEN, st.integers(1, 40), st.booleans())
def test_nothing_is_lost_or_moved_by_splitting(text: str, length: int, captioned: bool) -> None:  # noqa: FBT001
    content = Content(text=text, file=FILE if captioned else None)
    parts = fit(content, Capabilities(text_length=length))
    said = [part.text for part in parts]
    assert all(len(part) <= length for part in said)
    assert "".join("".join(said).split()) == "".join(text.split())
    assert len(parts) == 1 or all(part.strip() or parts[number].file for number, part in enumerate(said))
    assert [part.file for part in parts if part.file] == ([FILE] if captioned else [])
    if all(len(word) <= length for word in text.split()):
        assert " ".join(said).split() == text.split()


@given(WRITTEN, st.lists(st.text(st.sampled_from("abc "), min_size=1, max_size=12), min_size=1, max_size=6))
def test_every_option_is_offered_once_and_in_order(text: str, labels: list[str]) -> None:
    parts = fit(Content(text=text, options=options(*labels)), Capabilities(text_length=30, buttons=3, button_label=6))
    tapped = [option.label for part in parts for option in part.options]
    said = "".join("".join(part.text for part in parts).split())
    numbered = "".join(f"{number}.{label}" for number, label in enumerate(labels, 1))
    assert tapped == labels or said.endswith("".join(numbered.split()))


LINKS = (Link(title="Ver no site", url="https://example.com/"), Link(title="Ligar", url="tel:+5549"))


def test_links_are_tapped_below_the_last_part_where_the_channel_has_such_a_thing() -> None:
    content = Content(text="um texto comprido", links=LINKS)
    assert fit(content, Capabilities(links=2)) == (content,)
    before, last = fit(content, Capabilities(links=2, text_length=8))
    assert (before.links, last.links) == ((), LINKS)


def test_more_links_than_the_channel_has_are_lines_with_title_and_address() -> None:
    (part,) = fit(Content(text="Oi", links=LINKS), Capabilities(links=1))
    assert part == Content(text="Oi\nVer no site: https://example.com/\nLigar: tel:+5549")


def test_only_the_first_part_is_typed_and_only_where_the_channel_paces_by_itself() -> None:
    content = Content(text="um texto comprido", typing=2)
    assert [part.typing for part in fit(content, Capabilities(text_length=8, typing=True))] == [2, 0]
    assert [part.typing for part in fit(content, Capabilities())] == [0]


def test_what_carries_neither_is_written_as_it_was_before_there_were_any() -> None:
    assert Content(text="Oi").model_dump(mode="json", exclude_defaults=True) == {"text": "Oi"}
