"""What a server is installed from: every package pinned, with hashes, within what is asked for."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from fovdata.settings import ROOT

LOCK = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
PYTHONS = ("3.11", "3.12", "3.13")


def lines(text: str) -> Iterator[str]:
    """The lines that say something, those that go on joined."""
    for line in text.replace("\\\n", " ").splitlines():
        if said := line.partition("#")[0].strip():
            yield said


def asked() -> Sequence[Requirement]:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return [Requirement(line) for line in lines(text)]


def pinned() -> Mapping[str, list[tuple[Requirement, list[str]]]]:
    """By name, what the lock holds of a package: its pin for some Pythons, and the hashes."""
    found: dict[str, list[tuple[Requirement, list[str]]]] = defaultdict(list)
    for line in lines(LOCK):
        said, *hashes = line.split(" --hash=")
        requirement = Requirement(said)
        found[canonicalize_name(requirement.name)].append((requirement, hashes))
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("requirement", asked(), ids=str)
def test_what_is_asked_for_is_pinned_within_its_range(
    requirement: Requirement, python: str
) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    (pin,) = (
        one
        for one, _ in pinned()[canonicalize_name(requirement.name)]
        if one.marker is None or one.marker.evaluate(here)
    )
    (exact,) = pin.specifier
    assert exact.operator == "=="
    assert Version(exact.version) in requirement.specifier


def test_every_package_is_pinned_with_hashes() -> None:
    found = [one for several in pinned().values() for one in several]
    assert len(found) > len(asked())
    for requirement, hashes in found:
        assert [one.operator for one in requirement.specifier] == ["=="]
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", one) for one in hashes)


def test_what_is_built_for_a_machine_is_pinned_for_several() -> None:
    for name in ("numpy", "pyarrow", "duckdb", "pandas", "lxml", "typst"):
        assert all(len(hashes) >= 5 for _, hashes in pinned()[name]), name


def test_the_lock_names_no_index_no_file_and_the_command_that_made_it() -> None:
    assert not re.search(r"--(extra-)?index-url|--find-links|://|@ |^/", LOCK, re.MULTILINE)
    assert "make lock" in LOCK.splitlines()[1]
