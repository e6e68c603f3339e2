"""The story as slides: the figures' numbers, nothing outside or on top of another, all editable."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from office_files import points, texts
from openpyxl import load_workbook
from pages_under_test import ask
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from fovdata import published, wording
from fovdata.charts import exposure, gender
from fovdata.export.office import high
from fovdata.figures import comparisons, shares, together
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import Release
from fovdata.presentation import slides, story
from fovdata.presentation.scene import Deck, GrowthMap, Hundreds, Point, Points, Scene, Shares
from fovdata.registry import Registry
from fovdata.rules import Status
from fovdata.selection import Selection

ADDRESS = "http://localhost:8501"
HIDDEN = ("falun", "kalmar-lan")
SOME = (
    "halland",
    "skaraborg",
    "sofint",
    *HIDDEN,
    "huddinge-botkyrka-och-salem",
    "sollentuna-upplands-vasby-sigtuna",
)
"""In two lanes and three, with a coded question, hidden, and with long names."""
SMALLEST = 16
ALL = tuple(story.SCENES)

Decks = Mapping[str, Deck]
Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def decks(release: Release, registry: Registry) -> Decks:
    """The whole story, told with each of SOME."""
    return {slug: story.deck(story.Telling(release, registry, slug, ADDRESS)) for slug in SOME}


@pytest.fixture(scope="module")
def files(decks: Decks) -> Files:
    return {slug: slides.document(deck) for slug, deck in decks.items()}


def opened(made: bytes) -> Any:
    return Presentation(io.BytesIO(made))


def each(decks: Decks, files: Files) -> Iterator[tuple[Scene, Any]]:
    """Every scene with its slide."""
    for slug, deck in decks.items():
        yield from zip(deck.scenes, opened(files[slug]).slides, strict=True)


def of(code: str, made: bytes) -> Any:
    """The slide of a scene."""
    return opened(made).slides[ALL.index(code)]


def placed(slide: Any, kind: Any) -> Any:
    (found,) = [one for one in slide.placeholders if one.placeholder_format.type == kind]
    return found


def test_every_slide_has_title_source_number_notes_and_mark(decks: Decks, files: Files) -> None:
    for scene, slide in each(decks, files):
        assert slide.shapes.title.text_frame.text == scene.title
        assert placed(slide, PP_PLACEHOLDER.FOOTER).text_frame.text == scene.source
        number = placed(slide, PP_PLACEHOLDER.SLIDE_NUMBER)
        assert [one.get("type") for one in number._element.iter("{*}fld")] == ["slidenum"]
        notes = slide.notes_slide.notes_text_frame.text
        assert notes == "\n".join(scene.notes)
        assert (story.MARK in [*texts(slide)]) == bool(scene.mark)


def test_the_master_is_the_product_s_and_has_the_layouts_that_are_used(files: Files) -> None:
    deck = opened(files["halland"])
    assert (deck.slide_width / 914400, deck.slide_height / 914400) == pytest.approx((13.333, 7.5))
    assert {layout.name for layout in deck.slide_layouts} == {
        slide.slide_layout.name for slide in deck.slides
    }
    with zipfile.ZipFile(io.BytesIO(files["halland"])) as file:
        theme = file.read("ppt/theme/theme1.xml").decode()
    assert '<a:clrScheme name="FOV">' in theme
    assert '<a:accent1><a:srgbClr val="C7570C"/></a:accent1>' in theme
    for sheet in (deck.slide_master, *deck.slide_layouts):
        kinds = {one.placeholder_format.type for one in sheet.placeholders}
        assert PP_PLACEHOLDER.DATE not in kinds
        assert not any("Click" in one.text_frame.text for one in sheet.placeholders)


def test_points_stand_in_the_outline_with_what_leads_them(decks: Decks, files: Files) -> None:
    for scene, slide in each(decks, files):
        if isinstance(scene.body, Points):
            said = slide.placeholders[1].text_frame.text.split("\n")
            assert said == [f"{one.lead}\t{one.text}".strip() for one in scene.body.points]
            assert scene.body.lead_in in [*texts(slide), ""]


def drawn(slide: Any) -> Mapping[str, list[tuple[int, float]]]:
    """The chart's series by name: x, and the row's number from the bottom with the lane in it."""
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    return {series.name: points(series) for series in chart.plots[0].series}


def has_figures(slide: Any, lanes: Mapping[str, list[Estimate]]) -> bool:
    """Whether the chart draws these estimates, each lane's from the top, and nothing else."""
    found = drawn(slide)
    shown = {name: [one for one in lane if one.share is not None] for name, lane in lanes.items()}
    expected = {name: [one.share for one in lane] for name, lane in shown.items() if lane} | {
        f"{name}, 95 % intervall": [end for one in lane for end in (one.low, one.high)]
        for name, lane in shown.items()
        if lane
    }
    return {name: [x for x, _ in cells] for name, cells in found.items()} == expected


def test_women_and_men_are_the_figures_and_the_api_s(
    files: Files, release: Release, releases: Path
) -> None:
    slide = of("kvinnor-och-man", files["halland"])
    found = shares.women_and_men(release, Selection())[:4]
    lanes = {
        gender.WOMEN.name: [one.women for one in found],
        gender.MEN.name: [one.men for one in found],
    }
    assert has_figures(slide, lanes)
    rows = ask(releases, "women-and-men").json()["rows"][:4]
    for name, key in ((gender.WOMEN.name, "women"), (gender.MEN.name, "men")):
        assert [x for x, _ in drawn(slide)[name]] == [row[key]["share"] for row in rows]
    said = " ".join(texts(slide))
    for row in rows:
        assert wording.signed(row["difference"]["points"]) in said


def test_any_experience_is_the_figures(files: Files, release: Release) -> None:
    found = together.any_experience(release, by_gender=True)
    lanes = {
        series.name: [one.estimate for one in found if one.gender == code]
        for series, code in ((gender.WOMEN, "kvinna"), (gender.MEN, "man"))
    }
    assert has_figures(of("minst-ett-ja", files["halland"]), lanes)


def test_witnessed_is_the_figures_and_the_api_s_also_as_a_hundred_people(
    files: Files, release: Release, releases: Path
) -> None:
    slide = of("bevittnat", files["halland"])
    found = together.witnessed(release, Selection())
    lanes = {
        exposure.YES.name: [one.yes for one in found],
        exposure.NO.name: [one.no for one in found],
    }
    assert has_figures(slide, lanes)
    rows = ask(releases, "association").json()["rows"]
    for name, key in ((exposure.YES.name, "yes"), (exposure.NO.name, "no")):
        assert [x for x, _ in drawn(slide)[name]] == [row[key]["share"] for row in rows]
    hundreds = of("hundra", files["halland"])
    groups = {one.name: [*one.shapes] for one in hundreds.shapes if is_group(one)}
    for name, key in ((exposure.YES.name, "yes"), (exposure.NO.name, "no")):
        people = groups[name]
        filled = [one for one in people if str(one.fill.fore_color.rgb) != "FFFFFF"]
        assert (len(people), len(filled)) == (100, rows[0][key]["share"])
        said = " ".join(texts(hundreds))
        assert f"{rows[0][key]['share']} av 100" in said
        assert f"intervall {rows[0][key]['low']}–{rows[0][key]['high']}" in said


def is_group(shape: Any) -> bool:
    return bool(shape.shape_type == MSO_SHAPE_TYPE.GROUP)


@pytest.mark.parametrize("slug", SOME)
def test_a_federation_is_the_figures_and_the_api_s(
    slug: str, decks: Decks, files: Files, release: Release, releases: Path
) -> None:
    slide, scene = of("forbund", files[slug]), decks[slug].scenes[ALL.index("forbund")]
    assert isinstance(scene.body, Shares)
    lanes: dict[str, list[Estimate]] = {}
    for row in scene.body.rows:
        for series, estimate in row.lanes:
            lanes.setdefault(series.name, []).append(estimate)
    assert has_figures(slide, lanes)
    rows = ask(releases, "comparison", federation=slug).json()["rows"]
    keys = {"federation": "federation", "region": "region", "country": "country"}
    colours = {series.colour: series.name for series in scene.body.lanes}
    for colour, key in keys.items():
        found = [x for x, _ in drawn(slide).get(colours.get(colour, ""), [])]
        expected = [row[key]["share"] for row in rows if row[key]["share"] is not None]
        assert found == expected
    assert comparisons.is_hidden(comparisons.of_federation(release, slug)) == (slug in HIDDEN)


@pytest.mark.parametrize("slug", HIDDEN)
def test_a_hidden_federation_has_words_and_no_figures(
    slug: str, files: Files, registry: Registry
) -> None:
    slide, name = of("forbund", files[slug]), registry.federation(slug).name
    assert not [one for one in drawn(slide) if one.startswith(name)]
    own = [text for text in texts(slide) if name in text]
    assert own == [slide.shapes.title.text_frame.text, *own[1:]]
    assert "för få svar" in own[0]
    assert not any(character.isdigit() for character in own[0])
    assert own[1].startswith(f"{name}, färre än 20 svar")


def test_a_hundred_that_is_hidden_or_a_limit_has_words_and_no_figures() -> None:
    sides = (
        (exposure.YES, Estimate(Status.HIDDEN)),
        (exposure.NO, Estimate(Status.CODED, 40, limit="<25")),
    )
    scene = Scene("hundra", 'En "fråga" & <svar>', Hundreds(sides), "Källa", ("Säg så.",))
    (slide,) = opened(slides.document(Deck("Prov", [scene], "Utgåva 1", date(2026, 1, 2)))).slides
    assert not any(map(is_group, slide.shapes))
    assert slide.shapes.title.text_frame.text == scene.title
    said = [*texts(slide)]
    assert f"{exposure.YES.name}\n{wording.TOO_FEW}" in said
    assert f"{exposure.NO.name}\nunder 25\N{NO-BREAK SPACE}%" in said
    assert not any("av 100" in text for text in said)


def test_growth_is_what_is_published_and_can_be_edited(files: Files) -> None:
    slide = of("tillvaxt", files["halland"])
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    (plot,) = chart.plots
    grown = published.growth()
    assert [*plot.series[0].values] == [one.federations for one in grown]
    assert [name.split("\n")[0] for name in plot.categories] == [one.when for one in grown]
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    rows = [*book.worksheets[0].iter_rows(values_only=True)]
    assert rows[0][1] == "Samordningsförbund"
    assert rows[1:] == [*zip(plot.categories, plot.series[0].values, strict=True)]


def test_the_map_has_every_municipality_in_the_colour_of_its_step(
    decks: Decks, files: Files
) -> None:
    slide, scene = of("karta", files["halland"]), decks["halland"].scenes[ALL.index("karta")]
    body = scene.body
    assert isinstance(body, GrowthMap)
    (group,) = filter(is_group, slide.shapes)
    colours: dict[int, set[str]] = {}
    for one in group.shapes:
        step = body.joined.get(one.name.removeprefix("Kommun "), 0)
        colours.setdefault(step, set()).add(str(one.fill.fore_color.rgb))
    assert len(group.shapes) == 290
    assert all(len(found) == 1 for found in colours.values()), "a colour a step"
    assert len({*map(min, colours.values())}) == len(body.steps) + 1
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    swatches = [str(table.cell(row, 0).fill.fore_color.rgb) for row in range(1, 6)]
    assert swatches == [min(colours[step]) for step in (1, 2, 3, 4, 0)]
    for row, came in enumerate(body.steps, 1):
        cells = [cell.text_frame.text for cell in table.rows[row].cells][1:]
        assert cells == [came.name, *(value for value, _ in came.figures)]


def test_the_last_slide_leads_to_the_dashboard_and_to_help(files: Files) -> None:
    slide = of("stod", files["halland"])
    (picture,) = [one for one in slide.shapes if one.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture.image.content_type == "image/png"
    said = [*texts(slide)]
    assert ADDRESS in said
    assert "112" in said[1].split("\n")


def test_what_is_drawn_is_described(decks: Decks, files: Files) -> None:
    for scene, slide in each(decks, files):
        told = []
        for shape in slide.shapes:
            if not shape.has_text_frame:
                told.append(shape._element._nvXxPr.cNvPr.get("descr"))
        assert all(told), scene.code
        if scene.alternative and not isinstance(scene.body, Hundreds):
            assert scene.alternative in told
        if isinstance(scene.body, Hundreds):
            assert all(one in scene.alternative for one in told)


def frames(slide: Any) -> list[tuple[Any, tuple[int, int, int, int]]]:
    return [
        (one, (one.left, one.top, one.left + one.width, one.top + one.height))
        for one in slide.shapes
    ]


def test_nothing_stands_outside_its_slide_or_on_another_thing(decks: Decks, files: Files) -> None:
    for scene, slide in each(decks, files):
        found = frames(slide)
        for i, (shape, box) in enumerate(found):
            assert min(box) >= 0, (scene.code, shape.name)
            assert box[2] <= 12192000, (scene.code, shape.name)
            assert box[3] <= 6858000, (scene.code, shape.name)
            for other, its in found[i + 1 :]:
                across = box[0] < its[2] - ROUNDED and its[0] < box[2] - ROUNDED
                down = box[1] < its[3] - ROUNDED and its[1] < box[3] - ROUNDED
                if across and down:
                    assert is_in_its_place(shape, other), (scene.code, shape.name, other.name)


ROUNDED = 100
"""Of a millimetre's 36 000 units, what is lost when places are rounded."""


def is_in_its_place(table: Any, chart: Any) -> bool:
    """A chart of lanes stands in its table's second column, which is empty."""
    if not (table.has_table and chart.has_chart):
        return False
    names, place, *_ = table.table.columns
    assert abs(chart.left - table.left - names.width) < ROUNDED
    assert abs(chart.width - place.width) < ROUNDED
    return not any(row.cells[1].text_frame.text for row in table.table.rows)


def test_rows_are_as_high_as_their_chart_s(files: Files) -> None:
    # A row grows with its text: two lines of a name have to fit.
    for made in files.values():
        slide = of("forbund", made)
        (table,) = [shape for shape in slide.shapes if shape.has_table]
        (chart,) = [shape for shape in slide.shapes if shape.has_chart]
        rows = [row.height for row in table.table.rows]
        assert abs(sum(rows) + 9 * 36000 - chart.height) < len(rows) * ROUNDED
        widths = [column.width / 36000 for column in table.table.columns]
        for row in table.table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                assert needed(cell, width) <= row.height / 36000 + 0.1


def needed(cell: Any, width: float) -> float:
    """Millimetres downwards, by the guess that the slides are set by."""
    return sum(
        paragraph.line_spacing.mm
        if paragraph.line_spacing
        else high(paragraph.text, paragraph.runs[0].font.size.pt, width)
        for paragraph in cell.text_frame.paragraphs
        if paragraph.runs
    )


def test_the_smallest_type_can_be_read_in_a_hall(files: Files) -> None:
    for made in files.values():
        deck = opened(made)
        for slide in deck.slides:
            elements = [slide._element]
            elements += [one.chart._chartSpace for one in slide.shapes if one.has_chart]
            sizes = [size for element in elements for size in sizes_of(element)]
            assert min(sizes) >= SMALLEST * 100
            for shape in slide.shapes:
                if shape.has_text_frame and not shape.is_placeholder:
                    for paragraph in shape.text_frame.paragraphs:
                        assert all(one.font.size for one in paragraph.runs)
        assert min(sizes_of(deck.slide_master._element)) >= SMALLEST * 100


def sizes_of(element: Any) -> list[int]:
    """Every size of type that is said in it, in hundredths of a point."""
    looks = [
        one for name in ("rPr", "defRPr", "endParaRPr") for one in element.iter(f"{{*}}{name}")
    ]
    return [int(one.get("sz")) for one in looks if one.get("sz")]


def test_every_word_is_swedish(files: Files) -> None:
    deck = opened(files["halland"])
    charts = [one.chart for slide in deck.slides for one in slide.shapes if one.has_chart]
    sheets = [*deck.slides, deck.slide_master, *deck.slide_layouts]
    sheets += [slide.notes_slide for slide in deck.slides]
    for element in [sheet._element for sheet in sheets] + [one._chartSpace for one in charts]:
        assert {one.get("lang", "sv-SE") for one in element.iter()} == {"sv-SE"}
    for sheet in sheets:
        for one in sheet._element.iter("{*}r"):
            assert one.find("{*}rPr").get("lang") == "sv-SE"


def test_the_same_deck_is_the_same_bytes_of_the_release_s_day_and_nobody_s(
    decks: Decks, files: Files
) -> None:
    made, day = files["halland"], decks["halland"].day
    assert slides.document(decks["halland"]) == made
    about = opened(made).core_properties
    assert (about.title, about.subject) == (story.TITLE, decks["halland"].release)
    assert (about.author, about.last_modified_by) == ("Frågor om våld (FOV)",) * 2
    assert about.created.date() == about.modified.date() == day
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        books = [file.read(name) for name in file.namelist() if name.endswith(".xlsx")]
    assert len(books) == 5
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as file:
            assert f">{day}T00:00:00Z<".encode() in file.read("docProps/core.xml")


def test_a_presentation_is_small_enough_to_send(files: Files) -> None:
    assert max(map(len, files.values())) < 500_000


def test_chosen_scenes_come_in_the_order_chosen(release: Release, registry: Registry) -> None:
    telling = story.Telling(release, registry, "halland", ADDRESS)
    chosen = ("stod", "kvinnor-och-man", "innehall")
    deck = story.deck(telling, chosen)
    assert [scene.code for scene in deck.scenes] == [*chosen]
    titles = [slide.shapes.title.text_frame.text for slide in opened(slides.document(deck)).slides]
    assert titles == [scene.title for scene in deck.scenes]


def test_more_to_say_is_set_smaller() -> None:
    def size(count: int) -> int:
        body = Points([Point("En mening som är så lång att den fyller en rad.")] * count)
        scene = Scene("x", "Rubrik", body, "Källa", ("Säg så.",))
        (slide,) = opened(
            slides.document(Deck("Prov", [scene], "Utgåva 1", date(2026, 1, 2)))
        ).slides
        return int(slide.placeholders[1].text_frame.paragraphs[0].runs[0].font.size.pt)

    assert size(3) > size(9) >= SMALLEST
