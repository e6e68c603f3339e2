"""What the server answers besides Streamlit: documents, geometry, the font and the API."""

import sys
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from fovdata import api, geography, registry, settings
from fovdata.dashboard import presenting
from fovdata.dashboard.document import (
    FONT,
    LEAVE,
    WAY_OUT,
    document,
    headers,
    missing,
    unavailable,
)
from fovdata.dashboard.guard import SECURITY_HEADERS, ReadOnly, SameOrigin, SecurityHeaders
from fovdata.dashboard.navigation import PAGES, SITE, Page
from fovdata.signing_in import SignInFault

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For addresses whose content never changes: they carry a hash or a version."""


def _document(page: Page) -> Route:
    html = document(f"{page.title} · {SITE}", WAY_OUT)

    async def answer(request: Request) -> Response:
        if request.url.path == presenting.ROUTE and presenting.SCENE in request.query_params:
            return await run_in_threadpool(presenting.answer, request)
        return HTMLResponse(html, headers=headers(html))

    return Route(f"/{page.url}", answer)


def _municipalities(request: Request) -> Response:
    try:
        borders = geography.municipalities(registry.load())
    except registry.TableError:
        raise HTTPException(503) from None
    if request.url.path != borders.address:
        raise HTTPException(404)
    return Response(
        borders.compressed,
        media_type="application/geo+json",
        headers={"Content-Encoding": "gzip", **FOR_EVER},
    )


async def _missing(_: Request) -> Response:
    return HTMLResponse(missing(), status_code=404)


async def _leave(_: Request) -> Response:
    return FileResponse(LEAVE, headers={"Cache-Control": "no-cache"})


async def _font(_: Request) -> Response:
    return FileResponse(Path(__file__).parent / FONT.lstrip("/"), headers=FOR_EVER)


async def _failed(_: Request, _error: Exception) -> Response:
    # It is answered outside all middleware, and then raised for the log.
    why = "Något gick fel. Försök igen, eller gå till en annan sida."
    return HTMLResponse(unavailable(why), status_code=500, headers=SECURITY_HEADERS)


class _Unknown(Convertor[str]):
    """An address that nothing here has, so that Streamlit's English page does not answer it."""

    regex = (
        r"(?!(?:static|media|_stcore|auth|oauth2callback)(?:/|$)|favicon\.png$|manifest\.json$).*"
    )

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("unknown", _Unknown())

ROUTES: list[BaseRoute] = [
    *(_document(page) for page in PAGES),
    Route("/geo/{file}", _municipalities),
    Route(FONT, _font),
    Route(f"/{LEAVE.name}", _leave),
    *api.ROUTES,
    # Last, and never what Streamlit itself serves: its files, and what it says over the network.
    Route("/{address:unknown}", _missing),
]
MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(SameOrigin), Middleware(ReadOnly)]
HANDLERS = {Exception: _failed}


def door() -> list[Middleware]:
    """What stands before everything where one has to sign in, and nothing where not.

    A setting that is there by half closes the server: it ends with what is missing.
    """
    if not settings.sign_in() and not settings.accounts():
        return []
    from fovdata.dashboard import entrance  # loads what an open dashboard does without

    try:
        return entrance.middleware()
    except SignInFault as fault:
        sys.exit(f"Tjänsten startar inte. {fault}")
