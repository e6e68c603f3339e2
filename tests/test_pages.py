"""What a reader finds on every page, under every kind of drawn."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pages_under_test import (
    ADDRESSES,
    MAIN,
    Visit,
    charts,
    key_figures,
    run,
    small_print,
    unseen,
    visit,
)
from pages_under_test import filters as drawn_filters
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from fovdata import published, wording
from fovdata import questionnaire as form
from fovdata.dashboard import frame, glossary
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures import shares
from fovdata.figures.release import Release
from fovdata.intake.demo import SHOWCASE
from fovdata.registry import GROUPS, Registry
from fovdata.rules import NOT_OFFERED, RULES, STANDING_NOTE
from fovdata.selection import DIMENSIONS, Selection

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, *OF_WORDS = PAGES

TWO_FILTERS = ("two filters", "a federation in its region")
HIDDEN = (
    "a federation under 20",
    "a federation without answers",
    "small federations together",
)
"""Addresses whose selection has fewer than 20 answers."""
PUBLISHED = ":gray-badge[Publicerad]"
SEARCH = "kommun"
"""The card without a figure."""
NO_CHART = ("karta", SEARCH)
"""Cards without a chart: the map and the search."""

ONLY_WORDS = {"label", "head", "values", "verdict", "hidden", "published", "span"}
"""Kinds of rows of a chart that show no figure by themselves."""

HEADINGS = ("title", "header", "subheader")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
every_address = pytest.mark.parametrize("address", ADDRESSES)
filtered_page = pytest.mark.parametrize("page", [GENDER, EXPOSURE], ids=lambda page: page.file)


def asked(seen: Visit, release: Release) -> Selection:
    """What the address asks for, as far as the page can follow it."""
    most = 1 if seen.page.asks else None
    return Selection(
        **{
            dimension: tuple(
                code
                for code in release.categories[dimension]
                if code in seen.address.get(dimension, ())
            )[:most]
            for dimension in seen.page.filters
        }
    )


def is_shown(seen: Visit, release: Release) -> bool:
    """Whether the page follows what is asked for: one filter at most."""
    return len(asked(seen, release).chosen) <= 1


def in_the_sidebar(page: Page) -> Sequence[str]:
    """The filters that are drawn there; a page that asks draws its own."""
    return () if page.asks else page.filters


def why_not(page: Page, release: Release, filtered: Sequence[str]) -> str:
    """Why a page refuses two filters: the groups would be small, or it follows one at a time."""
    small = not release.offers([*filtered, *page.split])
    return NOT_OFFERED if small else "Den här sidan följer ett filter i taget"


def texts(block: Block | AppTest, kind: str) -> list[str]:
    return [element.value for element in block.get(kind)]  # type: ignore[union-attr]


def is_of_answers(card: Block) -> bool:
    """Whether a card shows answers rather than the registry or published figures."""
    return "Källa: formuläret FOV" in small_print(card).line


@every_address
@every_page
def test_a_page_opens_under_every_filter(page: Page, address: str, releases: Path) -> None:
    seen = visit(releases, page, address)
    assert not seen.app.exception
    assert not seen.app.error
    assert texts(seen.app, "title") == [page.title if page.url else "Frågor om våld"]
    assert any(line.endswith(frame.CONTENT_NOTE) for line in texts(seen.app, "caption"))
    assert frame.support() == "Kvinnofridslinjen **020-50 50 50** · Vid fara: **112**"
    assert frame.support() in texts(seen.app, "caption")


@every_page
def test_a_page_without_filters_is_full(page: Page, releases: Path) -> None:
    seen = visit(releases, page, "no filter")
    assert not [said for said in texts(seen.app, "info") if "Visas inte" in said]
    assert not [
        name
        for name, card in seen.cards.items()
        if name not in NO_CHART and not card.get("vega_lite_chart")
    ]
    if page not in (COVERAGE, COMPARED):
        assert wording.HIDDEN not in {cell for t in seen.tables for cell in t.to_numpy().flat}


def test_only_regions_without_answers_are_without_a_number(releases: Path) -> None:
    (table,) = visit(releases, COVERAGE, "no filter").cards["tathet"].table
    without = table.value[table.value["Antal svar, ca"] == "–"]["Region"]
    not_joined = {"Sörmland", "Kronoberg", "Blekinge", "Västernorrland"}
    assert len(without) == len(not_joined) + 1
    assert "Region Kalmar län" in set(without)


@every_address
@filtered_page
def test_the_selection_stands_in_words_above_the_charts(
    page: Page, address: str, releases: Path, release: Release, registry: Registry
) -> None:
    seen = visit(releases, page, address)
    if not is_shown(seen, release):
        return  # see test_two_filters_are_refused
    selection = asked(seen, release)
    (whole,) = shares.number_of_answers(release, selection)
    said = f"{selection.words(registry)}, {wording.about(whole.n)}"
    assert f"**{said}**" in texts(seen.app, "markdown")
    first = next(iter(seen.cards.values()))
    # Utsatthet shows the country where all of the selection is hidden.
    whom = Selection() if page is EXPOSURE and whole.n is None else selection
    assert small_print(first).line.startswith(f"{whom.words(registry)}, ")


OF_THE_COUNTRY = (
    *("alder", "tredje-svaret"),
    *("bevittnat-kvinna", "bevittnat-man", "minst-ett-ja", "slag", "par", "ifyllnad"),
)
"""Cards that never follow the filters of their page."""


@every_address
@every_page
def test_a_card_of_answers_says_whom_it_is_about(
    page: Page, address: str, releases: Path, release: Release, registry: Registry
) -> None:
    seen = visit(releases, page, address)
    selection = asked(seen, release)
    if page is FEDERATION:
        selection = replace(selection, federation=selection.federation or (SHOWCASE,))
    followed = {
        one.words(registry)
        for one in (selection, replace(selection, gender=()) if page is FEDERATION else selection)
    }
    for name, card in seen.cards.items():
        if not is_of_answers(card):
            continue
        line = small_print(card).line
        follows = page is not COVERAGE and any(line.startswith(f"{one}, ") for one in followed)
        says_country = any(
            said.startswith("**Gäller hela landet.**") for said in texts(card, "markdown")
        )
        assert follows or "i hela landet" in line
        beside = page in (GENDER, EXPOSURE) and name in OF_THE_COUNTRY
        assert says_country == bool(beside or (selection.chosen and not follows))
        assert f"Utgåva {release.number}, " in line


@pytest.mark.parametrize(
    ("page", "card", "said"),
    [
        (GENDER, "kon", r"Alla svarande i hela landet, ca 1 3\d\d kvinnor, ca 8\d\d män · "),
        (GENDER, "alder", r"Alla svarande i hela landet, ca 1 3\d\d kvinnor, ca 8\d\d män · "),
        (GENDER, "tredje-svaret", r"Annat svar i hela landet, ca \d\d svar · "),
        (EXPOSURE, "slag", r"Alla svarande i hela landet, ca 1 3\d\d kvinnor, ca 8\d\d män · "),
        (
            EXPOSURE,
            "ifyllnad",
            r"Alla svarande i hela landet, ca 2 2\d\d svar; ca (29|30)\d upprepade formulär · "
            r"Källa: formuläret FOV, första gången och senare gånger · ",
        ),
    ],
)
def test_the_line_of_a_card_says_on_whose_answers_it_rests(
    page: Page, card: str, said: str, releases: Path
) -> None:
    line = small_print(visit(releases, page, "no filter").cards[card]).line
    assert re.match(said, line.replace("\N{NO-BREAK SPACE}", " "))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_headings_never_skip_a_level(page: Page, releases: Path) -> None:
    found = [node.type for node in visit(releases, page, "no filter").app.main]
    levels = [HEADINGS.index(kind) for kind in found if kind in HEADINGS]
    assert levels[0] == 0
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@every_address
@every_page
def test_the_synthetic_mark_stands_on_every_card_of_answers_and_on_no_other(
    page: Page, address: str, releases: Path
) -> None:
    seen = visit(releases, page, address)
    mark = frame.SYNTHETIC_MARK
    assert f":orange-badge[{mark}] {frame.CONTENT_NOTE}" in texts(seen.app, "caption")
    for card in seen.cards.values():
        assert small_print(card).mark == (mark if is_of_answers(card) else "")


@every_address
@every_page
def test_every_chart_has_a_text_alternative_that_names_its_rows(
    page: Page, address: str, releases: Path
) -> None:
    for card in visit(releases, page, address).cards.values():
        for chart in charts(card):
            rows = chart.data[chart.data["kind"] == "label"]
            for label in rows["text"] if len(rows) else chart.data.get("given", ()):
                assert label.lower() in chart.alternative.lower()
        for node in card.get("deck_gl_json_chart"):
            assert node.proto.alt == "Karta, i ord direkt efter"
            assert texts(card, "header")[0] in unseen(card)[0]


@every_address
@every_page
def test_no_chart_is_empty(page: Page, address: str, releases: Path) -> None:
    for name, card in visit(releases, page, address).cards.items():
        for chart in charts(card):
            drawn = set(chart.data["kind"]) - ONLY_WORDS
            assert drawn, f"{name} has only words"
        if name not in NO_CHART and not charts(card):
            (said,) = texts(card, "info")
            assert said.startswith("Visas inte: ")
            # Cards that only one federation at a time has.
            alone = name in ("senaste-aret", "kvinnor-och-man-har")
            way_on = "Fler svar i en kommande" if alone else "Visa alla svar"
            assert way_on in said


@pytest.mark.parametrize("address", HIDDEN)
@filtered_page
def test_a_hidden_selection_says_so_and_shows_a_way_on(
    page: Page, address: str, releases: Path, release: Release, registry: Registry
) -> None:
    seen = visit(releases, page, address)
    names = asked(seen, release).words(registry)
    assert f"**{names}, färre än 20 svar**" in texts(seen.app, "markdown")
    for card in seen.cards.values():
        line = small_print(card).line
        follows = line.startswith(names)
        for table in card.table if follows else ():
            if "hela landet" in line:
                assert "Grupp" not in table.value, "the country stands alone"
                continue
            columns = {"Andel Ja", "Skillnad, procentenheter"}
            said = table.value[[c for c in table.value if c in columns]]
            assert set(said.to_numpy().flat) == {wording.HIDDEN}
    way_on = seen.app.main.get_by_key("clear-in-words")
    assert way_on.label == "Visa alla svar"  # type: ignore[union-attr]
    assert not way_on.disabled  # type: ignore[union-attr]


@pytest.mark.parametrize("address", TWO_FILTERS)
@filtered_page
def test_two_filters_are_refused_with_a_sentence_and_a_way_on(
    page: Page, address: str, releases: Path, release: Release
) -> None:
    seen = visit(releases, page, address)
    reason = why_not(page, release, list(asked(seen, release).chosen))
    assert texts(seen.app, "info") == [f"{reason}. Ta bort ett val i taget, eller alla."]
    assert not seen.cards
    assert not seen.files
    assert [button.label for button in seen.app.main.button] == ["Visa alla svar"]
    again = visit(releases, page, address, press_the_way_on)
    assert again.cards.keys() == visit(releases, page, "no filter").cards.keys()
    assert not again.app.query_params


def press_the_way_on(app: AppTest) -> None:
    app.main.button[0].click()


@filtered_page
def test_clearing_the_selection_gives_the_whole_country_again(page: Page, releases: Path) -> None:
    cleared = visit(releases, page, "a region", press_clear)
    whole = visit(releases, page, "no filter")
    assert not cleared.app.query_params
    assert texts(cleared.app.main, "markdown") == texts(whole.app.main, "markdown")
    assert [file.content for file in cleared.files] == [file.content for file in whole.files]


def press_clear(app: AppTest) -> None:
    (button,) = [button for button in app.sidebar.button if button.label == "Rensa urvalet"]
    button.click()


@every_page
def test_unknown_codes_in_the_address_are_passed_over(page: Page, releases: Path) -> None:
    unknown = visit(releases, page, "unknown codes")
    whole = visit(releases, page, "no filter")
    assert texts(unknown.app.main, "markdown") == texts(whole.app.main, "markdown")
    assert [file.content for file in unknown.files] == [file.content for file in whole.files]
    assert not set(unknown.app.query_params) & set(DIMENSIONS)


@pytest.mark.parametrize(
    ("page", "filters"),
    [
        (START, []),
        (COVERAGE, ["Region"]),
        (GENDER, ["År", "Region", "Förbund", "Ålder", "Myndighet"]),
        (EXPOSURE, ["År", "Region", "Förbund", "Kön", "Ålder", "Myndighet"]),
        (FEDERATION, []),
        (COMPARED, []),
        (PRESENTED, []),
        (METHOD, []),
        *((page, []) for page in OF_WORDS),
    ],
    ids=[page.file for page in PAGES],
)
def test_only_the_filters_that_a_page_can_use_are_drawn(
    page: Page, filters: list[str], releases: Path
) -> None:
    for address in ADDRESSES:
        assert [
            drawn.label for drawn in drawn_filters(visit(releases, page, address).app)
        ] == filters


@every_address
@every_page
def test_filters_and_the_address_say_the_same_in_codes(
    page: Page, address: str, releases: Path, release: Release
) -> None:
    seen = visit(releases, page, address)
    selection = asked(seen, release)
    for dimension, drawn in zip(in_the_sidebar(page), drawn_filters(seen.app), strict=True):
        assert tuple(drawn.value) == getattr(selection, dimension)
        assert drawn.closed or len(drawn.options) == len(release.categories[dimension])
    written = {d: codes for d in DIMENSIONS if (codes := seen.app.query_params.get(d))}
    assert {d: (c,) if isinstance(c, str) else tuple(c) for d, c in written.items()} == (
        selection.chosen
    )


@every_address
@every_page
def test_a_filter_that_would_give_small_groups_is_greyed_out_and_says_why(
    page: Page, address: str, releases: Path, release: Release
) -> None:
    seen = visit(releases, page, address)
    chosen = asked(seen, release).chosen
    for dimension, drawn in zip(in_the_sidebar(page), drawn_filters(seen.app), strict=True):
        assert bool(drawn.closed) == bool(chosen and dimension not in chosen)
        if drawn.closed:
            assert drawn.closed == why_not(page, release, [*chosen, dimension])


def test_filters_are_kept_from_page_to_page(releases: Path) -> None:
    app = AppTest.from_file(MAIN, default_timeout=30).switch_page(str(GENDER.path))
    run(app, releases)
    app.multiselect(key="region").select("17")
    run(app, releases)
    for page in (EXPOSURE, METHOD, COVERAGE, GENDER):
        follow_link(app, page)
        run(app, releases)
        found = [drawn.value for drawn in app.multiselect if drawn.label == "Region"]
        assert found == ([["17"]] if page.filters else [])


def follow_link(app: AppTest, page: Page) -> None:
    """As a reader does in the menu; a link carries what its page can follow."""
    (link,) = [link for link in app.sidebar.page_link if link.proto.label == page.title]
    app.switch_page(str(page.path))
    app.query_params = parse_qs(link.proto.query_string)


@pytest.mark.parametrize(
    ("page", "card", "years"),
    [
        (START, "kvinnor-och-man", {2022}),
        (GENDER, "kon", {2021, 2022}),
        (EXPOSURE, "bevittnat", {2022}),
    ],
    ids=["oversikt", "kon", "utsatthet"],
)
def test_published_figures_carry_their_badge_and_no_number_of_answers(
    page: Page, card: str, years: set[int], releases: Path
) -> None:
    shown = visit(releases, page, "no filter").cards[card]
    (chart,) = charts(shown)
    points = chart.data[chart.data["kind"] == "published"]
    assert {int(year) for year in points["year"]} == years
    assert all(re.search(r"\(publicerad \d{4}\)$", tip) for tip in points["tip"])
    assert not points["tip"].str.contains("svar").any()
    assert any(PUBLISHED in note for note in texts(shown, "markdown"))


@pytest.mark.parametrize(("page", "card"), [(START, "tillvaxt"), (EXPOSURE, "minst-ett-ja")])
def test_what_nns_has_published_in_numbers_or_words_carries_the_badge(
    page: Page, card: str, releases: Path
) -> None:
    shown = visit(releases, page, "no filter").cards[card]
    assert any(PUBLISHED in note for note in texts(shown, "markdown"))


@pytest.mark.parametrize(("page", "card"), [(GENDER, "kon"), (EXPOSURE, "bevittnat")])
def test_published_figures_beside_a_selection_say_that_they_are_for_the_whole_country(
    page: Page, card: str, releases: Path
) -> None:
    shown = visit(releases, page, "a federation over 100").cards[card]
    assert "published" in set(charts(shown)[0].data["kind"])
    assert any("hela landet" in note for note in texts(shown, "markdown"))


def test_women_and_men_stand_close_to_what_was_published_for_2022(releases: Path) -> None:
    (table,) = visit(releases, GENDER, "no filter").cards["kon"].table
    shown = {
        (row["Fråga"], row["Kön"]): int(row["Andel Ja"].split()[0])
        for _, row in table.value.iterrows()
    }
    labels = {gender.code: gender.label for gender in form.GENDERS}
    printed = published.shares(year=2022)
    assert len(printed) == 8
    for one in printed:
        key = (form.BY_CODE[one.question].short, labels[one.gender])
        assert shown[key] == pytest.approx(one.share, abs=1.5), key


def slide_to_the_pilots(app: AppTest) -> None:
    app.select_slider(key="grupp").set_value(GROUPS[0])


def slide_to_group_3(app: AppTest) -> None:
    app.select_slider(key="grupp").set_value(GROUPS[2])


def test_the_slider_moves_joining_only(releases: Path) -> None:
    then, now = (visit(releases, COVERAGE, "no filter", use) for use in (slide_to_the_pilots, None))
    figures = [[*key_figures(seen.app).values()] for seen in (then, now)]
    assert figures[0] == ["7", "18 av 290", "7 av 21"]
    assert figures[1] == ["40", "156 av 290", "17 av 21"]
    answers = [
        seen.cards["tathet"].table[0].value["Antal svar, ca"].tolist() for seen in (then, now)
    ]
    assert answers[0] == answers[1]


def test_the_published_30_stand_beside_the_registry_28(releases: Path) -> None:
    (said,) = texts(visit(releases, COVERAGE, "no filter", slide_to_group_3).app, "info")
    assert "publicerades 30 förbund" in said
    assert "28" in said


def search_vanersborg(app: AppTest) -> None:
    app.selectbox(key="kommun").select("1487")


def search_falun(app: AppTest) -> None:
    app.selectbox(key="kommun").select("2080")


def test_a_municipality_in_two_federations_shows_both(releases: Path) -> None:
    card = visit(releases, COVERAGE, "no filter", search_vanersborg).cards["kommun"]
    said = texts(card, "markdown")
    assert said[0] == "**Vänersborg**, Västra Götalandsregionen"
    assert [line.split(":")[0] for line in said[1:]] == ["- Vänersborg-Mellerud", "- Södra Vänern"]


def test_a_municipality_whose_federation_has_too_few_answers_says_so(releases: Path) -> None:
    card = visit(releases, COVERAGE, "no filter", search_falun).cards["kommun"]
    assert texts(card, "markdown")[1] == "- Falun: Grupp 4, 2022 enligt källan · " + (
        "för få svar att visa"
    )
    assert frame.SYNTHETIC_MARK in texts(card, "caption")[0]


def show_where_answers_are(app: AppTest) -> None:
    app.segmented_control(key="lager").set_value("Svar kan visas")


def test_the_map_of_answers_and_its_file_carry_the_synthetic_mark(releases: Path) -> None:
    for use, marked in ((None, False), (show_where_answers_are, True)):
        seen = visit(releases, COVERAGE, "no filter", use)
        assert (small_print(seen.cards["karta"]).mark == frame.SYNTHETIC_MARK) == marked
        (file,) = [file for file in seen.files if file.name == "fov-karta.csv"]
        assert (frame.SYNTHETIC_MARK in file.content.decode()) == marked


def test_the_method_page_prints_the_rules_that_the_release_was_made_by(
    releases: Path, release: Release
) -> None:
    tables = [table.value for table in visit(releases, METHOD, "no filter").app.table]
    (rules,) = [table for table in tables if "Parameter" in table]
    assert dict(zip(rules["Parameter"], rules["Värde"], strict=True)) == {
        name: f"{value:g}" for name, value in asdict(release.rules).items()
    }


@pytest.mark.parametrize("page", PAGES[1:6], ids=lambda page: page.file)
def test_the_note_on_noise_stands_under_answers(page: Page, releases: Path) -> None:
    assert STANDING_NOTE in texts(visit(releases, page, "no filter").app, "caption")


def cut_short(folder: Path) -> None:
    counts = folder / "counts.parquet"
    counts.write_bytes(counts.read_bytes()[:1000])


def change_metadata(change: Mapping[str, object], folder: Path) -> None:
    file = folder / "release.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (shutil.rmtree, "Det finns ingen utgåva i"),
        (cut_short, "counts.parquet saknas eller är ändrad"),
        (lambda folder: (folder / "release.json").unlink(), "release.json saknas eller är skadad"),
        (partial(change_metadata, {"format": 99}), "Uppdatera programmet"),
        (partial(change_metadata, {"date": "igår"}), "release.json saknar uppgifter"),
    ],
    ids=["none", "cut short", "without metadata", "newer", "wrong date"],
)
@pytest.mark.parametrize("page", [START, GENDER], ids=lambda page: page.file)
def test_without_a_whole_release_there_is_a_message_and_no_page(
    page: Page, damage: object, said: str, releases: Path, tmp_path: Path
) -> None:
    shutil.copytree(releases, tmp_path / "releases")
    damage(tmp_path / "releases" / "1")  # type: ignore[operator]
    app = AppTest.from_file(MAIN, default_timeout=30)
    if page.url:
        app.switch_page(str(page.path))
    run(app, tmp_path / "releases")
    assert not app.exception
    (message,) = texts(app, "error")
    assert said in message
    assert "python -m fovdata release" in message or "Uppdatera" in message
    assert [node for node in app.main if node.type not in ("main", "error")] == []
    assert len(list(app.sidebar)) == 1


def test_a_card_with_a_hidden_value_says_which_rule_hides_it(releases: Path) -> None:
    rule = "Visas inte: färre än 20 svar"
    some_hidden = visit(releases, GENDER, "a federation of 34 to 75").cards["kon"]
    assert any(rule in note for note in texts(some_hidden, "markdown"))
    none_hidden = visit(releases, GENDER, "no filter").cards["kon"]
    assert not any(rule in note for note in texts(none_hidden, "markdown"))


@every_page
@pytest.mark.parametrize("address", ["no filter", "a federation over 100"])
def test_every_card_explains_its_words(page: Page, address: str, releases: Path) -> None:
    seen = visit(releases, page, address)
    words = {code: term.word for code, term in glossary.terms(RULES).items()}
    for name, card in seen.cards.items():
        if name == SEARCH:
            continue
        heading = next(one for kind in HEADINGS for one in card.get(kind))
        assert [line.split("**")[1] for line in str(heading.help).split("\n\n")] == [
            f"{words[code]}." for code in glossary.CARDS[name]
        ]


def test_no_card_is_explained_that_no_page_has(releases: Path) -> None:
    addresses = ("no filter", "a federation over 100")
    there = {name for page in PAGES for at in addresses for name in visit(releases, page, at).cards}
    assert {*glossary.CARDS, SEARCH} == there


def test_a_term_is_two_sentences_and_stands_in_the_list(releases: Path) -> None:
    (page,) = (page for page in PAGES if page.url == "ordlista")
    listed = "\n".join(one.value for one in visit(releases, page, "no filter").app.main.markdown)
    for term in glossary.terms(RULES).values():
        assert len(re.findall(r"[.](?= |$)", term.meaning)) == 2, term
        assert f"**{term.word}**  \n{term.meaning}" in listed
