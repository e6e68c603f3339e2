"""Every page under many addresses, drawn once, and everything that a browser or a program gets."""

import asyncio
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

import httpx
import pandas as pd
import pypdfium2
import streamlit as st
from lxml.html import HtmlElement, fragments_fromstring
from starlette.applications import Starlette
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Multiselect, Node

from fovdata import api, settings
from fovdata.dashboard import glossary, show
from fovdata.dashboard.navigation import Page

MAIN = settings.ROOT / "fovdata" / "dashboard" / "main.py"

Address = Mapping[str, Sequence[str]]
Codes = str | Sequence[str]

ADDRESSES: Mapping[str, Address] = {
    "no filter": {},
    "a year": {"period": ["2022"]},
    "a thin year": {"period": ["2019"]},
    "a region": {"region": ["17"]},
    "a federation over 100": {"federation": ["skaraborg"]},
    "a federation of 34 to 75": {"federation": ["sofint"]},
    "a federation under 20": {"federation": ["falun"]},
    "a federation without answers": {"federation": ["kalmar-lan"]},
    "a gender": {"gender": ["kvinna"]},
    "the third gender answer": {"gender": ["annat"]},
    "an age": {"age": ["25-34"]},
    "an authority": {"authority": ["fk"]},
    "several regions": {"region": ["17", "18"]},
    "several years": {"period": ["2022", "2021"]},
    "small federations together": {"federation": ["falun", "kalmar-lan"]},
    "all ages": {"age": ["16-24", "25-34", "35-44", "45-54", "55-64"]},
    "two filters": {"region": ["17"], "age": ["25-34"]},
    "a federation in its region": {"region": ["14"], "federation": ["skaraborg"]},
    "unknown codes": {"region": ["99", "<b>"], "period": ["1999"], "colour": ["red"]},
    "a known and an unknown code": {"region": ["17", "99"]},
}
"""The filters as they stand in an address, by what they are."""

VERDICTS = {
    "higher": "högre",
    "lower": "lägre",
    "no_certain_difference": "ingen säker skillnad",
    None: "prövas inte",
}
"""What the pages call the API's verdicts."""

Use = Callable[[AppTest], object]


@dataclass(frozen=True)
class File:
    """What a download button hands out, made when it is looked at."""

    label: str
    name: str
    make: Callable[[], bytes]

    @cached_property
    def content(self) -> bytes:
        """The file itself."""
        return self.make()

    @property
    def is_picture(self) -> bool:
        """Whether it is a card's picture: drawn of what the card has sent, and slowly."""
        return self.name.endswith((".png", ".svg"))

    @property
    def texts(self) -> Iterator[str]:
        """What it says, word for word; an Office file is a ZIP file of XML.

        Nothing of a picture, whose tests read it themselves.
        """
        if self.is_picture:
            return
        if self.name.endswith(".pdf"):
            yield from pages_of(self.content)
        elif self.name.endswith((".xlsx", ".pptx")):
            yield from _parts(self.content)
        else:
            yield self.content.decode("utf-8-sig")


def pages_of(pdf: bytes) -> Sequence[str]:
    """The words of each page of a PDF, which knows one kind of space only."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [re.sub(r"(?<=\d) (?=\d{3}\b)", "\N{NO-BREAK SPACE}", text) for text in texts]


def _parts(office: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(office)) as parts:
        for name in parts.namelist():
            part = parts.read(name)
            if name.endswith(".xlsx"):  # the numbers of a chart
                yield from _parts(part)
            elif name.endswith((".xml", ".rels")):
                yield part.decode()


@dataclass(frozen=True)
class Visit:
    """A page as it was sent to the browser, with the files behind its download buttons."""

    page: Page
    address: Address
    app: AppTest
    files: Sequence[File]

    @property
    def cards(self) -> Mapping[str, Block]:
        """The cards by name."""
        return {
            box.key.removeprefix("card-"): box
            for box in self.app.main.container
            if box.key and box.key.startswith("card-")
        }

    @property
    def charts(self) -> Sequence["Chart"]:
        """Every chart of the page."""
        return charts(self.app)

    @property
    def tables(self) -> Iterator[pd.DataFrame]:
        """Every table that was sent, the charts' data among them."""
        for value in self._sent:
            if isinstance(value, bytes):
                yield convert_arrow_bytes_to_pandas_df(value)

    @property
    def texts(self) -> Iterator[str]:
        """Every text that was sent, in whatever it was sent; the cells of tables and the files."""
        for value in self._sent:
            if isinstance(value, str):
                # JSON writes a non-breaking space as six ASCII letters.
                is_json = value.startswith("{")
                yield json.dumps(json.loads(value), ensure_ascii=False) if is_json else value
        for table in self.tables:
            yield from map(str, table.columns)
            yield from (str(cell) for cell in table.to_numpy().flat if not pd.isna(cell))
        for file in self.files:
            yield file.label
            yield file.name
            yield from file.texts

    @property
    def _sent(self) -> Iterator[object]:
        """Every value in every message that made the page, whatever element it is part of."""
        for node in (*self.app.main, *self.app.sidebar, *self.app.toast):
            if node.proto is not None and hasattr(node.proto, "ListFields"):
                yield from _values(node.proto)


@dataclass(frozen=True)
class Chart:
    """A chart as it was sent: what is to be drawn, and of which data."""

    specification: Mapping[str, Any]
    data: pd.DataFrame
    alternative: str


def charts(block: Block | AppTest) -> Sequence[Chart]:
    """The charts within a card or on a whole page; what each shows stands in words after it."""
    nodes = [*(block.main if isinstance(block, AppTest) else block)]
    return [
        Chart(
            json.loads(node.proto.spec),
            convert_arrow_bytes_to_pandas_df(node.proto.data.data),
            next(said for one in nodes[place:] if one.type == "html" for said in unseen(one)),
        )
        for place, node in enumerate(nodes)
        if node.type == "vega_lite_chart"
    ]


def unseen(block: Block | Node) -> Sequence[str]:
    """What is said there for who does not see a chart or a map."""
    return [part.text for part in _html(block) if part.get("class") == "unseen"]


@dataclass(frozen=True)
class Filter:
    """A filter in the sidebar; one that is closed says why, and nothing can be chosen in it."""

    label: str
    options: Sequence[str] = ()
    value: Sequence[str] = ()
    closed: str = ""


def filters(app: AppTest) -> Sequence[Filter]:
    """The filters in the sidebar, from top to bottom."""
    found = []
    for node in app.sidebar:
        if isinstance(node, Multiselect):
            assert not node.disabled
            found.append(Filter(node.label, node.options, node.value))
        for label in _html(node) if node.type == "html" else ():
            assert label.xpath("self::label/input/@disabled")
            found.append(Filter(label.text, closed=label.get("title")))
    return found


def key_figures(app: AppTest) -> dict[str, str]:
    """The page's key figures, by what they count."""
    drawn = [one for part in _html(app.main) for one in part.xpath("self::dl/div")]
    return {one.findtext("dt"): one.findtext("dd") for one in drawn}


def _html(block: Block | Node) -> Iterator[HtmlElement]:
    """The HTML that an element is, or that is in a block."""
    for node in block.get("html") if isinstance(block, Block) else (block,):
        yield from fragments_fromstring(node.proto.body)


@dataclass(frozen=True)
class SmallPrint:
    """A card's line, and the mark before it, if any."""

    mark: str
    line: str


def small_print(card: Block) -> SmallPrint:
    """What stands below a card's chart; empty for a card that has neither chart nor table."""
    for part in _html(card):
        if part.get("class") == "small-print":
            mark, (link,) = part.findtext("mark", ""), part.findall("a")
            assert link.text == "Kopiera länk"
            line = part.text_content().removeprefix(mark).removesuffix(link.text)
            return SmallPrint(mark, line.strip().removesuffix(" ·"))
    return SmallPrint("", "")


def follows(page: Page, address: str) -> bool:
    """Whether an address differs to a page from the others; some that do not are tried too."""
    return address in ("no filter", "a region", "an age", "unknown codes") or any(
        dimension in page.filters for dimension in ADDRESSES[address]
    )


def visit(releases: Path, page: Page, address: str, use: Use | None = None) -> Visit:
    """Open a page by one of ADDRESSES in a new browser; then, if asked, ``use`` it.

    A visit is shared by all tests: who goes on to use a page opens one anew.
    """
    return _visit(releases, page, address if follows(page, address) else "no filter", use)


@cache
def _visit(releases: Path, page: Page, address: str, use: Use | None) -> Visit:
    app = AppTest.from_file(MAIN, default_timeout=30)
    if page.url:
        if page.url != page.path.stem:  # before a first run Streamlit knows pages by their files
            run(app, releases)
        app.switch_page(str(page.path))
    app.query_params.update({name: list(codes) for name, codes in ADDRESSES[address].items()})
    open_tables(app)
    buttons: list[tuple[str, Any, str]] = []
    download_button = st.download_button

    def noted(label: str, data: Any, file_name: str, *args: Any, **options: Any) -> bool:
        buttons.append((label, data, file_name))
        return download_button(label, data, file_name, *args, **options)

    with mock.patch.object(st, "download_button", noted):
        run(app, releases)
        if use:
            use(app)
            run(app, releases)
            buttons.clear()
            run(app, releases)  # the page as a whole, where only parts of it followed
    files = [
        File(label, name, data if callable(data) else partial(bytes, data))
        for label, data, name in buttons
    ]
    return Visit(page, ADDRESSES[address], app, files)


def open_tables(app: AppTest) -> None:
    """Switch on every card's table, before the first run."""
    for card in glossary.CARDS:
        app.session_state[f"{show.TABLE}{card}"] = True


def run(app: AppTest, releases: Path) -> AppTest:
    """Run the main script with a folder of releases."""
    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        return app.run()


_API = Starlette(routes=api.ROUTES)


def ask(releases: Path, path: str, method: str = "GET", /, **parameters: Codes) -> httpx.Response:
    """Ask the API alone, served from a folder of releases."""

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(_API, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, f"/api/v1/{quote(path)}", params=parameters)

    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        return asyncio.run(answer())


def _values(message: Any) -> Iterator[object]:
    """The values of a message of Streamlit's protocol, those of the messages within it too."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else (value,):
            if hasattr(one, "ListFields"):
                yield from _values(one)
            else:
                yield one
