"""The pages, each declared once: what it is called, where it is and which filters it follows."""

from dataclasses import dataclass
from pathlib import Path

from fovdata.settings import ROOT

SITE = "Frågor om våld"


@dataclass(frozen=True)
class Page:
    """A page of the dashboard.

    ``filters`` are the dimensions it can follow, at most ``at_once`` of them together, and
    ``split`` those that its main card splits by: together they must be an offered combination.
    A page that ``asks`` draws its filters itself, and follows one category of each. One that
    stands ``aside`` is linked to at every page's foot instead of in the menu.
    """

    file: str
    title: str
    url: str
    filters: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    at_once: int = 1
    asks: bool = False
    aside: bool = False

    @property
    def path(self) -> Path:
        """The page's script."""
        return ROOT / "pages" / self.file


PAGES = (
    Page("oversikt.py", "Översikt", ""),
    Page("tackning.py", "Täckning", "tackning", filters=("region",)),
    Page(
        "kon.py",
        "Kön",
        "kon",
        filters=("period", "region", "federation", "age", "authority"),
        split=("gender",),
    ),
    Page(
        "utsatthet.py",
        "Utsatthet",
        "utsatthet",
        filters=("period", "region", "federation", "gender", "age", "authority"),
    ),
    Page(
        "forbund.py",
        "Förbund",
        "forbund",
        filters=("federation", "gender"),
        at_once=2,
        asks=True,
    ),
    Page("jamfor.py", "Jämför", "jamfor"),
    Page(
        "presentation.py",
        "Presentation",
        "presentation",
        filters=("federation",),
        asks=True,
    ),
    Page("metod.py", "Metod och data", "metod"),
    Page("lamna_in.py", "Lämna in svar", "lamna-in"),
    Page("ordlista.py", "Ordlista", "ordlista", aside=True),
    Page("tillganglighet.py", "Tillgänglighet", "tillganglighet", aside=True),
)
"""In the order of the menu; the first is the start page."""
