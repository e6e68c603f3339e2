"""Shares of Ja: every question and group, hidden ones included."""

import pytest
from conftest import MakeRelease

from fovdata import published
from fovdata import questionnaire as form
from fovdata.figures import shares
from fovdata.figures.estimates import Cell, Estimate, beside, estimate
from fovdata.figures.release import NotOffered, Release
from fovdata.figures.shares import Answers, Share
from fovdata.rules import Status
from fovdata.selection import Selection

QUESTIONS = ["q1", "q2", "q3", "q4", "q5", "q6", "q7"]
HIDDEN = Estimate(Status.HIDDEN)

SURVEY = """
times federation gender age_band fill_count q1  q2
60    halland    kvinna 25-34    1          ja  nej
20    halland    kvinna 35-44    1          nej nej
40    halland    man    25-34    1          ja  ja
30    falun      man    25-34    1          nej -
3     falun      man    25-34    1          ja  -
12    falun      annat  25-34    1          ja  ja
25    falun      kvinna 25-34    2          ja  ja
15    falun      kvinna 25-34    3+         nej ja
"""
"""80 women, 73 men, 12 of the third answer: 165 people, and 40 repeat forms."""


@pytest.fixture
def made(make_release: MakeRelease) -> Release:
    return make_release(SURVEY)


def share(found: list[Share], question: str, **group: str) -> Estimate:
    (one,) = [one for one in found if one.question == question and one.group == group]
    return one.estimate


def test_the_country_s_shares_can_be_added_up(made: Release) -> None:
    found = list(shares.shares(made, Selection()))
    assert [one.question for one in found] == QUESTIONS
    first, second = share(found, "q1"), share(found, "q2")
    assert (first.n, first.share) == (165, 70)  # 115 of 165
    assert (second.n, second.share) == (130, 39)  # 52 of 132 who answered
    assert share(found, "q7") == Estimate(Status.CODED, 165, limit="<5")  # nobody


def test_a_split_gives_every_group_also_hidden_ones(made: Release) -> None:
    found = list(shares.shares(made, Selection(), ("gender",)))
    assert [one.group["gender"] for one in found[::7]] == ["kvinna", "man", "annat"]
    assert share(found, "q1", gender="kvinna").share == 75
    assert share(found, "q1", gender="man").share == 59  # 43 of 73
    assert share(found, "q1", gender="annat") == HIDDEN


def test_a_split_by_federation_names_those_without_answers(made: Release) -> None:
    found = list(shares.shares(made, Selection(), ("federation",)))
    assert len(found) == 7 * 40
    assert share(found, "q1", federation="halland").n == 120
    assert share(found, "q1", federation="skaraborg") == HIDDEN


def test_a_filter_beside_a_split_keeps_what_is_chosen(made: Release) -> None:
    by_gender = shares.number_of_answers(made, Selection(federation=("falun",)), ("gender",))
    assert list(by_gender) == [
        Answers({"gender": "kvinna"}, None),
        Answers({"gender": "man"}, 35),  # 33
    ]
    in_region = shares.number_of_answers(made, Selection(region=("20",)), ("federation",))
    assert [one.group["federation"] for one in in_region] == ["sodra-dalarnas", "falun", "borlange"]
    men = shares.number_of_answers(made, Selection(gender=("man",)), ("gender",))
    assert list(men) == [Answers({"gender": "man"}, 75)]  # 73


def test_a_number_of_answers_includes_those_who_left_questions_blank(made: Release) -> None:
    assert list(shares.number_of_answers(made, Selection())) == [Answers({}, 165)]
    men = Selection(federation=("falun",), gender=("man",))
    assert list(shares.number_of_answers(made, men)) == [Answers({}, 35)]
    assert share(list(shares.shares(made, men)), "q2") == HIDDEN


def test_an_empty_selection_is_hidden_not_an_error(made: Release) -> None:
    nobody = Selection(region=("13",), federation=("falun",))
    assert list(shares.number_of_answers(made, nobody)) == [Answers({}, None)]
    assert {one.estimate for one in shares.shares(made, nobody)} == {HIDDEN}


def test_women_and_men_are_the_split_by_gender_with_a_difference(made: Release) -> None:
    split = list(shares.shares(made, Selection(), ("gender",)))
    for one in shares.women_and_men(made, Selection()):
        assert one.women == share(split, one.question, gender="kvinna")
        assert one.men == share(split, one.question, gender="man")
    first = shares.women_and_men(made, Selection())[0]
    assert (first.women, first.men, first.difference) == beside(
        Cell(80, 60, 1), Cell(73, 43, 1), made.rules
    )
    assert first.difference.points == 16


def test_repeat_forms_are_summed_and_stand_beside_the_first(made: Release) -> None:
    found = list(shares.first_and_repeat(made))
    assert [one.group["forms"] for one in found[::7]] == ["first", "repeat"]
    assert share(found, "q1", forms="first") == share(list(shares.shares(made, Selection())), "q1")
    assert share(found, "q1", forms="repeat") == estimate(Cell(40, 25, 2), made.rules)
    assert share(found, "q2", forms="repeat") == Estimate(Status.CODED, 40, limit=">70")


def test_without_repeat_forms_their_shares_are_hidden(make_release: MakeRelease) -> None:
    made = make_release("times q1\n60 ja")
    repeat = [one for one in shares.first_and_repeat(made) if one.group["forms"] == "repeat"]
    assert [one.estimate for one in repeat] == [HIDDEN] * 7


# The demo's release


def test_the_third_gender_answer_stands_in_the_national_split_only(release: Release) -> None:
    def genders(selection: Selection) -> list[str]:
        found = shares.number_of_answers(release, selection, ("gender",))
        return [one.group["gender"] for one in found]

    assert genders(Selection()) == ["kvinna", "man", "annat"]
    assert genders(Selection(region=("14",))) == ["kvinna", "man"]
    assert genders(Selection(period=("2022",))) == ["kvinna", "man"]
    assert genders(Selection(gender=("annat",))) == ["annat"]
    assert genders(Selection(gender=("kvinna", "annat"))) == ["kvinna", "annat"]


def test_women_s_and_men_s_shares_stand_near_the_published_ones(release: Release) -> None:
    found = {one.question: one for one in shares.women_and_men(release, Selection())}
    compared = published.shares(year=2022)
    assert len(compared) == 8
    for row in compared:
        one = found[row.question].women if row.gender == "kvinna" else found[row.question].men
        assert one.share is not None
        assert abs(one.share - row.share) <= 1.5


def test_the_demo_opens_full_and_hides_its_small_federations(release: Release) -> None:
    assert {one.estimate.status for one in shares.shares(release, Selection())} == {Status.SHOWN}
    by_federation = shares.number_of_answers(release, Selection(), ("federation",))
    hidden = [one.group["federation"] for one in by_federation if one.n is None]
    assert "kalmar-lan" in hidden  # joined, no answers
    assert len(hidden) <= 6


@pytest.mark.parametrize("by", [(), *((d,) for d in ("period", "region", "gender", "age"))])
def test_every_n_that_leaves_is_a_multiple_of_5_and_no_share_is_0_or_100(
    by: tuple[str, ...], release: Release
) -> None:
    for one in shares.shares(release, Selection(), by):
        assert one.estimate.n is None or (one.estimate.n % 5 == 0 and one.estimate.n >= 20)
        assert one.estimate.share not in (0, 100)


def test_what_is_not_offered_is_refused(release: Release) -> None:
    with pytest.raises(NotOffered):
        shares.shares(release, Selection(federation=("halland",)), ("age",))
    with pytest.raises(NotOffered):
        shares.number_of_answers(release, Selection(region=("13",), age=("16-24",)), ("gender",))
    with pytest.raises(NotOffered):
        shares.women_and_men(release, Selection(region=("13",), period=("2022",)))


YEARS = """
times federation year q1
30    halland    2022 ja
20    halland    2022 nej
20    halland    2021 ja
40    halland    2020 nej
"""


def test_a_federation_s_latest_year_stands_beside_all_before_it(make_release: MakeRelease) -> None:
    made = make_release(YEARS)
    found = {
        one.group["years"]: one.estimate
        for one in shares.latest_and_earlier(made, "halland")
        if one.question == "q1"
    }
    assert found["latest"] == estimate(Cell(50, 30, 1), made.rules)
    assert found["earlier"] == estimate(Cell(60, 20, 1), made.rules)


def test_the_years_before_the_latest_are_added_up_where_each_is_offered(
    make_release: MakeRelease,
) -> None:
    # 3 years and 40 federations are 120 groups, of 1 each.
    made = make_release(f"{YEARS}10 hoganas 2022 nej")
    assert ("period", "federation") in made.tables
    found = {
        one.group["years"]: one.estimate
        for one in shares.latest_and_earlier(made, "halland")
        if one.question == "q1"
    }
    assert found["latest"] == estimate(Cell(50, 30, 1), made.rules)
    assert found["earlier"] == estimate(Cell(60, 20, 2), made.rules)


@pytest.mark.parametrize(
    ("text", "rules"),
    [(YEARS, {"mean_cell_2": 25}), ("times federation q1\n60 halland ja", {})],
    ids=["too few answers in the country", "one year only"],
)
def test_a_latest_year_that_is_not_offered_is_hidden(
    text: str, rules: dict[str, float], make_release: MakeRelease
) -> None:
    made = make_release(text, **rules)
    found = shares.latest_and_earlier(made, "halland")
    assert len(found) == 14
    assert {one.estimate for one in found} == {Estimate(Status.HIDDEN)}


def test_the_categories_of_a_split_follow_the_selection(release: Release) -> None:
    assert shares.categories(release, Selection(), "gender") == [form.WOMEN.code, form.MEN.code]
    assert shares.categories(release, Selection(period=("2022",)), "period") == ["2022"]
    in_region = shares.categories(release, Selection(region=("17",)), "federation")
    assert in_region == ["samspelet", "klaralvdalen", "ostra-varmland"]
    one = Selection(region=("17",), federation=("samspelet",))
    assert shares.categories(release, one, "federation") == ["samspelet"]
