"""The API: the figures of the pages for programs, and its refusals."""

import csv
import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pages_under_test import ask, visit

from fovdata import questionnaire as form
from fovdata import settings, wording
from fovdata.dashboard.navigation import PAGES
from fovdata.figures import shares
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.rules import NOT_OFFERED, STANDING_NOTE, Status
from fovdata.selection import DIMENSIONS, Selection

START, COVERAGE, GENDER, EXPOSURE, METHOD = PAGES

SPLITS = ("none", *DIMENSIONS)
ESTIMATE = ("status", "n", "share", "low", "high", "limit")


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
    monkeypatch.setattr("fovdata.api.share_figures.shares", lambda *_: 1 / 0)
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
        ("format", "xml", "csv"),
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
        {"federation": "halland", "period": "2022"},
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


def test_the_third_gender_answer_is_shown_for_the_whole_country(releases: Path) -> None:
    answer = ask(releases, "shares", gender="annat").json()
    assert answer["n_total"] >= 20
    assert len(answer["rows"]) == 7


@pytest.mark.parametrize("path", ["health", "shares", "coverage", "published"])
def test_an_unknown_parameter_is_refused(path: str, releases: Path) -> None:
    body = refusal(ask(releases, path, question="q1"), 422)
    assert body["error"] == "unknown_parameter"
    assert "format" in body["allowed"]


@pytest.mark.parametrize("parameter", ["by", "format"])
def test_a_parameter_that_may_stand_once_is_refused_twice(parameter: str, releases: Path) -> None:
    value = {"by": "gender", "format": "csv"}[parameter]
    body = refusal(ask(releases, "shares", **{parameter: [value, value]}), 422)
    assert body["error"] == "repeated_parameter"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["health", "shares", "coverage", "published"])
def test_the_api_can_only_be_read(method: str, path: str, releases: Path) -> None:
    answer = ask(releases, path, method)
    assert refusal(answer, 405)["error"] == "method_not_allowed"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["", "nothing", "shares/q1", "..\\..\\passwd", "\0", "Shares"])
def test_an_unknown_address_is_not_found_in_the_same_shape(path: str, releases: Path) -> None:
    assert refusal(ask(releases, path), 404)["error"] == "not_found"


@pytest.mark.parametrize("path", ["health", "shares", "coverage"])
def test_without_a_release_the_api_says_so(path: str, tmp_path: Path) -> None:
    body = refusal(ask(tmp_path, path), 503)
    assert "Det finns ingen utgåva" in body["message"]


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
    "by": SPLITS,
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
    path=st.sampled_from(["shares", "health", "coverage", "published"])
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
            check_types(row)
    else:
        refusal(answer, answer.status_code)
