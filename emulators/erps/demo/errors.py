"""How the Demo ERP says no: a status and `{"error": {"code", "message"}}`."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """A request that is answered with an error; `code` is stable, `message` is for people."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def answer_api_error(_request: Request, error: Exception) -> Response:
    """Turn an `ApiError` into its answer."""
    if not isinstance(error, ApiError):
        raise error
    return _answer(error.status, error.code, str(error))


def answer_http_error(_request: Request, error: Exception) -> Response:
    """Give the router's own refusals, such as an unknown path, the same shape."""
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    return _answer(status, status.name.lower(), status.phrase)


def _answer(status: HTTPStatus, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status)
