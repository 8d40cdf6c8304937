"""The limits that production.md tells operators are those that the gateway keeps."""

from pathlib import Path

from channels.webchat import Webchat
from domain.limits import LIMITS
from gateway.webchat import quotas, stream_places
from gateway.webchat.session_routes import LINKS, SESSIONS
from gateway.webchat.uploads import UPLOADS
from gateway.webhooks import LARGE, PLACE
from web.connections import Bounds

PAGE = Path(__file__).parents[2] / "docs" / "production.md"
MIB = 1024**2


def test_the_limits_of_one_visitor_are_as_told() -> None:
    said, bounds = Webchat.rate, Bounds()
    assert said is not None
    assert {SESSIONS.seconds, LINKS.seconds, UPLOADS.seconds, LARGE.seconds} == {60}
    session, place = quotas.SESSION, quotas.PLACE
    files = (
        f"{UPLOADS.count} a minute of a session; in a day {session.files} files and {session.bytes // MIB} MiB of a "
        f"session, {place.files} files and {place.bytes // MIB // 1024} GiB of an address, `upload_gib` (10) of all"
    )
    rows = {
        "new sessions": f"{SESSIONS.count} a minute of an address",
        "links": f"{LINKS.count} a minute of a session",
        "messages": f"{said.count} in {said.seconds:.0f} s of a session, {PLACE.count} in {PLACE.seconds:.0f} s of an "
        f"address; {LARGE.count} a minute larger than 64 KiB",
        "files": files,
        "open pages": f"{stream_places.STREAMS} of a session, {stream_places.PLACE} of an address, "
        f"{stream_places.ALL:,} in all",
        "connections": f"{bounds.per_address} of an address, {bounds.connections:,} in all",
    }
    page = PAGE.read_text(encoding="utf-8")
    for what, limit in rows.items():
        assert f"| {what} | {limit} |" in page
    floors = (LIMITS.free_for_uploads // MIB, LIMITS.free_for_messages // MIB)
    assert "Below {} MiB free where `data` is, visitors send no files; below {} MiB nothing".format(*floors) in page
