"""Questions counted together: derived cells, their thresholds, and how far they may be split."""

from dataclasses import replace

import pytest
from conftest import MakeRelease

from fovdata.figures import together
from fovdata.figures.estimates import (
    Cell,
    Difference,
    Estimate,
    Ratio,
    beside,
    estimate,
    p_values,
    ratio,
)
from fovdata.figures.intervals import NO_NOISE, Four, Fourfold
from fovdata.figures.release import NotOffered, Release
from fovdata.figures.together import Pair, Witnessed
from fovdata.rules import Status
from fovdata.selection import Selection

HIDDEN = Estimate(Status.HIDDEN)
NO_RATIO = Ratio(Status.HIDDEN)
NOTHING = (HIDDEN, HIDDEN, Difference(Status.HIDDEN), NO_RATIO)

SURVEY = """
times gender q6  q1  q2  q3  q4  q5  q7
30    kvinna ja  ja  ja  nej nej -   nej
20    kvinna ja  nej nej nej nej nej nej
10    kvinna nej ja  nej ja  ja  ja  nej
40    man    nej nej nej nej nej nej nej
15    man    ja  ja  ja  ja  ja  nej nej
5     man    -   -   ja  nej nej nej nej
"""
"""60 women and 60 men. Question 6: 65 Ja, 50 Nej, 5 blank, who left question 1 blank too."""


def of(found: list[Witnessed], question: str, gender: str | None = None) -> Witnessed:
    (one,) = [one for one in found if (one.question, one.gender) == (question, gender)]
    return one


def test_the_row_of_nej_is_a_subtraction_with_twice_the_draws(make_release: MakeRelease) -> None:
    made = make_release(SURVEY)
    found = list(together.witnessed(made, Selection()))
    assert [one.question for one in found] == ["q1", "q2", "q3", "q4", "q5", "q7"]
    first = of(found, "q1")
    # Ja to 6: 65, of them 45 Ja to 1. Nej to 6: 50, of them 10.
    assert first.yes == estimate(Cell(65, 45, 1), made.rules)
    assert first.no == estimate(Cell(50, 10, 2), made.rules)
    *_, difference = beside(Cell(65, 45, 1), Cell(50, 10, 2), made.rules)
    assert first.difference == difference
    assert (first.yes.share, first.no.share, first.difference.points) == (69, 20, 49)


def test_the_noise_of_both_counts_is_in_the_row_of_nej(make_release: MakeRelease) -> None:
    quiet = make_release("times q6 q1\n30 ja ja\n30 ja nej\n30 nej ja\n30 nej nej")
    noisy = replace(quiet, rules=replace(quiet.rules, sigma=2.0))
    (first, *_) = together.witnessed(noisy, Selection())
    assert (first.yes.share, first.yes.low, first.yes.high) == (
        50,
        36,
        64,
    )  # 60 answers are worth 45
    assert (first.no.share, first.no.low, first.no.high) == (
        50,
        34,
        66,
    )  # and with twice the noise 36


def test_those_who_left_one_of_the_two_blank_are_taken_to_be_like_the_rest(
    make_release: MakeRelease,
) -> None:
    made = make_release(SURVEY, association=80)
    fifth = of(list(together.witnessed(made, Selection())), "q5")
    # Answered both: 85. Ja to 6: 65 of 115, so 48 of them; Ja to 5: 10 of 90, so 9; both: nobody.
    assert fifth.yes == estimate(Cell(48, 0, 1), made.rules)
    assert fifth.yes.status is Status.CODED
    assert fifth.no == estimate(Cell(37, 9, 2), made.rules)
    assert fifth.difference == Difference(Status.HIDDEN)


@pytest.mark.parametrize(("association", "shown"), [(114, True), (115, True), (116, False)])
def test_two_questions_are_shown_from_so_many_answers_on(
    association: int, shown: bool, make_release: MakeRelease
) -> None:
    whole = make_release(SURVEY)  # 115 answered 1 and 6
    kept = make_release(SURVEY, association=association)
    # Both sides hold the threshold: what is released, and what of it is shown.
    assert ("j|q6|q1" in kept.counts(Selection())[()].values) is shown
    for made in (kept, replace(whole, rules=kept.rules)):
        first = of(list(together.witnessed(made, Selection())), "q1")
        assert (first.yes.status is Status.SHOWN) is shown
        assert (first.no.status is Status.SHOWN) is shown
        assert shown or first == Witnessed("q1", None, *NOTHING)


@pytest.mark.parametrize(("association", "shown"), [(114, True), (115, True), (116, False)])
def test_pairs_are_shown_from_so_many_answers_on(
    association: int, shown: bool, make_release: MakeRelease
) -> None:
    whole = make_release(SURVEY)  # 115 answered 1 and 2
    kept = make_release(SURVEY, association=association)
    for made in (kept, replace(whole, rules=kept.rules)):
        assert (together.pairs(made)[0].estimate.status is Status.SHOWN) is shown


@pytest.mark.parametrize(("few", "shown"), [(19, False), (20, True), (21, True)])
@pytest.mark.parametrize("answer", ["ja", "nej"])
def test_both_rows_must_be_large_enough(
    answer: str, few: int, shown: bool, make_release: MakeRelease
) -> None:
    other = {"ja": "nej", "nej": "ja"}[answer]
    made = make_release(
        f"""
        times  q6       q1
        10     {answer} ja
        {few - 10} {answer} nej
        60     {other}  ja
        60     {other}  nej
        """
    )
    first = of(list(together.witnessed(made, Selection())), "q1")
    statuses = {first.yes.status, first.no.status, first.difference.status}
    assert statuses == {Status.SHOWN if shown else Status.HIDDEN}
    assert shown or (first.yes, first.no) == (HIDDEN, HIDDEN)


def test_a_pair_needs_both_rows_too(make_release: MakeRelease) -> None:
    # 110 answered both; only 6 have Nej to question 1, 40 to question 2.
    made = make_release("times q1 q2\n66 ja ja\n38 ja nej\n4 nej ja\n2 nej nej")
    found = {(one.given, one.other): one.estimate for one in together.pairs(made)}
    assert found["q1", "q2"] == HIDDEN
    assert found["q2", "q1"].status is Status.CODED


def test_counts_that_stand_in_both_rows_widen_the_difference(make_release: MakeRelease) -> None:
    quiet = make_release("times q6 q1\n30 ja ja\n30 ja nej\n20 nej ja\n40 nej nej")
    noisy = replace(quiet, rules=replace(quiet.rules, sigma=2.0))
    (first, *_) = together.witnessed(noisy, Selection())
    *_, alone = beside(Cell(60, 30, 1), Cell(60, 20, 2), noisy.rules)
    assert first.difference.points == alone.points == 17
    assert first.difference.low is not None
    assert alone.low is not None
    assert first.difference.low < alone.low


def test_the_ratio_is_of_the_same_four_counts(make_release: MakeRelease) -> None:
    made = make_release(SURVEY)
    first = of(list(together.witnessed(made, Selection())), "q1")
    # Answered both 115, Ja to 6: 65, to 1: 55, to both: 45. 45/65 through 10/50 is 3.46.
    assert first.ratio == ratio([Fourfold(115, 65, 55, 45)], NO_NOISE, made.rules)
    assert first.ratio.said == "3,5 gånger"
    noisy = replace(made, rules=replace(made.rules, sigma=2.0))
    wider = of(list(together.witnessed(noisy, Selection())), "q1").ratio
    same: Four = (4.0, 4.0, 4.0, 4.0)
    assert wider == ratio([Fourfold(115, 65, 55, 45)], same, noisy.rules)
    assert (wider.low or 0) < (first.ratio.low or 0)


def test_a_sum_of_cells_holds_all_their_noise(make_release: MakeRelease) -> None:
    made = make_release(SURVEY, association=50)
    noisy = replace(made, rules=replace(made.rules, sigma=2.0))
    both = of(list(together.witnessed(noisy, Selection(gender=("kvinna", "man")))), "q1")
    twice: Four = (8.0, 8.0, 8.0, 8.0)
    assert both.ratio == ratio([Fourfold(115, 65, 55, 45)], twice, noisy.rules)


def test_how_often_each_count_was_drawn_is_said_in_one_place(
    make_release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_release(SURVEY)
    noisy = replace(made, rules=replace(made.rules, sigma=2.0))
    once = of(list(together.witnessed(noisy, Selection())), "q1")
    monkeypatch.setattr(together, "_DRAWS", (1, 2, 2, 1))
    twice = of(list(together.witnessed(replace(noisy), Selection())), "q1")
    drawn: Four = (4.0, 8.0, 8.0, 4.0)
    assert twice.ratio == ratio([Fourfold(115, 65, 55, 45)], drawn, noisy.rules)
    # The rows' numbers of answers now hold two draws, and three; so do their shares at most.
    assert twice.yes == estimate(Cell(65, 45, 2), noisy.rules)
    assert twice.no == estimate(Cell(50, 10, 3), noisy.rules)
    for one, other in ((once.difference, twice.difference), (once.yes, twice.yes)):
        assert one.low is not None
        assert other.low is not None
        assert other.low < one.low


STRATA = """
times gender q6  q1
60    kvinna ja  ja
20    kvinna ja  nej
20    kvinna nej ja
20    kvinna nej nej
10    man    ja  ja
20    man    ja  nej
20    man    nej ja
80    man    nej nej
10    annat  ja  ja
"""
"""Among women 75 % against 50 %, among men 33 % against 20 %."""


def test_the_adjusted_ratio_is_of_women_and_men_apart(make_release: MakeRelease) -> None:
    made = make_release(STRATA)
    found = {one.question: one for one in together.adjusted(made)}
    assert list(found) == ["q1", "q2", "q3", "q4", "q5", "q7"]
    women, men = Fourfold(120, 80, 80, 60), Fourfold(130, 30, 30, 10)
    first = found["q1"]
    assert first.adjusted == ratio([women, men], NO_NOISE, made.rules)
    # Women 1.5, men 1.67; all in one, the third gender answer too, 80/120 through 40/140.
    assert (first.adjusted.said, first.crude.said) == ("1,5 gånger", "2,3 gånger")
    assert first.crude == of(list(together.witnessed(made, Selection())), "q1").ratio
    (p,) = p_values([(women, men)], NO_NOISE, made.rules)
    assert first.p == p  # the only question that can be asked: all others were answered Nej
    assert not first.differs
    for other in ("q2", "q3", "q4", "q5", "q7"):
        assert (found[other].crude, found[other].adjusted) == (NO_RATIO, NO_RATIO)
        assert found[other].p is None
        assert not found[other].differs


def test_adjustment_needs_both_genders_while_the_crude_ratio_does_not(
    make_release: MakeRelease,
) -> None:
    made = make_release(SURVEY)  # 15 men with Ja to question 6
    first, *_ = together.adjusted(made)
    assert first.crude.ratio == 3.5
    assert (first.adjusted, first.p) == (NO_RATIO, None)


def test_genders_differ_only_below_five_in_a_hundred() -> None:
    shown = Ratio(Status.SHOWN, 2.0, 1.5, 2.5)
    found = [together.Adjusted("q1", shown, shown, p).differs for p in (0.0, 0.04, 0.05, None)]
    assert found == [True, True, False, False]


def test_the_split_by_gender_gives_women_and_then_men(make_release: MakeRelease) -> None:
    made = make_release(SURVEY, association=50)
    found = list(together.witnessed(made, Selection(), by_gender=True))
    assert [one.gender for one in found] == ["kvinna"] * 6 + ["man"] * 6
    men = of(found, "q1", "man")
    assert men == Witnessed("q1", "man", *NOTHING)  # 15 and 40
    chosen = together.witnessed(made, Selection(gender=("kvinna",)))
    women = of(found, "q1", "kvinna")
    assert (women.yes, women.no) == (of(list(chosen), "q1").yes, of(list(chosen), "q1").no)


def test_one_filter_at_most(release: Release) -> None:
    assert together.witnessed(release, Selection(region=("14",)))
    assert together.witnessed(release, Selection(period=("2021", "2022")))
    for refused in (
        {"region": ("14",), "gender": ("man",)},  # offered as a table, yet not here
        {"period": ("2022",), "age": ("16-24",)},
    ):
        with pytest.raises(NotOffered):
            together.witnessed(release, Selection(**refused))
    with pytest.raises(NotOffered):
        together.witnessed(release, Selection(region=("14",)), by_gender=True)
    with pytest.raises(NotOffered):
        together.witnessed(release, Selection(gender=("man",)), by_gender=True)


def test_a_small_federation_shows_no_association(release: Release) -> None:
    for slug in ("hoganas", "kalmar-lan"):  # few, and nobody
        found = together.witnessed(release, Selection(federation=(slug,)))
        assert {(one.yes, one.no, one.difference, one.ratio) for one in found} == {NOTHING}


def test_the_number_of_kinds_adds_up(make_release: MakeRelease) -> None:
    made = make_release(SURVEY)
    found = {one.count: one.estimate for one in together.kinds(made)}
    # None: 20 + 40; two: 30; three: 10; four: 15.
    expected = {0: 60, 1: 0, 2: 30, 3: 10, 4: 15}
    assert found == {
        count: estimate(Cell(115, people, 1), made.rules) for count, people in expected.items()
    }


def test_at_least_one_ja_is_of_those_who_answered_all(make_release: MakeRelease) -> None:
    made = make_release(SURVEY)
    found = {one.last: one.estimate for one in together.any_experience(made)}
    assert found == {
        4: estimate(Cell(115, 55, 1), made.rules),
        5: estimate(Cell(85, 25, 1), made.rules),  # without those who left 5 blank
        7: estimate(Cell(85, 45, 1), made.rules),  # the 20 with Ja to 6 alone count
    }


def test_several_questions_can_be_split_by_gender(make_release: MakeRelease) -> None:
    made = make_release(SURVEY)
    kinds = {(one.gender, one.count): one.estimate for one in together.kinds(made, by_gender=True)}
    assert kinds["kvinna", 0] == estimate(Cell(60, 20, 1), made.rules)
    assert kinds["man", 0] == estimate(Cell(55, 40, 1), made.rules)
    some = {
        (one.gender, one.last): one.estimate
        for one in together.any_experience(made, by_gender=True)
    }
    assert some["kvinna", 4] == estimate(Cell(60, 40, 1), made.rules)
    assert some["man", 4] == estimate(Cell(55, 15, 1), made.rules)


def test_a_pair_is_the_share_of_one_among_those_with_the_other(make_release: MakeRelease) -> None:
    made = make_release(SURVEY)
    found = list(together.pairs(made))
    assert len(found) == 12
    # Ja to 1: 55, to 2: 50 of 120, so 48 of the 115 who answered both; to both: 45.
    # Ja to 3: 25, 15 of them Ja to 2.
    assert found[0] == Pair("q1", "q2", estimate(Cell(55, 45, 1), made.rules))
    assert found[1] == Pair("q2", "q1", estimate(Cell(48, 45, 1), made.rules))
    assert found[1].estimate.limit == ">80"  # everybody, but it does not say so
    assert Pair("q3", "q2", estimate(Cell(25, 15, 1), made.rules)) in found


def test_the_demo_shows_all_questions_together(release: Release) -> None:
    estimates = [
        *(row for one in together.witnessed(release, Selection()) for row in (one.yes, one.no)),
        *(one.estimate for one in together.kinds(release, by_gender=True)),
        *(one.estimate for one in together.any_experience(release, by_gender=True)),
        *(one.estimate for one in together.pairs(release)),
    ]
    assert len(estimates) == 12 + 10 + 6 + 12
    assert all(one.status is not Status.HIDDEN for one in estimates)
    for one in together.adjusted(release):
        assert one.crude.status is one.adjusted.status is Status.SHOWN
        assert one.p is not None
