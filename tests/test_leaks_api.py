"""Every answer of the API is held against the protected counts: nothing leaks."""

import io
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from leaking import (
    CODE,
    SHOW,
    Protected,
    answers,
    calls,
    has_decimals,
    holds_an_answer_or_the_key,
    is_about_right,
    one_code_filters,
    questions_about_shares,
)

from fovdata import measures
from fovdata.figures.release import Release

ASSOCIATION = 100
"""Two questions together need so many answers; written out as the other limits are."""

NUMBERS = {
    "share": ("n", "share", "low", "high", "limit"),
    "points": ("points", "low", "high"),
    "ratio": ("ratio", "low", "high"),
}
"""What each kind of figure is made of, by the number that tells it from the others."""


@pytest.fixture(scope="module")
def protected(releases: Path) -> Protected:
    return Protected.of(releases)


def filters(parameters: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """The filters of a call that has one code of each."""
    return {name: codes[0] for name, codes in parameters.items() if name != "by"}


def check_n(n: int | None, protected: int) -> None:
    assert (n is None) == (protected < SHOW)
    assert n is None or (is_about_right(n) and abs(n - protected) <= 2)


def check_figure(figure: Mapping[str, Any]) -> None:
    """That a figure holds what its status says, rounded, and nothing else."""
    (kind,) = (kind for kind in NUMBERS if kind in figure)
    said = {name for name in NUMBERS[kind] if figure[name] is not None}
    expected = {
        "shown": {*NUMBERS[kind]} - {"limit"},
        "coded": {"n", "limit"},
        "hidden": set(),
    }[figure["status"]]
    assert said == expected
    assert figure.keys() <= {"question", "group", "status", "p", *NUMBERS[kind]}
    for name in said - {"limit"}:
        assert has_decimals(figure[name], 1 if kind == "ratio" else 0)
    if figure.get("share") is not None:
        assert 1 <= figure["share"] <= 99
    if figure.get("limit") is not None:
        assert int(figure["limit"][1:]) % 5 == 0
    if figure.get("p") is not None:
        assert figure["status"] == "shown"
        assert has_decimals(figure["p"], 2)


def is_shown(n: int, yes: int) -> bool:
    return n >= SHOW and CODE <= yes <= n - CODE


def test_no_group_under_20_is_shown_in_any_combination_that_is_offered(
    releases: Path, release: Release, protected: Protected
) -> None:
    hidden = shown = 0
    asked = (("shares", question) for question in questions_about_shares(release))
    for (_, parameters), _, response in answers(releases, asked, "json"):
        answer, chosen = response.json(), filters(parameters)
        check_n(answer["n_total"], protected.count(chosen, measures.ALL))
        for row in answer["rows"]:
            check_figure(row)
            n, yes = protected.share({**chosen, **row["group"]}, row["question"])
            check_n(row["n"], n)
            assert (row["status"] == "shown") == is_shown(n, yes)
            hidden += row["status"] == "hidden"
            shown += row["status"] == "shown"
    assert hidden > 1000, "there is something to hide"
    assert shown > 4000


def test_women_and_men_are_hidden_apart_and_their_difference_with_either(
    releases: Path, release: Release, protected: Protected
) -> None:
    asked = [("women-and-men", one) for one in one_code_filters(release, without="gender")]
    hidden = 0
    for (_, parameters), _, response in answers(releases, asked, "json"):
        if not response.is_success:
            assert response.json()["error"] == "combination_not_offered"
            continue
        for row in response.json()["rows"]:
            shown = []
            for part, gender in (("women", "kvinna"), ("men", "man")):
                check_figure(row[part])
                n, yes = protected.share({**filters(parameters), "gender": gender}, row["question"])
                check_n(row[part]["n"], n)
                shown.append(is_shown(n, yes))
            check_figure(row["difference"])
            assert (row["difference"]["status"] == "shown") == all(shown)
            hidden += not all(shown)
    assert hidden > 50


def test_two_questions_together_are_hidden_under_100_answers_and_with_a_row_under_20(
    releases: Path, release: Release, protected: Protected
) -> None:
    asked = [("association", one) for one in (*one_code_filters(release), {"by": ["gender"]})]
    hidden = 0
    for (_, parameters), _, response in answers(releases, asked, "json"):
        for row in response.json()["rows"]:
            group = {**filters(parameters), **row["group"]}
            n, *both = protected.rows(group, row["question"])
            large_enough = n >= ASSOCIATION and min(both) >= SHOW
            for part, its_n in zip(("yes", "no"), both, strict=True):
                check_figure(row[part])
                assert large_enough or row[part]["status"] == "hidden"
                check_n(row[part]["n"], its_n if row[part]["status"] != "hidden" else 0)
            compared = {row[part]["status"] for part in ("yes", "no")} == {"shown"}
            for part in ("difference", "ratio"):
                check_figure(row[part])
                assert (row[part]["status"] == "shown") == compared
            if "adjusted" in row:
                check_figure(row["adjusted"])
            hidden += not large_enough
    assert hidden > 100


def test_a_region_has_its_rounded_answers_or_none(releases: Path, protected: Protected) -> None:
    ((_, _, response),) = answers(releases, [("coverage", {})], "json")
    for region in response.json()["regions"]:
        n = protected.count({"region": region["code"]}, measures.ALL)
        check_n(region["answers"], n)
    for one in response.json()["federations"]:
        n = protected.count({"federation": one["federation"]}, measures.ALL)
        assert (one["status"] == "answers_shown") == (n >= SHOW)


def test_a_csv_says_what_the_json_says(releases: Path, release: Release) -> None:
    asked = [
        ("shares", question)
        for question in itertools.islice(questions_about_shares(release), 0, None, 9)
    ]
    pairs = zip(answers(releases, asked, "json"), answers(releases, asked, "csv"), strict=True)
    for (_, _, one), (_, _, other) in pairs:
        table = pd.read_csv(io.StringIO(other.text), dtype=str, keep_default_na=False)
        for row, expected in zip(table.to_dict("records"), one.json()["rows"], strict=True):
            assert row == {
                "question": expected["question"],
                **expected["group"],
                **{
                    name: "" if (value := expected[name]) is None else str(value)
                    for name in ("status", "n", "share", "low", "high", "limit")
                },
                "data": "synthetic",
                "release": "1",
            }


def test_no_answer_and_no_key_is_sent(releases: Path, release: Release) -> None:
    of_each = {path: (path, parameters) for path, parameters in calls(release)}
    for call, _, response in answers(releases, of_each.values(), "json", "csv", "json-stat"):
        assert not holds_an_answer_or_the_key(response.text), call


FAULTS = ("n|all = 17", "3f2a9c0e5b7d4a61")
"""What an error of the program's own might say: a count, a part of an id."""


def refusals(releases: Path) -> Iterator[Any]:
    asked = [
        ("shares", {"colour": ["red"]}),
        ("shares", {"gender": ["hund"]}),
        ("association", {"by": ["none", "gender"]}),
        ("shares", {"by": ["none", "age"]}),
        ("shares", {"region": ["14"], "federation": ["falun"]}),
        ("shares", {"federation": ["falun"], "age": ["25-34"]}),
        ("shares", {"region": ["1" * 9000]}),
        ("nothing", {}),
    ]
    for _, _, response in answers(releases, asked, "json"):
        assert response.is_client_error
        yield response.json()


def test_a_refusal_says_no_number_but_the_codes_it_allows(releases: Path) -> None:
    found = [*refusals(releases)]
    assert len({one["error"] for one in found}) == 7
    for one in found:
        assert one.keys() <= {"error", "message", "allowed"}
        words = one["message"].replace(", ".join(one.get("allowed", ())), "")
        assert not any(map(str.isdigit, words)), words


@pytest.mark.parametrize("error", [RuntimeError, KeyError, ValueError, OSError])
def test_a_fault_of_the_program_s_own_is_not_said_to_the_reader(
    error: type[Exception], releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error(*FAULTS)

    monkeypatch.setattr("fovdata.figures.shares.shares", fails)
    ((_, _, response),) = answers(releases, [("shares", {})], "json")
    assert response.status_code == 500
    assert json.dumps(response.json(), ensure_ascii=False) == (
        '{"error": "failed", "message": "Något gick fel. Försök igen senare."}'
    )
