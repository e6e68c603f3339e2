"""The page for a board: one page whatever the federation is called, and no more than the pages."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from leaking import altered, double, is_about_right
from pptx import Presentation

from fovdata import wording
from fovdata.export import pdf, powerpoint, report
from fovdata.export.report import MARK, Report
from fovdata.figures import comparisons, summary
from fovdata.figures.release import Release, current
from fovdata.registry import Registry
from fovdata.rules import STANDING_NOTE

SOME = ("skaraborg", "skelleftea-norsjo", "falun", "kalmar-lan", None)
"""Full, with a coded question, hidden, hidden and alone in its region; the country."""


def words(text: str) -> str:
    """The words of a text: where lines break and which spaces stand between is left out."""
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


def read(document: bytes) -> tuple[int, str, set[int]]:
    """How many pages a PDF has, what it says and what kinds of things it draws."""
    with pypdfium2.PdfDocument(document) as opened:
        pages = [*opened]
        said = words(" ".join(page.get_textpage().get_text_bounded() for page in pages))
        kinds = {thing.type for page in pages for thing in page.get_objects()}
        return len(pages), said, kinds


def test_every_federation_and_the_country_is_one_page_that_can_be_searched(
    release: Release, registry: Registry
) -> None:
    for federation in (*release.categories["federation"], None):
        made = report.of(release, registry, federation)
        pages, said, kinds = read(pdf.document(made))
        assert pages == 1, made.name
        assert pdfium.FPDF_PAGEOBJ_IMAGE not in kinds, "charts are vectors"
        for text in (made.name, *made.sentences, MARK, made.source, STANDING_NOTE, report.SUPPORT):
            assert words(text) in said, made.name
        for row in made.questions:
            assert row.name in said
            assert words(row.said[1:]) in said
            for _, estimate in row.lanes:
                assert estimate.status == "hidden" or words(estimate.said) in said


@pytest.mark.parametrize("federation", SOME)
def test_the_page_is_tagged_swedish_and_titled(
    federation: str | None, release: Release, registry: Registry
) -> None:
    made = report.of(release, registry, federation)
    document = pdf.document(made)
    assert document.startswith(b"%PDF-")
    assert b"/MarkInfo" in document
    assert b"/Lang" in document
    with pypdfium2.PdfDocument(document) as opened:
        assert opened.get_metadata_value("Title") == made.title
    assert document == pdf.document(made), "the same bytes"


HOSTILE = (
    "#import",
    "*fet* _kursiv_ $x$",
    '<script>alert("x")</script>',
    "](javascript:1) ]} \\",
    "=1+1",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_markup(name: str, release: Release, registry: Registry) -> None:
    federations = tuple(
        replace(one, name=name) if one.slug == "skaraborg" else one for one in registry.federations
    )
    made = report.of(release, replace(registry, federations=federations), "skaraborg")
    pages, said, _ = read(pdf.document(made))
    assert pages == 1
    assert words(name) in said
    slide = Presentation(io.BytesIO(powerpoint.document(made))).slides[0]
    assert slide.shapes.title.text_frame.text == name


@pytest.fixture(scope="module")
def twin(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release that differs from the demo's in what is hidden, and in nothing else."""
    return current(altered(releases, tmp_path_factory.mktemp("tvilling"), double))


@pytest.mark.parametrize("federation", SOME)
@pytest.mark.parametrize("form", [pdf, powerpoint])
def test_what_is_hidden_moves_nothing_in_a_report(
    form: Any, federation: str | None, release: Release, twin: Release, registry: Registry
) -> None:
    one, other = (form.document(report.of(r, registry, federation)) for r in (release, twin))
    assert one == other


@pytest.mark.parametrize("federation", SOME)
def test_numbers_of_answers_are_rounded_and_a_hidden_federation_has_no_share(
    federation: str | None, release: Release, registry: Registry
) -> None:
    made = report.of(release, registry, federation)
    _, said, _ = read(pdf.document(made))
    about = re.findall(r"\bca (\d[\d ]*) (?:svar|pers|unika)", said, re.IGNORECASE)
    numbers = [int(n.replace(" ", "")) for n in about]
    assert numbers
    assert all(map(is_about_right, numbers))
    if federation in ("falun", "kalmar-lan"):
        assert "färre än 20 svar" in said
        assert made.name not in {series.name for row in made.questions for series, _ in row.lanes}
        assert made.missing
        assert all(words(one) in said for one in made.missing)


def test_real_answers_are_not_called_synthetic(release: Release, registry: Registry) -> None:
    made = report.of(replace(release, data="real"), registry, "skaraborg")
    _, said, _ = read(pdf.document(made))
    slide = "".join(parts(powerpoint.document(made)))
    for text in (said, slide):
        assert "yntetisk" not in text
        assert "Verkliga svar" in text


def parts(office: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(office)) as opened:
        for name in opened.namelist():
            if name.endswith(".xml"):
                yield opened.read(name).decode()


@cache
def slide_of(made: bytes) -> Any:
    deck = Presentation(io.BytesIO(made))
    (slide,) = deck.slides
    return deck, slide


@pytest.mark.parametrize("federation", SOME)
def test_the_slide_is_editable_text_and_a_native_chart_of_the_figures(
    federation: str | None, release: Release, registry: Registry
) -> None:
    made = report.of(release, registry, federation)
    deck, slide = slide_of(powerpoint.document(made))
    assert (deck.slide_width, deck.slide_height) == (7560000, 10692000), "A4"
    assert not [shape for shape in slide.shapes if shape.shape_type == 13], "no picture"
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    drawn = {series.name: series for series in chart.plots[0].series}
    rows = len(made.questions)
    for lane, (series, _) in enumerate(made.questions[0].lanes):
        shares = [
            (rows - i - 1, row.lanes[lane][1])
            for i, row in enumerate(made.questions)
            if row.lanes[lane][1].share is not None
        ]
        dots = points(drawn[series.name])
        lines = points(drawn[f"{series.name}, 95 % intervall"])
        assert [x for x, _ in dots] == [estimate.share for _, estimate in shares]
        assert [int(y) for _, y in dots] == [row for row, _ in shares]
        ends = [end for _, e in shares for end in (e.low, e.high)]
        assert [x for x, _ in lines] == ends
    frames = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
    assert all(frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames)
    said = words(" ".join(texts(slide)))
    for text in (made.name, *made.sentences, MARK, made.source, made.method):
        assert words(text) in said
    assert made.source in slide.notes_slide.notes_text_frame.text


def points(series: Any) -> list[tuple[int, float]]:
    """The points that are drawn: those of a gap are not there."""
    values = []
    for of in ("xVal", "yVal"):
        cells = series._element.find(f"{{*}}{of}").iter("{*}pt")
        values.append([float(next(cell.iter("{*}v")).text) for cell in cells])
    return [(int(x), y) for x, y in zip(*values, strict=True)]


def texts(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


@pytest.mark.parametrize("federation", ["skaraborg", "gavleborg", "sofint"])
def test_the_report_says_what_the_comparison_says(
    federation: str, release: Release, registry: Registry
) -> None:
    made = report.of(release, registry, federation)
    found = comparisons.of_federation(release, federation)
    assert [row.verdict for row in made.questions] == [one.verdict for one in found]
    figures = {one.label: one.value for one in made.key_figures}
    for label, verdict in (("Högre", "higher"), ("Lägre", "lower")):
        count = sum(one.verdict == verdict for one in found)
        assert figures[label].startswith(f"{wording.number(count)} av ")
    assert [*made.sentences] == [*summary.of_federation(release, federation, registry)]


def test_the_country_s_page_counts_what_the_registry_counts(
    release: Release, registry: Registry
) -> None:
    made: Report = report.of(release, registry, None)
    figures = {one.label: one.value for one in made.key_figures}
    assert figures["Kommuner"] == "156 av 290"
    assert figures["Regioner"] == "17 av 21"
    assert figures["Förbund"] == "40"
