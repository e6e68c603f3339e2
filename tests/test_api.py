"""The API: the figures of the pages for programs, and its refusals."""

import csv
import io
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import MakeRelease
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pages_under_test import ask, visit

from fovdata import api, settings, wording
from fovdata import questionnaire as form
from fovdata.api import parameters
from fovdata.dashboard.navigation import PAGES
from fovdata.figures import coverage, shares, together
from fovdata.figures.estimates import Difference, Estimate, Ratio
from fovdata.figures.release import Release, current
from fovdata.registry import Registry
from fovdata.rules import NOT_OFFERED, STANDING_NOTE, Status
from fovdata.selection import DIMENSIONS, Selection

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN, *_ = PAGES

PATHS = ("health", "shares", "women-and-men", "association", "coverage", "published")
SPLITS = ("none", *DIMENSIONS)
ESTIMATE = ("status", "n", "share", "low", "high", "limit")
FILTERS = [
    {"period": "2022"},
    {"region": "17"},
    {"federation": "halland"},
    {"federation": "falun"},
    {"gender": "kvinna"},
    {"gender": "annat"},
    {"age": "25-34"},
    {"authority": "fk"},
]
"""Each filter alone."""

Serve = Callable[..., Callable[..., Any]]


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of an answer in CSV."""
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


def refusal(answer: httpx.Response, status: int) -> Mapping[str, Any]:
    """The body of a refusal, which always says what is wrong, in Swedish."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["error"]
    assert body["message"].endswith((".", "release"))
    assert "Traceback" not in answer.text
    return dict(body)


@pytest.fixture
def serve(make_release: MakeRelease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Serve a text table of answers; returns what asks a path for its JSON."""

    def served(text: str, **rules: float) -> Callable[..., Any]:
        release = make_release(text, **rules)
        monkeypatch.setattr(parameters, "current", lambda _: release)
        return lambda path, **asked: ask(tmp_path, path, **asked).json()

    return served


def test_health_says_which_release_is_served(releases: Path, release: Release) -> None:
    answer = ask(releases, "health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "release": release.number, "data": "synthetic"}


@pytest.mark.parametrize("by", SPLITS)
def test_shares_have_the_promised_fields(by: str, releases: Path, release: Release) -> None:
    answer = ask(releases, "shares", by=by).json()
    assert answer.keys() == {"selection", "data", "release", "note", "n_total", "rows"}
    assert answer["selection"] == "Alla svarande i hela landet"
    assert (answer["data"], answer["release"]) == ("synthetic", release.number)
    assert answer["note"] == STANDING_NOTE
    assert answer["n_total"] % 5 == 0
    groups = [{by: code} for code in release.categories[by]] if by != "none" else [{}]
    if by == "gender":
        groups.append({by: form.OTHER_GENDER.code})  # for the whole country only
    assert [(row["group"], row["question"]) for row in answer["rows"]] == [
        (group, question.code) for group in groups for question in form.QUESTIONS
    ]
    for row in answer["rows"]:
        assert tuple(row) == ("question", "group", *ESTIMATE)
        check_types(row)


def check_types(row: Mapping[str, Any]) -> None:
    filled = {
        "shown": {"n", "share", "low", "high"},
        "coded": {"n", "limit"},
        "hidden": set(),
    }[row["status"]]
    assert {name for name in ESTIMATE[1:] if row[name] is not None} == filled
    if "n" in filled:
        assert isinstance(row["n"], int)
        assert row["n"] % 5 == 0
    if "share" in filled:
        assert all(isinstance(row[name], int) for name in ("share", "low", "high"))
        assert 0 <= row["low"] <= row["share"] <= row["high"] <= 100
    if "limit" in filled:
        assert row["limit"][0] in "<>"
        assert int(row["limit"][1:]) % 5 == 0


@pytest.mark.parametrize("by", SPLITS)
def test_shares_as_csv_hold_a_column_for_the_group_and_the_status(by: str, releases: Path) -> None:
    found = rows(ask(releases, "shares", by=by, format="csv"))
    group = () if by == "none" else (by,)
    assert tuple(found[0]) == ("question", *group, *ESTIMATE, "data", "release")
    assert {row["data"] for row in found} == {"synthetic"}
    assert len(found) == len(ask(releases, "shares", by=by).json()["rows"])


def test_an_answer_is_about_the_selection_that_was_asked_for(
    releases: Path, registry: Registry
) -> None:
    answer = ask(releases, "shares", region="17", by="gender").json()
    assert answer["selection"] == Selection(region=("17",)).words(registry)
    assert [row["group"]["gender"] for row in answer["rows"][::7]] == ["kvinna", "man"]


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        ("no filter", {}),
        ("a region", {"region": "17"}),
        ("a year", {"period": "2022"}),
        ("a federation of 34 to 75", {"federation": "sofint"}),
        ("a federation under 20", {"federation": "falun"}),
        ("several regions", {"region": ["17", "18"]}),
    ],
)
def test_women_and_men_are_the_same_as_on_the_page(
    address: str, filters: dict[str, str | list[str]], releases: Path
) -> None:
    table = visit(releases, GENDER, address).cards["kon"].table[0].value
    shown = {
        (row["Fråga"], row["Kön"]): (row["Andel Ja"], row["95 % intervall"], row["Antal svar"])
        for row in table.to_dict("records")
    }
    answer = ask(releases, "shares", by="gender", **filters).json()
    labels = {gender.code: gender.label for gender in form.GENDERS}
    found = {
        (form.BY_CODE[row["question"]].short, labels[row["group"]["gender"]]): as_text(row)
        for row in answer["rows"]
        if row["group"]["gender"] != form.OTHER_GENDER.code
    }
    assert found == shown


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        ("a federation over 100", {"federation": "skaraborg"}),
        ("an age", {"age": "25-34"}),
        ("a federation of 34 to 75", {"federation": "sofint"}),
    ],
)
def test_all_questions_are_the_same_as_on_the_page(
    address: str, filters: dict[str, str], releases: Path
) -> None:
    table = visit(releases, EXPOSURE, address).cards["fragor"].table[0].value
    own = table[table["Grupp"] != "Hela landet"]
    shown = own[["Fråga", "Andel Ja", "95 % intervall", "Antal svar"]].to_numpy().tolist()
    answer = ask(releases, "shares", **filters).json()
    assert [[form.BY_CODE[row["question"]].short, *as_text(row)] for row in answer["rows"]] == shown


def as_text(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """A row of the API as a page's table says it."""
    estimate = Estimate(Status(row["status"]), *(row[name] for name in ESTIMATE[1:]))
    n = f"ca {wording.number(row['n'])}" if row["n"] is not None else wording.HIDDEN
    return estimate.said, estimate.interval, n


def test_a_repeated_filter_sums_its_cells(releases: Path, release: Release) -> None:
    def protected(*codes: str) -> int:
        (counts,) = release.counts(Selection(region=codes)).values()
        return counts.values["n|all"]

    n = ask(releases, "shares", region=["17", "18"]).json()["n_total"]
    assert protected("17", "18") == protected("17") + protected("18")
    assert abs(n - protected("17") - protected("18")) <= 2
    again = ask(releases, "shares", region=["17", "18", "17"]).json()
    assert again == ask(releases, "shares", region=["17", "18"]).json()


def test_a_split_of_a_filtered_dimension_gives_the_chosen_groups(releases: Path) -> None:
    answer = ask(releases, "shares", region=["18", "17"], by="region").json()
    assert [row["group"]["region"] for row in answer["rows"][::7]] == ["17", "18"]


def test_two_splits_give_every_pair_of_groups(releases: Path, release: Release) -> None:
    answer = ask(releases, "shares", by=["gender", "age"]).json()
    groups = [row["group"] for row in answer["rows"][::7]]
    assert groups == [
        {"gender": gender.code, "age": band.code}
        for gender in (form.WOMEN, form.MEN)
        for band in form.AGE_BANDS
    ]
    found = shares.shares(release, Selection(), ("gender", "age"))
    assert [as_text(row) for row in answer["rows"]] == [
        as_text(vars(one.estimate)) for one in found
    ]
    one_gender = ask(releases, "shares", by="age", gender="kvinna").json()["rows"]
    without_group = [{k: v for k, v in row.items() if k != "group"} for row in answer["rows"]]
    assert [{k: v for k, v in row.items() if k != "group"} for row in one_gender] == (
        without_group[:35]
    )


def test_no_split_is_not_split_by_anything_else(releases: Path) -> None:
    body = refusal(ask(releases, "shares", by=["none", "gender"]), 422)
    assert body["error"] == "contradictory_selection"


def test_first_and_repeat_forms_are_the_same_as_on_the_page(
    releases: Path, release: Release
) -> None:
    rows = ask(releases, "shares", by="forms").json()["rows"]
    assert [(row["group"], as_text(row)) for row in rows] == [
        (one.group, as_text(vars(one.estimate))) for one in shares.first_and_repeat(release)
    ]
    assert [row["group"]["forms"] for row in rows[::7]] == ["first", "repeat"]


@pytest.mark.parametrize("asked", [{"by": ["forms", "gender"]}, {"by": "forms", "region": "17"}])
def test_repeat_forms_are_counted_for_the_whole_country_only(
    asked: dict[str, str | list[str]], releases: Path
) -> None:
    body = refusal(ask(releases, "shares", **asked), 422)
    assert body["error"] == "combination_not_offered"


@pytest.mark.parametrize("asked", [{}, *FILTERS[:4], *FILTERS[6:], {"region": ["17", "18"]}])
def test_women_and_men_have_the_difference_of_the_page(
    asked: dict[str, str | list[str]], releases: Path, release: Release
) -> None:
    found = shares.women_and_men(release, selected(asked)) if offered(release, asked) else None
    answer = ask(releases, "women-and-men", **asked)
    if found is None:
        assert refusal(answer, 422)["error"] == "combination_not_offered"
        return
    assert [row["question"] for row in answer.json()["rows"]] == [one.question for one in found]
    for row, one in zip(answer.json()["rows"], found, strict=True):
        assert row.keys() == {"question", "group", "women", "men", "difference"}
        assert row["group"] == {}
        assert Estimate(**read(row["women"])) == one.women
        assert Estimate(**read(row["men"])) == one.men
        assert Difference(**read(row["difference"])) == one.difference


def offered(release: Release, asked: Mapping[str, object]) -> bool:
    return release.offers((*asked, "gender"))


def selected(asked: Mapping[str, str | Sequence[str]]) -> Selection:
    return Selection(
        **{
            name: (codes,) if isinstance(codes, str) else tuple(codes)
            for name, codes in asked.items()
        }
    )


def read(figure: Mapping[str, Any]) -> dict[str, Any]:
    """A figure in JSON as the arguments of its class."""
    return {**figure, "status": Status(figure["status"])}


WITNESSED = """
times gender q6  q1  q2  q3
30    kvinna ja  ja  ja  nej
20    kvinna ja  nej nej nej
10    kvinna nej ja  nej ja
40    man    nej nej nej nej
15    man    ja  ja  ja  ja
"""
"""Question 6: 65 Ja, 50 Nej. Of the 65, 45 have Ja to question 1, of the 50, 10."""


def test_an_association_holds_both_shares_the_difference_and_the_ratio(serve: Serve) -> None:
    answer = serve(WITNESSED)("association")
    assert answer.keys() == {"selection", "data", "release", "note", "n_total", "rows"}
    assert [row["question"] for row in answer["rows"]] == ["q1", "q2", "q3", "q4", "q5", "q7"]
    first = answer["rows"][0]
    assert tuple(first) == (*("question", "group", "yes", "no", "difference", "ratio", "adjusted"),)
    assert (first["yes"]["n"], first["yes"]["share"]) == (65, 69)
    assert (first["no"]["n"], first["no"]["share"]) == (50, 20)
    assert first["difference"]["points"] == 49
    assert first["ratio"]["ratio"] == 3.5  # 45/65 through 10/50
    assert tuple(first["adjusted"]) == ("status", "ratio", "low", "high", "p")


@pytest.mark.parametrize(("answers", "status"), [(99, "hidden"), (100, "shown")])
def test_an_association_of_fewer_than_100_answers_is_hidden(
    answers: int, status: str, serve: Serve
) -> None:
    answer = serve(f"times q6 q1\n30 ja ja\n20 ja nej\n20 nej ja\n{answers - 70} nej nej")
    (first, *_) = answer("association")["rows"]
    assert {part["status"] for name, part in first.items() if name in PARTS} == {status}


@pytest.mark.parametrize(("few", "status"), [(19, "hidden"), (20, "shown")])
def test_an_association_needs_both_rows(few: int, status: str, serve: Serve) -> None:
    answer = serve(f"times q6 q1\n10 ja ja\n{few - 10} ja nej\n60 nej ja\n60 nej nej")
    (first, *_) = answer("association")["rows"]
    assert {first[name]["status"] for name in ("yes", "no", "difference")} == {status}


def test_a_coded_share_has_no_ratio_and_no_difference(serve: Serve) -> None:
    # 4 of the 60 with Nej to question 6 have Ja to question 1.
    answer = serve("times q6 q1\n30 ja ja\n30 ja nej\n4 nej ja\n56 nej nej")
    (first, *_) = answer("association")["rows"]
    assert (first["no"]["status"], first["no"]["limit"]) == ("coded", "<20")
    assert first["difference"] == {"status": "hidden", "points": None, "low": None, "high": None}
    assert first["ratio"] == {"status": "hidden", "ratio": None, "low": None, "high": None}


PARTS = {"yes": Estimate, "no": Estimate, "difference": Difference, "ratio": Ratio}


@pytest.mark.parametrize("asked", [{}, {"by": "gender"}, *FILTERS, {"region": ["17", "18"]}])
def test_associations_are_those_of_the_page(
    asked: dict[str, str | list[str]], releases: Path, release: Release
) -> None:
    by_gender = "by" in asked
    selection = Selection() if by_gender else selected(asked)
    found = together.witnessed(release, selection, by_gender)
    rows = ask(releases, "association", **asked).json()["rows"]
    assert [(row["question"], row["group"].get("gender")) for row in rows] == [
        (one.question, one.gender) for one in found
    ]
    for row, one in zip(rows, found, strict=True):
        for name, kind in PARTS.items():
            assert kind(**read(row[name])) == getattr(one, name)


def test_the_ratio_is_adjusted_for_gender_where_the_whole_country_is_asked_for(
    releases: Path, release: Release
) -> None:
    rows = ask(releases, "association").json()["rows"]
    for row, one in zip(rows, together.adjusted(release), strict=True):
        figure = read(row["adjusted"])
        assert figure.pop("p") == one.p
        assert Ratio(**figure) == one.adjusted
    for asked in ({"by": "gender"}, {"gender": "kvinna"}, {"region": "17"}):
        for row in ask(releases, "association", **asked).json()["rows"]:
            assert "adjusted" not in row


@pytest.mark.parametrize(
    "asked",
    [
        {"region": "17", "gender": "man"},
        {"period": "2022", "age": "25-34"},
        {"by": "gender", "region": "17"},
        {"by": "gender", "gender": "man"},
    ],
)
def test_an_association_follows_one_filter_or_the_split(
    asked: dict[str, str], releases: Path
) -> None:
    body = refusal(ask(releases, "association", **asked), 422)
    assert body == {"error": "combination_not_offered", "message": f"{NOT_OFFERED}."}


def test_an_association_in_csv_names_the_part_before_the_number(releases: Path) -> None:
    found = rows(ask(releases, "association", by="gender", format="csv"))
    assert list(found[0])[:4] == ["question", "gender", "yes_status", "yes_n"]
    assert {"no_share", "difference_points", "ratio_ratio", "ratio_low"} <= set(found[0])
    body = ask(releases, "association", by="gender").json()["rows"]
    for line, row in zip(found, body, strict=True):
        for name in PARTS:
            for field, value in row[name].items():
                assert line[f"{name}_{field}"] == ("" if value is None else str(value))


@pytest.mark.parametrize("path", ["shares", "women-and-men", "association"])
@pytest.mark.parametrize("asked", [{}, *FILTERS])
def test_nothing_hidden_has_a_number_in_json_or_csv(
    path: str, asked: dict[str, str], releases: Path
) -> None:
    if path == "women-and-men" and "gender" in asked:
        return
    answer = ask(releases, path, **asked)
    if answer.status_code == 422:
        return
    for row in answer.json()["rows"]:
        parts = [row] if path == "shares" else [p for p in row.values() if isinstance(p, dict)][1:]
        for part in parts:
            figures = {name: v for name, v in part.items() if name not in ("question", "group")}
            status = figures.pop("status")
            assert (status == "hidden") == all(value is None for value in figures.values())
            assert figures.get("n") is None or figures["n"] % 5 == 0
    for line in rows(ask(releases, path, format="csv", **asked)):
        for name, value in line.items():
            prefix = name.rpartition("_")[0]
            if name.endswith("status") and value == "hidden":
                own = [n for n in line if n.rpartition("_")[0] == prefix and n != name]
                numbers = [n for n in own if n.rpartition("_")[2] in (*ESTIMATE, "points", "ratio")]
                assert numbers
                assert not any(line[n] for n in numbers)


def test_a_federation_in_its_region_is_the_federation(releases: Path) -> None:
    both = ask(releases, "shares", region="20", federation="borlange").json()
    assert both["rows"] == ask(releases, "shares", federation="borlange").json()["rows"]


def test_a_federation_outside_the_chosen_region_is_refused(releases: Path) -> None:
    body = refusal(ask(releases, "shares", region="14", federation="halland"), 422)
    assert body["error"] == "contradictory_selection"
    assert "halland" in body["message"]


def test_a_fault_that_nobody_foresaw_is_said_in_swedish(
    releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fovdata.figures.shares.shares", lambda *_: 1 / 0)
    body = refusal(ask(releases, "shares"), 500)
    assert body == {"error": "failed", "message": "Något gick fel. Försök igen senare."}


def test_coverage_gives_the_whole_registry(releases: Path, registry: Registry) -> None:
    answer = ask(releases, "coverage").json()
    assert answer["totals"] == {
        "federations": 40,
        "memberships": 158,
        "municipalities": 156,
        "regions": 17,
    }
    assert len(answer["federations"]) == 40
    assert len(answer["memberships"]) == 158
    assert len({row["municipality"] for row in answer["memberships"]}) == 156
    assert len([region for region in answer["regions"] if region["joined"]]) == 17
    assert answer["regions"][0] == {
        "code": "01",
        "name": "Region Stockholm",
        "county": "Stockholms län",
        "joined": True,
        "answers": answer["regions"][0]["answers"],
    }
    by_slug = {row["federation"]: row for row in answer["federations"]}
    assert by_slug["halland"] == {
        "federation": "halland",
        "name": "Halland",
        "region": "13",
        "group": "pilot",
        "year_joined": 2019,
        "year_certainty": "stated",
        "status": "answers_shown",
    }
    assert by_slug["umearegionen"]["year_joined"] is None
    assert {by_slug[slug]["status"] for slug in ("falun", "kalmar-lan")} == {"joined"}
    varberg = {"federation": "halland", "municipality": "1383", "name_in_source": "Varberg"}
    assert varberg in answer["memberships"]
    assert [row["federation"] for row in rows(ask(releases, "coverage", format="csv"))] == [
        federation.slug for federation in registry.federations
    ]


def test_a_federation_has_the_status_answers_shown_from_20_answers(
    releases: Path, release: Release
) -> None:
    found = ask(releases, "coverage").json()["federations"]
    for row in found:
        (answers,) = shares.number_of_answers(release, Selection(federation=(row["federation"],)))
        assert (row["status"] == "answers_shown") == (answers.n is not None)


def test_a_membership_that_has_ended_is_left_out(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.ROOT / "data" / "registry", tmp_path / "register")
    file = tmp_path / "register" / "memberships.csv"
    running = "halland,1383,Varberg,,"
    text = file.read_text(encoding="utf-8")
    assert running in text
    file.write_text(text.replace(running, f"{running}2021-12-31"), encoding="utf-8")
    monkeypatch.setenv("FOV_REGISTRY", str(tmp_path / "register"))
    answer = ask(releases, "coverage").json()
    assert len(answer["memberships"]) == answer["totals"]["memberships"] == 157
    assert "1383" not in {row["municipality"] for row in answer["memberships"]}


def test_a_region_has_the_answers_of_the_page_or_none(
    releases: Path, release: Release, registry: Registry
) -> None:
    found = {row["code"]: row["answers"] for row in ask(releases, "coverage").json()["regions"]}
    assert found == {one.region.code: one.answers for one in coverage.regions(release, registry)}
    assert None in found.values()
    assert all(n % 5 == 0 and n >= 20 for n in found.values() if n is not None)


def test_published_figures_each_carry_a_source_that_is_listed(releases: Path) -> None:
    answer = ask(releases, "published").json()
    listed = {source["id"] for source in answer["sources"]}
    for name, table in answer.items():
        assert table
        if name not in ("sources", "support"):  # 112 needs none
            assert {row["source"] for row in table} <= listed
    women = {
        "question": "q1",
        "gender": "kvinna",
        "year": 2022,
        "share": 52,
        "n": 2100,
        "source": "S-REP",
    }
    assert women in answer["shares"]
    assert len(rows(ask(releases, "published", format="csv"))) == sum(
        len(row) for table in answer.values() for row in table
    )


@pytest.mark.parametrize(
    ("parameter", "value", "known"),
    [
        ("by", "q1", "gender"),
        ("by", "", "gender"),
        ("format", "xml", "csv"),
        ("format", "JSON", "json"),
        ("period", "1999", "2022"),
        ("region", "99", "17"),
        ("federation", "Falun", "falun"),
        ("gender", "Kvinna", "kvinna"),
        ("age", "16–24", "16-24"),
        ("age", "ovrig", "16-24"),
        ("authority", "", "fk"),
    ],
)
def test_an_unknown_value_is_refused_with_the_allowed_ones(
    parameter: str, value: str, known: str, releases: Path
) -> None:
    body = refusal(ask(releases, "shares", **{parameter: value}), 422)
    assert body["error"] == "unknown_value"
    assert known in body["allowed"]
    assert known in body["message"]
    assert parameter in body["message"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"region": "17", "gender": "man", "by": "age"},
        {"federation": "halland", "by": "age"},
        {"federation": "halland", "period": "2021"},
        {"federation": "halland", "by": "period"},
        {"federation": "halland", "by": "region"},
        {"gender": "annat", "by": "age"},
        {"gender": "annat", "region": "17"},
        dict.fromkeys(("region",), "17") | {"period": "2022", "age": "25-34"},
    ],
)
def test_a_combination_that_is_not_offered_is_refused_in_swedish(
    parameters: dict[str, str], releases: Path
) -> None:
    answer = ask(releases, "shares", **parameters)
    assert refusal(answer, 422) == {
        "error": "combination_not_offered",
        "message": f"{NOT_OFFERED}.",
    }
    assert ask(releases, "shares", format="csv", **parameters).json() == answer.json()


def test_a_federation_s_single_years_answer_where_they_are_offered(serve: Serve) -> None:
    # 3 years and 40 federations are 120 groups, of 1 each.
    call = serve(
        """
        times federation year q1
        30    halland    2022 ja
        25    halland    2021 ja
        20    halland    2020 nej
        45    hoganas    2021 nej
        """
    )
    split = call("shares", by="period", federation="halland")["rows"]
    years = {one["group"]["period"]: one["n"] for one in split if one["question"] == "q1"}
    assert years == {"2020": 20, "2021": 25, "2022": 30}
    (one, *_) = call("shares", period="2021", federation="halland")["rows"]
    assert (one["question"], one["n"]) == ("q1", 25)


def test_the_third_gender_answer_is_shown_for_the_whole_country(releases: Path) -> None:
    answer = ask(releases, "shares", gender="annat").json()
    assert answer["n_total"] >= 20
    assert len(answer["rows"]) == 7


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_parameter_is_refused(path: str, releases: Path) -> None:
    body = refusal(ask(releases, path, question="q1"), 422)
    assert body["error"] == "unknown_parameter"
    assert "format" in body["allowed"]


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [("shares", "format", "csv"), ("association", "by", "gender"), ("coverage", "format", "json")],
)
def test_a_parameter_that_may_stand_once_is_refused_twice(
    path: str, parameter: str, value: str, releases: Path
) -> None:
    body = refusal(ask(releases, path, **{parameter: [value, value]}), 422)
    assert body["error"] == "repeated_parameter"


@pytest.mark.parametrize("path", ["women-and-men", "association", "coverage", "published"])
def test_what_a_call_cannot_use_is_unknown_to_it(path: str, releases: Path) -> None:
    name = {"women-and-men": "gender", "association": "forms"}.get(path, "region")
    assert refusal(ask(releases, path, **{name: "17"}), 422)["error"] == "unknown_parameter"


def test_health_answers_in_json_only(releases: Path) -> None:
    body = refusal(ask(releases, "health", format="csv"), 422)
    assert (body["error"], body["allowed"]) == ("unknown_value", ["json"])


def test_a_filter_may_hold_every_category_once_and_no_more(
    releases: Path, release: Release
) -> None:
    every = list(release.categories["federation"])
    assert ask(releases, "shares", federation=every).status_code == 200
    assert ask(releases, "shares", federation=[*every[1:], every[1]]).status_code == 200
    body = refusal(ask(releases, "shares", federation=[*every, every[0]]), 422)
    assert body["error"] == "repeated_parameter"
    assert str(len(every)) in body["message"]


def test_an_address_that_is_too_long_is_refused_before_it_is_read(releases: Path) -> None:
    begun = time.perf_counter()
    body = refusal(ask(releases, "shares", region=["17"] * 5_000), 414)
    assert body == {"error": "too_long", "message": "Adressen är för lång."}
    assert time.perf_counter() - begun < 1  # most of it in the test's own hands
    everything = {d: list(release_codes(releases, d)) for d in DIMENSIONS}
    assert len(str(httpx.QueryParams(everything))) < parameters.LONGEST / 2


def release_codes(releases: Path, dimension: str) -> Sequence[str]:
    """Every code of a filter, as a refusal lists them."""
    allowed: list[str] = ask(releases, "shares", **{dimension: "?"}).json()["allowed"]
    return allowed


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [*PATHS, "openapi.json"])
def test_the_api_can_only_be_read(method: str, path: str, releases: Path) -> None:
    answer = ask(releases, path, method)
    assert refusal(answer, 405)["error"] == "method_not_allowed"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path", ["", "nothing", "shares/", "shares/q1", "..\\..\\passwd", "\0", "Shares"]
)
def test_an_unknown_address_is_not_found_in_the_same_shape(path: str, releases: Path) -> None:
    assert refusal(ask(releases, path), 404)["error"] == "not_found"


@pytest.mark.parametrize("path", ["health", "shares", "women-and-men", "association", "coverage"])
def test_without_a_release_the_api_says_so(path: str, tmp_path: Path) -> None:
    body = refusal(ask(tmp_path, path), 503)
    assert "Det finns ingen utgåva" in body["message"]


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        *((path, {}, 200) for path in (*PATHS, "openapi.json")),
        *(("shares", {"format": kind}, 200) for kind in ("csv", "json-stat")),
        ("shares", {"region": "99"}, 422),
        ("shares", {"federation": "halland", "by": "age"}, 422),
        ("nowhere", {}, 404),
    ],
)
def test_nobody_keeps_an_answer_without_asking_whether_there_is_a_newer(
    path: str, asked: dict[str, str], status: int, releases: Path
) -> None:
    answer = ask(releases, path, **asked)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-cache"


def test_no_refusal_is_kept_when_it_is_over(tmp_path: Path) -> None:
    for path, method in (("shares", "GET"), ("shares", "POST")):
        assert ask(tmp_path, path, method).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "asked", "looks"),
    [
        ("shares", {"region": "17", "federation": "samspelet", "by": "gender"}, 1),
        ("shares", {"period": "2021", "region": "17"}, 1),
        ("association", {"region": "99"}, 1),
        ("coverage", {}, 1),
        ("published", {}, 0),
    ],
)
def test_a_request_is_answered_by_one_release_from_end_to_end(
    path: str,
    asked: dict[str, str],
    looks: int,
    releases: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def look(folder: Path) -> Release:
        seen.append(folder)
        return current(folder)

    monkeypatch.setattr(parameters, "current", look)
    ask(releases, path, **asked)
    assert seen == [releases] * looks


def test_a_damaged_release_is_said_not_served(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases / "1", tmp_path / "1")
    (tmp_path / "1" / "counts.parquet").write_bytes(b"PAR1")
    body = refusal(ask(tmp_path, "shares"), 503)
    assert "skadad" in body["message"] or "ändrad" in body["message"]


def test_a_damaged_registry_is_said_not_served(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.ROOT / "data" / "registry", tmp_path / "register")
    (tmp_path / "register" / "regions.csv").write_text("code\n1\n")
    monkeypatch.setenv("FOV_REGISTRY", str(tmp_path / "register"))
    assert ask(releases, "coverage").status_code == 503


def test_published_figures_need_no_release(tmp_path: Path) -> None:
    assert ask(tmp_path, "published").status_code == 200


KNOWN = {
    "by": (*SPLITS, "forms"),
    "format": ("json", "csv", "json-stat"),
    "period": ("2021", "2022"),
    "region": ("01", "17", "14"),
    "federation": ("falun", "halland", "kalmar-lan"),
    "gender": ("kvinna", "man", "annat"),
    "age": ("16-24", "55-64", "ovrig"),
    "authority": ("fk", "region"),
}
anything = st.text(max_size=12)
soup = st.dictionaries(
    st.sampled_from(tuple(KNOWN)) | anything,
    st.lists(st.sampled_from(sum(KNOWN.values(), ())) | anything, max_size=3),
    max_size=4,
)
likely = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(v), max_size=2) for name, v in KNOWN.items()}
)


@effort(max_examples=200, deadline=None)
@given(
    # Dots and line breaks lead out of the API's part of the address.
    path=st.sampled_from([*PATHS, "openapi.json"])
    | st.text(st.characters(exclude_characters=".\n", codec="utf-8"), max_size=12),
    parameters=soup | likely,
)
def test_whatever_is_asked_the_answer_is_figures_or_a_refusal_with_a_reason(
    path: str, parameters: dict[str, list[str]], releases: Path
) -> None:
    answer = ask(releases, path, **parameters)
    assert answer.status_code < 500
    if answer.status_code == 200:
        found = answer.json().get("rows", ()) if parameters.get("format") != ["csv"] else ()
        for row in found:
            if path == "shares":
                check_types(row)
    else:
        refusal(answer, answer.status_code)


@pytest.mark.parametrize(
    ("path", "selection", "by", "address"),
    [
        ("shares", Selection(), "none", "/api/v1/shares"),
        ("coverage", Selection(), (), "/api/v1/coverage"),
        (
            "shares",
            Selection(region=("17",)),
            "gender",
            "/api/v1/shares?by=gender&region=17",
        ),
        (
            "association",
            Selection(age=("25-34",), region=("18", "17")),
            "none",
            "/api/v1/association?region=18&region=17&age=25-34",
        ),
        ("shares", Selection(), ("gender", "age"), "/api/v1/shares?by=gender&by=age"),
    ],
)
def test_a_selection_has_an_address(
    path: str, selection: Selection, by: str | tuple[str, ...], address: str
) -> None:
    assert api.address(path, selection, by) == address


@pytest.mark.parametrize("asked", FILTERS)
def test_the_address_of_a_selection_leads_to_its_figures(
    asked: dict[str, str], releases: Path, registry: Registry
) -> None:
    query = httpx.URL(api.address("shares", selected(asked))).params
    answer = ask(releases, "shares", **{name: query.get_list(name) for name in query})
    assert answer.json()["selection"] == selected(asked).words(registry)
