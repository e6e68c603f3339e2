"""The presentation as a speaker uses it: by keys alone, from a link and from a file."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from fovdata.presentation.story import SCENES

Open = Callable[..., Page]

SIZES = ((1920, 1080), (1280, 720))
SMALLEST = 24
"""Pixels of the smallest type on a scene."""
STEPS = 4
"""Of the map: one a group of federations."""

MEASURE = """() => {
  const scene = document.querySelector(".scene.now")
  const walker = document.createTreeWalker(scene, NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) {
    const text = walker.currentNode, around = text.parentElement
    if (!text.textContent.trim() || around.closest(".unseen, [hidden], title")) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, top, right, bottom } = range.getBoundingClientRect()
    const size = parseFloat(getComputedStyle(around).fontSize)
    const letters = { top: top + 0.3 * size, bottom: bottom - 0.25 * size } // their ink
    if (left < right) texts.push({ words: text.textContent.trim(), left, right, size, ...letters })
  }
  for (const picture of scene.querySelectorAll(".map, .people, figure svg")) {
    const { left, top, right, bottom } = picture.getBoundingClientRect()
    texts.push({ words: picture.tagName, left, top, right, bottom, size: 99 })
  }
  return texts
}"""
"""Where every text and picture of the scene stands, and how large its type is."""


def now(page: Page) -> str:
    """The code of the scene that is seen."""
    (code,) = page.locator(".scene:visible").evaluate_all("all => all.map(one => one.id)")
    return str(code)


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("federation", ["skaraborg", "sollentuna-upplands-vasby-sigtuna", "falun"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_keys_lead_from_the_first_scene_to_the_last_in_type_for_the_last_row(
    size: tuple[int, int], federation: str, server: str, open_page: Open
) -> None:
    page = open_page(
        f"{server}/presentation?scen=1&federation={federation}",
        viewport={"width": size[0], "height": size[1]},
    )
    seen = []
    for _ in range(len(SCENES) + STEPS - 1):
        seen.append((now(page), asked(page).get("steg", ["1"])[0]))
        fits(page.evaluate(MEASURE), size)
        page.keyboard.press("ArrowRight")
    assert [code for code, step in seen if step == "1"] == [*SCENES]
    assert [step for code, step in seen if code == "karta"] == ["1", "2", "3", "4"]
    assert now(page) == [*SCENES][-1]
    assert asked(page)["scen"] == [str(len(SCENES))]


def fits(texts: list[dict[str, float]], size: tuple[int, int]) -> None:
    """Nothing is small, outside the screen or over something else."""
    assert len(texts) > 3
    for one in texts:
        assert one["size"] >= SMALLEST, one
        assert 0 <= one["left"] <= one["right"] <= size[0], one
        assert 0 <= one["top"] <= one["bottom"] <= size[1], one
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            assert (
                one["right"] <= other["left"] + 1
                or other["right"] <= one["left"] + 1
                or one["bottom"] <= other["top"]
                or other["bottom"] <= one["top"]
            ), (one, other)


def test_a_clicker_steps_both_ways_and_home_and_end_go_to_the_ends(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/presentation?scen=3")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    assert (now(page), asked(page)["steg"]) == ("karta", ["2"])
    for _ in range(2):
        page.keyboard.press("PageUp")
    assert now(page) == "tillvaxt"
    page.keyboard.press("End")
    assert now(page) == "stod"
    page.keyboard.press("Home")
    assert now(page) == "innehall"
    page.keyboard.press("ArrowLeft")
    assert now(page) == "innehall"


def test_the_address_leads_back_to_the_same_scene_and_step(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/presentation?scen=4&steg=2")
    new, earlier = page.locator(".map .new"), page.locator(".map [data-joined]:not(.new, .later)")
    assert (new.count(), earlier.count()) == (44, 18)
    page.keyboard.press("ArrowRight")
    page.reload()
    assert (now(page), asked(page)["steg"]) == ("karta", ["3"])
    assert (new.count(), earlier.count()) == (58, 62)


def test_keys_make_the_screen_black_full_dark_and_name_themselves(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/presentation?scen=2", color_scheme="light")
    black, keys = page.locator("#black"), page.locator("#help")
    for key in ("b", "."):
        page.keyboard.press(key)
        expect(black).to_be_visible()
        page.keyboard.press(key)
        expect(black).to_be_hidden()
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    expect(black).to_be_hidden()
    page.keyboard.press("?")
    expect(keys).to_contain_text("svart skärm")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press("m")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_notes_stand_in_a_window_of_their_own_with_a_clock_and_step_the_stage(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/presentation?scen=3")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    expect(notes.locator("h1")).to_contain_text("Från 7 till 40")
    expect(notes.locator("body")).to_contain_text("Varje stapel är en publicerad uppgift")
    coming = notes.locator("#coming")
    expect(coming).to_have_text("Härnäst: Så har uppdraget spritt sig, grupp för grupp")
    expect(notes.locator("#clock")).to_have_text(re.compile(r"^00:0[1-9]$"))
    notes.keyboard.press("ArrowRight")
    assert now(page) == "karta"
    expect(coming).to_have_text("Härnäst: Grupp 2, 2020–2021, år ej publicerat")
    notes.get_by_role("button", name="Nästa").click()
    assert asked(page)["steg"] == ["2"]
    notes.keyboard.press("b")
    expect(page.locator("#black")).to_be_visible()
    expect(notes.locator("#now")).to_contain_text("skärmen är svart")
    notes.get_by_role("button", name="Nollställ klockan").click()
    expect(notes.locator("#clock")).to_have_text("00:00")


def test_the_stage_goes_on_when_the_notes_are_emptied_and_they_are_filled_again(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/presentation?scen=1")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    expect(notes.locator("h1")).to_be_visible()
    notes.evaluate("document.open(); document.close()")
    page.keyboard.press("ArrowRight")
    assert now(page) == "fov"
    page.keyboard.press("n")
    expect(notes.locator("h1")).to_have_text("FOV är sju frågor om våld som ställs rutinmässigt")


def test_a_click_on_the_bar_leaves_the_keys_to_the_stage(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/presentation?scen=1")
    page.get_by_role("button", name="Helskärm").click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("Space")
    assert now(page) == "fov"
    expect(page.locator("#bar")).to_have_css("opacity", "0")


def test_the_stage_goes_on_when_the_network_is_gone(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/presentation?scen=1")
    page.context.set_offline(True)
    for _ in range(len(SCENES) + STEPS):
        page.keyboard.press("PageDown")
    assert now(page) == "stod"
    expect(page.locator("figure svg")).to_be_visible()


def test_it_prints_a_scene_a_page_with_the_whole_map(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/presentation?scen=4")
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as printed:
        texts = [one.get_textpage().get_text_bounded() for one in printed]
    assert len(texts) == len(SCENES)
    assert "Grupp 4 2022" in texts[3]
    assert "Pilot" not in texts[3]


def test_escape_three_times_leaves_the_stage(
    server: str, open_page: Open, foreign: list[str]
) -> None:
    page = open_page(f"{server}/presentation?scen=5")
    page.context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vackert"))
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.locator("body")).to_have_text("Vackert")
    assert {address.split("?")[0] for address in foreign} == {"https://www.smhi.se/"}
    foreign.clear()


@pytest.fixture
def file(server: str, open_page: Open, tmp_path: Path) -> Path:
    """The presentation as the page hands it out."""
    page = open_page(f"{server}/presentation?federation=sofint", accept_downloads=True)
    with page.expect_download() as download:
        page.get_by_role("button", name="För en sal utan nät (HTML)").click()
    saved = tmp_path / "sal.html"
    download.value.save_as(saved)
    return saved


@pytest.fixture
def from_disk(browser: Browser, file: Path) -> Iterator[Page]:
    """The file, opened without a network; nothing is reported and nothing asked for."""
    context = browser.new_context(locale="sv-SE", offline=True)
    page = context.new_page()
    noted: list[str] = []
    page.on("console", lambda message: noted.append(message.text))
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.on("request", lambda request: noted.append(request.url))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert noted == [file.as_uri()]


def test_the_file_works_from_a_disk_without_a_network(file: Path, from_disk: Page) -> None:
    assert file.stat().st_size < 3_000_000
    page = from_disk
    seen = [now(page)]
    for _ in range(len(SCENES) + STEPS - 2):
        page.keyboard.press("PageDown")
        seen.append(now(page))
    assert [*dict.fromkeys(seen)] == [*SCENES]
    page.keyboard.press("Home")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    expect(popup.value.locator("h1")).to_contain_text("Det här handlar om våld")
    assert page.evaluate("document.fonts.check('24px \"Source Sans\"')")
    expect(page.locator("#forbund h1")).to_contain_text("SOFINT")


def test_a_presenter_chooses_scenes_their_order_and_a_federation_and_keeps_the_link(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/presentation")
    for name in ("Vad FOV är", "Minst ett Ja", "Ett förbund"):
        scene = page.get_by_text(re.compile(rf"^\d+\. {name}$"))
        expect(scene).to_have_count(1)  # the one before has been taken out, all are numbered anew
        scene.click()
        expect(page.get_by_role("checkbox", name=name, exact=True)).not_to_be_checked()
    page.get_by_role("button", name="↑").nth(2).click()  # the map, before the growth
    expect(page.get_by_role("checkbox", name="2. Kartan, grupp för grupp")).to_be_checked()
    expect(page).to_have_url(re.compile(r"scener=innehall(,|%2C)karta(,|%2C)tillvaxt"))
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert "scener=innehall,karta,tillvaxt,kvinnor-och-man" in link
    stage = page.frame_locator("iframe")
    expect(stage.locator("#place")).to_have_text("1 / 8")
    again = open_page(link)
    again.keyboard.press("ArrowRight")
    assert now(again) == "karta"
    expect(open_page(page.url).get_by_role("checkbox", name="2. Kartan")).to_be_checked()


def test_a_scene_comes_back_where_the_story_has_it(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/presentation?scener=innehall,karta,stod")
    page.get_by_text("Vad FOV är", exact=True).click()
    expect(page.get_by_role("checkbox", name="2. Vad FOV är")).to_be_checked()
    page.get_by_role("button", name="Hela berättelsen").click()
    expect(page.get_by_role("checkbox", name="11. Stöd")).to_be_checked()
    expect(page).to_have_url(re.compile("/presentation$"))


def test_a_clicker_steps_the_presentation_on_its_page_too(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/presentation")
    place = page.frame_locator("iframe").locator("#place")
    expect(place).to_have_text("1 / 11")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("PageDown")
    expect(place).to_have_text("2 / 11")
