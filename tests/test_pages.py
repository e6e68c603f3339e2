"""What a reader finds on every page, under every kind of filter."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from fovdata import published, wording
from fovdata import questionnaire as form
from fovdata.dashboard import frame
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures import shares
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.rules import NOT_OFFERED
from fovdata.selection import LABELS, Selection
from tests.pages_under_test import ADDRESSES, Visit, charts, run, visit

START, COVERAGE, GENDER, EXPOSURE, METHOD = PAGES

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
every_address = pytest.mark.parametrize("address", ADDRESSES)


def expected(visit: Visit, release: Release) -> Selection:
    """What the address asks for, as far as the page can follow it."""
    return Selection(
        **{
            dimension: tuple(
                code
                for code in release.categories[dimension]
                if code in visit.address.get(dimension, ())
            )
            for dimension in visit.page.filters
        }
    )


def is_offered(visit: Visit, release: Release) -> bool:
    """Whether the page follows one filter at most, and so far that groups stay large."""
    chosen = expected(visit, release).chosen
    return len(chosen) <= visit.page.at_once and release.offers((*chosen, *visit.page.split))


def words(block: Block | AppTest) -> str:
    """All running text of a card or a page."""
    found = [block] if isinstance(block, Block) else [block.main, block.sidebar]
    return "\n".join(
        str(element.value)
        for within in found
        for kind in ("title", "header", "subheader", "markdown", "caption", "info")
        for element in within.get(kind)
    )


def is_of_answers(card: Block) -> bool:
    """Whether a card shows answers, not the registry or what was published."""
    return any("formuläret FOV" in caption.value for caption in card.caption)


@every_address
@every_page
def test_a_page_opens_under_every_filter(page: Page, address: str, releases: Path) -> None:
    seen = visit(releases, page, address)
    assert not seen.app.exception
    assert not seen.app.error
    assert [title.value for title in seen.app.title] == [
        page.title if page.url else "Frågor om våld"
    ]


@every_page
def test_a_page_without_filters_is_full(page: Page, releases: Path, registry: Registry) -> None:
    seen = visit(releases, page, "no filter")
    hidden = [
        (name, tuple(row))
        for name, card in seen.cards.items()
        for table in card.table
        for row in table.value.astype(str).to_numpy()
        if wording.HIDDEN in row or "visas inte" in row
    ]
    empty = [region.name for region in registry.regions if region.code == "08"]
    assert [row[0] for _, row in hidden if row[0] not in empty] == []
    assert not [one.value for one in seen.app.info if "Visas inte" in one.value]
    assert not [name for name, card in seen.cards.items() if not card.get("vega_lite_chart")][2:]


@every_address
@pytest.mark.parametrize("page", [GENDER, EXPOSURE], ids=lambda page: page.title)
def test_the_selection_stands_in_words_above_the_charts(
    page: Page, address: str, releases: Path, release: Release, registry: Registry
) -> None:
    seen = visit(releases, page, address)
    if not is_offered(seen, release):
        pytest.fail("handled below") if charts(seen.app) else None
        return
    selection = expected(seen, release)
    (whole,) = shares.number_of_answers(release, selection)
    said = f"{selection.words(registry)}, {wording.about(whole.n)}"
    assert f"**{said}**" in [one.value for one in seen.app.main.markdown]
    first = next(iter(seen.cards.values()))
    assert first.caption[0].value.startswith(f"{said} · ")
