"""What the desk's server answers besides Streamlit, and what it refuses before Streamlit hears."""

from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from fovdata.dashboard.document import document, headers
from fovdata.dashboard.guard import NotKept, SameOrigin, SecurityHeaders
from fovdata.dashboard.typefaces import TYPEFACES, typeface
from fovdata.desk import entrance
from fovdata.desk.entrance import CLOSED, Mode
from fovdata.desk.navigation import DESK, TASKS, Task
from fovdata.intake import reading
from fovdata.signing_in import is_local

# What is uploaded stays in memory: the parser would move a larger part to a file on disk.
MultiPartParser.spool_max_size = 2 * reading.DESK.bytes

_FIRST = Path(__file__).parent / "body.html"


class Door:
    """ASGI middleware: at one's own machine nobody else is answered, and if closed nobody is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if whoever asks may come to the entrance."""
        if scope["type"] == "lifespan" or _is_open_to(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await PlainTextResponse(CLOSED, 403)(scope, receive, send)


def _is_open_to(scope: Scope) -> bool:
    mode = entrance.mode()
    if mode is not Mode.OWN_MACHINE:
        return mode is Mode.SERVICE
    headers, client = Headers(scope=scope), scope.get("client")
    # The name as well as the address: another site can give its own name this machine's address.
    host = urlsplit(f"//{headers.get('host', '')}").hostname
    forwarded = "forwarded" in headers or "x-forwarded-for" in headers
    return is_local(client and client[0]) and is_local(host) and not forwarded


def _document(task: Task) -> Route:
    html = document(f"{task.title} · {DESK}", _FIRST)

    async def answer(_: Request) -> Response:
        return HTMLResponse(html, headers=headers(html))

    return Route(f"/{task.url}", answer)


async def _unknown(_: Request) -> Response:
    return RedirectResponse("/")


ROUTES: list[BaseRoute] = [
    *(_document(task) for task in TASKS),
    *(Route(address, typeface) for address in TYPEFACES),
    # Last, and never what Streamlit itself serves.
    Route("/{address:unknown}", _unknown),
]
MIDDLEWARE = [Middleware(one) for one in (SecurityHeaders, NotKept, SameOrigin, Door)]
