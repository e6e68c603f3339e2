"""The door of a dashboard that one signs in to: it stands before everything, the socket too.

Streamlit's own st.login lets scripts ask who is there, but guards neither the socket nor anything
else that the server answers. This door is built on the same libraries (Authlib, and Starlette's
signed cookie); of Streamlit it uses st.logout, and what that says to a browser.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
from authlib.integrations.starlette_client import OAuth
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.proto.AuthRedirect_pb2 import AuthRedirect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from fovdata import settings, signing_in
from fovdata.api import parameters, refusals
from fovdata.dashboard import doorway
from fovdata.dashboard.guard import NotKept, is_program
from fovdata.dashboard.navigation import PAGES
from fovdata.signing_in import AT_MOST, CALLBACK, EVERYBODY, SignInFault

LOG_IN, LOG_OUT = "/auth/login", "/auth/logout"
"""The second is where st.logout leads."""
HEALTH = ("/_stcore/health", f"{parameters.ROOT}/health")
DOCUMENTS = frozenset(f"/{page.url}" for page in PAGES)

_LEAVE = ForwardMsg(auth_redirect=AuthRedirect(url=LOG_OUT)).SerializeToString()
"""What st.logout says to the browser."""

_log = logging.getLogger(__name__)


def middleware() -> list[Middleware]:
    """What the settings ask for, in order. Raises SignInFault where they ask by half."""
    file = settings.sign_in()
    if not file:
        raise SignInFault(
            "FOV_ACCOUNTS säger vilka som får komma in, men inte FOV_SIGN_IN hur man loggar in. "
            "Ange båda, eller ingen för en öppen tjänst."
        )
    said = signing_in.provider(file, "FOV_SIGN_IN")
    _allowed()
    secure = said["redirect_uri"].startswith("https:")
    session = Middleware(
        SessionMiddleware,
        secret_key=said["cookie_secret"],
        # Browsers take a name that begins so from this very host and over https only.
        session_cookie="__Host-fov" if secure else "fov",
        max_age=int(AT_MOST.total_seconds()),
        https_only=secure,
    )
    return [Middleware(NotKept), session, Middleware(Door, said=said)]


def _allowed() -> frozenset[str]:
    return signing_in.accounts(settings.accounts(), "FOV_ACCOUNTS")


def is_allowed(address: str, allowed: frozenset[str]) -> bool:
    """Whether an address, or its domain, is on the list, or everybody is."""
    name, _, domain = address.rpartition("@")
    return EVERYBODY in allowed or (bool(name) and not allowed.isdisjoint({address, f"@{domain}"}))


def way_back(asked: str) -> str:
    """The page that was asked for, on this server whatever the text says; else the first."""
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path}{query}" if parts.path in DOCUMENTS else "/"


class Door:
    """ASGI middleware: whoever has not signed in with an allowed account gets no further.

    ``said`` is the provider. A sign-in is a signed cookie with who it is and until when; the list
    of accounts is asked anew each time. Sign-ins that were ended before their time are remembered
    here, so that a copy of the cookie opens nothing.
    """

    def __init__(self, app: ASGIApp, said: Mapping[str, str]) -> None:
        self.app = app
        settings.door_stands()
        self._said = said
        self._ended: dict[str, float] = {}
        self._own: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
            LOG_IN: self._log_in,
            LOG_OUT: self._log_out,
            CALLBACK: self._come_back,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is for everybody, and the rest for those who are in."""
        kind, path = scope["type"], scope.get("path", "")
        if kind == "lifespan" or (kind == "http" and (path in HEALTH or is_program(path))):
            await self.app(scope, receive, send)
        elif kind == "http" and path in self._own:
            answer = await self._own[path](Request(scope))
            await answer(scope, receive, send)
        elif not self._is_in(scope["session"]):
            closed = WebSocketClose(1008) if kind == "websocket" else _closed(scope)
            await closed(scope, receive, send)
        else:
            if kind == "websocket":
                receive = self._while_in(scope["session"], receive, send)
            # A scope of its own: Streamlit has a session too, which is not to be kept as ours.
            await self.app({**scope}, receive, send)

    def _while_in(self, session: Mapping[str, Any], receive: Receive, send: Send) -> Receive:
        """The same, but a socket hears nothing more once the sign-in is over: its page is left."""

        async def receive_while_in() -> Message:
            with suppress(TimeoutError):
                message = await asyncio.wait_for(receive(), session["until"] - time.time())
                if message["type"] != "websocket.receive" or self._is_in(session):
                    return message
            await send({"type": "websocket.send", "bytes": _LEAVE})
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

        return receive_while_in

    def _is_in(self, session: Mapping[str, Any]) -> bool:
        """Whether a session is somebody's who may be here, now."""
        if session.get("until", 0) <= time.time() or session.get("id") in self._ended:
            return False
        try:
            return is_allowed(session["account"], _allowed())
        except SignInFault as fault:
            _log.error("Nobody is let in: %s", fault)
            return False

    async def _log_in(self, request: Request) -> Response:
        back = way_back(request.query_params.get("till", ""))
        if self._is_in(request.session):
            return RedirectResponse(back, 303)
        request.session.clear()
        request.session["back"] = back
        try:
            answer: Response = await self._provider().authorize_redirect(
                request, self._said["redirect_uri"], prompt="select_account"
            )
        except Exception as error:  # whatever the provider's own address answers
            return _down(error)
        return answer

    async def _come_back(self, request: Request) -> Response:
        back = request.session.get("back", "/")
        try:
            claims = await self._claims(request)
            allowed = _allowed()
        except httpx2.HTTPError as error:
            return _down(error)
        except SignInFault as fault:
            _log.error("Nobody is let in: %s", fault)
            return doorway.misset()
        except Exception as error:  # whatever is wrong with what came back
            _log.warning("A sign-in did not come through: %s", type(error).__name__)
            return doorway.not_through(_log_in_to(back))
        finally:
            request.session.clear()
        account = signing_in.address(claims)
        if not is_allowed(account, allowed):
            return doorway.not_allowed(account, _log_in_to(back))
        until = time.time() + AT_MOST.total_seconds()
        request.session.update(account=account, until=until, id=secrets.token_urlsafe())
        return RedirectResponse(back, 303)

    async def _claims(self, request: Request) -> Mapping[str, object]:
        """What the provider says of who comes back from it; raises whatever is wrong with that."""
        provider = self._provider()
        known = await provider.load_server_metadata()
        token = await provider.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": known["issuer"]},
                "aud": {"essential": True, "value": provider.client_id},
            },
        )
        claims: Mapping[str, object] = token["userinfo"]
        return claims

    def _provider(self) -> Any:
        """Authlib's client, which keeps what the provider says of itself: a new one a sign-in."""
        return OAuth().register(
            "provider",
            client_id=self._said["client_id"],
            client_secret=self._said["client_secret"],
            server_metadata_url=self._said["server_metadata_url"],
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
        )

    async def _log_out(self, request: Request) -> Response:
        now = time.time()
        self._ended = {one: until for one, until in self._ended.items() if until > now}
        if self._is_in(request.session):
            self._ended[request.session["id"]] = request.session["until"]
        request.session.clear()
        return doorway.signed_out(LOG_IN)


def _log_in_to(back: str) -> str:
    return f"{LOG_IN}?till={quote(back)}"


def _down(error: Exception) -> Response:
    _log.error("The sign-in's provider does not answer: %s", type(error).__name__)
    return doorway.down()


def _closed(scope: Scope) -> Response:
    """What somebody hears who is not in: programs in their way, readers on a page."""
    path = scope["path"]
    if path.startswith(f"{parameters.ROOT}/"):
        return refusals.not_signed_in()
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return PlainTextResponse(doorway.CLOSED, 401)
    asked = f"{path}?{scope['query_string'].decode('latin-1')}"
    return doorway.sign_in(_log_in_to(way_back(asked)))
