"""The pages, each declared once: what it is called, where it is and which filters it follows."""

from dataclasses import dataclass
from pathlib import Path

from fovdata.settings import ROOT

SITE = "Frågor om våld"
STAGE = "/presentation"
SCENE = "scen"
"""The address's word for the scene that is shown: with it, the stage is asked for."""


@dataclass(frozen=True)
class Page:
    """A page of the dashboard.

    ``filters`` are the dimensions it can follow, at most ``at_once`` of them together, and
    ``split`` those that its main card splits by: together they must be an offered combination.
    Where a part of it is ``followed``, they draw that anew, and the rest stays as it is.
    A page that ``asks`` draws its filters itself, and follows one category of each. One that
    stands ``aside`` is linked to at every page's foot instead of in the menu. ``parts`` are what
    Streamlit draws it with, besides what it starts with, by the names of Streamlit's scripts.
    """

    file: str
    title: str
    url: str
    filters: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    at_once: int = 1
    followed: bool = False
    asks: bool = False
    aside: bool = False
    parts: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The page's script."""
        return ROOT / "pages" / self.file


_TEXT = ("PageLink",)
_TABLES = (*_TEXT, "Table")
_FILES = (*_TABLES, "DownloadButton")
_CARDS = (*_TEXT, "ArrowVegaLiteChart", "Html", "Checkbox")
"""A card's table and files are asked for, and what draws them then."""
_FILTERS = ("Multiselect", "Selectbox", "Button")

PAGES = (
    Page("oversikt.py", "Översikt", "", parts=(*_CARDS, "DownloadButton")),
    Page(
        "tackning.py",
        "Täckning",
        "tackning",
        filters=("region",),
        followed=True,
        parts=(
            *_CARDS,
            *_FILTERS,
            "DeckGlJsonChart",
            "Slider",
            "ButtonGroup",
        ),
    ),
    Page(
        "kon.py",
        "Kön",
        "kon",
        filters=("period", "region", "federation", "age", "authority"),
        split=("gender",),
        followed=True,
        parts=(*_CARDS, *_FILTERS, "DownloadButton"),
    ),
    Page(
        "utsatthet.py",
        "Utsatthet",
        "utsatthet",
        filters=("period", "region", "federation", "gender", "age", "authority"),
        followed=True,
        parts=(*_CARDS, *_FILTERS, "DownloadButton"),
    ),
    Page(
        "forbund.py",
        "Förbund",
        "forbund",
        filters=("federation", "gender"),
        at_once=2,
        followed=True,
        asks=True,
        parts=(*_CARDS, "DownloadButton", "Selectbox", "Slider", "ButtonGroup"),
    ),
    Page(
        "jamfor.py",
        "Jämför",
        "jamfor",
        parts=(*_CARDS, "DownloadButton", "Selectbox", "ButtonGroup"),
    ),
    Page(
        "presentation.py",
        "Presentation",
        "presentation",
        filters=("federation",),
        asks=True,
        parts=(
            *_FILES,
            *("Selectbox", "Checkbox", "Button", "IFrame", "LinkButton"),
            "StreamlitSyntaxHighlighter",
        ),
    ),
    Page("metod.py", "Metod och data", "metod", parts=_FILES),
    Page("lamna_in.py", "Lämna in svar", "lamna-in", parts=(*_FILES, "Selectbox")),
    Page("ordlista.py", "Ordlista", "ordlista", aside=True, parts=_TEXT),
    Page("tillganglighet.py", "Tillgänglighet", "tillganglighet", aside=True, parts=_TABLES),
)
"""In the order of the menu; the first is the start page."""
