"""What stands before every answer of a server: its security headers, and what it does not take."""

from urllib.parse import urlsplit

from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from fovdata import settings
from fovdata.dashboard.document import LEAVE, policy
from fovdata.dashboard.typefaces import TYPEFACES

SECURITY_HEADERS = {
    "Content-Security-Policy": policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",  # the presentation stands in a frame on its page
}

_OURS_OF_STREAMLIT = ("/_stcore/health", "/_stcore/host-config")
"""What a page asks of Streamlit itself, besides its files and the connection that it draws over."""


class SecurityHeaders:
    """ASGI middleware: every answer carries SECURITY_HEADERS, or its own of the same name.

    Over TLS a cookie is sent back over TLS only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    message["headers"] = [_over_tls(*one) for one in message["headers"]]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _over_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_open = name.lower() == b"set-cookie" and b"secure" not in value.lower().split(b"; ")
    return (name, value + b"; Secure") if is_open else (name, value)


class ReadOnly:
    """ASGI middleware: a server that shows and takes nothing, so that nobody reads what is sent.

    Streamlit would take uploads for whoever has a page open, and tells of itself at addresses
    that no page needs. The API refuses in a shape of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, if it reads something that is there to be read."""
        refusal = _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    path = scope["path"]
    if path.startswith(f"{settings.API}/"):
        return None
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse(
            "Här går det bara att läsa (GET).", 405, {"Allow": "GET, HEAD", "Connection": "close"}
        )
    if path.startswith("/_stcore") and path not in _OURS_OF_STREAMLIT:
        return PlainTextResponse("Adressen finns inte.", 404)
    return None


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
    return path in TYPEFACES or path == f"/{LEAVE.name}" or path.startswith("/static/")


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
