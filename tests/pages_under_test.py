"""Every page under many addresses, drawn once, and everything of it that a browser would get."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import streamlit as st
from google.protobuf.message import Message
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from fovdata import settings
from fovdata.dashboard.navigation import Page

MAIN = settings.ROOT / "fovdata" / "dashboard" / "main.py"

Address = Mapping[str, Sequence[str]]

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

Use = Callable[[AppTest], object]


@dataclass(frozen=True)
class File:
    """What a download button hands out."""

    label: str
    name: str
    content: bytes


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
    def messages(self) -> Iterator[Message]:
        """Every element and container that was sent, as Streamlit's protocol has it."""
        for node in (*self.app.main, *self.app.sidebar, *self.app.toast):
            if isinstance(node.proto, Message):
                yield node.proto

    @property
    def tables(self) -> Iterator[pd.DataFrame]:
        """Every table that was sent, the charts' data among them."""
        for message in self.messages:
            yield from _tables(message)

    @property
    def texts(self) -> Iterator[str]:
        """Every text that was sent, in whatever it was sent; the cells of tables and the files."""
        for message in self.messages:
            yield from _texts(message)
        for table in self.tables:
            yield from map(str, table.columns)
            yield from (str(cell) for cell in table.to_numpy().flat if cell is not None)
        for file in self.files:
            yield file.name
            yield file.content.decode("utf-8-sig")


@dataclass(frozen=True)
class Chart:
    """A chart as it was sent: what is to be drawn, and of which data."""

    specification: Mapping[str, Any]
    data: pd.DataFrame
    alternative: str


def charts(block: Block | AppTest) -> Sequence[Chart]:
    """The charts within a card or on a whole page."""
    return [
        Chart(
            json.loads(node.proto.spec),
            convert_arrow_bytes_to_pandas_df(node.proto.data.data),
            node.proto.alt,
        )
        for node in block.get("vega_lite_chart")
    ]


@cache
def visit(releases: Path, page: Page, address: str, use: Use | None = None) -> Visit:
    """Open a page by one of ADDRESSES in a new browser; then, if asked, ``use`` it."""
    app = AppTest.from_file(MAIN, default_timeout=30)
    if page.url:
        app.switch_page(str(page.path))
    app.query_params.update({name: list(codes) for name, codes in ADDRESSES[address].items()})
    buttons: list[tuple[str, Any, str]] = []
    download_button = st.download_button

    def noted(label: str, data: Any, file_name: str, *args: Any, **options: Any) -> bool:
        buttons.append((label, data, file_name))
        return download_button(label, data, file_name, *args, **options)

    with mock.patch.object(st, "download_button", noted):
        run(app, releases)
        if use:
            buttons.clear()
            use(app)
            run(app, releases)
    files = [File(label, name, data() if callable(data) else data) for label, data, name in buttons]
    return Visit(page, ADDRESSES[address], app, files)


def run(app: AppTest, releases: Path) -> AppTest:
    """Run the main script with a folder of releases."""
    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        return app.run()


def _tables(message: Message) -> Iterator[pd.DataFrame]:
    for value in _values(message):
        if isinstance(value, Message):
            yield from _tables(value)
        elif isinstance(value, bytes):
            yield convert_arrow_bytes_to_pandas_df(value)


def _texts(message: Message) -> Iterator[str]:
    for value in _values(message):
        if isinstance(value, Message):
            yield from _texts(value)
        elif isinstance(value, str):
            yield value


def _values(message: Message) -> Iterator[object]:
    """The values of a message's fields, repeated ones one by one."""
    for field, value in message.ListFields():
        yield from value if field.is_repeated else (value,)
