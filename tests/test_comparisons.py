"""A federation beside the rest: what stands there, what is said of it, and what never is."""

from collections.abc import Mapping
from math import sqrt
from pathlib import Path

import pytest
from conftest import MakeRelease
from leaking import CODE, SHOW, Protected
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from fovdata import questionnaire as form
from fovdata.figures import comparisons, precision, respondents, summary
from fovdata.figures.comparisons import Beside, Comparison, Limit, Verdict
from fovdata.figures.release import NotOffered, Release
from fovdata.intake.demo import HIGHER, PLANTED
from fovdata.registry import Registry
from fovdata.rules import Status
from fovdata.selection import Selection

SIGMA_2 = 4.0
PLANTED_QUESTIONS = ("q1", "q2", "q3", "q4", "q6")

PEOPLE = """
times federation      gender q1
   60 skaraborg       kvinna ja
   40 skaraborg       man    nej
   30 sodra-vanern    kvinna ja
   70 sodra-vanern    man    nej
   20 insjoriket      kvinna ja
   80 insjoriket      man    nej
   45 skelleftea-norsjo man  ja
   55 skelleftea-norsjo man  nej
   30 umearegionen    man    ja
   90 umearegionen    man    nej
   25 halland         kvinna ja
   75 halland         kvinna nej
"""
"""Three federations of Västra Götaland, the two of Västerbotten, and one alone in Halland."""


def of(found: Mapping[tuple[str, str], Comparison], federation: str) -> Comparison:
    return found[federation, "q1"]


def by_key(found: object) -> Mapping[tuple[str, str], Comparison]:
    return {(one.federation, one.question): one for one in found}  # type: ignore[attr-defined]


@pytest.fixture
def small(make_release: MakeRelease) -> Release:
    return make_release(PEOPLE)


def test_the_rest_is_the_whole_minus_the_federation(small: Release) -> None:
    one = of(by_key(comparisons.compared(small)), "skaraborg")
    assert (one.own.n, one.own.share) == (100, 60)
    # Of the region's others 50 of 200 have answered Ja; of all others 150 of 520.
    assert (one.region.n, one.region.share) == (200, 25)
    assert (one.country.n, one.country.share) == (520, 29)
    assert one.beside is Beside.REST
    assert one.difference.points == 31  # 60 − 28.8


def test_one_other_federation_in_the_region_has_its_own_figure(release: Release) -> None:
    # Region minus federation would be a second draw of noise for the same people.
    found = by_key(comparisons.compared(release))
    alike = 0
    for slug in release.categories["federation"]:
        others = comparisons.others_in_region(release, slug)
        for question in form.QUESTIONS if len(others) == 1 else ():
            one, other = (found[federation, question.code] for federation in (slug, *others))
            if one.own.status is Status.SHOWN:
                assert one.region == other.own
                alike += other.own.status is not Status.HIDDEN
    assert alike > 20


def test_alone_in_its_region_a_federation_stands_beside_the_country_only(small: Release) -> None:
    one = of(by_key(comparisons.compared(small)), "halland")
    assert comparisons.others_in_region(small, "halland") == []
    assert one.region.status is Status.HIDDEN
    assert (one.country.n, one.country.share) == (520, 36)


def test_where_its_own_share_is_not_shown_whole_groups_stand_beside(
    make_release: MakeRelease,
) -> None:
    few = (
        PEOPLE + "    3 gavleborg kvinna ja\n   17 vasteras kvinna ja\n    2 vasteras kvinna nej\n"
    )
    release = make_release(few + "   15 norra-vastmanland kvinna nej\n")
    found = by_key(comparisons.compared(release))
    for federation, status in (("norra-vastmanland", Status.HIDDEN), ("gavleborg", Status.HIDDEN)):
        one = of(found, federation)
        assert one.own.status is status
        assert one.beside is Beside.WHOLE
        assert one.country.n == 655  # everybody: 657
        assert one.difference.status is Status.HIDDEN
        assert one.verdict is None
        assert one.outside is None


def test_a_share_known_as_a_limit_only_is_not_compared(release: Release) -> None:
    coded = [one for one in comparisons.compared(release) if one.own.status is Status.CODED]
    assert len(coded) > 10
    for one in coded:
        assert one.beside is Beside.WHOLE
        assert one.difference.status is Status.HIDDEN
        assert one.verdict is None


def test_women_stand_beside_other_women_and_nothing_is_tried(small: Release) -> None:
    found = by_key(comparisons.compared(small, ("kvinna",)))
    one = of(found, "halland")
    assert (one.own.n, one.own.share) == (100, 25)
    # 60, 30 and 20, all with Ja: over a limit, of two draws of noise.
    assert (one.country.n, one.country.limit) == (110, ">85")
    assert {c.verdict for c in found.values()} == {None}


def rest(protected: Protected, federation: str, question: str) -> tuple[int, int, int, int]:
    """Answers and Ja of a federation and of the rest of the country, unrounded."""
    n, yes = protected.share({"federation": federation}, question)
    all_n, all_yes = protected.share({}, question)
    return n, yes, all_n - n, all_yes - yes


def test_every_verdict_is_that_of_one_family_of_tests(release: Release, releases: Path) -> None:
    """Written out anew, from the release's counts and with another library's correction."""
    protected = Protected.of(releases)
    found = by_key(comparisons.compared(release))
    tried, p_values = [], []
    for federation, question in found:
        n, yes, other_n, other_yes = rest(protected, federation, question)
        if n < SHOW or not CODE <= yes <= n - CODE:
            continue
        pooled = (yes + other_yes) / (n + other_n)
        if n * min(pooled, 1 - pooled) < 5:
            continue
        noise = (1 + pooled**2) * SIGMA_2 * ((1 / n + 1 / other_n) ** 2 + 1 / other_n**2)
        chance = pooled * (1 - pooled) * (1 / n + 1 / other_n)
        z = (yes / n - other_yes / other_n) / sqrt(chance + noise)
        tried.append((federation, question, z))
        p_values.append(2 * norm.sf(abs(z)))
    rejected, *_ = multipletests(p_values, 0.05, method="fdr_bh")
    expected = {
        (federation, question): (Verdict.HIGHER if z > 0 else Verdict.LOWER)
        if real
        else Verdict.NO_CERTAIN_DIFFERENCE
        for (federation, question, z), real in zip(tried, rejected, strict=True)
    }
    assert {key: one.verdict for key, one in found.items() if one.verdict} == expected
    assert 10 < sum(rejected) < 40


def test_shares_and_differences_are_those_of_the_counts(release: Release, releases: Path) -> None:
    protected = Protected.of(releases)
    compared = 0
    for (federation, question), one in by_key(comparisons.compared(release)).items():
        n, yes, other_n, other_yes = rest(protected, federation, question)
        if one.difference.points is None:
            continue
        assert one.own.share == pytest.approx(100 * yes / n, abs=0.5001)
        assert one.country.share == pytest.approx(100 * other_yes / other_n, abs=0.5001)
        apart = 100 * (yes / n - other_yes / other_n)
        assert one.difference.points == pytest.approx(apart, abs=0.5001)
        region = release.region_of[federation]
        if len(comparisons.others_in_region(release, federation)) > 1:
            region_n, region_yes = protected.share({"region": region}, question)
            if one.region.share is not None:
                share = 100 * (region_yes - yes) / (region_n - n)
                assert one.region.share == pytest.approx(share, abs=0.5001)
                assert abs((one.region.n or 0) - (region_n - n)) <= 2
        compared += 1
    assert compared > 200


def test_the_planted_federations_are_found_and_no_other(release: Release) -> None:
    found = by_key(comparisons.compared(release))
    certain = {
        key: one.verdict
        for key, one in found.items()
        if one.verdict in (Verdict.HIGHER, Verdict.LOWER)
    }
    assert {federation for federation, _ in certain} == set(PLANTED)
    for federation, way in PLANTED.items():
        verdict = Verdict.HIGHER if way == HIGHER else Verdict.LOWER
        right = [certain.get((federation, q)) is verdict for q in PLANTED_QUESTIONS]
        assert sum(right) >= 4, federation


def test_outside_the_funnel_is_reckoned_on_what_is_shown(release: Release) -> None:
    country = {
        one.question: one.country
        for one in comparisons.compared(release)
        if one.beside is Beside.WHOLE
    }
    seen = set()
    for one in comparisons.compared(release):
        if one.own.share is None:
            assert one.outside is None
            continue
        p = (country[one.question].share or 0) / 100
        n = one.own.n or 0
        spread = sqrt(p * (1 - p) / n + SIGMA_2 * (1 + p**2) / n**2)
        z = abs(one.own.share / 100 - p) / spread
        expected = Limit.OUTER if z > 3.09 else Limit.INNER if z > 1.96 else None
        assert one.outside == expected
        seen.add(one.outside)
    assert seen == {None, *Limit}


def test_adjusted_for_gender_a_share_is_what_the_country_s_women_and_men_would_give(
    make_release: MakeRelease,
) -> None:
    release = make_release(
        """
        times federation gender q1
           30 halland    kvinna ja
           10 halland    kvinna nej
           40 halland    man    ja
          120 halland    man    nej
          300 skaraborg  kvinna ja
          260 skaraborg  kvinna nej
           20 skaraborg  man    ja
          220 skaraborg  man    nej
        """
    )
    one = of(by_key(comparisons.compared(release, adjusted=True)), "halland")
    # 600 of 1 000 are women: 0.6·0.75 + 0.4·0.25; crude it is 70 of 200.
    assert (one.own.share, one.own.n) == (55, 200)
    assert of(by_key(comparisons.compared(release)), "halland").own.share == 35
    # The rest: 0.6·(300/560) + 0.4·(20/240).
    assert one.country.share == 35
    assert one.difference.points == 20
    assert one.verdict is Verdict.HIGHER
    assert one.outside is None


def test_adjusted_for_gender_both_genders_must_be_shown(release: Release, releases: Path) -> None:
    protected = Protected.of(releases)
    shown = 0
    for one in comparisons.compared(release, adjusted=True):
        cells = [
            protected.share({"federation": one.federation, "gender": gender}, one.question)
            for gender in ("kvinna", "man")
        ]
        both = all(n >= SHOW and CODE <= yes <= n - CODE for n, yes in cells)
        assert (one.own.status is Status.SHOWN) == both
        shown += both
    assert 30 < shown < 150


def test_how_much_federations_differ_leaves_hidden_ones_out(small: Release) -> None:
    found = comparisons.how_spread(small, "q1")
    # 60, 30, 20, 45, 30 (of 120) and 25 of 100, of 210 of 620 in all.
    p = 210 / 620
    groups = ((60, 100), (30, 100), (20, 100), (45, 100), (30, 120), (25, 100))
    chi_square = sum((y - n * p) ** 2 / (n * p * (1 - p)) for y, n in groups)
    assert found.federations == 6
    assert found.times == pytest.approx(chi_square / 5, abs=0.06)
    assert found.beyond_chance


def test_a_release_that_does_not_divide_federations_compares_none(
    make_release: MakeRelease,
) -> None:
    release = make_release(PEOPLE, mean_cell_2=500)
    for call in (comparisons.compared, lambda r: comparisons.how_spread(r, "q1")):
        with pytest.raises(NotOffered):
            call(release)


def test_more_answers_leave_a_smaller_margin_and_a_smaller_margin_takes_more(
    release: Release,
) -> None:
    margins = [precision.margin(n, release.rules) for n in (20, 55, 100, 400)]
    assert margins == sorted(margins, reverse=True)
    for points in (5, 10, 20):
        n = precision.answers_for(points, release.rules)
        assert n % 5 == 0
        assert precision.margin(n, release.rules) <= points
        assert precision.exact_margin(n - 5, release.rules) >= points


def test_what_opens_follows_the_rules(release: Release) -> None:
    steps = [step.answers for step in precision.openings(release)]
    assert steps == sorted(steps)
    assert steps[0] == release.rules.show
    assert steps[-1] == release.rules.association


def test_respondents_are_divided_by_rounded_numbers_where_it_is_offered(release: Release) -> None:
    skaraborg = Selection(federation=("skaraborg",))
    assert respondents.divided(release, skaraborg, "age") is None
    women, men = respondents.divided(release, skaraborg, "gender") or ()
    assert (women.category, men.category) == ("kvinna", "man")
    assert women.n is not None
    assert women.n % 5 == 0
    assert women.percent == round(100 * women.n / 170)
    for federation in release.categories["federation"]:
        for part in (
            respondents.divided(release, Selection(federation=(federation,)), "gender") or ()
        ):
            assert (part.n is None) == (part.percent is None)
            assert part.n is None or part.n >= SHOW


def test_three_sentences_say_what_the_figures_say(release: Release, registry: Registry) -> None:
    for federation in release.categories["federation"]:
        found = comparisons.of_federation(release, federation)
        sentences = summary.of_federation(release, federation, registry)
        assert len(sentences) == 3
        verdicts = [one.verdict for one in found]
        assert ("högre än i övriga landet" in sentences[1]) == (Verdict.HIGHER in verdicts)
        assert ("lägre än i övriga landet" in sentences[1]) == (Verdict.LOWER in verdicts)
        if comparisons.is_hidden(found):
            assert "färre än 20 svar" in sentences[0]
            assert "%" not in sentences[1]
            assert sentences[2].startswith("I hela landet")


def test_no_count_that_a_comparison_rests_on_is_in_what_it_shows(release: Release) -> None:
    for one in comparisons.compared(release):
        for estimate in (one.own, one.region, one.country):
            assert estimate.n is None or estimate.n % 5 == 0
            assert estimate.share is None or 1 <= estimate.share <= 99
        if one.own.status is not Status.SHOWN:
            assert (one.difference.points, one.verdict, one.outside) == (None, None, None)
