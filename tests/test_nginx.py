"""deploy/nginx.conf as it is, in a real nginx before a real server."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from servers import dashboard, free_port
from sockets import drawn
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from fovdata import settings
from fovdata.dashboard.guard import SECURITY_HEADERS
from fovdata.dashboard.navigation import PAGES
from fovdata.dashboard.typefaces import FONT

NAME = "fov.example"
SITE = settings.ROOT / "deploy" / "nginx.conf"
MAIN = """
daemon off; pid {here}/pid; error_log {here}/main.log; worker_processes 1; {user}
events {{}}
http {{
    default_type application/octet-stream;
    client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
    include {here}/fov.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """nginx before a server: where it listens, and whom a reader trusts."""

    http: int
    https: int
    trust: ssl.SSLContext

    @property
    def host(self) -> str:
        """What a browser calls it."""
        return f"{NAME}:{self.https}"

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask over TLS, by the name that the certificate is for."""
        with self.browser() as browser:
            return self.asked(browser, "GET", path, headers=headers)

    def browser(self) -> httpx.Client:
        """Somebody who trusts the certificate."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}",
            headers={"Host": self.host},
            verify=self.trust,
        )

    @staticmethod
    def asked(browser: httpx.Client, method: str, path: str, **request: object) -> httpx.Response:
        """A question of theirs, by the server's name."""
        named = {"sni_hostname": NAME}
        return browser.request(method, path, extensions=named, **request)  # type: ignore[arg-type]

    def socket(self, origin: str | None = None) -> ClientConnection:
        """Open Streamlit's socket as a page of ``origin``, its own if none is named."""
        return connect(
            f"wss://{self.host}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", self.https)),
            ssl=self.trust,
            origin=Origin(origin or f"https://{self.host}"),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
        )


@pytest.fixture(scope="module")
def proxy(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx on free ports, the site's file changed in nothing but ports and places."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed: what they do cannot be imitated")
    here = tmp_path_factory.mktemp("nginx")
    certificate(here)
    http, https = free_port(), free_port()
    with dashboard(releases, here / "logg", FOV_ADDRESS=f"https://{NAME}") as (address, _):
        replaced = {
            "127.0.0.1:8501": f"127.0.0.1:{address.partition(':')[2]}",
            "listen 80": f"listen 127.0.0.1:{http}",
            "listen 443": f"listen 127.0.0.1:{https}",
            "/etc/ssl/fov": str(here),
            "/var/log/nginx": str(here),
        }
        site = SITE.read_text(encoding="utf-8")
        for was, now in replaced.items():
            assert was in site
            site = site.replace(was, now)
        (here / "fov.conf").write_text(site, encoding="utf-8")
        user = "user root;" if Path("/").owner() == Path("/proc/self").owner() else ""
        (here / "main.conf").write_text(MAIN.format(here=here, user=user))
        process = subprocess.Popen([nginx, "-p", here, "-c", here / "main.conf"])
        try:
            until = time.monotonic() + 10
            while not listens(https):
                assert process.poll() is None, (here / "main.log").read_text()
                assert time.monotonic() < until
                time.sleep(0.05)
            yield Proxy(http, https, ssl.create_default_context(cafile=here / "certificate.pem"))
        finally:
            process.terminate()
            process.wait(timeout=10)
    # Nobody's address and no choice of anybody's is kept.
    assert not (here / "fov.log").read_text()
    assert not [*here.glob("*access*")]


def certificate(folder: Path) -> None:
    """A certificate for NAME that signs itself, for a day."""
    options = f"-x509 -newkey rsa:2048 -nodes -days 1 -subj /CN={NAME}".split()
    named = ("-addext", f"subjectAltName=DNS:{NAME}")
    files = ("-keyout", folder / "key.pem", "-out", folder / "certificate.pem")
    subprocess.run(["openssl", "req", *options, *named, *files], check=True, capture_output=True)


def listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def test_a_page_comes_over_tls_with_each_security_header_once(proxy: Proxy) -> None:
    for path in ("/", "/kon?region=17", "/api/v1/health", "/finns-inte"):
        answer = proxy.get(path)
        sent = [name.lower() for name, _ in answer.headers.multi_items()]
        once = ("strict-transport-security", "server", *map(str.lower, SECURITY_HEADERS))
        assert {name: sent.count(name) for name in once} == dict.fromkeys(once, 1), path
        assert answer.headers["server"] == "nginx"
    assert "<title>Kön · Frågor om våld</title>" in proxy.get("/kon").text
    assert proxy.get("/").headers["strict-transport-security"] == "max-age=31536000"


def test_the_socket_is_upgraded_and_draws_a_page(proxy: Proxy) -> None:
    with proxy.socket() as browser:
        assert browser.response is not None
        assert browser.response.status_code == 101
        assert "Utgåva 1" in drawn(browser, PAGES[2], region="17")


@pytest.mark.parametrize("origin", ["https://annan.example", f"https://{NAME}.annan.example"])
def test_a_page_of_another_site_gets_no_socket(origin: str, proxy: Proxy) -> None:
    with pytest.raises(InvalidStatus) as refused:
        proxy.socket(origin)
    assert refused.value.response.status_code == 403


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    answer = httpx.get(f"http://127.0.0.1:{proxy.http}/kon?region=17", headers={"Host": NAME})
    assert answer.status_code == 301
    assert answer.headers["location"] == f"https://{NAME}/kon?region=17"


def test_who_names_another_host_is_not_answered(proxy: Proxy) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        proxy.get("/", Host="annan.example")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{proxy.http}/", headers={"Host": "annan.example"})
    trusting_all = ssl._create_unverified_context()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{proxy.https}/", verify=trusting_all)


def test_what_is_compressed_stays_so(proxy: Proxy) -> None:
    script = next(
        part.split('"')[0] for part in proxy.get("/").text.split('src="') if ".js" in part[:99]
    )
    for path in ("/", f"/{script.lstrip('./')}"):
        for offer, encoding in (("gzip", "gzip"), ("gzip, br", "br")):
            compressed = proxy.get(path, **{"Accept-Encoding": offer})
            assert compressed.headers["content-encoding"] == encoding
            assert compressed.headers.get_list("vary") == ["Accept-Encoding"]
            assert "<!DOCTYPE" in compressed.text or "import" in compressed.text
    font = proxy.get(FONT, **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in font.headers
    assert "immutable" in font.headers["cache-control"]


def test_what_is_for_the_one_who_runs_it_is_not_there_for_others(proxy: Proxy) -> None:
    for path in ("/_stcore/metrics", "/_stcore/upload_file/a/b"):
        assert proxy.get(path).status_code == 404
    with proxy.browser() as browser:
        much = proxy.asked(browser, "POST", "/api/v1/shares", content=b"x" * 20_000)
    assert much.status_code == 413


def test_a_program_that_asks_too_fast_hears_so(proxy: Proxy) -> None:
    with proxy.browser() as program:
        answers = [proxy.asked(program, "GET", "/api/v1/health") for _ in range(120)]
        assert proxy.asked(program, "GET", "/").status_code == 200  # the pages go on
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 40
    refused = answers[statuses.index(429)]
    assert refused.json()["message"] == "För många frågor på en gång. Vänta en stund."
