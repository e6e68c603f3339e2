"""The threat model names what is there: tests, and the files that stop an attack."""

import re

import pytest

from fovdata.settings import ROOT

MODEL = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in MODEL.splitlines()
    if re.match(r"\| (?!who |---)", line)
]
PATH = re.compile(r"`((?:tests|fovdata|deploy|\.streamlit)/[\w./-]+)`")


def test_every_attacker_is_told_with_what_stops_them_and_which_test_shows_it() -> None:
    assert len(ROWS) >= 10
    for row in ROWS:
        assert len(row) == 5
        assert all(row)
        shown = PATH.findall(row[4])
        assert shown
        assert all(path.startswith("tests/") for path in shown)


@pytest.mark.parametrize("path", sorted(set(PATH.findall(MODEL))))
def test_what_is_named_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("document", ["threat-model.md", "dependencies.md"])
def test_its_links_lead_somewhere(document: str) -> None:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)", text):
        if re.search(r":", link):
            continue  # an example of an attack
        assert (ROOT / "docs" / link).is_file(), link


def test_what_is_said_to_be_pinned_is_pinned() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    lock = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
    said = re.findall(r"\b([a-z][a-z0-9-]+) (\d+(?:\.\d+)+)(?=[ ,|])", text.partition("|---")[2])
    named = [(name, version) for name, version in said if f"\n{name}==" in lock]
    assert len(named) >= 15
    for name, version in named:
        assert f"\n{name}=={version}" in lock, name
