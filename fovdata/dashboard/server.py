"""What the server answers besides Streamlit: documents, geometry, the font and the API."""

import sys
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fovdata import api, geography, registry, settings
from fovdata.dashboard import presenting
from fovdata.dashboard.document import FONT, WAY_OUT, document, headers, missing
from fovdata.dashboard.navigation import PAGES, SITE, Page
from fovdata.signing_in import SignInFault

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For addresses whose content never changes: they carry a hash or a version."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    """ASGI middleware: every answer carries SECURITY_HEADERS, or its own of the same name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class NotKept:
    """ASGI middleware: no browser and no proxy keeps what is not for everybody."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the header to all answers but the program's own files."""

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_program(scope["path"]):
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_header)


def is_program(path: str) -> bool:
    """Whether an address is a file of the program's own, the same for everybody."""
    return path == FONT or path.startswith("/static/")


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


async def _font(_: Request) -> Response:
    return FileResponse(Path(__file__).parent / FONT.lstrip("/"), headers=FOR_EVER)


class _Unknown(Convertor[str]):
    """An address that nothing here has, so that Streamlit's English page does not answer it."""

    regex = r"(?!static|media|component|vendor|oauth2callback|auth)[^_.][^.]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("unknown", _Unknown())

ROUTES: list[BaseRoute] = [
    *(_document(page) for page in PAGES),
    Route("/geo/{file}", _municipalities),
    Route(FONT, _font),
    *api.ROUTES,
    # Last, and never what Streamlit itself serves: its addresses have a dot, an underscore or a
    # known first word.
    Route("/{address:unknown}", _missing),
]
MIDDLEWARE = [Middleware(SecurityHeaders)]


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
