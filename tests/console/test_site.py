import threading
from collections.abc import Mapping

from starlette.requests import Request

from console.site import Site
from journal.database import Database
from web.guesses import Door


async def test_pages_are_written_beside_the_event_loop(database: Database) -> None:
    threads: list[int] = []

    def content() -> Mapping[str, object]:
        threads.append(threading.get_ident())
        return {"name": "nobody"}

    site = Site("Prosa", "America/Sao_Paulo", Door("flows.token", database))
    request = Request({"type": "http", "method": "GET", "path": "/flows/nobody", "headers": [], "query_string": b""})
    answer = await site.page(request, "missing.html", content)
    assert b"nobody" in bytes(answer.body)
    assert threads
    assert threading.get_ident() not in threads
