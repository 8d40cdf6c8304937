"""The route on which programs of the company open conversations: a form's server, a CRM, an ERP."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.errors import AuthorError
from domain.limits import LIMITS
from gateway.programs import Program, caller
from gateway.spool import DATABASE_AWAY
from journal.database import Database
from journal.outreach import Outcome
from runtime.logging import logger
from runtime.settings import Settings
from runtime.shielded import shielded
from usecases import opening
from usecases.opening import OpenRequest, OpenResult
from web import body
from web.answers import JSONResponse
from web.guesses import Door

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_REFUSED: Final[dict[Outcome, tuple[int, str]]] = {
    "already_open": (409, "a conversation with that contact is open on that account: nothing was said"),
    "key_taken": (422, "this Idempotency-Key has opened another conversation: another contact, or another flow"),
}
_AGAIN: Final = {"retry-after": "5"}


class Asked(BaseModel):
    """The body of a request."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    account: str
    address: str = Field(max_length=512)
    flow: str
    name: str = Field(default="", max_length=200)
    template: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    reason: str = Field(default="", max_length=500)
    by: str = Field(default="", max_length=100)
    """Who had it opened, as the program says."""


class Conversations:
    """`POST /conversations`: 202 once it is certain that the conversation is opened, and for every repeat.

    400 for what cannot be read, 401 and 403 for strangers, 403 too on an account that is not the program's, 409 beside
    an open conversation, 422 for what is not there.
    """

    def __init__(self, settings: Settings, database: Database, key: bytes, programs: tuple[Program, ...] = ()) -> None:
        self._settings = settings
        self._database = database
        self._key = key
        self._programs = programs
        self._door = Door("api.token", database)

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/conversations", self.open, methods=["POST"])]

    async def open(self, request: Request) -> Response:
        """Have a conversation opened, once an `Idempotency-Key`."""
        program = await self._admit(request)
        key = request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            raise HTTPException(400, "expected the header Idempotency-Key, 1 to 255 visible ASCII characters")
        asked = _read(await body.read(request, LIMITS.event_body))
        if not program.may_use(asked.account):
            raise HTTPException(403, f"program {program.name!r} may not use account {asked.account!r}")
        try:
            opened = await self._open(program, asked, key)
        except AuthorError as error:
            raise HTTPException(422, str(error)) from error
        except DATABASE_AWAY as error:
            logger().warning("database_away", account=asked.account, error=type(error).__name__)
            raise HTTPException(503, "nothing could be stored, come again", headers=_AGAIN) from error
        if opened.outcome in _REFUSED:
            raise HTTPException(*_REFUSED[opened.outcome])
        content = {"conversation": opened.conversation_id, "repeated": opened.outcome == "repeated"}
        return JSONResponse(content, 202)

    async def _admit(self, request: Request) -> Program:
        if not self._programs:  # not even this machine: a page in its browser could ask too
            raise HTTPException(403, "nobody may open conversations here until api.token is set")
        program = caller(request, self._programs)
        if not await self._door.tried(request, opened=program is not None) or program is None:
            raise HTTPException(
                401, "the token after 'Bearer' is not the one of api.token", headers={"www-authenticate": "Bearer"}
            )
        return program

    @shielded
    async def _open(self, program: Program, asked: Asked, key: str) -> OpenResult:
        request = OpenRequest.model_validate({**asked.model_dump(exclude={"by"}), "on_behalf_of": asked.by})
        return await opening.open_(
            self._database, self._settings, request, installation=self._key, key=key, by=program.name
        )


def _read(raw: bytes) -> Asked:
    data = body.json_in(raw)
    if not isinstance(data, dict):
        raise HTTPException(400, "expected a JSON object")
    try:
        return Asked.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)[0]
        sentence = f"{found['msg'][:1].lower()}{found['msg'][1:]}"
        raise HTTPException(400, f"{'.'.join(map(str, found['loc']))}: {sentence}") from error
