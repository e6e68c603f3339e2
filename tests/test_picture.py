"""A card as a picture: what the card says, in light, by itself."""

import io
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from conftest import WriteAnswers
from leaking import altered, double, holds_an_answer_or_the_key, is_about_right
from lxml import etree
from pages_under_test import File, Use, Visit, small_print, visit
from PIL import Image, ImageFont

from fovdata import keys
from fovdata.charts import comparison, exposure, gender
from fovdata.charts import theme as themes
from fovdata.charts.comparison import Whom
from fovdata.charts.exhibit import Exhibit
from fovdata.charts.theme import DARK, LIGHT, Theme
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.export import images, picture
from fovdata.export.picture import Picture
from fovdata.figures import comparisons, shares, together
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.release import building
from fovdata.selection import Selection

SVG = "{http://www.w3.org/2000/svg}"
WHOLE = Selection()
FEW = ("a federation under 20", "a federation of 34 to 75")
VISITS = [
    *((page, "no filter") for page in PAGES if page.url in ("", "tackning", "kon", "jamfor")),
    *((page, address) for page in PAGES if page.url in ("utsatthet", "forbund") for address in FEW),
]


def pictures(seen: Visit, ending: str) -> Sequence[File]:
    return [file for file in seen.files if file.name.endswith(ending)]


@cache
def root(file: File) -> etree._Element:
    return etree.fromstring(file.content)


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext(f"{SVG}text", f"{SVG}tspan")).split())


def same(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("page", "address"), VISITS, ids=lambda one: getattr(one, "file", one))
def test_every_card_with_a_chart_is_a_picture_with_its_title_and_line(
    page: Page, address: str, releases: Path
) -> None:
    seen = visit(releases, page, address)
    drawn = pictures(seen, ".svg")
    names = {re.sub(r"^fov-|\.svg$", "", file.name): file for file in drawn}
    charts = [key for key, card in seen.cards.items() if card.get("vega_lite_chart")]
    assert {*names} - {"karta"} == {*charts}
    assert len(pictures(seen, ".png")) == len(drawn)
    for name, file in names.items():
        card = seen.cards[name]
        (title,) = card.header or card.subheader
        said = words(root(file))
        assert said.startswith(same(title.value))
        small = small_print(card)
        assert small.line
        assert said.endswith(same(small.line)), name
        assert ("Syntetiska svar" in said) == (small.mark == "Syntetiska svar"), name


@pytest.mark.parametrize(("page", "address"), VISITS, ids=lambda one: getattr(one, "file", one))
def test_a_picture_leads_nowhere_and_holds_no_exact_number_of_answers(
    page: Page, address: str, releases: Path
) -> None:
    for file in pictures(visit(releases, page, address), ".svg"):
        text = file.content.decode()
        assert not re.search(r"(href|src)=|url\((?!data:)(?!#)", text)
        assert text.count("@font-face") == 1
        assert not holds_an_answer_or_the_key(text)
        said = "".join(root(file).itertext(f"{SVG}text", f"{SVG}tspan"))
        for about in re.findall(r"\bca\s(\d[\d\N{NO-BREAK SPACE}]*)", said):
            assert is_about_right(int(re.sub(r"\D", "", about)))


def test_a_picture_is_the_same_whatever_is_hidden(releases: Path, tmp_path: Path) -> None:
    twin = altered(releases, tmp_path, double)
    (page,) = (page for page in PAGES if page.url == "forbund")
    for address in FEW:
        one, other = (visit(folder, page, address) for folder in (releases, twin))
        for file, again in zip(pictures(one, ".svg"), pictures(other, ".svg"), strict=True):
            assert file.content == again.content


def exhibits(theme: Theme, release: Release) -> Sequence[Exhibit]:
    found = shares.women_and_men(release, WHOLE)
    of_one = comparisons.of_federation(release, "skaraborg")
    whom = Whom("Skaraborg", "Västra Götalandsregionen")
    return (
        gender.dumbbells(found, theme),
        gender.difference(found, theme),
        comparison.beside(of_one, whom, theme, release.rules),
        exposure.pairs(together.pairs(release), theme, release.rules),
    )


def test_what_is_drawn_in_dark_is_light_in_a_picture(release: Release) -> None:
    for dark, light in zip(exhibits(DARK, release), exhibits(LIGHT, release), strict=True):
        drawn = [images.whole_svg(one.specification, one.data, 600) for one in (dark, light)]
        assert drawn[0] == drawn[1]


def test_no_colour_stands_for_two_in_the_other_theme() -> None:
    pairs = {*zip(DARK.colours, LIGHT.colours, strict=True)}
    assert len({dark for dark, _ in pairs}) == len(pairs)
    assert themes.in_light(DARK.women) == LIGHT.women


def made(exhibit: Exhibit, title: str, mark: str = "Syntetiska svar") -> Picture:
    chart = images.whole_svg(exhibit.specification, exhibit.data, picture.CHART)
    return Picture(title, exhibit.alternative, mark, chart, "Så läses det.", "Källa")


def test_a_png_is_twice_as_large_and_the_same_card_the_same_bytes(release: Release) -> None:
    card = made(exhibits(LIGHT, release)[0], "Kvinnor och män")
    size = etree.fromstring(picture.svg(card)).get("viewBox").split()[2:]
    with Image.open(io.BytesIO(picture.png(card))) as image:
        assert image.size == tuple(2 * round(float(one)) for one in size)
        assert image.size[0] == 2 * picture.WIDTH
    assert picture.svg(card) == picture.svg(card)
    assert picture.png(card) == picture.png(card)


def test_words_are_text_whatever_they_hold_and_stay_within(release: Release) -> None:
    hostile = '<script>alert(1)</script>"](javascript:alert(1))=1+1 ' * 4
    drawn = etree.fromstring(picture.svg(made(exhibits(LIGHT, release)[0], hostile, mark="")))
    assert same(hostile) in words(drawn)
    assert not [*drawn.iter(f"{SVG}script")]
    assert "Syntetiska" not in words(drawn)
    title = drawn.find(f"{SVG}g/{SVG}text")
    assert len(title) > 3
    for line in title:
        assert len(line.text) * 9.6 <= picture.CHART + 9.6


def test_what_is_hidden_is_words_and_what_is_coded_its_limit(releases: Path) -> None:
    (page,) = (page for page in PAGES if page.url == "kon")
    seen = visit(releases, page, "a federation of 34 to 75")
    (file,) = (one for one in pictures(seen, ".svg") if one.name == "fov-kon.svg")
    said = [same("".join(one.itertext())) for one in root(file).iter(f"{SVG}text")]
    assert said.count("Män: för få svar") == 7
    assert said.count("Kvinnor: under 30 %") == 1
    axis = ["0 %", "25 %", "50 %", "75 %", "100 %"]
    shares_shown = [one for one in said if re.fullmatch(r"\d+ %", one)]
    assert len(shares_shown) == len(axis) + 6  # those of the women that are shown


def test_all_words_are_set_in_the_typeface_that_is_in_the_file(releases: Path) -> None:
    (page,) = (page for page in PAGES if page.url == "")
    for file in pictures(visit(releases, page, "no filter"), ".svg"):
        text = file.content.decode()
        families = {re.split(", ", one)[0] for one in re.findall('font-family="(.*?)"', text)}
        assert families == {f"'{images.FONT}'"}
        assert f"@font-face{{font-family:'{images.FONT}'" in text


@pytest.mark.parametrize(("page", "address"), VISITS, ids=lambda one: getattr(one, "file", one))
def test_words_around_the_chart_end_within_the_picture(
    page: Page, address: str, releases: Path
) -> None:
    faces = {
        weight: {
            size: ImageFont.truetype(str(images.FONTS / f"SourceSans3-{name}.otf"), size)
            for size in (12, 13, 20)
        }
        for weight, name in (("600", "Semibold"), ("400", "Regular"))
    }
    for file in pictures(visit(releases, page, address), ".svg"):
        room = float(root(file).get("width")) - 2 * 24
        for text in root(file).iterfind(f"{SVG}g/{SVG}text"):
            face = faces[text.get("font-weight")][int(text.get("font-size"))]
            assert all(face.getlength(line.text.rstrip()) <= room for line in text)


def choose_layer(app: object) -> None:
    app.segmented_control[0].set_value("Svar kan visas")  # type: ignore[attr-defined]


def test_the_map_is_drawn_with_a_colour_for_each_municipality(
    releases: Path, registry: Registry
) -> None:
    (page,) = (page for page in PAGES if page.url == "tackning")
    use: Use = choose_layer
    whole, answers = (
        next(file for file in pictures(seen, ".svg") if "karta" in file.name)
        for seen in (visit(releases, page, "no filter"), visit(releases, page, "no filter", use))
    )
    joined, fills = registry.totals().municipalities, [LIGHT.not_joined, *LIGHT.coverage]
    counted = [
        [sum(area.get("fill") == fill for area in root(file).iter(f"{SVG}path")) for fill in fills]
        for file in (whole, answers)
    ]
    everywhere = len(registry.municipalities)
    assert counted[0] == [everywhere - joined, 0, 0, 0, joined, 0]
    assert counted[1][0] == everywhere - joined
    assert sum(counted[1]) == everywhere
    assert counted[1][2] > 0
    assert len([*root(whole).iter(f"{SVG}circle")]) == len(registry.in_several)
    assert "Gränser: SCB" in words(root(whole))


def test_a_card_that_shows_words_only_has_no_picture(releases: Path) -> None:
    (page,) = (page for page in PAGES if page.url == "kon")
    seen = visit(releases, page, "a federation without answers")
    cards = {re.sub(r"^fov-|\.svg$", "", file.name) for file in pictures(seen, ".svg")}
    assert "kon" in seen.cards
    assert "kon" not in cards


def test_a_picture_of_real_answers_has_no_mark(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    key, real = tmp_path / "nyckel", tmp_path / "utgåvor"
    keys.make(key, real)
    people = "times gender q1\n 70 kvinna ja\n 70 kvinna nej\n 70 man ja\n 70 man nej"
    building.build(write_answers(people, data="real"), real, tmp_path / "liggare", registry, key)
    (page,) = (page for page in PAGES if page.url == "kon")
    (file,) = (
        one for one in pictures(visit(real, page, "no filter"), ".svg") if "-kon." in one.name
    )
    assert re.search(r"ca \d+ kvinnor", words(root(file)))
    assert "Syntetiska" not in words(root(file))
