"""Slow proofs write what they measured to docs/simulations.md."""

import datetime
from collections.abc import Callable, Iterator

import pytest

from fovdata.settings import ROOT

_HEAD = """# Simulations

What the slow proofs measured. Made by `make test-long` on {date}.
"""


@pytest.fixture(scope="session")
def recorded() -> Iterator[Callable[[str, str], None]]:
    """Collects a section's title and text; the page is written when all proofs have run."""
    sections: dict[str, str] = {}
    yield sections.__setitem__
    head = _HEAD.format(date=datetime.datetime.now(datetime.UTC).date().isoformat())
    body = "".join(f"\n## {title}\n\n{text}\n" for title, text in sorted(sections.items()))
    (ROOT / "docs" / "simulations.md").write_text(head + body, encoding="utf-8")
