"""Texts for some contacts: by language and channel."""

import pytest

from flows.parts.variants import Variant, mistake


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ({"language": "pt"}, {"language": "pt-BR"}, True),
        ({"language": "PT-br"}, {"language": "pt-BR", "channel": "webchat"}, True),
        ({"channel": "webchat"}, {"channel": "webchat", "language": "en"}, True),
        ({"language": "pt-BR"}, {"language": "pt"}, False),
        ({"language": "pt", "channel": "webchat"}, {"language": "pt-BR"}, False),
        ({"language": "p" * 2}, {"language": "ppp"}, False),
    ],
)
def test_a_variant_that_an_earlier_one_always_replaces_is_found(
    first: dict[str, str], second: dict[str, str], *, hidden: bool
) -> None:
    said = mistake([Variant.model_validate({"text": "a", **one}) for one in (first, second)])
    assert (said is not None) == hidden
