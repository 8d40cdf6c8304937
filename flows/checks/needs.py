"""References between flows and settings: everything named must exist (P303, P308 to P310, P313, P314)."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from domain.suggestion import nearest_or_all
from domain.template import missing, unknown
from flows.cards.http_request import HttpRequest
from flows.cards.open_conversation import OpenConversation
from flows.cards.send_file import SendFile
from flows.cards.send_message import SendMessage
from flows.cards.send_template import SendTemplate
from flows.checks.finding import Finding
from flows.checks.installation import Installation
from flows.flow import Flow
from flows.parts.templated import by_place

_FIXED: Final = re.compile(r"[A-Za-z]+://[^/?#{]+(?:[/?#].*)?")
"""An address with a literal host, which no expression computes."""
_USUAL: Final = {"https": 443, "http": 80}


class _Place(NamedTuple):
    scheme: str
    host: str


def check_needs(flow: Flow, installation: Installation) -> Iterator[Finding]:
    """Yield the settings that cards need and *installation* does not have."""
    for card in flow.cards:
        for key, (table, name) in card.needs().items():
            known = installation.tables.get(table, ())
            if name not in known:
                yield Finding(
                    code="P303",
                    card=card.id,
                    key=key,
                    sentence=f"there is no {name!r} under [{table}] of the settings"
                    f"{nearest_or_all(name, sorted(known))}",
                    remedy=f"add [{table}.{name}] to prosa.toml, or mend the name",
                )
        if isinstance(card, HttpRequest | SendFile):
            yield from _called(card, installation.hosts)
        if isinstance(card, SendMessage) and installation.channels:
            yield from _unknown_channels(card, installation.channels)
        if isinstance(card, SendTemplate | OpenConversation) and card.template is not None:
            yield from _filled(card, installation.templates.get(card.template))


def _unknown_channels(card: SendMessage, known: Collection[str]) -> Iterator[Finding]:
    for place, variant in enumerate(card.variants):
        if variant.channel is not None and variant.channel not in known:
            yield Finding(
                code="P313",
                card=card.id,
                key=f"variants.{place}.channel",
                sentence=f"there is no channel {variant.channel!r}{nearest_or_all(variant.channel, sorted(known))}",
                remedy="mend the name: it is the channel's, not the account's",
            )


def _filled(card: SendTemplate | OpenConversation, places: tuple[str, ...] | None) -> Iterator[Finding]:
    """Yield the parameters that the template of *card* lacks, and those that it has no place for."""
    if places is None:  # another finding says so
        return
    given = by_place(card.parameters)
    for sentence in (*missing(places, given), *unknown(places, given)):
        yield Finding(
            code="P310",
            card=card.id,
            key="parameters",
            sentence=f"template {card.template!r}: {sentence}",
            remedy="write under 'parameters' what the template has places for",
        )


def check_named(named: Mapping[str, str], known: Collection[str]) -> Iterator[Finding]:
    """Yield the flows that the settings name (by key: `keywords.menu`) and that are not *known*."""
    for key, name in named.items():
        if name not in known:
            yield Finding(
                code="P309",
                severity="warning",
                key=key,
                sentence=f"{key} names the flow {name!r}, and there is none of that name"
                f"{nearest_or_all(name, sorted(known))}",
                remedy="mend the name in prosa.toml, or write the flow",
            )


def check_lists(wrong: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the lists of schedules (by key: `schedules.weekly.contacts`) that are *wrong*, and why."""
    for key, why in wrong.items():
        yield Finding(
            code="P314",
            severity="warning",
            key=key,
            sentence=f"{key}: {why}",
            remedy="have it right before the next run, in the folder where the workers run",
        )


def _called(card: HttpRequest | SendFile, hosts: Mapping[str, bool]) -> Iterator[Finding]:
    place = _place(card.url.strip())
    if place is None:
        return
    if place.host not in hosts:
        yield Finding(
            code="P308",
            card=card.id,
            key="url",
            sentence=f"{place.host!r} is no host that flows may call{nearest_or_all(place.host, sorted(hosts))}",
            remedy=f'add it to prosa.toml under [hosts.NAME] (host = "{place.host}"), or mend the address',
        )
    elif place.scheme != "https" and not hosts[place.host]:
        yield Finding(
            code="P308",
            card=card.id,
            key="url",
            sentence=f"{place.host!r} may be called by https only, found {place.scheme!r}",
            remedy="write https://, or `private = true` where prosa.toml lists it, if it is in your own network",
        )


def _place(url: str) -> _Place | None:
    """Return where *url* leads, as the settings write it; None when only the conversation knows."""
    if not _FIXED.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return None
    return _Place(parts.scheme, host if port in {None, _USUAL.get(parts.scheme)} else f"{host}:{port}")
