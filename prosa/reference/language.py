"""The flow language as reference pages: the chapters of `flows.reference`, in Markdown."""

from collections.abc import Iterable, Iterator
from typing import Final

from console.chapters import chapters
from flows.reference.cards import CardTopic, common_keys, families
from flows.reference.topic import Chapter, Key, Topic

FAMILIES: Final = {
    "interaction": "Interaction",
    "service": "Service",
    "flow": "Flow",
    "integrations": "Integrations",
    "survey": "Survey",
}


def pages() -> dict[str, str]:
    """Return the pages by the names of their files."""
    return {"cards.md": _cards(), **{f"{name}.md": _chapter(chapter) for name, chapter in chapters().items()}}


def _cards() -> str:
    named = (f"* {FAMILIES[family]}: {', '.join(map(_linked, topics))}" for family, topics in families().items())
    head = "# Cards\n\nThe steps of a flow, by family:\n\n" + "\n".join(named)
    common = f"Every card has these keys, and those of its own:\n\n{_keys(common_keys())}"
    return "\n\n".join([head, common, *(_card(topic) for topics in families().values() for topic in topics)])


def _linked(topic: CardTopic) -> str:
    return f"[`{topic.name}`](#{topic.name})"


def _card(topic: CardTopic) -> str:
    names = topic.shown.symbol.names
    called = f"In Portuguese: {names['pt-BR']}." if "pt-BR" in names else ""
    ways = ", ".join(f"`{name}`" for name in topic.exits)
    parts = [
        f"## {topic.name}",
        f"![{topic.name}](symbols/{topic.name}.svg)",
        called,
        topic.about,
        _keys(topic.keys),
        _yaml(topic.example),
        f"Exits of this example: {ways}.",
    ]
    return "\n\n".join(filter(None, parts))


def _chapter(chapter: Chapter) -> str:
    return "\n\n".join([f"# {chapter.title}", chapter.about, *(_topic(topic) for topic in chapter.topics)])


def _topic(topic: Topic) -> str:
    title = f"**{topic.title}.** " if topic.title else ""
    parts = [f"{'#' * topic.level} {topic.name}", f"{title}{topic.about}"]
    parts += [_keys(topic.keys), _rows(topic.rows), _yaml(topic.example)]
    return "\n\n".join(filter(None, parts))


def _keys(keys: Iterable[Key]) -> str:
    cells = [(f"`{key.path}`", key.holds, _instead(key), key.about) for key in keys]
    return _table(("key", "holds", "when not said", "what it is for"), cells)


def _instead(key: Key) -> str:
    return "**required**" if key.required else f"`{key.instead}`" if key.instead else ""


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    return _table(("written", "means"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = list(_lines(rows))
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines]) if lines else ""


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _yaml(example: str) -> str:
    return f"```yaml\n{example}\n```" if example else ""
