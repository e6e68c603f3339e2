"""A dashboard that one signs in to: nothing with figures answers anybody who has not.

A real server and a real provider, on this machine; what a browser does is in tests/browser.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import streamlit
from itsdangerous import TimestampSigner
from pages_under_test import MAIN
from servers import (
    ANNA,
    EVA,
    free_port,
    provider,
    running,
    write_accounts,
    write_sign_in,
)
from starlette.middleware import Middleware
from starlette.middleware.sessions import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from fovdata import geography, registry, settings, signing_in
from fovdata.dashboard import entrance, frame
from fovdata.dashboard.navigation import PAGES
from fovdata.dashboard.typefaces import FONT
from fovdata.signing_in import AT_MOST, SignInFault

SECRET = "0123456789abcdef0123456789abcdef"
COOKIE = "fov"
PEOPLE = (
    ANNA,
    EVA,
    {"sub": "obekräftad", "email": ANNA["email"], "email_verified": False},
    {"sub": "adresslös"},
    {"sub": "kollega", "email": "Kollega@NNS.example", "email_verified": True},
    {"sub": "annans", "email": ANNA["email"], "aud": "en annan tjänst", "azp": "mottagningen"},
    {"sub": "utfärdad av annan", "email": ANNA["email"], "iss": "https://elak.example"},
    {"sub": "utgången", "email": ANNA["email"], "exp": 1},
    {"sub": "återanvänd", "email": ANNA["email"], "nonce": "en annan gång"},
)
ALLOWED = (str(ANNA["email"]), "@nns.example")

DOCUMENTS = tuple(f"/{page.url}" for page in PAGES)
STAGE = "/presentation?scen=4"
CALLS = tuple(
    f"/api/v1/{call}"
    for call in ("shares", "comparison", "association", "coverage", "published", "openapi.json")
)
OTHERS = (
    geography.municipalities(registry.load()).address,
    "/media/0123456789abcdef.png",
    "/_stcore/host-config",
    "/component/a/b.js",
    "/finns-inte",
    "/index.html",
    "/static",
    "/STATIC/a.js",
    "//static/a.js",
    "/api/v1/health/",
    "/oauth2callback/",
    "/auth/",
)


NOWHERE = ("/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/stream")
"""What the server has for nobody."""


@dataclass(frozen=True)
class Served:
    """A server that one signs in to: its address, its list of accounts and its log."""

    address: str
    accounts: Path
    log: Path


@contextmanager
def serving(folder: Path, releases: Path, provider_port: int) -> Iterator[Served]:
    """Start the dashboard as `make run` does, with a provider at a port."""
    port = free_port()
    sign_in, accounts, log = folder / "inloggning.toml", folder / "konton.txt", folder / "logg.txt"
    write_sign_in(sign_in, port, provider_port, SECRET)
    write_accounts(accounts, *ALLOWED)
    address = f"http://localhost:{port}"
    with running(
        ("streamlit", "run", "app.py", "--server.port", str(port)),
        f"{address}/_stcore/health",
        log,
        FOV_RELEASE=str(releases),
        FOV_SIGN_IN=str(sign_in),
        FOV_ACCOUNTS=str(accounts),
    ):
        yield Served(address, accounts, log)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("inloggning"), free_port()
    with provider(port, folder / "p.txt", *PEOPLE), serving(folder, releases, port) as served:
        yield served


@pytest.fixture
def visitor(served: Served) -> Iterator[httpx.Client]:
    """A browser of its own, which has not signed in."""
    with httpx.Client(base_url=served.address, headers={"accept": "text/html"}) as client:
        yield client


def come_back(client: httpx.Client, who: str, asked: str = "/") -> httpx.Response:
    """Sign in with the provider as somebody; what the server answers who comes back from it."""
    away = client.get(entrance.LOG_IN, params={"till": asked})
    assert away.status_code == 302, away.text
    back = client.post(away.headers["location"], data={"sub": who})
    assert back.status_code == 302
    return client.get(back.headers["location"])


def sign_in(client: httpx.Client, who: str = "anna") -> None:
    answer = come_back(client, who)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert COOKIE in client.cookies


def socket(client: httpx.Client) -> ClientConnection:
    """What a page is drawn by."""
    held = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return connect(
        f"ws{str(client.base_url)[4:].rstrip('/')}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": held} if held else {},
        max_size=None,
    )


def draw(browser: ClientConnection, page: str = "") -> str:
    """Everything that the server sends to draw a page."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    browser.send(asked.SerializeToString())
    sent: list[str] = []
    while True:
        message = ForwardMsg.FromString(browser.recv(timeout=30))
        sent.append(repr(message))
        if message.WhichOneof("type") == "script_finished":
            return "\n".join(sent)


def is_shut(client: httpx.Client) -> bool:
    """Whether a page, the API and the socket are closed; never one without the others."""
    seen = [client.get(address).status_code for address in ("/", CALLS[0])]
    try:
        with socket(client) as browser:
            seen.append(200 if "Utg" in draw(browser) else 0)
    except InvalidStatus as refused:
        seen.append(refused.response.status_code)
    assert seen in ([401, 401, 403], [200, 200, 200])
    return seen[0] == 401


# Before


@pytest.mark.parametrize("address", [*DOCUMENTS, STAGE])
def test_a_page_shows_how_to_sign_in_and_nothing_else(address: str, visitor: httpx.Client) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 401
    assert "<h1>Logga in</h1>" in answer.text
    assert 'href="https://www.smhi.se/"' in answer.text
    assert not re.search('<script(?! src="/leave.js">)|<iframe|stApp|scen-', answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    # The link leads back to just this address.
    (link,) = re.findall('class="button" href="([^"]*)"', answer.text)
    assert parse_qs(urlsplit(link).query)["till"] == [address]


@pytest.mark.parametrize("address", CALLS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_the_api_refuses_in_its_own_shape(address: str, method: str, visitor: httpx.Client) -> None:
    answer = visitor.request(method, address)
    assert answer.status_code == 401
    if method != "HEAD":
        assert answer.json()["error"] == "not_signed_in"
        assert "inloggning" in answer.json()["message"]
        assert set(answer.json()) == {"error", "message"}


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("address", OTHERS)
def test_every_other_door_is_closed(address: str, accept: str, served: Served) -> None:
    answer = httpx.get(f"{served.address}{address}", headers={"accept": accept})
    assert answer.status_code == 401
    assert "ogga in" in answer.text or answer.json()["error"] == "not_signed_in"


@pytest.mark.parametrize("address", NOWHERE)
def test_what_is_there_for_nobody_is_not_there(address: str, served: Served) -> None:
    assert httpx.get(f"{served.address}{address}").status_code == 404


def test_the_socket_is_refused_before_it_opens(visitor: httpx.Client) -> None:
    with pytest.raises(InvalidStatus) as refused, socket(visitor):
        pytest.fail("the socket opened")
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/", "/static/a", "/_stcore/health", FONT, entrance.CALLBACK])
def test_no_other_address_opens_a_socket(path: str, served: Served) -> None:
    with pytest.raises(InvalidStatus), connect(f"ws{served.address[4:]}{path}"):
        pytest.fail("a socket opened")


def test_health_and_the_program_s_own_files_are_for_everybody(visitor: httpx.Client) -> None:
    assert visitor.get("/_stcore/health").text == "ok"
    assert visitor.get("/api/v1/health").json()["data"] == "synthetic"
    assert visitor.get(FONT).content[:4] == b"wOF2"
    program = next((Path(streamlit.__file__).parent / "static" / "static" / "js").glob("*.js"))
    assert visitor.get(f"/static/js/{program.name}").content == program.read_bytes()
    assert COOKIE not in visitor.cookies


# Signing in


def test_everything_answers_whoever_has_signed_in(visitor: httpx.Client) -> None:
    sign_in(visitor)
    for address in (*DOCUMENTS, STAGE, *CALLS, OTHERS[0], "/_stcore/host-config"):
        answer = visitor.get(address)
        assert answer.is_success, address
        assert answer.headers["cache-control"] == "no-store"
    assert visitor.get(CALLS[0]).json()["rows"]
    assert visitor.get("/media/0123456789abcdef.png").status_code == 404
    with socket(visitor) as browser:
        assert "Logga ut" in draw(browser)


def test_the_sign_in_is_asked_for_with_state_nonce_and_pkce(visitor: httpx.Client) -> None:
    away = visitor.get(entrance.LOG_IN)
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: httpx.Client) -> None:
    said = come_back(visitor, "anna").headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/" in said
    assert f"max-age={int(AT_MOST.total_seconds())}" in said


@pytest.mark.parametrize("who", ["eva", "obekräftad", "adresslös"])
def test_an_account_that_is_not_on_the_list_is_refused_in_words(
    who: str, visitor: httpx.Client
) -> None:
    answer = come_back(visitor, who)
    assert answer.status_code == 403
    assert "<h1>Kontot får inte komma in</h1>" in answer.text
    assert ("eva@annan.example" in answer.text) is (who == "eva")
    assert is_shut(visitor)


def test_a_domain_on_the_list_lets_all_its_accounts_in(visitor: httpx.Client) -> None:
    sign_in(visitor, "kollega")
    assert not is_shut(visitor)


@pytest.mark.parametrize("who", ["annans", "utfärdad av annan", "utgången", "återanvänd"])
def test_what_the_provider_did_not_say_to_this_server_now_lets_nobody_in(
    who: str, visitor: httpx.Client
) -> None:
    answer = come_back(visitor, who)
    assert answer.status_code == 400
    assert "Inloggningen blev inte klar" in answer.text
    assert is_shut(visitor)


def test_nobody_comes_back_who_did_not_leave_from_here(
    visitor: httpx.Client, served: Served
) -> None:
    away = visitor.get(entrance.LOG_IN)
    back = visitor.post(away.headers["location"], data={"sub": "anna"}).headers["location"]
    with httpx.Client(base_url=served.address) as another:
        for address in (back, entrance.CALLBACK, f"{entrance.CALLBACK}?error=access_denied"):
            assert another.get(address).status_code == 400
            assert is_shut(another)
    wrong = re.sub("state=[^&]*", "state=en-annan", back)
    assert visitor.get(wrong).status_code == 400
    assert is_shut(visitor)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/kon?region=17", "/kon?region=17"),
        (STAGE, STAGE),
        ("//evil.example", "/"),
        ("//evil.example/kon", "/kon"),
        ("https://evil.example", "/"),
        ("https://evil.example/kon", "/kon"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/kon\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("//[", "/"),
        ("/auth/logout", "/"),
        ("/api/v1/shares", "/"),
        ("", "/"),
    ],
)
def test_one_comes_back_to_a_page_of_this_server_only(
    asked: str, led: str, visitor: httpx.Client
) -> None:
    assert come_back(visitor, "anna", asked).headers["location"] == led
    # And so for whoever is in already.
    answer = visitor.get(entrance.LOG_IN, params={"till": asked})
    assert (answer.status_code, answer.headers["location"]) == (303, led)


# Afterwards


def test_signing_out_closes_every_door_for_copies_of_the_cookie_too(
    visitor: httpx.Client, served: Served
) -> None:
    sign_in(visitor)
    copy = httpx.Client(base_url=served.address, cookies=dict(visitor.cookies))
    assert not is_shut(copy)
    with socket(visitor) as browser:
        assert "Utg" in draw(browser)
        answer = visitor.get(entrance.LOG_OUT)
        assert "<h1>Du är utloggad</h1>" in answer.text
        assert COOKIE not in visitor.cookies
        with pytest.raises(ConnectionClosed) as closed:  # at the next thing it asks for
            draw(browser)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    assert is_shut(visitor)
    assert is_shut(copy)
    copy.close()


def test_whoever_is_taken_off_the_list_is_out_at_once(
    visitor: httpx.Client, served: Served
) -> None:
    sign_in(visitor)
    with socket(visitor) as browser:
        draw(browser)
        write_accounts(served.accounts, "nagon-annan@forbund.example")
        try:
            with pytest.raises(ConnectionClosed):
                draw(browser)
            assert is_shut(visitor)
            served.accounts.unlink()
            assert is_shut(visitor)
            assert come_back(visitor, "anna").status_code == 503
        finally:
            write_accounts(served.accounts, *ALLOWED)
    assert is_shut(visitor)  # until she signs in again


def held(client: httpx.Client) -> Mapping[str, object]:
    """What the cookie says."""
    said: Mapping[str, object] = json.loads(b64decode(client.cookies[COOKIE].split(".")[0]))
    return said


def signed(said: Mapping[str, object], secret: str, ago: float = 0) -> str:
    """A cookie as the server makes it, some seconds ago."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time() - ago)

    return Then(secret).sign(b64encode(json.dumps(said).encode())).decode()


def test_a_cookie_that_the_server_did_not_sign_opens_nothing(
    visitor: httpx.Client, served: Served
) -> None:
    sign_in(visitor)
    said, true = held(visitor), visitor.cookies[COOKIE]
    content, moment, signature = true.rsplit(".", 2)
    other = "A" if signature[0] != "A" else "B"
    longer = b64encode(json.dumps({**said, "until": time.time() * 2}).encode()).decode()
    for wrong in (
        f"{content}.{moment}.{other}{signature[1:]}",
        f"{longer}.{moment}.{signature}",
        content,
        "",
        signed(said, "en annan hemlighet"),
    ):
        with httpx.Client(base_url=served.address, cookies={COOKIE: wrong}) as client:
            assert is_shut(client), wrong
    with httpx.Client(base_url=served.address, cookies={COOKIE: signed(said, SECRET)}) as client:
        assert not is_shut(client)  # the secret is what makes the difference


@pytest.mark.parametrize(
    ("until", "ago"),
    [
        (-1.0, 0.0),  # what it says itself
        (60.0, AT_MOST.total_seconds() + 5),  # when it was signed
    ],
)
def test_a_sign_in_ends_after_half_a_day(
    until: float, ago: float, visitor: httpx.Client, served: Served
) -> None:
    sign_in(visitor)
    said = {**held(visitor), "until": time.time() + until}
    cookie = signed(said, SECRET, ago)
    with httpx.Client(base_url=served.address, cookies={COOKIE: cookie}) as client:
        assert is_shut(client)


def test_a_sign_in_is_good_for_no_longer_than_half_a_day_whatever_one_does(
    visitor: httpx.Client,
) -> None:
    sign_in(visitor)
    until, cookie = held(visitor)["until"], visitor.cookies[COOKIE]
    assert isinstance(until, float)
    assert until - time.time() <= AT_MOST.total_seconds()
    for address in ("/", "/kon", entrance.LOG_IN, CALLS[0]):
        visitor.get(address)
    assert visitor.cookies[COOKIE] == cookie


def test_a_socket_that_is_open_when_the_sign_in_ends_says_nothing_more(
    visitor: httpx.Client, served: Served
) -> None:
    sign_in(visitor)
    cookie = signed({**held(visitor), "until": time.time() + 4}, SECRET)
    with (
        httpx.Client(base_url=served.address, cookies={COOKIE: cookie}) as client,
        socket(client) as browser,
    ):
        assert "Utg" in draw(browser)
        # By itself, without being asked: the page is left, and then the socket is closed.
        last = b""
        while browser.close_code is None:
            with suppress(ConnectionClosed):
                last = browser.recv(timeout=10, decode=False)
        assert ForwardMsg.FromString(last).auth_redirect.url == entrance.LOG_OUT


# What goes wrong


def test_the_log_says_what_went_wrong_and_never_who(served: Served) -> None:
    for who in ("anna", "eva", "återanvänd"):
        with httpx.Client(base_url=served.address) as client:
            come_back(client, who)
            client.get(entrance.LOG_OUT)
    said = served.log.read_text()
    assert "A sign-in did not come through: InvalidClaimError" in said
    assert not re.search("@|anna|eva|Traceback", said.replace(str(served.accounts), ""))


def test_readers_hear_in_swedish_that_the_provider_is_down(tmp_path: Path, releases: Path) -> None:
    port = free_port()
    with serving(tmp_path, releases, port) as served:
        with (
            provider(port, tmp_path / "p.txt", ANNA),
            httpx.Client(base_url=served.address) as late,
        ):
            away = late.get(entrance.LOG_IN)
            back = late.post(away.headers["location"], data={"sub": "anna"})
        # It is gone: for whoever comes back from it, and for whoever goes there.
        with httpx.Client(base_url=served.address, cookies=late.cookies) as client:
            for address in (back.headers["location"], entrance.LOG_IN):
                answer = client.get(address)
                assert answer.status_code == 503
                assert "<h1>Det går inte att logga in just nu</h1>" in answer.text
            assert is_shut(client)


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    """Start the dashboard with settings by half."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port"]
    return subprocess.run(
        [*command, str(free_port())],
        cwd=settings.ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("FOV_SIGN_IN", "men inte FOV_SIGN_IN hur man loggar in"),
        ("FOV_ACCOUNTS", "Ingen får komma in: ange i FOV_ACCOUNTS"),
        ("client_secret", "under [auth], saknas: client_secret."),
    ],
)
def test_a_server_that_is_set_up_by_half_does_not_start_and_says_why(
    left_out: str, said: str, tmp_path: Path
) -> None:
    file, accounts = tmp_path / "inloggning.toml", tmp_path / "konton.txt"
    write_sign_in(file, 1, 2, SECRET)
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if left_out not in line))
    write_accounts(accounts, *ALLOWED)
    variables = {"FOV_SIGN_IN": str(file), "FOV_ACCOUNTS": str(accounts)}
    ended = start(**{name: value for name, value in variables.items() if name != left_out})
    assert ended.returncode == 1
    assert f"Tjänsten startar inte. {said}" in ended.stderr or said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("http://localhost:1/oauth2", "http://fov.example/oauth2", "redirect_uri.*https"),
        ("http://localhost:2/", "http://provider.example/", "server_metadata_url.*https"),
        ("http://localhost:1/oauth2callback", "http://localhost:1/", "redirect_uri.*/oauth2callb"),
        (SECRET, "kort", "cookie_secret.*för kort"),
        ("[auth]", "auth = 1", "TOML|saknas"),
        ("[auth]", "[inloggning]", "saknas: redirect_uri, cookie_secret, client_id"),
        ('"hemlig"', "7", "saknas: client_secret"),
        ('"hemlig"', '"  "', "saknas: client_secret"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(
    was: str, becomes: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "inloggning.toml"
    write_sign_in(file, 1, 2, SECRET)
    assert was in file.read_text()
    file.write_text(file.read_text().replace(was, becomes))
    with pytest.raises(SignInFault, match=said):
        signing_in.provider(file, "FOV_SIGN_IN")


@pytest.mark.parametrize(
    ("address", "listed", "allowed"),
    [
        ("anna@forbund.example", "anna@forbund.example", True),
        ("anna@forbund.example", "@forbund.example", True),
        ("anna@forbund.example", "*", True),
        ("", "*", True),
        ("", "@forbund.example", False),
        ("", "@", False),
        ("anna@forbund.example", "eva@forbund.example", False),
        ("anna@elak.forbund.example", "@forbund.example", False),
        ("anna@forbund.example.org", "@forbund.example", False),
        ("anna@forbund.example@elak.example", "@forbund.example", False),
        ("forbund.example", "@forbund.example", False),
        ("@forbund.example", "@forbund.example", False),
    ],
)
def test_an_account_is_let_in_by_address_domain_or_as_everybody(
    address: str, listed: str, allowed: bool
) -> None:
    assert entrance.is_allowed(address, frozenset({listed})) is allowed


def test_the_list_of_accounts_may_have_comments_and_be_written_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "konton.txt"
    file.write_text("\ufeffAnna@forbund.example\n# eva@nns.example\n @NNS.example \nskräp\n")
    file.chmod(0o600)
    assert signing_in.accounts(file, "FOV_ACCOUNTS") == {"anna@forbund.example", "@nns.example"}


@pytest.fixture
def under_https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[Middleware]:
    """What stands before a dashboard that is reached over https."""
    file, accounts = tmp_path / "inloggning.toml", tmp_path / "konton.txt"
    write_sign_in(file, 1, 2, SECRET)
    file.write_text(file.read_text().replace("http://localhost:1/", "https://fov.example/"))
    write_accounts(accounts, *ALLOWED)
    for variable, named in (("FOV_SIGN_IN", file), ("FOV_ACCOUNTS", accounts)):
        monkeypatch.setenv(variable, str(named))
    monkeypatch.setenv("FOV_DOOR", "")  # put back afterwards, for this process gets a door
    return entrance.middleware()


def reached(
    before: Sequence[Middleware], kind: str, path: str, cookie: str
) -> tuple[Sequence[str], Sequence[Message]]:
    """The kinds of request that come to what stands behind, and what is sent."""
    came: list[str] = []
    sent: list[Message] = []

    async def behind(scope: Scope, _: Receive, send: Send) -> None:
        came.append(scope["type"])
        scope["session"] = Session()  # as Streamlit's own does
        scope["session"]["of"] = "another"
        if kind == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    app: ASGIApp = behind
    for one in reversed(before):
        app = one.cls(app, *one.args, **one.kwargs)
    headers = [(b"cookie", f"__Host-fov={cookie}".encode())] if cookie else []
    scope = {"type": kind, "path": path, "headers": headers, "query_string": b""}

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    return came, sent


def test_under_https_the_cookie_is_this_host_s_and_goes_over_https_only(
    under_https: Sequence[Middleware],
) -> None:
    said = {"account": ANNA["email"], "until": time.time() + 60, "id": "1"}
    came, _ = reached(under_https, "http", "/", signed(said, SECRET))
    assert came == ["http"]
    _, sent = reached(under_https, "http", entrance.LOG_OUT, signed(said, SECRET))
    cookie = dict(sent[0]["headers"])[b"set-cookie"].decode().lower()
    assert cookie.startswith("__host-fov=null")
    assert "; secure" in cookie


@pytest.mark.parametrize("path", [FONT, "/static/a.js", *entrance.HEALTH, entrance.LOG_IN])
def test_what_is_for_everybody_is_no_way_to_a_socket(
    path: str, under_https: Sequence[Middleware]
) -> None:
    came, sent = reached(under_https, "websocket", path, "")
    assert not came
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_what_others_keep_in_a_session_never_comes_into_the_sign_in(
    under_https: Sequence[Middleware],
) -> None:
    said = {"account": ANNA["email"], "until": time.time() + 60, "id": "1"}
    came, sent = reached(under_https, "http", "/", signed(said, SECRET))
    assert came == ["http"]
    assert b"set-cookie" not in dict(sent[0]["headers"])


@pytest.mark.parametrize("variable", ["FOV_SIGN_IN", "FOV_ACCOUNTS"])
def test_the_script_alone_shows_nothing_where_no_door_stands_before_it(
    variable: str, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(releases))
    monkeypatch.setenv(variable, "inloggning.toml")
    seen = AppTest.from_file(MAIN, default_timeout=30).run()
    assert [error.value for error in seen.error] == [frame.SHUT]
    assert len(seen.main) == 1
    assert not len(seen.sidebar)


# Without it


def test_a_dashboard_without_sign_in_has_no_door_no_cookie_and_loads_nothing_for_it() -> None:
    script = "import sys, app; print(len(app.door()), *sys.modules)"
    variables = {name: said for name, said in os.environ.items() if not name.startswith("FOV_")}
    number, *loaded = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert number == "0"
    assert "fovdata.dashboard.server" in loaded
    unwanted = ("authlib", "httpx2", "cryptography", "fovdata.dashboard.entrance")
    assert not [name for name in loaded if name in unwanted]
