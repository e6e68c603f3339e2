"""What the server answers besides Streamlit, and the settings it runs with."""

import base64
import gzip
import hashlib
import inspect
import json
import re
import tomllib

import pytest
from conftest import Get
from streamlit import config
from streamlit.runtime.scriptrunner import script_runner

from fovdata import geography, registry, settings
from fovdata.charts import maps
from fovdata.charts.theme import LIGHT
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.dashboard.typefaces import FONT

SETTINGS = tomllib.loads((settings.ROOT / ".streamlit" / "config.toml").read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_a_page_is_in_swedish_from_the_first_byte(page: Page, get: Get) -> None:
    html = get(f"/{page.url}").text
    assert '<html lang="sv">' in html
    assert f"<title>{page.title} · Frågor om våld</title>" in html
    assert "You need to enable JavaScript" not in html


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_a_page_runs_its_own_scripts_and_this_server_s_only(page: Page, get: Get) -> None:
    answer = get(f"/{page.url}")
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    inline = re.findall("<script>(.*?)</script>", answer.text, re.DOTALL)
    assert len(inline) == 6
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inline]
    allowed = {"'self'", "'unsafe-eval'", *(f"'sha256-{one}'" for one in hashes)}
    assert set(policy["script-src"].split()) == allowed
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert not re.search(r"https?:|\*", " ".join(policy.values()))


def test_every_page_has_its_script() -> None:
    assert {page.path for page in PAGES} == set((settings.ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("address", ["/", "/geo/none.json", "/api/v1/nothing"])
def test_every_answer_carries_the_security_headers(address: str, get: Get) -> None:
    headers = get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "geolocation=()" in headers["permissions-policy"]


def test_borders_are_kept_by_the_browser_for_ever(get: Get) -> None:
    answer = get(geography.municipalities(registry.load()).address)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.json()["features"]) == 290 + 2


def test_borders_at_an_old_address_are_not_found(get: Get) -> None:
    assert get("/geo/kommuner-0123456789abcdef.json").status_code == 404


def test_the_font_of_the_theme_is_served(get: Get) -> None:
    assert [face["url"] for face in SETTINGS["theme"]["fontFaces"]] == [FONT]
    assert get(FONT).content[:4] == b"wOF2"


def test_borders_are_small_and_whole() -> None:
    borders = geography.municipalities(registry.load())
    features = json.loads(gzip.decompress(borders.compressed))["features"]
    areas, points = features[:290], features[290:]
    assert len(borders.compressed) <= 45_000
    assert [area["properties"]["code"] for area in areas] == list(borders.codes)
    assert [area["properties"]["row"] for area in areas] == list(range(290))
    assert {point["properties"]["name"] for point in points} == {"Vänersborg", "Mellerud"}
    assert "Södra Vänern (Grupp 3 2021)" in points[1]["properties"]["federations"]


def test_a_map_sends_colours_but_no_borders() -> None:
    borders = geography.municipalities(registry.load())
    deck = maps.coverage_map(borders, dict.fromkeys(borders.codes, 4), {"1383"}, LIGHT)
    text = deck.to_json()
    assert borders.address in text
    assert len(text) < 10_000
    assert '"mapStyle": "__MAP_STYLE__"' in text  # another value would ask a tile server


def test_the_map_leaves_the_mouse_wheel_to_the_page() -> None:
    deck = maps.coverage_map(geography.municipalities(registry.load()), {}, (), LIGHT)
    (view,) = json.loads(deck.to_json())["views"]
    assert view["controller"]["scrollZoom"] is False


def test_the_clicked_municipality_is_its_code() -> None:
    feature = {"properties": {"code": "1383"}}
    assert maps.clicked({"selection": {"objects": {maps.LAYER: [feature]}}}) == "1383"
    assert maps.clicked({"selection": {"objects": {}}}) is None


def test_streamlit_collects_no_garbage_after_every_run() -> None:
    assert SETTINGS["runner"]["postScriptGC"] is False
    assert config.get_option("runner.postScriptGC") in (True, False)
    assert 'if config.get_option("runner.postScriptGC"):' in inspect.getsource(script_runner)


def test_what_the_server_takes_is_said_in_its_settings() -> None:
    server = SETTINGS["server"]
    for protection in ("enableCORS", "enableXsrfProtection", "headless"):
        assert server[protection] is True
    # Headless, Streamlit refuses the one message that would have it write files.
    for opening in ("enableStaticServing", "enableAgentApi"):
        assert server[opening] is False
    assert server["xsrfCookieSameSite"] == "strict"
    assert (server["maxUploadSize"], server["maxMessageSize"], server["maxWidgetStateSize"]) == (
        1,
        20,
        1,
    )
    assert SETTINGS["client"]["showErrorDetails"] == "none"
    assert SETTINGS["client"]["allowedOrigins"] == []


def test_streamlit_tells_nobody() -> None:
    assert SETTINGS["browser"]["gatherUsageStats"] is False
    assert SETTINGS["server"]["address"] == "localhost"
