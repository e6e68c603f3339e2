"""What a running server answers, takes and refuses, seen from outside."""

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from conftest import Tell
from playwright.sync_api import Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from fovdata import geography, registry, settings
from fovdata.dashboard.guard import SECURITY_HEADERS
from fovdata.dashboard.typefaces import FONT

from .conftest import served

Open = Callable[..., Page]
SECRET = "hemligt-värde"
"""The text of an error that no reader may see."""

READ = {
    "page": ("/kon", 200),
    "page with choices": ("/tackning?region=17", 200),
    "stage": ("/presentation?scen=1", 200),
    "stage of nobody": ("/presentation?scen=1&federation=x", 404),
    "unknown": ("/finns/inte", 404),
    "unknown file": ("/index.html", 404),
    "hidden file": ("/.streamlit/config.toml", 404),
    "API": ("/api/v1/shares", 200),
    "API as CSV": ("/api/v1/coverage?format=csv", 200),
    "API refuses": ("/api/v1/shares?by=colour", 422),
    "API unknown": ("/api/v1/nothing", 404),
    "font": (FONT, 200),
    "map": (geography.municipalities(registry.load()).address, 200),
    "old map": ("/geo/kommuner-0.json", 404),
    # Streamlit answers with its own document, of which no script may run.
    "no such script": ("/static/no.js", 200),
    "Streamlit's health": ("/_stcore/health", 200),
    "Streamlit's settings": ("/_stcore/host-config", 200),
    "Streamlit's figures": ("/_stcore/metrics", 404),
    "Streamlit's agents": ("/_stcore/agent/openapi.json", 404),
    "no such download": ("/media/none.csv", 404),
}
"""What is asked for, by what it is: an address, and the status of the answer."""

TRAVERSALS = (
    "/geo/..%2f..%2f..%2fetc%2fpasswd",
    "/geo/%2e%2e/%2e%2e/etc/passwd",
    "/geo/..%5c..%5capp.py",
    "/geo/%252e%252e%252fapp.py",
    "/geo/kommuner-%00.json",
    "/fonts/..%2f..%2fapp.py",
    "/fonts/../../.streamlit/config.toml",
    "/static/..%2f..%2f..%2fapp.py",
    "/media/..%2f..%2fapp.py",
    "/api/v1/..%2f..%2fapp.py",
    "/presentation/..%2f..%2fapp.py",
    "/presentation?scen=..%2f..%2fapp.py&federation=..%2f..%2fapp.py&scener=..%2f",
    "//evil.example/%2e%2e",
)


def ask(server: str, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """Ask with the path as it is written: no dots are taken away before it is sent."""
    url = httpx.URL(server, raw_path=path.encode())
    return httpx.request(method, url, headers=headers, timeout=30)


def downloaded(server: str, open_page: Open) -> str:
    """The address of a file that a page hands out."""
    page = open_page(f"{server}/metod")
    with page.expect_download() as download:
        page.get_by_role("button", name="Regioner", exact=True).click()
    return download.value.url.removeprefix(server)


def script_of(server: str) -> str:
    """The address of a script of Streamlit's."""
    found = re.search(r'src="\.?(/static/js/[^"]+\.js)"', ask(server, "/").text)
    assert found
    return found[1]


def test_every_kind_of_answer_carries_the_security_headers(
    server: str, open_page: Open, tell: Tell
) -> None:
    asked = READ | {
        "download": (downloaded(server, open_page), 200),
        "script": (script_of(server), 200),
    }
    for what, (path, status) in asked.items():
        answer = ask(server, path)
        assert answer.status_code == status, what
        is_safe(answer)
    tell("headers", {"kinds of answer with every header": len(asked)})


def is_safe(answer: httpx.Response) -> None:
    """The answer says what a browser may do with it, and nothing of what made it."""
    headers = answer.headers
    for name, value in SECURITY_HEADERS.items():
        if name != "Content-Security-Policy":
            assert headers[name] == value, name
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'self'"
    assert set(re.sub("'sha256-[^']+'", "", policy["script-src"]).split()) == {
        "'self'",
        "'unsafe-eval'",
    }
    assert not re.search(r"https?:|\*", " ".join(policy.values()))
    # Streamlit starts uvicorn itself, which names itself but not its version.
    assert headers["server"] == "uvicorn"
    assert "x-powered-by" not in headers
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"])
def test_nothing_but_reading_is_answered(method: str, server: str, tell: Tell) -> None:
    paths = (
        *("/", "/kon", "/finns/inte", "/presentation?scen=1", FONT, "/geo/x.json"),
        *("/api/v1/shares", "/media/x", "/static/x", "/_stcore/upload_file/a/b"),
        *("/_stcore/health", "/_stcore/agent/interact", "/_stcore/agent/mcp"),
    )
    for path in paths:
        answer = ask(server, path, method)
        assert answer.status_code == 405, path
        assert "GET" in answer.headers["allow"]
        is_safe(answer)
    tell("headers", {"methods × addresses refused": len(paths)})


def test_an_upload_is_refused_before_a_byte_of_it_is_read(server: str) -> None:
    host, port = urlsplit(server).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n"
            b"Content-Length: 10000000000\r\n\r\n"
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 405 ")
        while line.recv(4096):  # the connection is closed: nobody waits for the rest
            pass


@pytest.mark.parametrize("host", ["x/api/v1/health?", "x/_stcore/health?", "x@y", "/", "[", "a b"])
def test_a_malformed_host_leads_past_no_refusal(host: str, server: str) -> None:
    at, port = urlsplit(server).netloc.split(":")
    for method, path in (("PUT", "/_stcore/upload_file/a/b"), ("GET", "/_stcore/metrics")):
        with socket.create_connection((at, int(port)), timeout=10) as line:
            line.sendall(
                f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            status = line.recv(4096).split(b" ")[1]
        assert status in (b"400", b"404", b"405")


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_address_leads_to_a_file_of_the_machine(path: str, server: str) -> None:
    answer = ask(server, path)
    assert answer.status_code in (400, 404)
    for inside in ("root:", "st.App", "gatherUsageStats"):
        assert inside not in answer.text
    is_safe(answer)


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        ("own", True),
        ("https://evil.example", False),
        ("http://localhost.evil.example", False),
        ("https://share.streamlit.io", False),
        ("null", False),
    ],
)
def test_only_this_server_s_pages_connect_to_it(
    origin: str, accepted: bool, server: str, tell: Tell
) -> None:
    address = f"{server.replace('http', 'ws', 1)}/_stcore/stream"
    asked = server if origin == "own" else origin
    status = 101
    try:
        with connect(address, origin=Origin(asked), subprotocols=[Subprotocol("streamlit")]):
            pass
    except InvalidStatus as refused:
        status = refused.response.status_code
    tell("headers", {"origins of a socket": 1})
    assert status == (101 if accepted else 403)


def test_the_cookie_against_forgery_stays_on_this_site_and_on_tls(server: str) -> None:
    plain = ask(server, "/_stcore/health").headers["set-cookie"]
    behind_tls = ask(server, "/_stcore/health", **{"X-Forwarded-Proto": "https"})
    assert "SameSite=Strict" in plain
    assert "Secure" not in plain  # on one's own machine there is no TLS
    assert behind_tls.headers["set-cookie"].endswith("; Secure")
    assert "set-cookie" not in ask(server, "/").headers


def test_the_browser_keeps_nothing_of_what_was_read_once_one_has_left(
    server: str, open_page: Open, foreign: list[str]
) -> None:
    page = open_page(f"{server}/kon?region=17")
    expect(page.get_by_text("Region Värmland").first).to_be_visible()
    assert {cookie.get("name") for cookie in page.context.cookies()} <= {"_streamlit_xsrf"}
    kept = page.evaluate("Object.keys({...localStorage, ...sessionStorage})")
    assert set(kept) <= {"stActiveTheme-/kon-v2"}  # which theme a page has, by its address
    page.context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vackert"))
    page.get_by_role("link", name="Lämna sidan snabbt").click()
    expect(page.get_by_text("Vackert")).to_be_visible()
    foreign.clear()
    page.goto(f"{server}/api/v1/health")  # of this server, but no page of it
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Iterator[str]:
    """A server of which a page, a file, a call of the API and the stage fail."""
    root = tmp_path_factory.mktemp("failing") / "server"
    root.mkdir()
    for name in ("app.py", "pages", "fovdata", "data", ".streamlit"):
        source = settings.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    fault = f'raise ValueError("{SECRET}")\n'
    broken = {
        "pages/kon.py": ("country = views.country()\n", fault),
        "fovdata/dashboard/show.py": (
            "    stamped = table.file.assign",
            f"    {fault}    x = table",
        ),
        "fovdata/api/calls.py": ("    rows = published.tables()\n", f"    {fault}"),
        "fovdata/presentation/stage.py": ("    page, bodies = _templates()\n", f"    {fault}"),
    }
    for file, (line, instead) in broken.items():
        text = (root / file).read_text(encoding="utf-8")
        assert text.count(line) == 1
        (root / file).write_text(text.replace(line, instead), encoding="utf-8")
    with served(releases, root) as address:
        yield address


def test_an_error_shows_nothing_of_itself_on_a_page(failing: str, open_page: Open) -> None:
    page = open_page(f"{failing}/metod")
    page.goto(f"{failing}/kon")
    expect(page.get_by_text("Något gick fel på sidan.")).to_be_visible()
    shown = page.locator("#root").inner_html()
    for word in (SECRET, "ValueError", "Traceback", "kon.py", "line "):
        assert word not in shown


def test_an_error_shows_nothing_of_itself_in_an_answer(failing: str) -> None:
    for path in ("/api/v1/published", "/presentation?scen=1"):
        answer = ask(failing, path)
        assert answer.status_code == 500
        assert "Något gick fel" in answer.text
        for word in (SECRET, "ValueError", "Traceback", ".py"):
            assert word not in answer.text
        is_safe(answer)


def test_an_error_in_a_file_shows_nothing_of_itself(failing: str, open_page: Open) -> None:
    page = open_page(f"{failing}/tackning")
    page.locator(".st-key-card-tathet").get_by_text("Tabell och filer").click()
    page.locator(".st-key-csv-tathet").get_by_role("button").click()
    expect(page.get_by_text("Filen kunde inte göras. Försök igen om en stund.")).to_be_visible()
    for word in (SECRET, "ValueError", "Traceback", "show.py"):
        assert word not in page.content()
