"""Search for words in the reference, ignoring case and accents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from console.chapters import chapters
from console.flow_search import around
from flows.reference.cards import card_topics
from flows.reference.topic import Key
from flows.understanding.folding import folded


@dataclass(frozen=True)
class Entry:
    """A place of the reference that contains all words, and the text around the first."""

    title: str
    chapter: str
    """Name of the chapter; empty for a card."""
    href: str
    """From where `/reference` is."""
    text: str = ""


def found(query: str) -> list[Entry]:
    """Return the places that hold every word of *query*: first those that are called so."""
    words = folded(query).split()
    hits: list[tuple[bool, Entry]] = []
    for entry, called, texts in _entries():
        everything = folded("\n".join((*called, *texts)))
        if words and all(word in everything for word in words):
            named = all(word in folded(" ".join(called)) for word in words)
            hits.append(
                (
                    not named,
                    Entry(
                        entry.title, entry.chapter, entry.href, around((text.replace("`", "") for text in texts), words)
                    ),
                )
            )
    return [entry for _, entry in sorted(hits, key=lambda hit: hit[0])]


@cache
def _entries() -> tuple[tuple[Entry, tuple[str, ...], tuple[str, ...]], ...]:
    """Return every place with its names and its texts."""
    return (*_cards(), *_topics())


def _cards() -> Iterator[tuple[Entry, tuple[str, ...], tuple[str, ...]]]:
    for name, topic in card_topics().items():
        texts = (topic.about, *_keys(topic.keys), topic.example)
        yield Entry(name, "", f"reference/cards/{name}"), (name, *topic.shown.symbol.names.values()), texts


def _topics() -> Iterator[tuple[Entry, tuple[str, ...], tuple[str, ...]]]:
    for chapter in chapters().values():
        for topic in chapter.topics:
            rows = (f"{written} {means}" for written, means in topic.rows)
            texts = (topic.about, *_keys(topic.keys), *rows, topic.example)
            title = ": ".join(filter(None, [topic.name, topic.title]))
            entry = Entry(title, chapter.name, f"reference/{chapter.name}#{topic.anchor}")
            yield entry, (topic.name, topic.title), texts


def _keys(keys: Iterable[Key]) -> Iterator[str]:
    return (f"{key.path}: {key.about}" for key in keys)
