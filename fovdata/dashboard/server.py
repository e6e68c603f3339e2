"""What the server answers besides Streamlit: documents, geometry, the font and the API."""

from pathlib import Path
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from fovdata import api, geography, registry
from fovdata.dashboard import presenting
from fovdata.dashboard.document import FONT, WAY_OUT, document, headers, missing
from fovdata.dashboard.navigation import PAGES, SITE, Page

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


class SameOrigin:
    """ASGI middleware: a page of another site opens no socket here.

    Streamlit refuses it too, but asks another host for this machine's address before it does, and
    everybody waits meanwhile; and it writes the site that asked into the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it is for a socket and from a page that is not this host's."""
        headers = Headers(scope=scope) if scope["type"] == "websocket" else Headers()
        origin = headers.get("origin")
        if origin is None or urlsplit(origin).netloc == headers.get("host"):
            await self.app(scope, receive, send)
        else:
            await WebSocketClose(1008)(scope, receive, send)


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
MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(SameOrigin)]
