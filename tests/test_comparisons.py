"""A federation beside the rest: what stands there, what is said of it, and what never is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import ceil, floor, sqrt
from pathlib import Path
from weakref import ref

import pytest
from conftest import MakeRelease
from leaking import CODE, SHOW, Protected
from scipy.stats import chi2, norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from fovdata import measures, wording
from fovdata import questionnaire as form
from fovdata.figures import comparisons, precision, respondents, shares, summary
from fovdata.figures.comparisons import Beside, Comparison, Limit, Spread, Verdict
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import KEPT, NotOffered, Release
from fovdata.intake.demo import HIGHER, PLANTED
from fovdata.registry import Registry
from fovdata.rules import Status
from fovdata.selection import Selection

SIGMA_2 = 4.0
PLANTED_QUESTIONS = ("q1", "q2", "q3", "q4", "q6")
GENDERS = ("kvinna", "man")
NOT_DIVIDED: Mapping[str, str] = {}

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
    release = make_release(
        PEOPLE
        + """\
            3 gavleborg             kvinna ja
           30 vasteras              kvinna ja
           20 vasteras              kvinna nej
           15 norra-vastmanland     kvinna nej
            2 alv-och-kust          kvinna ja
           48 alv-och-kust          kvinna nej
            3 ostra-ostergotland    kvinna ja
           57 ostra-ostergotland    kvinna nej
           20 centrala-ostergotland kvinna ja
           40 centrala-ostergotland kvinna nej
           50 kalmar-lan            man    nej
        """
    )
    found = by_key(comparisons.compared(release))
    # Of all 908 answers 268 are Ja; of Västra Götaland's 350, 112.
    for federation, status, region in (
        ("norra-vastmanland", Status.HIDDEN, (65, 46)),  # 30 of 65
        ("alv-och-kust", Status.CODED, (350, 32)),
        ("ostra-ostergotland", Status.CODED, (120, 19)),  # 23 of 120, not the only other's 20 of 60
        ("gavleborg", Status.HIDDEN, (None, None)),  # alone in its region
        ("kalmar-lan", Status.CODED, (None, None)),
    ):
        one = of(found, federation)
        assert one.own.status is status
        assert one.beside is Beside.WHOLE
        assert (one.region.n, one.region.share) == region
        assert (one.region.status is Status.HIDDEN) == (region == (None, None))
        assert (one.country.n, one.country.share) == (910, 30)
        assert one.difference.status is Status.HIDDEN
        assert one.verdict is None
        assert one.outside is None
    # Beside a share that is shown the only other one stands as it is: hidden, or a limit.
    assert of(found, "vasteras").region == of(found, "norra-vastmanland").own
    assert of(found, "centrala-ostergotland").region == of(found, "ostra-ostergotland").own


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
    assert comparisons.of_federation(small, "halland", ("kvinna",))[0] == one


def test_neither_women_nor_men_alone_are_tried(release: Release) -> None:
    # On them differences would be found that are of no family: both have many.
    for gender in ("kvinna", "man"):
        found = comparisons.compared(release, (gender,))
        assert sum(one.difference.certain for one in found) > 5
        assert {(one.verdict, one.outside) for one in found} == {(None, None)}


def rest(
    protected: Protected, federation: str, question: str, among: Mapping[str, str] = NOT_DIVIDED
) -> tuple[int, int, int, int]:
    """Answers and Ja of a federation and of the rest of the country, unrounded."""
    n, yes = protected.share({"federation": federation, **among}, question)
    all_n, all_yes = protected.share(among, question)
    return n, yes, all_n - n, all_yes - yes


def judged(
    tried: Sequence[tuple[str, str, float]],
) -> tuple[Mapping[tuple[str, str], Verdict], int]:
    """The verdicts of a family by federation and question, of each one's z; how many are real.

    With another library's correction.
    """
    rejected, *_ = multipletests([2 * norm.sf(abs(z)) for *_, z in tried], 0.05, method="fdr_bh")
    ways = {
        (federation, question): (Verdict.HIGHER if z > 0 else Verdict.LOWER)
        if real
        else Verdict.NO_CERTAIN_DIFFERENCE
        for (federation, question, z), real in zip(tried, rejected, strict=True)
    }
    return ways, sum(rejected)


def test_every_verdict_is_that_of_one_family_of_tests(release: Release, releases: Path) -> None:
    """Written out anew, from the release's counts and with another library's correction."""
    protected = Protected.of(releases)
    found = by_key(comparisons.compared(release))
    tried: list[tuple[str, str, float]] = []
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
    expected, certain = judged(tried)
    assert {key: one.verdict for key, one in found.items() if one.verdict} == expected
    assert 10 < certain < 40


def newcombe(n: int, yes: int, other_n: int, other_yes: int) -> tuple[float, float]:
    """The interval of a difference in percentage points, written out with the library's Wilson."""
    ends = []
    for y, m, draws in ((yes, n, 1), (other_yes, other_n, 2)):
        p = (y + 2) / (m + 4)
        effective = m / (1 + draws * SIGMA_2 * (1 + p**2) / (m * p * (1 - p)))
        alpha = 2 * norm.sf(1.96)
        ends.append(proportion_confint(y / m * effective, effective, alpha, method="wilson"))
    (low, high), (other_low, other_high) = ends
    p, other = yes / n, other_yes / other_n
    shared = 1.96**2 * 2 * SIGMA_2 * (1 + p * other) / (n * other_n)
    return (
        100 * (p - other - sqrt((p - low) ** 2 + (other_high - other) ** 2 + shared)),
        100 * (p - other + sqrt((high - p) ** 2 + (other - other_low) ** 2 + shared)),
    )


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
        low, high = newcombe(n, yes, other_n, other_yes)
        assert (one.difference.low, one.difference.high) == (floor(low + 0.5), floor(high + 0.5))
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
            for gender in GENDERS
        ]
        both = all(n >= SHOW and CODE <= yes <= n - CODE for n, yes in cells)
        assert (one.own.status is Status.SHOWN) == both
        shown += both
    assert 30 < shown < 150


def test_adjusted_for_gender_nothing_is_tried_where_one_gender_expects_few(
    make_release: MakeRelease,
) -> None:
    release = make_release(
        """
        times federation gender q1
            6 halland    kvinna ja
           14 halland    kvinna nej
          100 halland    man    ja
          100 halland    man    nej
           80 skaraborg  kvinna ja
          320 skaraborg  kvinna nej
          100 skaraborg  man    ja
          300 skaraborg  man    nej
        """
    )
    # 86 of 420 women have answered Ja: 4.1 are expected of Halland's 20, enough of its 220.
    crude, adjusted = (
        of(by_key(comparisons.compared(release, adjusted=way)), "halland") for way in (False, True)
    )
    assert crude.verdict is Verdict.HIGHER
    assert adjusted.difference.points is not None
    assert adjusted.verdict is None


def test_adjusted_for_gender_the_weights_are_of_numbers_that_are_shown(
    make_release: MakeRelease,
) -> None:
    release = make_release(
        """
        times federation gender q1
           16 halland    kvinna ja
            6 halland    kvinna nej
            7 halland    man    ja
           21 halland    man    nej
           20 skaraborg  kvinna nej
           20 skaraborg  man    nej
        """
    )
    one = of(by_key(comparisons.compared(release, adjusted=True)), "halland")
    # About 40 women and 50 men: 4/9·16/22 + 5/9·0.25; by the exact 42 and 48 it would be 47.
    assert one.own.share == 46


def test_where_a_gender_s_number_is_hidden_nothing_is_adjusted_for_it(
    make_release: MakeRelease,
) -> None:
    release = make_release(
        """
        times federation gender q1
           30 halland    kvinna ja
           40 halland    kvinna nej
           19 halland    man    nej
        """
    )
    assert release.offers(("federation", "gender"))
    with pytest.raises(NotOffered):
        comparisons.compared(release, adjusted=True)


def test_every_adjusted_verdict_is_of_a_family_of_its_own(release: Release, releases: Path) -> None:
    """Written out anew: the strata's z test, weighted by the country's women and men."""
    protected = Protected.of(releases)
    people = [protected.count({"gender": gender}, measures.ALL) for gender in GENDERS]
    rounded = [5 * floor(n / 5 + 0.5) for n in people]
    weights = [n / sum(rounded) for n in rounded]
    found = by_key(comparisons.compared(release, adjusted=True))
    tried: list[tuple[str, str, float]] = []
    for federation, question in found:
        cells = [rest(protected, federation, question, {"gender": gender}) for gender in GENDERS]
        if any(n < SHOW or not CODE <= yes <= n - CODE for n, yes, _, _ in cells):
            continue
        share, other, variance, few = 0.0, 0.0, 0.0, False
        for weight, (n, yes, other_n, other_yes) in zip(weights, cells, strict=True):
            pooled = (yes + other_yes) / (n + other_n)
            few |= n * min(pooled, 1 - pooled) < 5
            noise = (1 + pooled**2) * SIGMA_2 * ((1 / n + 1 / other_n) ** 2 + 1 / other_n**2)
            variance += weight**2 * (pooled * (1 - pooled) * (1 / n + 1 / other_n) + noise)
            share += weight * yes / n
            other += weight * other_yes / other_n
        one = found[federation, question]
        assert one.own.share == floor(100 * share + 0.5)
        assert one.country.share == floor(100 * other + 0.5)
        assert one.difference.points == floor(100 * (share - other) + 0.5)
        if not few:
            z = (share - other) / sqrt(variance)
            tried.append((federation, question, z))
        expected, certain = judged(tried)
    assert {key: one.verdict for key, one in found.items() if one.verdict} == expected
    assert 5 < certain < len(tried)


def test_how_much_federations_differ_is_reckoned_with_the_noise(
    release: Release, releases: Path
) -> None:
    protected = Protected.of(releases)
    for question in form.QUESTIONS:
        groups = [
            protected.share({"federation": federation}, question.code)
            for federation in release.categories["federation"]
        ]
        groups = [(n, yes) for n, yes in groups if n >= SHOW and CODE <= yes <= n - CODE]
        p = sum(yes for _, yes in groups) / sum(n for n, _ in groups)
        statistic = sum(
            (yes - n * p) ** 2 / (n * p * (1 - p) + SIGMA_2 * (1 + p**2)) for n, yes in groups
        )
        degrees = len(groups) - 1
        found = comparisons.how_spread(release, question.code)
        assert found.federations == len(groups)
        assert found.times == floor(10 * statistic / degrees + 0.5) / 10
        assert found.beyond_chance == (statistic > chi2.ppf(0.95, degrees))


def test_how_much_federations_differ_leaves_hidden_ones_out(make_release: MakeRelease) -> None:
    few = "    3 gavleborg kvinna ja\n    4 falun kvinna ja\n   60 falun kvinna nej\n"
    found = comparisons.how_spread(make_release(PEOPLE + few), "q1")
    # 60, 30, 20, 45, 30 (of 120) and 25 of 100, of 210 of 620 in all.
    p = 210 / 620
    groups = ((60, 100), (30, 100), (20, 100), (45, 100), (30, 120), (25, 100))
    chi_square = sum((y - n * p) ** 2 / (n * p * (1 - p)) for y, n in groups)
    assert found.federations == 6
    assert found.times == pytest.approx(chi_square / 5, abs=0.06)
    assert found.beyond_chance


def test_a_federation_is_hidden_where_not_even_a_limit_of_it_is_shown(
    make_release: MakeRelease,
) -> None:
    release = make_release(
        """
        times federation q1
           15 falun      nej
            5 falun      -
           19 borlange   nej
          100 skaraborg  ja
          100 skaraborg  nej
        """
    )
    hidden = {
        federation: comparisons.is_hidden(comparisons.of_federation(release, federation))
        for federation in ("falun", "borlange", "skaraborg")
    }
    # 15 have answered Falun's first question and 20 its others, of which a limit is known.
    assert hidden == {"falun": False, "borlange": True, "skaraborg": False}
    # It takes two whose shares are shown to say how much federations differ.
    assert comparisons.how_spread(release, "q1") == Spread(1, None, None)


def test_a_release_that_does_not_divide_federations_compares_none(
    make_release: MakeRelease,
) -> None:
    release = make_release(PEOPLE, mean_cell_2=500)
    for call in (comparisons.compared, lambda r: comparisons.how_spread(r, "q1")):
        with pytest.raises(NotOffered):
            call(release)


def half_width(n: int) -> float:
    """Of the interval of 50 per cent of so many answers, in percentage points."""
    effective = n / (1 + SIGMA_2 * (1 + 0.5**2) / (n * 0.25))
    low, high = proportion_confint(effective / 2, effective, 2 * norm.sf(1.96), method="wilson")
    return float(100 * (high - low) / 2)


def test_more_answers_leave_a_smaller_margin_and_a_smaller_margin_takes_more(
    release: Release,
) -> None:
    for n in (20, 55, 100, 400):
        assert precision.exact_margin(n, release.rules) == round(half_width(n), 1)
        assert precision.margin(n, release.rules) == ceil(round(half_width(n), 1))
    for points in (5, 10, 20):
        n = precision.answers_for(points, release.rules)
        assert n % 5 == 0
        assert half_width(n) <= points < half_width(n - 5)


def test_what_opens_follows_the_rules_and_the_country_s_genders(
    release: Release, releases: Path
) -> None:
    protected = Protected.of(releases)
    everybody, *genders = (
        5 * floor(protected.count(group, measures.ALL) / 5 + 0.5)
        for group in ({}, *({"gender": gender} for gender in GENDERS))
    )
    fewest = min(round(100 * n / everybody) for n in genders)
    steps = precision.openings(release)
    own, both, together = steps
    assert own.answers == release.rules.show == SHOW
    assert f"omkring {ceil(half_width(SHOW))} procentenheter" in own.what
    assert both.answers == 5 * ceil(100 * SHOW / fewest / 5)
    assert "kvinnor och män" in both.what
    assert together.answers == release.rules.association == 100
    assert f"fråga {form.WITNESSED.number}" in together.what
    stricter = replace(release, rules=replace(release.rules, show=30, association=40))
    assert [step.answers for step in precision.openings(stricter)][:2] == [30, 40]


def test_respondents_are_divided_by_rounded_numbers_where_it_is_offered(release: Release) -> None:
    skaraborg = Selection(federation=("skaraborg",))
    assert respondents.divided(release, skaraborg, "age") is None
    women, men = respondents.divided(release, skaraborg, "gender") or ()
    assert (women.category, men.category) == ("kvinna", "man")
    assert women.n is not None
    assert women.n % 5 == 0
    assert women.percent == round(100 * women.n / 170)
    hidden = 0
    for federation in release.categories["federation"]:
        for part in (
            respondents.divided(release, Selection(federation=(federation,)), "gender") or ()
        ):
            assert (part.n is None) == (part.percent is None)
            assert part.n is None or part.n >= SHOW
            hidden += part.n is None
    assert hidden > 10


@pytest.mark.parametrize("dimension", ["gender", "age", "authority"])
def test_respondents_are_of_categories_that_are_shown_in_their_order(
    dimension: str, release: Release, releases: Path
) -> None:
    protected = Protected.of(releases)
    everybody = 5 * floor(protected.count({}, measures.ALL) / 5 + 0.5)
    parts = respondents.divided(release, Selection(), dimension) or ()
    assert [part.category for part in parts] == list(release.categories[dimension])
    for part in parts:
        n = 5 * floor(protected.count({dimension: part.category}, measures.ALL) / 5 + 0.5)
        assert (part.n, part.percent) == (n, round(100 * n / everybody))


def test_three_sentences_say_what_the_figures_say(release: Release, registry: Registry) -> None:
    seen: set[Verdict | None] = set()
    for federation in release.categories["federation"]:
        found = comparisons.of_federation(release, federation)
        answered, differing, witnessed = summary.of_federation(release, federation, registry)
        if comparisons.is_hidden(found):
            continue
        (own,) = shares.number_of_answers(release, Selection(federation=(federation,)))
        assert (
            f"{registry.federation(federation).name} har ca\N{NO-BREAK SPACE}{own.n} " in answered
        )
        ways = [(Verdict.HIGHER, "högre"), (Verdict.LOWER, "lägre")]
        for verdict, way in ways:
            certain = [one for one in found if one.verdict is verdict]
            said = f"{way} än i övriga landet på {wording.in_words(len(certain))} av sju frågor"
            assert (f"{way} än i övriga landet" in differing) == bool(certain)
            assert (said in differing) == bool(certain)
            if certain:
                most = max(certain, key=lambda one: abs(one.difference.points or 0))
                question = form.BY_CODE[most.question].short.lower()
                shown = f"{most.own.said} mot {most.country.said}"
                assert f"{question} ({shown})" in differing
                seen.add(verdict)
        if not any(one.verdict in (Verdict.HIGHER, Verdict.LOWER) for one in found):
            margin = precision.margin(own.n or 0, release.rules)
            assert differing.startswith("På ingen fråga")
            assert f"omkring {margin} procentenheter" in differing
            seen.add(None)
        assert "samband, ingen orsak" in witnessed or "för få" in witnessed
    assert seen == {Verdict.HIGHER, Verdict.LOWER, None}


def test_the_sentences_of_a_hidden_federation_hold_nothing_of_its_own(
    release: Release, registry: Registry
) -> None:
    """But for its name they are those of every other hidden one."""
    names = [
        (federation, registry.federation(federation).name)
        for federation in release.categories["federation"]
        if comparisons.is_hidden(comparisons.of_federation(release, federation))
    ]
    said = {
        tuple(
            sentence.replace(name, "…")
            for sentence in summary.of_federation(release, federation, registry)
        )
        for federation, name in names
    }
    assert len(names) > 3
    ((answered, differing, witnessed),) = said
    assert "färre än 20 svar" in answered
    assert "egna andelar visas inte" in answered
    assert "%" not in differing
    assert witnessed.startswith("I hela landet")


def test_the_country_s_sentences_count_the_certain_differences_of_women_and_men(
    release: Release, registry: Registry
) -> None:
    answered, differing, witnessed = summary.of_country(release, registry)
    (whole,) = shares.number_of_answers(release, Selection())
    assert answered.startswith(f"Ca\N{NO-BREAK SPACE}{wording.number(whole.n or 0)} personer")
    found = shares.women_and_men(release, Selection())
    certain = [one for one in found if (one.difference.low or 0) > 0]
    assert f"på {wording.in_words(len(certain))} av sju frågor" in differing
    most = max(certain, key=lambda one: one.difference.points or 0)
    assert f"({most.women.said} mot {most.men.said})" in differing
    assert witnessed.startswith("I hela landet har")


def test_no_count_that_a_comparison_rests_on_is_in_what_it_shows(release: Release) -> None:
    for one in comparisons.compared(release):
        for estimate in (one.own, one.region, one.country):
            assert estimate.n is None or estimate.n % 5 == 0
            assert estimate.share is None or 1 <= estimate.share <= 99
        if one.own.status is not Status.SHOWN:
            assert (one.difference.points, one.verdict, one.outside) == (None, None, None)


@pytest.mark.parametrize(
    ("n", "shares", "said"),
    [(None, (None, None), None), (20, (None, None), None), (None, (None, 20), 20), (25, (20,), 25)],
)
def test_near_the_threshold_what_is_shown_decides_how_many_answers_are_said(
    n: int | None, shares: tuple[int | None, ...], said: int | None, release: Release
) -> None:
    one, *_ = comparisons.compared(release)
    hidden, shown = Estimate(Status.HIDDEN), Estimate(Status.SHOWN, 20, 50, 30, 70)
    found = [replace(one, own=shown if share else hidden) for share in shares]
    assert comparisons.answers_shown(found, n) == said


def test_what_all_readers_share_is_kept_as_long_as_its_release(release: Release) -> None:
    opened = replace(release)
    assert comparisons.compared(opened) is comparisons.compared(opened)
    assert comparisons.compared(opened) is not comparisons.compared(release)
    for federations in combinations(opened.categories["federation"], 2):
        assert shares.number_of_answers(opened, Selection(federation=federations))
    assert len(opened.figures) == KEPT
    kept, place = opened.figures, ref(opened)
    del opened
    assert place() is None  # at once: nothing that is kept holds on to its release
    assert kept
