"""Documents and Streamlit's own scripts are sent compressed, once made, and otherwise as before."""

import asyncio
import gzip
from collections.abc import Callable
from pathlib import Path

import brotli
import httpx
import pytest
from servers import dashboard
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from fovdata.dashboard import bundles, compression
from fovdata.dashboard.bundles import BUNDLES
from fovdata.dashboard.compression import Compressed, wanted
from fovdata.dashboard.guard import SECURITY_HEADERS
from fovdata.dashboard.navigation import PAGES, Page

SCRIPT = max(BUNDLES, key=lambda address: "/protobuf." in address)
PLAIN = BUNDLES[SCRIPT].read_bytes()
UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


def ask(
    *asked: tuple[str, dict[str, str]], method: str = "GET"
) -> list[tuple[httpx.Response, bytes]]:
    """Ask Streamlit's own files one after the other, by address and headers; bodies as sent."""
    app = Starlette(
        routes=create_streamlit_static_assets_routes(None), middleware=[Middleware(Compressed)]
    )

    async def answers() -> list[tuple[httpx.Response, bytes]]:
        found = []
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            for address, headers in asked:
                said = {"Accept-Encoding": "identity", **headers}
                async with browser.stream(method, address, headers=said) as answer:
                    found.append((answer, b"".join([part async for part in answer.aiter_raw()])))
        return found

    return asyncio.run(answers())


@pytest.mark.parametrize(
    ("offer", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=1", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("gzip; q=0.000, br ; q=0.0", None),
        ("identity", None),
        ("*", None),
        ("", None),
    ],
)
def test_what_a_browser_takes_is_what_it_says(offer: str, encoding: str | None) -> None:
    assert wanted(Headers({"accept-encoding": offer})) == encoding


@pytest.mark.parametrize("address", [SCRIPT, next(one for one in BUNDLES if one.endswith(".css"))])
def test_a_script_is_sent_compressed_to_whoever_takes_that(address: str) -> None:
    offers = ("gzip, br", "gzip", "identity")
    asked = ask(*((address, {"Accept-Encoding": offer}) for offer in offers))
    (as_br, _), (as_gzip, _), (plain, body) = asked
    assert body == BUNDLES[address].read_bytes()
    assert "content-encoding" not in plain.headers
    for (answer, sent), encoding in zip(asked, ("br", "gzip"), strict=False):
        assert answer.headers["content-encoding"] == encoding
        assert int(answer.headers["content-length"]) == len(sent) < len(body) / 2
        assert UNPACK[encoding](sent) == body
        assert answer.headers["content-type"] == plain.headers["content-type"]
        assert "accept-ranges" not in answer.headers
    for answer in (as_br, as_gzip, plain):
        assert answer.headers["vary"] == "Accept-Encoding"
        kept = {part.strip() for part in answer.headers["cache-control"].split(",")}
        assert kept == {"public", "max-age=31536000", "immutable"}
    assert len({answer.headers["etag"] for answer, _ in asked}) == 3


def test_a_part_of_a_script_is_a_part_of_what_it_says() -> None:
    ((answer, sent),) = ask((SCRIPT, {"Accept-Encoding": "br", "Range": "bytes=100-199"}))
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes 100-199/{len(PLAIN)}"
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
    assert sent == PLAIN[100:200]


def test_a_script_that_the_browser_has_is_not_sent_again() -> None:
    br = {"Accept-Encoding": "br"}
    ((answer, _),) = ask((SCRIPT, br))
    tag = answer.headers["etag"]
    again = ask(
        (SCRIPT, {**br, "If-None-Match": f'"other", {tag}'}),
        (SCRIPT, {"Accept-Encoding": "gzip", "If-None-Match": tag}),
    )
    (same, nothing), (other, _) = again
    assert (same.status_code, nothing) == (304, b"")
    assert same.headers["etag"] == tag
    assert "immutable" in same.headers["cache-control"]
    assert "content-encoding" not in same.headers
    assert other.status_code == 200


def test_a_script_is_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counting(body: bytes) -> bytes:
        made.append(len(body))
        return brotli.compress(body, quality=1)

    monkeypatch.setattr(compression, "COMPRESS", {"br": counting})
    answers = ask(*[(SCRIPT, {"Accept-Encoding": "br"})] * 3)
    assert len({sent for _, sent in answers}) == 1
    assert made == [len(PLAIN)]


def test_what_is_not_a_script_is_left_alone() -> None:
    picture = "/static/media/" + next(bundles.FOLDER.glob("static/media/*.woff2")).name
    for address in (picture, "/static/js/none.js", "/static/js/../../index.html", "/static/js"):
        ((answer, _),) = ask((address, {"Accept-Encoding": "br"}))
        assert "content-encoding" not in answer.headers


def test_all_that_can_be_kept_is_little() -> None:
    # Whoever asks for everything in every encoding makes a server keep so many bytes.
    kept = sum(
        len(compress(file.read_bytes()))
        for file in BUNDLES.values()
        for compress in compression.COMPRESS.values()
    )
    assert kept < 16e6


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_a_page_names_scripts_ahead_that_there_are(page: Page) -> None:
    for part in page.parts:
        assert bundles.ahead([part]), part
    named = bundles.ahead(page.parts)
    assert len(set(named)) == len(named)
    assert set(named) <= BUNDLES.keys()


def test_a_script_that_streamlit_no_longer_has_is_passed_over() -> None:
    assert bundles.ahead(["Table", "NoSuchThing"]) == bundles.ahead(["Table"])


def test_a_running_server_compresses_and_stays_safe(releases: Path, tmp_path: Path) -> None:
    with (
        dashboard(releases, tmp_path / "logg") as (address, _),
        httpx.Client(base_url=f"http://{address}") as browser,
    ):
        for path in (SCRIPT, "/", "/kon"):
            sizes = set()
            for offer in ("br", "gzip", "identity"):
                answer = browser.get(path, headers={"Accept-Encoding": offer})
                assert answer.headers.get("content-encoding", "identity") == offer
                assert set(answer.headers["vary"].split(", ")) == {"Accept-Encoding"}
                assert SECURITY_HEADERS.keys() <= {name.title() for name in answer.headers}
                head = browser.head(path, headers={"Accept-Encoding": offer})
                assert head.content == b""
                for name in ("content-length", "content-encoding", "content-type"):
                    assert head.headers.get(name) == answer.headers.get(name)
                sizes.add(int(answer.headers["content-length"]))
            assert len(sizes) == 3
    assert not (tmp_path / "logg").read_text()
