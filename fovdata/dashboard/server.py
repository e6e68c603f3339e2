"""What the server answers besides Streamlit: documents, geometry, typefaces and the API.

What takes long to load is loaded where it is needed: the server answers before that.
"""

import logging
import sys
from collections.abc import Callable
from functools import cache

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fovdata import settings
from fovdata.dashboard.compression import FOR_EVER, Compressed, Document
from fovdata.dashboard.document import (
    LEAVE,
    WAY_OUT,
    document,
    headers,
    missing,
    unavailable,
)
from fovdata.dashboard.guard import SECURITY_HEADERS, ReadOnly, SameOrigin, SecurityHeaders
from fovdata.dashboard.navigation import PAGES, SCENE, SITE, STAGE, Page
from fovdata.dashboard.typefaces import TYPEFACES, typeface
from fovdata.signing_in import SignInFault


@cache
def _kept(page: Page) -> Document:
    html = document(f"{page.title} · {SITE}", WAY_OUT, page.parts)
    return Document(html, headers(html))


def _document(page: Page) -> Route:
    async def answer(request: Request) -> Response:
        if request.url.path == STAGE and SCENE in request.query_params:
            return await run_in_threadpool(_stage, request)
        return (await run_in_threadpool(_kept, page)).answer(request.headers)

    return Route(f"/{page.url}", answer)


def _stage(request: Request) -> Response:
    from fovdata.dashboard import presenting

    return presenting.answer(request)


def _municipalities(request: Request) -> Response:
    from fovdata import geography, registry

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


class _Later:
    """An ASGI app that is loaded beside the event loop, when somebody first asks it."""

    def __init__(self, load: Callable[[], ASGIApp]) -> None:
        self._load = load
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if self._app is None:
            self._app = await run_in_threadpool(self._load)
        await self._app(scope, receive, send)


def _api() -> ASGIApp:
    from fovdata import api

    (mounted,) = api.ROUTES
    return mounted.app


def page_failed(error: Exception) -> bool:
    """Instead of the framework's English words when a page fails; the log has the details."""
    logging.getLogger(__name__).error("A page failed", exc_info=error)
    st.error("Något gick fel på sidan. Ladda om den, eller gå till en annan sida i menyn.")
    return True


async def _failed(_: Request, _error: Exception) -> Response:
    # It is answered outside all middleware, and then raised for the log.
    why = "Något gick fel. Försök igen, eller gå till en annan sida."
    return HTMLResponse(unavailable(why), status_code=500, headers=SECURITY_HEADERS)


ROUTES: list[BaseRoute] = [
    *(_document(page) for page in PAGES),
    Route("/geo/{file}", _municipalities),
    *(Route(address, typeface) for address in TYPEFACES),
    Route(f"/{LEAVE.name}", _leave),
    Mount(settings.API, app=_Later(_api)),
    # Last, and never what Streamlit itself serves: its files, and what it says over the network.
    Route("/{address:unknown}", _missing),
]
MIDDLEWARE = [
    Middleware(SecurityHeaders),
    Middleware(SameOrigin),
    Middleware(ReadOnly),
    Middleware(Compressed),
]
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
