"""What is sent compressed: documents, and the scripts and styles that come with Streamlit.

Streamlit sends its own as they are, for it would compress them anew for everybody who asks. They
never change while the server runs, so each is compressed once, the first time that it is asked for.
"""

import gzip
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fovdata.dashboard.bundles import BUNDLES, TYPES

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For addresses whose content never changes: they carry a hash or a version."""
VARIES = {"Vary": "Accept-Encoding"}


def _brotli(body: bytes) -> bytes:
    # The middle way: a few milliseconds a script. The best saves another tenth, in fifty times as
    # long.
    return brotli.compress(body, quality=5)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}
"""By the name of a content encoding, the best first."""


def wanted(headers: Headers) -> str | None:
    """The best of COMPRESS that whoever asks takes; nothing if they take none."""
    taken = {}
    for offer in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = offer.partition(";")
        taken[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return next((encoding for encoding in COMPRESS if taken.get(encoding)), None)


class Document:
    """A page of HTML, the same for everybody, in each encoding."""

    def __init__(self, html: str, headers: Mapping[str, str]) -> None:
        self._headers = {**headers, **VARIES}
        self._plain = html.encode()
        self._kept = {name: compress(self._plain) for name, compress in COMPRESS.items()}

    def answer(self, asked: Headers) -> Response:
        """The document as whoever asks takes it."""
        if encoding := wanted(asked):
            headers = {**self._headers, "Content-Encoding": encoding}
            return Response(self._kept[encoding], media_type="text/html", headers=headers)
        return Response(self._plain, media_type="text/html", headers=self._headers)


class Compressed:
    """ASGI middleware: BUNDLES are sent compressed, from memory, to whoever takes that.

    Who asks for a part of one, or takes no encoding, is answered by Streamlit. What is kept is at
    most each script in each encoding: some 15 MB if all were asked for, of which pages need 3.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[tuple[Path, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a bundle, or pass the request on."""
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        file = BUNDLES.get(scope["path"]) if reads else None
        if file is None:
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        encoding = None if "range" in asked else wanted(asked)
        if encoding is None:
            await self.app(scope, receive, _varying(send))
        else:
            answer = await self._answer(file, encoding, asked)
            await answer(scope, receive, send)

    async def _answer(self, file: Path, encoding: str, asked: Headers) -> Response:
        tag = f'"{file.name}-{encoding}"'
        headers = {**FOR_EVER, **VARIES, "ETag": tag}
        if tag in asked.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = self._kept.get((file, encoding))
        if body is None:
            body = await run_in_threadpool(lambda: COMPRESS[encoding](file.read_bytes()))
            self._kept[file, encoding] = body
        headers["Content-Encoding"] = encoding
        return Response(body, media_type=TYPES[file.suffix], headers=headers)


def _varying(send: Send) -> Send:
    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return send_varying
