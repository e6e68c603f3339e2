"""The story for a hall: what its scenes say, and the one document that shows them."""

import base64
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import lxml.html
import pytest
from conftest import Get, WriteAnswers
from leaking import altered, double, holds_an_answer_or_the_key, is_about_right
from lxml.html import HtmlElement
from pages_under_test import VERDICTS, ask, visit
from typer.testing import CliRunner, Result

from fovdata import keys, published, wording
from fovdata import questionnaire as form
from fovdata.__main__ import app
from fovdata.dashboard.navigation import PAGES
from fovdata.figures.release import Release, current
from fovdata.presentation import stage, story
from fovdata.presentation.scene import GrowthMap, Hundreds, Scene, Shares
from fovdata.presentation.story import SCENES, Telling
from fovdata.registry import Registry
from fovdata.release import building

(PAGE,) = (page for page in PAGES if page.title == "Presentation")
ADDRESS = "https://fov.example"
SOME = ("skaraborg", "sofint", "falun", "kalmar-lan")
"""Shown, small, too few answers, too few and alone in its region."""
ANSWERS = ("minst-ett-ja", "kvinnor-och-man", "hundra", "bevittnat", "forbund")
"""The scenes that rest on answers."""


@pytest.fixture
def telling(release: Release, registry: Registry) -> Telling:
    return Telling(release, registry, "skaraborg", ADDRESS)


def scene(telling: Telling, code: str) -> Scene:
    (found,) = story.deck(telling, [code]).scenes
    return found


def opened(telling: Telling, *codes: str) -> HtmlElement:
    return lxml.html.fromstring(stage.document(story.deck(telling, codes)))


def of_class(page: HtmlElement, name: str) -> list[HtmlElement]:
    return page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_story_has_a_thought_a_source_and_words_for_the_speaker_in_every_scene(
    telling: Telling,
) -> None:
    deck = story.deck(telling)
    assert [one.code for one in deck.scenes] == [*SCENES]
    assert 8 <= len(deck.scenes) <= 12
    for one in deck.scenes:
        assert "" not in (one.title, one.source, *one.notes), one.code
        assert one.notes, one.code
    assert deck.scenes[0].title == "Det här handlar om våld och sexuella kränkningar"
    assert str(published.support("stödlinje")[0].phone) in text(opened(telling, "stod"))


@pytest.mark.parametrize("code", ANSWERS)
def test_a_scene_of_answers_says_whose_how_many_from_where_and_that_they_are_synthetic(
    code: str, telling: Telling
) -> None:
    found = scene(telling, code)
    assert re.search(r"ca\s[\d\s]+", found.source)
    assert "FOV, första gången" in found.source
    assert "Utgåva\N{NO-BREAK SPACE}1, " in found.source
    (mark,) = of_class(opened(telling, code), "mark")
    assert mark.text == "Syntetiska svar"


def test_real_answers_carry_no_mark(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    key, real = tmp_path / "nyckel", tmp_path / "utgåvor"
    keys.make(key, real)
    answers = write_answers("times gender\n 100 kvinna\n 100 man", data="real")
    building.build(answers, real, tmp_path / "liggare", registry, key)
    telling = Telling(current(real), registry, "halland", ADDRESS)
    assert "yntetisk" not in text(opened(telling))


def test_scenes_come_in_the_order_asked_for_and_unknown_ones_are_passed_over(
    telling: Telling,
) -> None:
    found = story.deck(telling, ["hundra", "hund", "karta", "hundra", ""])
    assert [one.code for one in found.scenes] == ["hundra", "karta"]
    assert len(story.deck(telling, ["hund"]).scenes) == len(SCENES)


def test_the_shares_of_women_and_men_are_the_api_s(telling: Telling, releases: Path) -> None:
    said = ask(releases, "women-and-men").json()["rows"][: len(form.KINDS)]
    body = scene(telling, "kvinnor-och-man").body
    assert isinstance(body, Shares)
    for row, its in zip(body.rows, said, strict=True):
        assert row.name == wording.question(its["question"])
        for (_, shown), part in zip(row.lanes, (its["women"], its["men"]), strict=True):
            assert (shown.share, shown.low, shown.high) == _interval(part)
        assert row.said.startswith(wording.signed(its["difference"]["points"]))


def test_a_hundred_figures_and_witnessed_violence_are_the_api_s(
    telling: Telling, releases: Path
) -> None:
    said = ask(releases, "association").json()["rows"]
    hundred, witnessed = (scene(telling, code).body for code in ("hundra", "bevittnat"))
    assert isinstance(hundred, Hundreds)
    assert isinstance(witnessed, Shares)
    sides = [share.share for _, share in hundred.sides]
    assert sides == [said[0]["yes"]["share"], said[0]["no"]["share"]]
    drawn = [one.xpath(".//use") for one in of_class(opened(telling, "hundra"), "people")]
    assert [len(figures) for figures in drawn] == [100, 100]
    filled = [[one for one in figures if one.get("class") == "filled"] for figures in drawn]
    assert [len(figures) for figures in filled] == sides
    for row, its in zip(witnessed.rows, said, strict=True):
        for (_, shown), part in zip(row.lanes, (its["yes"], its["no"]), strict=True):
            assert (shown.share, shown.low, shown.high) == _interval(part)


@pytest.mark.parametrize("slug", SOME)
def test_a_federation_is_shown_or_hidden_as_by_the_api(
    slug: str, telling: Telling, releases: Path
) -> None:
    said = ask(releases, "comparison", federation=slug).json()["rows"]
    body = scene(replace(telling, federation=slug), "forbund").body
    assert isinstance(body, Shares)
    for row, its in zip(body.rows, said, strict=True):
        lanes = {series.colour: share for series, share in row.lanes}
        country = lanes["country"]
        assert (country.share, country.low, country.high) == _interval(its["country"])
        if "federation" in lanes:
            assert lanes["federation"].share == its["federation"]["share"]
            assert row.said == VERDICTS[its["verdict"]]
        else:
            assert its["federation"]["status"] == "hidden"
            assert row.said == ""
    assert ("federation" in lanes) == (slug not in ("falun", "kalmar-lan"))


def _interval(part: Mapping[str, Any]) -> tuple[int, int, int]:
    return part["share"], part["low"], part["high"]


def test_the_map_grows_group_by_group_to_what_the_registry_says(
    telling: Telling, registry: Registry
) -> None:
    body = scene(telling, "karta").body
    assert isinstance(body, GrowthMap)
    totals = [registry.totals(group.code) for group in registry.groups]
    for number, (step, total) in enumerate(zip(body.steps, totals, strict=True), 1):
        assert sum(joined <= number for joined in body.joined.values()) == total.municipalities
        values = [int(value) for value, _ in step.figures]
        assert values == [total.federations, total.municipalities, total.regions]
    (drawn,) = of_class(opened(telling, "karta"), "map")
    paths = drawn.xpath("path")
    assert len(paths) == len(registry.municipalities)
    assert len([one for one in paths if one.get("data-joined")]) == totals[-1].municipalities


def test_a_release_that_is_too_small_says_so_scene_by_scene(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    few = tmp_path / "utgåvor"
    building.build(write_answers("times\n30"), few, tmp_path / "liggare", registry)
    release = current(few)
    telling = Telling(release, registry, story.usual_federation(release), ADDRESS)
    deck = story.deck(telling)
    assert len(deck.scenes) == len(SCENES)
    assert scene(telling, "kvinnor-och-man").title == "Kvinnor och män: för få svar ännu"
    assert stage.document(deck)


HOSTILE = '<script>alert(1)</script>"](javascript:alert(1))\N{RIGHT-TO-LEFT OVERRIDE}=1+1'


def test_a_name_is_text_whatever_it_holds(telling: Telling, registry: Registry) -> None:
    named = replace(
        registry,
        federations=tuple(
            replace(one, name=HOSTILE) if one.slug == "skaraborg" else one
            for one in registry.federations
        ),
    )
    page = opened(replace(telling, registry=named), "forbund")
    assert HOSTILE in page.xpath("//h1")[0].text
    assert len(page.xpath("//script")) == 1


def test_the_document_runs_its_own_style_and_script_only_and_loads_nothing(
    telling: Telling,
) -> None:
    html = stage.document(story.deck(telling))
    page = lxml.html.fromstring(html)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        (element,) = page.xpath(f"//{kind}")
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not page.xpath("//*[@style]")
    loaded = [*page.xpath("//@src"), *page.xpath("//link/@href"), *page.xpath("//use/@href")]
    assert {one.split(",")[0] for one in loaded} <= {"#person", "data:"}
    assert page.xpath("//a/@href") == ["https://www.smhi.se/"]
    assert len(html.encode()) < 3_000_000
    assert page.get("lang") == "sv"


def test_the_code_leads_to_the_dashboard_and_is_drawn_without_asking_anybody(
    telling: Telling,
) -> None:
    page = opened(telling, "stod")
    (code,) = page.xpath("//figure/*[local-name()='svg']")
    assert ADDRESS in code.text_content()
    assert page.xpath("//figcaption")[0].text == ADDRESS
    (modules,) = of_class(code, "qrline")
    assert len(modules.get("d")) > 500


@pytest.mark.parametrize("slug", SOME)
def test_the_same_story_is_the_same_document_whatever_is_hidden(
    slug: str, releases: Path, registry: Registry, tmp_path: Path
) -> None:
    twin = altered(releases, tmp_path, double)
    made = [
        stage.document(story.deck(Telling(current(folder), registry, slug, ADDRESS)))
        for folder in (releases, twin, releases)
    ]
    assert made[0] == made[1] == made[2]
    assert not holds_an_answer_or_the_key(made[0])


@pytest.mark.parametrize("slug", SOME)
def test_no_number_of_answers_is_exact_in_the_document(slug: str, telling: Telling) -> None:
    page = opened(replace(telling, federation=slug))
    for about in re.findall(r"\bca\s(\d[\d\s]*)", text(page)):
        assert is_about_right(int(re.sub(r"\D", "", about)))


@pytest.fixture
def served(releases: Path, monkeypatch: pytest.MonkeyPatch, get: Get) -> Get:
    monkeypatch.setenv("FOV_RELEASE", str(releases))
    return get


def test_the_address_chooses_scenes_and_federation(served: Get) -> None:
    answer = served("/presentation?scen=2&scener=karta,forbund,nej&federation=halland")
    assert answer.status_code == 200
    page = lxml.html.fromstring(answer.text)
    assert [one.get("id") for one in of_class(page, "scene")] == ["karta", "forbund"]
    assert text(page.xpath("//h1")[1]).startswith("Halland")
    assert "stApp" not in answer.text
    whole = lxml.html.fromstring(served("/presentation?scen=1&federation=").text)
    assert len(of_class(whole, "scene")) == len(SCENES)
    assert whole.xpath("//figcaption")[0].text == "http://localhost"
    assert "<section" not in served("/presentation").text


def test_another_federation_s_figures_do_not_stand_in_for_one_that_does_not_exist(
    served: Get,
) -> None:
    answer = served("/presentation?scen=9&federation=<b>kalmar")
    assert answer.status_code == 404
    assert "Förbundet i länken finns inte" in answer.text


@pytest.mark.parametrize("said", ["https://fov.example/", "fov.example"])
def test_the_address_that_readers_have_is_the_code_s(
    said: str, served: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_ADDRESS", said)
    assert ">https://fov.example<" in served("/presentation?scen=1").text


def test_without_a_release_the_stage_says_so(
    served: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path))
    answer = served("/presentation?scen=1")
    assert answer.status_code == 503
    assert "Sidan går inte att visa" in answer.text


def test_the_page_hands_out_what_it_shows(releases: Path) -> None:
    seen = visit(releases, PAGE, "a federation of 34 to 75")
    (html,) = (file for file in seen.files if file.name == "fov-presentation-sofint.html")
    assert "SOFINT" in html.content.decode()
    assert [box.value for box in seen.app.checkbox] == [True] * len(SCENES)
    (address,) = (code.value for code in seen.app.code)
    assert address.endswith("/presentation?scen=1&federation=sofint")


def command(*words: str, releases: Path) -> Result:
    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        return CliRunner().invoke(app, ["present", *words])


def test_the_command_writes_the_document_and_the_slides(
    tmp_path: Path, releases: Path, telling: Telling
) -> None:
    html, pptx = tmp_path / "sal.html", tmp_path / "sal.PPTX"
    done = command("--out", str(html), "--federation", "Skaraborg", releases=releases)
    assert done.exit_code == 0, done.stderr
    assert "FOV_ADDRESS" in done.stdout
    usual = replace(telling, address="http://localhost:8501")
    assert html.read_text(encoding="utf-8") == stage.document(story.deck(usual))
    assert (
        command("--out", str(pptx), "--scenes", "karta, hundra", releases=releases).exit_code == 0
    )
    assert pptx.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "a.pdf"], ".html eller .pptx"),
        (["--out", "a.html", "--scenes", "karta,hund"], "Scenen finns inte: hund."),
        (["--out", "a.html", "--federation", "skarabor"], "Menas skaraborg"),
        (["--out", "ingen/mapp/a.html"], "kunde inte skrivas"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(
    words: Sequence[str], said: str, releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command(*words, releases=releases)
    assert done.exit_code != 0
    assert said in done.stderr
    assert [*tmp_path.iterdir()] == []
