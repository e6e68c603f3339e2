"""Slow proofs write what they measured to pages in docs/."""

import datetime
from collections.abc import Iterator
from typing import Protocol

import pytest

from fovdata.settings import ROOT

_HEADS = {
    "simulations": """# Simulations

What the slow proofs measured. Made by `make test-long` on {date}; `make simulations` makes this
page alone.
""",
    "intruder": """# The intruder

What an intruder of the project's own finds out, who knows every rule and everybody's background
(year, federation, gender, age band, authority, how many times the form was filled in, which
questions were answered) and how common every way to answer the form is in the country, and lacks
only the key and the answers. All populations are synthetic. Made by `make test-long` on {date};
`python -m pytest -m long tests/long/test_intruder.py` makes this page alone.

- **Certain**: no other answer is possible, by the bound of the noise.
- **Strong**: what was seen is at least 19 times likelier if the answer is what the intruder says
  than if it is not; that lifts 50 per cent to 95. In brackets: so many of them are right. Noise
  that happens to fall that way gives a few; the limit is 15 in 15 000 for a release. For
  two that are compared it is 30, and the new answers, which are in one of them only, are counted
  by themselves below the table: more is said of them than of others.
- **Advantage**: right guesses of the intruder minus right guesses of somebody who guesses that
  everybody answered as most in the group did, as percentage points of all answers. The group is
  of the one table that is best for the question, chosen with the truth at hand. That a group's
  share says something of its members is what statistics are for; more must not be said of one of
  them. The limit is 5. **Over the country**: the same with the whole country as the only group.
- **Knows all others**: how often the last answer is guessed right by one who already knows every
  other answer in the country, the person's own others among them; Ja and Nej weigh the same.
""",
    "intake": """# The intake

What the slow proofs of the store measured. Made by `make test-long` on {date};
`python -m pytest -m long tests/long/test_batches.py` makes this page alone.
""",
}


class Recorded(Protocol):
    """Takes a section's title and text, and the page that it is for."""

    def __call__(self, title: str, text: str, page: str = "simulations") -> None:
        """Keep a section until its page is written."""


@pytest.fixture(scope="session")
def recorded() -> Iterator[Recorded]:
    """Prints sections and collects them; a page that has any is written when all have run."""
    pages: dict[str, dict[str, str]] = {}

    def record(title: str, text: str, page: str = "simulations") -> None:
        print(f"\n{title}\n\n{text}")
        pages.setdefault(page, {})[title] = text

    yield record
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    for page, sections in pages.items():
        body = "".join(f"\n## {title}\n\n{text}\n" for title, text in sorted(sections.items()))
        file = ROOT / "docs" / f"{page}.md"
        file.write_text(_HEADS[page].format(date=date) + body, encoding="utf-8")
