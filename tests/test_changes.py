"""What changed between two releases: each release's own rounded figures, never a difference."""

import dataclasses
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import MakeRelease, WriteAnswers
from growing import Growing
from pages_under_test import MAIN, run, small_print, visit
from streamlit.testing.v1 import AppTest

from fovdata import questionnaire as form
from fovdata.dashboard.navigation import PAGES
from fovdata.figures import changes
from fovdata.figures.changes import Change
from fovdata.figures.release import Release, current
from fovdata.registry import Registry
from fovdata.rules import Rules, Status

START = PAGES[0]

ANSWERS = """
times federation year gender q1
33    halland    2021 kvinna ja
30    halland    2021 man    nej
19    hoganas    2021 kvinna nej
"""
MORE = f"""{ANSWERS.strip()}
1     hoganas    2022 kvinna nej
38    halland    2022 kvinna ja
"""
"""121 answers after 82; Höganäs with 20 after 19, Halland with 101 after 63."""


@pytest.fixture
def two(make_release: MakeRelease) -> tuple[Release, Release]:
    """Two releases without noise: of ANSWERS, and of MORE."""
    return make_release(ANSWERS), make_release(MORE)


# Figures


def test_each_number_of_answers_is_its_own_release_s_rounded(two: tuple[Release, Release]) -> None:
    assert [release.total for release in two] == [82, 121]
    assert changes.answers(*two) == Change(80, 120)


def test_shares_are_the_whole_country_s_with_the_intervals_of_each(
    two: tuple[Release, Release],
) -> None:
    found = changes.shares(*two)
    assert list(found) == [question.code for question in form.QUESTIONS]
    before, after = found["q1"].before, found["q1"].after
    assert (before.n, before.share, before.low, before.high) == (80, 40, 30, 51)  # 33 of 82
    assert (after.n, after.share, after.low, after.high) == (120, 59, 50, 67)  # 71 of 121
    assert found["q2"].after.status is Status.CODED


def test_a_federation_that_shows_in_one_release_only_is_hidden_in_the_other(
    two: tuple[Release, Release],
) -> None:
    older, newer = two
    assert changes.federations(older, newer) == {
        "hoganas": Change(None, 20),
        "halland": Change(65, 100),
    }
    assert changes.federations(newer, older) == {
        "hoganas": Change(20, None),
        "halland": Change(100, 65),
    }


def test_years_are_new_or_gone(two: tuple[Release, Release]) -> None:
    older, newer = two
    assert changes.years(older, newer) == changes.Turnover(["2022"], [])
    assert changes.years(newer, older) == changes.Turnover([], ["2022"])
    assert changes.years(newer, newer) == changes.Turnover([], [])


def test_rules_and_the_tables_that_they_offer_are_compared(make_release: MakeRelease) -> None:
    older = make_release(ANSWERS, mean_cell_2=20, mean_cell_3=1000)
    newer = make_release(MORE, mean_cell_2=12, mean_cell_3=1000, show=30)
    assert changes.rules(older, newer) == {"show": Change(20, 30), "mean_cell_2": Change(20, 12)}
    assert changes.rules(newer, newer) == {}
    # The mean cell of age was 82 / 5, and is 121 / 5; that of gender × age is 121 / 10.
    assert changes.tables(older, newer).new == [
        ("age",),
        ("period", "age"),
        ("gender", "age"),
        ("gender", "authority"),
    ]
    assert changes.tables(older, newer).gone == []
    assert changes.tables(newer, older).gone == changes.tables(older, newer).new


def test_where_federations_are_not_offered_none_shows(make_release: MakeRelease) -> None:
    older, newer = make_release(ANSWERS, mean_cell_2=25), make_release(MORE)
    assert not older.offers(("federation",))
    assert changes.federations(older, newer) == {
        "hoganas": Change(None, 20),
        "halland": Change(None, 100),
    }


def numbers(found: object) -> Iterator[tuple[str, int]]:
    """Every number in a value and what it is called, however deep."""
    if isinstance(found, dict):
        for part in found.values():
            yield from numbers(part)
    elif dataclasses.is_dataclass(found):
        for field in dataclasses.fields(found):
            part = getattr(found, field.name)
            if isinstance(part, int):
                yield field.name, part
            else:
                yield from numbers(part)


def test_no_number_of_answers_is_unrounded_and_none_is_a_difference(
    two: tuple[Release, Release],
) -> None:
    found = [changes.answers(*two), changes.federations(*two), changes.shares(*two)]
    shown = [numbers(one) for one in found]
    counts = [n for one in shown for name, n in one if name in ("n", "before", "after")]
    assert len(counts) == 2 + 3 + 2 * len(form.QUESTIONS)
    assert all(n % 5 == 0 and n >= 20 for n in counts)
    public = {80, 120, 20, 65, 100}
    assert set(counts) == public, "what each release shows itself"


# In a sentence


def sentence(older: Release, newer: Release, registry: Registry) -> str:
    """The sentence, with plain spaces."""
    said = changes.said(replace(older, date=date(2026, 1, 12)), replace(newer, number=2), registry)
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_the_sentence_names_answers_years_and_federations(
    two: tuple[Release, Release], registry: Registry
) -> None:
    assert sentence(*two, registry) == (
        "Sedan utgåva 1, 12 januari 2026: från ca 80 till ca 120 svar, år 2022 är nytt, "
        "och Höganäs visas nu för sig."
    )


def test_what_is_gone_is_said_too(two: tuple[Release, Release], registry: Registry) -> None:
    older, newer = two
    assert sentence(replace(newer, number=1), older, registry).endswith(
        ": från ca 120 till ca 80 svar, år 2022 är inte längre med, "
        "och Höganäs visas inte längre för sig."
    )


def test_what_is_the_same_is_not_called_new(
    two: tuple[Release, Release], registry: Registry
) -> None:
    older, _ = two
    assert sentence(older, older, registry) == (
        "Sedan utgåva 1, 12 januari 2026: fortfarande ca 80 svar."
    )


def test_several_federations_are_named_and_many_are_counted(
    make_release: MakeRelease, registry: Registry
) -> None:
    header, ever = "times federation\n", "50 halland\n"
    older = make_release(header + ever)
    three = make_release(header + ever + "20 falun\n20 hoganas\n20 sofint")
    assert "och SOFINT, Falun och Höganäs visas nu för sig." in sentence(older, three, registry)
    four = make_release(header + ever + "20 falun\n20 hoganas\n20 sofint\n20 skaraborg")
    assert "och fyra förbund visas nu för sig." in sentence(older, four, registry)


def test_several_years_and_altered_rules_are_said(
    make_release: MakeRelease, registry: Registry
) -> None:
    older = make_release("times year\n50 2020")
    newer = make_release("times year\n50 2020\n20 2021\n20 2022", show=30)
    assert sentence(older, newer, registry).endswith(
        ": från ca 50 till ca 90 svar, åren 2021 och 2022 är nya, och röjandereglerna är ändrade."
    )


def test_synthetic_and_real_answers_are_not_compared(
    two: tuple[Release, Release], registry: Registry
) -> None:
    older, newer = two
    assert sentence(older, replace(newer, data="real"), registry) == (
        "Den här utgåvan går inte att jämföra med utgåva 1, 12 januari 2026: "
        "den gjordes av syntetiska svar."
    )


def test_the_first_release_says_that_it_is_the_first(
    release: Release, releases: Path, registry: Registry
) -> None:
    assert changes.since_last(release, releases, registry) == changes.FIRST


def test_without_the_release_before_only_that_is_said(
    releases: Path, registry: Registry, tmp_path: Path
) -> None:
    alone = Path(shutil.copytree(releases / "1", tmp_path / "7"))
    metadata = json.loads((alone / "release.json").read_text(encoding="utf-8"))
    (alone / "release.json").write_text(json.dumps(metadata | {"number": 7}), encoding="utf-8")
    said = changes.since_last(current(tmp_path), tmp_path, registry)
    assert said.endswith("går inte att säga: den finns inte att läsa här.")
    assert not re.search(r"\d", said)


# On the page


@pytest.fixture
def growing(tmp_path: Path, registry: Registry, write_answers: WriteAnswers) -> Growing:
    """The demo's answers, to be released, and again with those of a later year."""
    return Growing(tmp_path, registry, write_answers)


GROWN = re.compile(
    r"Sedan utgåva 1, 12 januari 2023: från ca 2 (\d\d\d) till ca 2 (\d\d\d) svar, "
    r"år 2023 är nytt, och Falun visas nu för sig\."
)


def lines(app: AppTest) -> list[str]:
    """The page's captions, with plain spaces."""
    assert not app.exception
    return [one.value.replace("\N{NO-BREAK SPACE}", " ") for one in app.main.caption]


def test_the_overview_says_what_is_new_as_soon_as_there_is_a_new_release(growing: Growing) -> None:
    app = run(AppTest.from_file(MAIN, default_timeout=30), growing.first())
    assert changes.FIRST in lines(app)
    run(app, growing.second())
    assert changes.FIRST not in lines(app)
    (said,) = [found for line in lines(app) if (found := GROWN.fullmatch(line))]
    assert all(int(n) % 5 == 0 for n in said.groups())
    first_card = small_print(app.main).line.replace("\N{NO-BREAK SPACE}", " ")
    assert "Utgåva 2, 5 februari 2024" in first_card
    assert any(one.value.startswith("Utgåva 2 · ") for one in app.sidebar.caption)


def test_the_overview_goes_on_with_the_whole_release_while_the_newest_is_being_copied(
    growing: Growing,
) -> None:
    growing.first()
    counts = growing.second() / "2" / "counts.parquet"
    content = counts.read_bytes()
    counts.write_bytes(content[:4096])
    app = run(AppTest.from_file(MAIN, default_timeout=30), growing.releases)
    assert changes.FIRST in lines(app)
    assert not app.main.error
    counts.write_bytes(content)
    run(app, growing.releases)
    assert any(map(GROWN.fullmatch, lines(app)))


def test_the_overview_of_two_releases_sends_no_number_of_answers_that_is_not_rounded(
    growing: Growing,
) -> None:
    growing.first()
    said = [
        int(re.sub(r"\D", "", n))
        for text in visit(growing.second(), START, "no filter").texts
        for n in re.findall(r"\bca\s(\d[\d\N{NO-BREAK SPACE}]*)", text)
    ]
    assert len(said) > 10
    assert all(n % 5 == 0 and n >= Rules().show for n in said)
