"""The page on handing in answers hands out the template, says what is kept, and takes nothing."""

from pathlib import Path

from pages_under_test import File, Visit, visit
from streamlit.testing.v1 import AppTest

from fovdata import questionnaire as form
from fovdata import template
from fovdata.dashboard import handing_in
from fovdata.dashboard.navigation import PAGES
from fovdata.registry import Registry
from fovdata.rules import Rules

(HANDING_IN,) = (page for page in PAGES if page.url == "lamna-in")


def the_file(seen: Visit) -> File:
    (file,) = seen.files
    return file


def choose_halland(app: AppTest) -> None:
    app.selectbox(key="mallens-forbund").select("halland")


def test_the_page_hands_out_the_template(releases: Path, registry: Registry) -> None:
    file = the_file(visit(releases, HANDING_IN, "no filter"))
    assert file.name == "fov-mall.xlsx"
    assert file.content == template.workbook(registry)


def test_a_federation_can_have_a_template_of_its_own(releases: Path, registry: Registry) -> None:
    file = the_file(visit(releases, HANDING_IN, "no filter", choose_halland))
    assert file.name == "fov-mall-halland.xlsx"
    assert file.content == template.workbook(registry, "halland")


def test_the_page_takes_nothing_in_and_says_so(releases: Path) -> None:
    seen = visit(releases, HANDING_IN, "no filter")
    taking = ("file_uploader", "text_input", "text_area", "chat_input", "camera_input")
    assert not [kind for kind in taking if seen.app.get(kind)]
    (said,) = [info.value for info in seen.app.info]
    assert "tar inte emot några svar" in said
    assert "NNS" in said


def test_the_table_says_of_every_field_what_is_kept(releases: Path) -> None:
    (table,) = visit(releases, HANDING_IN, "no filter").app.table
    kept = dict(zip(table.value["På formuläret"], table.value["Det här sparas"], strict=True))
    assert list(kept) == [*(field.label for field in form.FIELDS), "Fråga 1–7"]
    assert [label for label, what in kept.items() if what == "ingenting"] == ["Ort", "Verksamhet"]
    assert kept["Datum"].startswith("år och halvår")
    assert kept["Ålder"].startswith("åldersgruppen: 16–24 år, ")
    assert kept["Kön"].endswith("Kvinna, Man eller Vill inte svara/inget svarsalternativ passar")
    assert kept["Fråga 1–7"] == "Ja, Nej eller ej besvarad"


def test_what_may_never_be_in_a_file_is_named(releases: Path) -> None:
    seen = visit(releases, HANDING_IN, "no filter")
    (said,) = [one.value for one in seen.app.markdown if one.value.startswith("Skriv aldrig")]
    assert "namn, personnummer, telefonnummer eller e-postadresser" in said


def test_a_file_is_kept_for_as_long_as_something_may_be_mended_in_it(releases: Path) -> None:
    seen = visit(releases, HANDING_IN, "no filter")
    (said,) = [one.value for one in seen.app.markdown if one.value.startswith("Upptäcker du")]
    assert template.KEEP in said


def test_a_link_leads_to_how_answers_are_protected(releases: Path) -> None:
    links = visit(releases, HANDING_IN, "no filter").app.main.page_link
    first, *_of_every_page = [(link.proto.label, link.proto.page) for link in links]
    assert first == ("Hur svaren skyddas: Metod och data", "metod")


def test_the_page_follows_the_rules() -> None:
    rules = Rules(batch=12, show=25)
    assert "minst tolv nya svar" in handing_in.way(rules)
    assert "minst tolv nya svar" in handing_in.shown(rules)
    assert "färre än 25 svar" in handing_in.shown(rules)
