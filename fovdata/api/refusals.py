"""What is answered when a request cannot be: one shape, in Swedish, never a stack trace."""

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fovdata import registry
from fovdata.figures.release import NotOffered, ReleaseUnreadable
from fovdata.rules import NOT_OFFERED

_log = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why a request is refused, for programs to tell apart."""

    UNKNOWN_PARAMETER = "unknown_parameter"
    UNKNOWN_VALUE = "unknown_value"
    REPEATED_PARAMETER = "repeated_parameter"
    CONTRADICTORY_SELECTION = "contradictory_selection"
    NOT_OFFERED = "combination_not_offered"
    TOO_LONG = "too_long"
    NOT_SIGNED_IN = "not_signed_in"
    NOT_FOUND = "not_found"
    READ_ONLY = "method_not_allowed"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    OTHER = "error"


class Refused(Exception):
    """A request that cannot be answered; ``allowed`` holds what would have been known."""

    def __init__(self, reason: Reason, message: str, *allowed: str, status: int = 422) -> None:
        self.reason, self.message, self.allowed, self.status = reason, message, allowed, status


FRESH = {"Cache-Control": "no-cache"}
"""The header of every answer and refusal: it holds until the next release, whenever that is."""

STATUSES = {
    401: "Servern kräver inloggning i en webbläsare, och den som frågar är inte inloggad.",
    414: "Adressen är för lång.",
    422: "Frågan går inte att besvara: en okänd parameter eller ett okänt värde, eller en "
    "kombination som inte visas.",
    503: "Just nu finns inget att visa: utgåvan eller registret går inte att läsa.",
}
"""The refusals that a known call may meet, by HTTP status."""

SCHEMA = {
    "type": "object",
    "properties": {
        "error": {"type": "string", "enum": list(Reason)},
        "message": {"type": "string", "description": "Vad som är fel, på svenska."},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Vad som hade gått bra, där något okänt angavs.",
        },
    },
    "required": ["error", "message"],
    "additionalProperties": False,
}
"""The shape of every refusal, as a JSON schema."""


def _answer(
    reason: Reason,
    message: str,
    status: int,
    allowed: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = {"error": reason, "message": message} | ({"allowed": allowed} if allowed else {})
    return JSONResponse(body, status, {**(headers or {}), **FRESH})


def not_signed_in() -> Response:
    """The answer of a server that asks for sign-in, to somebody who has not."""
    return _answer(Reason.NOT_SIGNED_IN, STATUSES[401], 401)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _answer(error.reason, error.message, error.status, error.allowed)


def _not_offered(_: Request, _error: Exception) -> Response:
    return _answer(Reason.NOT_OFFERED, f"{NOT_OFFERED}.", 422)


def _unavailable(_: Request, error: Exception) -> Response:
    return _answer(Reason.UNAVAILABLE, str(error), 503)


def _failed(_: Request, error: Exception) -> Response:
    _log.error("A request failed", exc_info=error)
    return _answer(Reason.FAILED, "Något gick fel. Försök igen senare.", 500)


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason, message = {
        404: (Reason.NOT_FOUND, "Adressen finns inte."),
        405: (Reason.READ_ONLY, "Här går det bara att läsa (GET)."),
    }.get(error.status_code, (Reason.OTHER, "Anropet kunde inte besvaras."))
    return _answer(reason, message, error.status_code, headers=error.headers)


HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
    Refused: _refused,
    NotOffered: _not_offered,
    ReleaseUnreadable: _unavailable,
    registry.TableError: _unavailable,
    HTTPException: _http,
    Exception: _failed,
}
