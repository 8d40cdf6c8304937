"""The reference of the flow language to read: `/reference`, a page for each card and one for each chapter."""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Final

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.chapters import chapters
from console.reference_search import found
from console.site import Site
from drawing import picture
from flows.reference.cards import card_topics, common_keys, families
from web.assets import language

_QUERY: Final = 200
"""Letters of a search that are looked at."""


class ReferencePages:
    """Pages of the reference, as `make docs` writes it, for people with access to flows."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/reference", self.index),
            Route("/reference/cards/{name}", self.card),
            Route("/reference/{name}", self.chapter),
        ]

    async def index(self, request: Request) -> Response:
        """Answer with all cards by family and all chapters, or with where `?q=` is found."""
        await self._site.admit(request)
        query = request.query_params.get("q", "").strip()[:_QUERY]
        spoken = language(request)
        return await self._site.page(
            request,
            "reference.html",
            lambda: {
                "families": families(),
                "chapters": chapters().values(),
                "symbols": _symbols(spoken),
                "query": query,
                "entries": found(query) if query else [],
            },
        )

    async def card(self, request: Request) -> Response:
        """Answer with one card; 404 for none."""
        await self._site.admit(request)
        topic = (await asyncio.to_thread(card_topics)).get(request.path_params["name"])
        if topic is None:
            raise HTTPException(404, "no such card")
        return await self._site.page(
            request, "card.html", lambda: {"topic": topic, "sample": _sample(topic.name), "common": common_keys()}
        )

    async def chapter(self, request: Request) -> Response:
        """Answer with one chapter; 404 for none."""
        await self._site.admit(request)
        chapter = (await asyncio.to_thread(chapters)).get(request.path_params["name"])
        if chapter is None:
            raise HTTPException(404, "no such chapter")
        return await self._site.page(request, "chapter.html", lambda: {"chapter": chapter})


@cache
def _symbols(spoken: str) -> Mapping[str, Markup]:
    """Return the symbol of every card; they take a moment, once."""
    # Our own drawings, in which every text has been escaped.
    return {
        name: Markup(picture.symbol(name, topic.shown.symbol, spoken, style="").decode())  # noqa: S704
        for name, topic in card_topics().items()
    }


@cache
def _sample(name: str) -> Markup:
    """Return the example as drawings show it."""
    return Markup(picture.sample(card_topics()[name].shown).decode())  # noqa: S704 - our own drawing, escaped
