"""The page for a board: one page whatever the federation is called, and no more than the pages."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import MakeRelease
from leaking import altered, double, is_about_right
from office_files import parts, points, texts
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from fovdata import published, settings, wording
from fovdata.export import pdf, powerpoint, report
from fovdata.export.report import FROM_THE_TOP, MARK, Report
from fovdata.figures import comparisons, precision, summary
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import NotOffered, Release, current
from fovdata.registry import Federation, Membership, Registry
from fovdata.rules import STANDING_NOTE

HIDDEN = ("falun", "kalmar-lan")
SOME = ("skaraborg", "skelleftea-norsjo", "sofint", *HIDDEN, None)
"""Full, with a coded question twice, hidden, hidden and alone in its region; the country."""
A4 = (595.276, 841.89)
"""In points."""


def words(text: str) -> str:
    """The words of a text: where lines break and which spaces stand between is left out."""
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


@dataclass(frozen=True)
class Page:
    """A report, its PDF, and what somebody finds who opens that."""

    report: Report
    document: bytes
    sizes: list[tuple[float, float]]
    said: str
    kinds: set[int]
    outside: int
    """How many of the things it draws stand outside the paper."""
    ends: list[float]
    """How far to the right the chart's last number ends, in points."""


def opened(made: Report) -> Page:
    document = pdf.document(made)
    with pypdfium2.PdfDocument(document) as file:
        pages = [*file]
        things = [thing for page in pages for thing in page.get_objects()]
        return Page(
            made,
            document,
            [page.get_size() for page in pages],
            words(" ".join(page.get_textpage().get_text_bounded() for page in pages)),
            {thing.type for thing in things},
            sum(not is_within(thing.get_bounds()) for thing in things),
            [end for page in pages for end in ends_of(page.get_textpage(), "100 %")],
        )


def ends_of(page: Any, text: str) -> Iterator[float]:
    found = page.search(text)
    while place := found.get_next():
        first, length = place
        yield page.get_charbox(first + length - 1)[2]


def is_within(bounds: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = bounds
    return left >= 0 and bottom >= 0 and right <= A4[0] and top <= A4[1]


@pytest.fixture(scope="module")
def reports(release: Release, registry: Registry) -> Mapping[str | None, Report]:
    """All federations' reports by slug, and the country's by None."""
    federations = (*release.categories["federation"], None)
    return {one: report.of(release, registry, one) for one in federations}


@pytest.fixture(scope="module")
def pages(reports: Mapping[str | None, Report]) -> Mapping[str | None, Page]:
    """The same typeset and opened."""
    return {slug: opened(made) for slug, made in reports.items()}


@pytest.fixture(scope="module")
def slides(reports: Mapping[str | None, Report]) -> Mapping[str | None, bytes]:
    """The slides of SOME."""
    return {slug: powerpoint.document(reports[slug]) for slug in SOME}


def test_every_federation_and_the_country_is_one_a4_without_a_raster_image(
    pages: Mapping[str | None, Page],
) -> None:
    assert len(pages) == 41
    for page in pages.values():
        (size,) = page.sizes
        assert size == pytest.approx(A4, abs=0.1), page.report.name
        assert pdfium.FPDF_PAGEOBJ_IMAGE not in page.kinds, "charts are vectors"
        assert page.outside == 0, page.report.name


def test_the_chart_is_as_wide_as_the_text(pages: Mapping[str | None, Page]) -> None:
    margin = 17 / 25.4 * 72
    for page in pages.values():
        assert max(page.ends) == pytest.approx(A4[0] - margin, abs=2), page.report.name


def test_a_page_holds_all_of_its_report_and_can_be_searched(
    pages: Mapping[str | None, Page],
) -> None:
    for page in pages.values():
        made = page.report
        for text in (
            *(made.name, made.place, *made.sentences, MARK, made.method, STANDING_NOTE),
            *(made.source, made.citation, report.support()),
            *(text for one in made.key_figures for text in (one.label, one.value, one.note)),
            *(text for one in made.missing for text in (wording.about(one.answers), one.what)),
            *(made.questions_heading, made.witnessed_heading, made.witnessed_note),
            *(text for kind in made.witnessed for cell in kind.cells for text in cell),
        ):
            assert words(text) in page.said, made.name
        for row in made.questions:
            assert row.name in page.said
            assert words(row.said[1:]) in page.said
            for _, estimate in row.lanes:
                assert estimate.status == "hidden" or words(estimate.said) in page.said


def test_a_page_says_whose_dots_stand_where(pages: Mapping[str | None, Page]) -> None:
    for page in pages.values():
        order = [series.name for series in page.report.lanes]
        if len(order) > 1:
            order.insert(0, FROM_THE_TOP)
        assert words(" ".join(order)) in page.said, page.report.name


def test_the_page_is_tagged_swedish_and_titled_and_the_same_bytes_each_time(
    pages: Mapping[str | None, Page],
) -> None:
    for slug in SOME:
        page = pages[slug]
        with pypdfium2.PdfDocument(page.document) as file:
            assert pdfium.FPDFCatalog_IsTagged(file)
            assert file.get_metadata_value("Title") == page.report.title
        assert b"/Lang (sv)" in page.document or b"/Lang(sv)" in page.document
        assert b"pdfuaid:part" in page.document
        assert pdf.document(page.report) == page.document


def test_the_chart_is_described_in_words(pages: Mapping[str | None, Page]) -> None:
    for slug in SOME:
        page = pages[slug]
        assert page.report.alternative in described(page.document)
        for row in page.report.questions:
            assert row.told in page.report.alternative


def described(document: bytes) -> list[str]:
    """The alternative texts of a page's structure."""
    with pypdfium2.PdfDocument(document) as file:
        tree = pdfium.FPDF_StructTree_GetForPage(file[0])
        roots = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, i)
            for i in range(pdfium.FPDF_StructTree_CountChildren(tree))
        ]
        found = [*alternatives(roots)]
        pdfium.FPDF_StructTree_Close(tree)
    return found


def alternatives(elements: list[Any]) -> Iterator[str]:
    for element in elements:
        if not element:
            continue
        size = pdfium.FPDF_StructElement_GetAltText(element, None, 0)
        if size > 2:
            buffer = (pdfium.c_char * size)()
            pdfium.FPDF_StructElement_GetAltText(element, buffer, size)
            yield bytes(buffer).decode("utf-16-le").rstrip("\0")
        count = pdfium.FPDF_StructElement_CountChildren(element)
        yield from alternatives(
            [pdfium.FPDF_StructElement_GetChildAtIndex(element, i) for i in range(count)]
        )


def renamed(registry: Registry, slug: str, name: str) -> Registry:
    def of(one: Federation) -> Federation:
        return replace(one, name=name) if one.slug == slug else one

    return replace(registry, federations=tuple(map(of, registry.federations)))


HOSTILE = (
    "#import #panic() // /* @a <b>",
    "*fet* _kursiv_ $x$ `kod` = ~",
    '<script>alert("x")</script> &amp;',
    "](javascript:1) ]} \\ \\u{41} '\"",
    "=1+1",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_markup(name: str, release: Release, registry: Registry) -> None:
    made = report.of(release, renamed(registry, "skaraborg", name), "skaraborg")
    page = opened(made)
    assert len(page.sizes) == 1
    assert f" {words(name)} Västra Götalandsregionen" in page.said
    slide = slide_of(powerpoint.document(made))
    assert slide.shapes.title.text_frame.text == name


@pytest.mark.parametrize("slug", ["skaraborg", "falun"])
def test_a_very_long_name_and_all_of_a_county_s_municipalities_are_one_page(
    slug: str, release: Release, registry: Registry
) -> None:
    long = renamed(registry, slug, " - ".join(["Sollentuna - Upplands Väsby - Sigtuna"] * 3))
    skane = [one for one in registry.municipalities if one.region == "12"]
    others = [one for one in registry.memberships if one.federation != slug]
    members = [Membership(slug, one.code, one.name, None, None) for one in skane]
    page = opened(report.of(release, replace(long, memberships=(*others, *members)), slug))
    assert len(members) == 33
    assert len(page.sizes) == 1
    assert page.outside == 0
    assert words(report.support()) in page.said


@pytest.fixture(scope="module")
def twin(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release that differs from the demo's in what is hidden, and in nothing else."""
    return current(altered(releases, tmp_path_factory.mktemp("tvilling"), double))


def test_what_is_hidden_moves_nothing_in_a_report(
    reports: Mapping[str | None, Report], release: Release, twin: Release, registry: Registry
) -> None:
    assert twin.total != release.total
    for slug, made in reports.items():
        assert report.of(twin, registry, slug) == made


@pytest.mark.parametrize("slug", SOME)
def test_what_is_hidden_moves_no_byte(
    slug: str | None,
    pages: Mapping[str | None, Page],
    slides: Mapping[str | None, bytes],
    twin: Release,
    registry: Registry,
) -> None:
    made = report.of(twin, registry, slug)
    assert pdf.document(made) == pages[slug].document
    assert powerpoint.document(made) == slides[slug]


def numbers_of_answers(text: str) -> list[int]:
    found = re.findall(r"\bca\s(\d{1,3}(?:\s\d{3})*)\b", text, re.IGNORECASE)
    return [int("".join(n.split())) for n in found]


def test_every_number_of_answers_is_rounded(
    pages: Mapping[str | None, Page], slides: Mapping[str | None, bytes]
) -> None:
    for slug, page in pages.items():
        found = numbers_of_answers(page.said)
        assert found, page.report.name
        assert all(map(is_about_right, found)), page.report.name
        assert ("färre än 20" in page.said) == (page.report.key_figures[0].value == "färre än 20")
        assert ("färre än 20" in page.said) or slug not in HIDDEN
    for made in slides.values():
        found = [n for part in parts(made) for n in numbers_of_answers(part)]
        assert found
        assert all(map(is_about_right, found))


@pytest.mark.parametrize("slug", HIDDEN)
def test_a_hidden_federation_s_page_says_what_is_missing_and_what_is_known(
    slug: str,
    pages: Mapping[str | None, Page],
    slides: Mapping[str | None, bytes],
    release: Release,
    registry: Registry,
) -> None:
    made = pages[slug].report
    region = registry.region(registry.federation(slug).region).name
    alone = not comparisons.others_in_region(release, slug)
    whole = ["Hela landet"] if alone else [region, "Hela landet"]
    assert [series.name for series in made.lanes] == whole
    assert all(row.verdict is None and not row.said for row in made.questions)
    assert [one.label for one in made.key_figures] == ["Svar", "Täckning", *whole]
    assert [*made.missing] == [*precision.openings(release)]
    assert made.witnessed_heading.endswith(": hela landet")
    assert made.witnessed_note.startswith(made.name)
    assert {one.name for one in chart_of(slides[slug]).plots[0].series} == {
        name for one in whole for name in (one, f"{one}, 95 % intervall")
    }


def test_a_page_with_own_answers_opens_nothing(pages: Mapping[str | None, Page]) -> None:
    assert not pages["skaraborg"].report.missing
    assert report.OPENS not in pages["skaraborg"].said


def test_question_6_is_the_country_s_where_a_federation_has_too_few_answers(
    reports: Mapping[str | None, Report],
) -> None:
    country = reports[None].witnessed
    own, small = reports["skaraborg"], reports["sofint"]
    assert (own.witnessed != country, own.witnessed_note) == (True, "")
    assert own.witnessed_heading.endswith(": Skaraborg")
    assert small.witnessed == country
    assert "SOFINT har för få svar" in small.witnessed_note
    assert small.witnessed_heading.endswith(": hela landet")
    assert [kind.name for kind in country] == [wording.question(f"q{n}") for n in range(1, 5)]


def test_real_answers_are_not_called_synthetic(
    pages: Mapping[str | None, Page], release: Release, registry: Registry
) -> None:
    made = report.of(replace(release, data="real"), registry, "skaraborg")
    real, slide = opened(made).said, "".join(parts(powerpoint.document(made)))
    for text in (real, slide):
        assert "yntetisk" not in text
        assert "Verkliga svar" in text
        assert "verkliga svar." in text, "also where it says how to cite it"
    assert MARK in pages["skaraborg"].said


def slide_of(made: bytes) -> Any:
    (slide,) = Presentation(io.BytesIO(made)).slides
    return slide


def chart_of(made: bytes) -> Any:
    (chart,) = (shape.chart for shape in slide_of(made).shapes if shape.has_chart)
    return chart


@pytest.mark.parametrize("slug", SOME)
def test_the_slide_is_editable_text_tables_and_a_chart(
    slug: str | None, reports: Mapping[str | None, Report], slides: Mapping[str | None, bytes]
) -> None:
    made = reports[slug]
    deck = Presentation(io.BytesIO(slides[slug]))
    assert (deck.slide_width, deck.slide_height) == (7560000, 10692000), "A4"
    about = deck.core_properties
    assert (about.title, about.author) == (made.title, "Frågor om våld (FOV)")
    slide = slide_of(slides[slug])
    assert slide.shapes.title.text_frame.text == made.name
    kinds = [shape.shape_type for shape in slide.shapes]
    assert MSO_SHAPE_TYPE.PICTURE not in kinds
    assert (kinds.count(MSO_SHAPE_TYPE.CHART), kinds.count(MSO_SHAPE_TYPE.TABLE)) == (1, 2)
    frames = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
    alternative_texts = [one._element.nvGraphicFramePr.cNvPr.get("descr") for one in frames]
    assert all(alternative_texts)
    assert made.alternative in alternative_texts
    said = words(" ".join(texts(slide)))
    for text in (
        *(made.name, made.place, *made.sentences, MARK, made.method, made.source, made.citation),
        *(report.support(), made.questions_heading, made.witnessed_heading, made.witnessed_note),
        *(text for one in made.key_figures for text in (one.label, one.value, one.note)),
        *(one.what for one in made.missing),
        *(words(row.said[1:]) for row in made.questions),
    ):
        assert words(text) in said
    notes = slide.notes_slide.notes_text_frame.text
    for text in (made.place, made.method, made.source):
        assert text in notes


@pytest.mark.parametrize("slug", SOME)
def test_the_slide_s_chart_has_the_figures_and_no_point_where_one_is_hidden(
    slug: str | None, reports: Mapping[str | None, Report], slides: Mapping[str | None, bytes]
) -> None:
    made = reports[slug]
    drawn = {series.name: series for series in chart_of(slides[slug]).plots[0].series}
    for lane, (series, _) in enumerate(made.questions[0].lanes):
        shown = [
            (number, row.lanes[lane][1])
            for number, row in enumerate(reversed(made.questions))
            if row.lanes[lane][1].share is not None
        ][::-1]
        dots = points(drawn[series.name])
        lines = points(drawn[f"{series.name}, 95 % intervall"])
        assert [(x, int(y)) for x, y in dots] == [(one.share, number) for number, one in shown]
        assert [x for x, _ in lines] == [end for _, one in shown for end in (one.low, one.high)]
    rows = len(made.questions)
    for name, series in drawn.items():
        # LibreOffice draws no first series that is shorter than the others.
        length = rows * 3 if name.endswith("intervall") else rows
        assert {int(one.get("val")) for one in series._element.iter("{*}ptCount")} == {1, length}


def test_the_chart_s_workbook_has_what_is_drawn_and_no_more(
    reports: Mapping[str | None, Report], slides: Mapping[str | None, bytes]
) -> None:
    for slug in SOME:
        chart = chart_of(slides[slug])
        book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        (sheet,) = book.worksheets
        numbers = [row[0] for row in sheet.iter_rows(values_only=True) if row[0] is not None]
        shown = [
            value
            for row in reports[slug].questions
            for _, one in row.lanes
            for value in drawn_of(one)
        ]
        assert sorted(n for n in numbers if isinstance(n, int)) == sorted(shown)


def drawn_of(one: Estimate) -> list[int]:
    return [n for n in (one.share, one.low, one.high) if n is not None]


def test_no_text_of_a_slide_stands_on_another(
    slides: Mapping[str | None, bytes], release: Release, registry: Registry
) -> None:
    name = "Sollentuna - Upplands Väsby - Sigtuna"
    long = report.of(release, renamed(registry, "skaraborg", f"{name} - {name}"), "skaraborg")
    for made in (*slides.values(), powerpoint.document(long)):
        slide = slide_of(made)
        boxes = [
            (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            for shape in slide.shapes
            if shape.has_text_frame or shape.has_table
        ]
        for i, one in enumerate(boxes):
            assert one[3] <= 10692000
            for other in boxes[i + 1 :]:
                across = one[0] < other[2] and other[0] < one[2]
                assert not (across and one[1] < other[3] and other[1] < one[3]) or is_mark(
                    one, other
                )


def is_mark(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """The mark stands to the right in the line of the heading's box, whose text is short."""
    return max(one[1], other[1]) < 19 * 36000


@pytest.mark.parametrize("federation", ["skaraborg", "gavleborg", "sofint"])
def test_the_report_says_what_the_comparison_says(
    federation: str,
    reports: Mapping[str | None, Report],
    release: Release,
    registry: Registry,
) -> None:
    made = reports[federation]
    found = comparisons.of_federation(release, federation)
    assert [row.verdict for row in made.questions] == [one.verdict for one in found]
    tried = sum(one.verdict is not None for one in found)
    figures = {one.label: one.value for one in made.key_figures}
    counts = {
        f"{label} än övriga landet": sum(one.verdict == verdict for one in found)
        for label, verdict in (("Högre", "higher"), ("Lägre", "lower"))
    }
    if not any(counts.values()):
        counts = {"Skiljer sig från övriga landet": 0}
    for label, count in counts.items():
        assert figures.pop(label) == f"{count} av {tried}"
    assert set(figures) == {"Svar", "Täckning"}
    assert [*made.sentences] == [*summary.of_federation(release, federation, registry)]


def test_a_federation_s_coverage_says_how_sure_its_year_is(
    reports: Mapping[str | None, Report],
) -> None:
    coverage = {
        slug: (one.value, one.note)
        for slug, made in reports.items()
        for one in made.key_figures
        if one.label == "Täckning"
    }
    assert coverage["skaraborg"] == ("14 kommuner", "Grupp 2, 2020–2021, år ej publicerat")
    assert coverage["sofint"] == ("4 kommuner", "Grupp 3 2021, härlett ur källorna")
    assert coverage["falun"] == ("1 kommun", "Grupp 4 2022")
    assert reports["sofint"].place == (
        "Region Örebro län · Kommuner: Hällefors, Lindesberg, Ljusnarsberg och Nora"
    )
    assert reports["falun"].place == "Region Dalarna · Kommun: Falun"


def test_the_country_s_page_counts_what_the_registry_counts_and_says_whence(
    reports: Mapping[str | None, Report],
) -> None:
    made = reports[None]
    figures = {one.label: one.value for one in made.key_figures}
    assert figures["Kommuner"] == "156 av 290"
    assert figures["Regioner"] == "17 av 21"
    assert figures["Förbund"] == "40"
    for source in ("S-REP", "S-SUVS"):
        assert published.source(source).short in made.source


def test_where_federations_cannot_be_shown_there_is_no_page(
    make_release: MakeRelease, registry: Registry
) -> None:
    few = make_release("times federation\n60 halland\n60 falun", mean_cell_2=100)
    with pytest.raises(NotOffered):
        report.of(few, registry, "halland")


def test_what_draws_and_typesets_is_not_loaded_before_somebody_asks() -> None:
    command = (
        "import sys, fovdata.export.report, fovdata.dashboard.federations; print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", command],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "fovdata.export.report" in loaded
    assert not {"typst", "vl_convert", "pptx"} & {*loaded}
