from domain.contact_card import ContactCard


def test_a_card_is_a_vcard_that_nothing_in_it_can_break() -> None:
    nasty = "A, B\\C\nTEL:1"
    card = ContactCard(name="Ana; Souza", phones=("+55 49 3333-0000",), email="a@b.example", organisation=nasty)
    assert card.vcard.split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Ana\\; Souza",
        "N:Ana\\; Souza;;;;",
        "ORG:A\\, B\\\\C TEL:1",
        "TEL;TYPE=VOICE:+55 49 3333-0000",
        "EMAIL:a@b.example",
        "END:VCARD",
        "",
    ]


def test_a_card_says_only_what_it_has() -> None:
    card = ContactCard(name="Ana", email="a@b.example")
    assert card.words == "Ana\na@b.example"
    assert "TEL" not in card.vcard
    assert "ORG" not in card.vcard
