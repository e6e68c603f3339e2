"""A card as a picture to download: PNG for a document, SVG for print."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

import streamlit as st

from fovdata.charts.coverage import MapView
from fovdata.charts.exhibit import Exhibit
from fovdata.markup import unmarked

_FORMS = (("PNG", "image/png", "för dokument"), ("SVG", "image/svg+xml", "för tryck"))
"""What it is called and its name ends with, its type, and what it is good for."""


@dataclass(frozen=True)
class Drawn:
    """What a card has drawn: ``chart`` makes it anew as SVG, ``alternative`` says it in words.

    ``note`` stands instead of the card's, where there is one.
    """

    alternative: str
    chart: Callable[[], str]
    note: str = ""


def of_exhibit(exhibit: Exhibit) -> Drawn:
    """The chart of an exhibit."""
    return Drawn(exhibit.alternative, partial(_chart, exhibit))


def of_map(map_view: MapView, in_several: Collection[str], note: str) -> Drawn:
    """The map of the municipalities, of which some are in several federations."""
    return Drawn(map_view.alternative, partial(_map, map_view, in_several), note)


def buttons(name: str, title: str, note: str, mark: str, drawn: Drawn, line: str) -> None:
    """The card's picture in both forms, each made when it is asked for.

    ``note`` is the card's Markdown, of which the picture has the words.
    """
    for form, mime, what_for in _FORMS:
        st.download_button(
            form,
            partial(_picture, form, title, drawn.note or note, mark, drawn, line),
            f"fov-{name}.{form.lower()}",
            mime,
            key=f"{form.lower()}-{name}",
            help=f"Ladda ner kortet som bild, {what_for}",
            on_click="ignore",
            type="tertiary",
            icon=":material/image:",
        )


# Imported when somebody asks: what draws is no part of the server's start.


def _chart(exhibit: Exhibit) -> str:
    from fovdata.export import images, picture

    return images.whole_svg(exhibit.specification, exhibit.data, picture.CHART)


def _map(map_view: MapView, in_several: Collection[str]) -> str:
    from fovdata.export import map_picture

    return map_picture.svg(map_view, in_several)


def _picture(form: str, title: str, note: str, mark: str, drawn: Drawn, line: str) -> bytes:
    from fovdata.export import picture

    found = picture.Picture(title, drawn.alternative, mark, drawn.chart(), unmarked(note), line)
    return picture.png(found) if form == "PNG" else picture.svg(found).encode()
