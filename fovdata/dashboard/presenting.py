"""The presenter's choices, which the address keeps, and the presentation that they give.

At /presentation scenes are chosen; with ``scen`` in the address the stage itself stands there.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlencode, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fovdata import registry as registries
from fovdata import settings
from fovdata.dashboard.document import headers, unavailable
from fovdata.dashboard.navigation import SCENE, STAGE
from fovdata.dashboard.views import View
from fovdata.figures import comparisons
from fovdata.figures.release import NotOffered, Release, ReleaseUnreadable, current
from fovdata.markup import plain
from fovdata.presentation import stage, story
from fovdata.presentation.scene import Deck
from fovdata.presentation.story import SCENES, Telling
from fovdata.registry import Registry

_CHOSEN, _FEDERATION = "scener", "federation"

KEYS = (
    {"Tangent": "→ ↓ Page Down, mellanslag", "Gör": "nästa"},
    {"Tangent": "← ↑ Page Up", "Gör": "föregående"},
    {"Tangent": "Home, End", "Gör": "första, sista scenen"},
    {"Tangent": "F", "Gör": "helskärm"},
    {"Tangent": "N", "Gör": "anteckningar och klocka i ett eget fönster"},
    {"Tangent": "B eller punkt", "Gör": "svart skärm"},
    {"Tangent": "M", "Gör": "mörkt eller ljust"},
    {"Tangent": "?", "Gör": "tangenterna"},
    {"Tangent": "Esc", "Gör": "stänger det som är öppet; tre gånger lämnar sidan"},
)
BEFORE = """
1. Ta ner HTML-filen på en sticka: den behöver varken nät eller server.
2. Öppna den i webbläsaren, tryck **N** för anteckningarna och dra det fönstret till din egen skärm.
3. Tryck **F** för helskärm på den stora, och gå framåt med högerpilen.
4. Behöver rummet en paus från bilden gör **B** den svart; ett tryck till hämtar den.
"""


def answer(request: Request) -> Response:
    """The stage that an address asks for; scenes that do not exist are passed over.

    It is complete when it has come: from then on the network may go away.
    """
    asked = request.query_params
    try:
        deck = _deck(
            current(settings.releases()),
            registries.load(),
            asked.get(_FEDERATION, ""),
            asked.get(_CHOSEN, "").split(","),
            str(request.base_url),
        )
    except (ReleaseUnreadable, registries.TableError) as fault:
        return HTMLResponse(unavailable(str(fault)), status_code=503)
    except KeyError:  # another federation's figures would be worse than none
        return HTMLResponse(unavailable(_NO_FEDERATION), status_code=404)
    html = stage.document(deck)
    return HTMLResponse(html, headers=headers(html))


_NO_FEDERATION = "Förbundet i länken finns inte. Gå till sidan Presentation och välj förbund där."


def _deck(
    release: Release, registry: Registry, federation: str, codes: Sequence[str], base: str
) -> Deck:
    """KeyError where there is no such federation; without one, the usual."""
    chosen = federation or story.usual_federation(release)
    if chosen not in release.categories[_FEDERATION]:
        raise KeyError(chosen)
    address = settings.address() or base.rstrip("/")
    return story.deck(Telling(release, registry, chosen, address), codes)


def choose_scenes() -> Sequence[str]:
    """Draw the scenes to choose and to move; returns the chosen ones' codes in order."""
    asked = st.query_params.get(_CHOSEN, "").split(",")
    chosen = [*dict.fromkeys(code for code in asked if code in SCENES)] or [*SCENES]
    rows = st.container(gap="xxsmall")
    for place, code in enumerate([*chosen, *(code for code in SCENES if code not in chosen)]):
        is_in = code in chosen
        with rows.container(horizontal=True, vertical_alignment="center", gap="small"):
            number = f"{place + 1}. " if is_in else ""
            state = f"{code}-{place}-{is_in}"  # a moved scene is another row
            st.checkbox(
                f"{number}{SCENES[code].name}",
                is_in,
                key=f"scen-{state}",
                on_change=_keep,
                args=(_without(chosen, code) if is_in else _with(chosen, code),),
                disabled=chosen == [code],
                width="stretch",
            )
            for sign, where, end in (("↑", "upp", 0), ("↓", "ner", len(chosen) - 1)):
                if is_in:
                    st.button(
                        sign,
                        key=f"{where}-{state}",
                        help=f"Flytta {where} ”{SCENES[code].name}”",
                        on_click=_keep,
                        args=(_moved(chosen, place, -1 if end == 0 else 1),),
                        disabled=place == end,
                        type="tertiary",
                    )
    st.button("Hela berättelsen", on_click=_keep, args=([*SCENES],), disabled=chosen == [*SCENES])
    return chosen


def _without(codes: Sequence[str], code: str) -> Sequence[str]:
    return [one for one in codes if one != code]


def _with(codes: Sequence[str], code: str) -> Sequence[str]:
    """The codes with one more, before the first that comes after it in the whole story."""
    story_order = [*SCENES]
    later = story_order[story_order.index(code) :]
    place = next((i for i, one in enumerate(codes) if one in later), len(codes))
    return [*codes[:place], code, *codes[place:]]


def _moved(codes: Sequence[str], place: int, way: int) -> Sequence[str]:
    """The codes with the one at a place moved one step; past an end it stays."""
    moved = [*codes]
    to = min(max(place + way, 0), len(moved) - 1)
    moved.insert(to, moved.pop(place))
    return moved


def _keep(codes: Sequence[str]) -> None:
    """Let the address say which scenes are chosen, unless it is the whole story."""
    if [*codes] == [*SCENES]:
        st.query_params.pop(_CHOSEN, None)
    else:
        st.query_params[_CHOSEN] = ",".join(codes)


def link(federation: str, codes: Sequence[str]) -> str:
    """The stage's address on this server."""
    said: Mapping[str, object] = {SCENE: 1, _FEDERATION: federation}
    if [*codes] != [*SCENES]:
        said = {**said, _CHOSEN: ",".join(codes)}
    return f"{STAGE}?{urlencode(said, safe=',')}"


def base() -> str:
    """Where readers find this server: as it says itself, or as the browser came here."""
    came = urlsplit(st.context.url or "")
    return settings.address() or f"{came.scheme}://{came.netloc}"


def remarks(view: View, federation: str) -> None:
    """What a presenter wants to know before the hall does."""
    try:
        hidden = comparisons.is_hidden(comparisons.of_federation(view.release, federation))
    except NotOffered:
        hidden = True
    if hidden:
        name = plain(view.registry.federation(federation).name)
        st.caption(f"{name} har för få svar att visa: scenen visar landet i stället.")
    if urlsplit(base()).hostname == "localhost":
        st.caption(
            f"QR-koden på sista scenen leder till {plain(base())}, alltså den här datorn. Adressen "
            "som salen når anges med FOV_ADDRESS när servern startas."
        )


def taking_away(view: View, federation: str, codes: Sequence[str]) -> None:
    """The stage, and the files of the same story: for a hall without a network, and to edit."""
    with st.container(horizontal=True):
        st.link_button(
            "Visa presentationen",
            link(federation, codes),
            type="primary",
            icon=":material/slideshow:",
        )
        for label, ending, mime in (
            ("För en sal utan nät (HTML)", "html", "text/html"),
            ("Bilder att ändra i (PowerPoint)", "pptx", _PPTX),
        ):
            st.download_button(
                label,
                partial(_file, view, federation, codes, base(), ending),
                f"fov-presentation-{federation}.{ending}",
                mime,
                key=f"presentation-{ending}",
                on_click="ignore",
                icon=":material/download:",
            )


_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def _file(view: View, federation: str, codes: Sequence[str], base: str, ending: str) -> bytes:
    deck = _deck(view.release, view.registry, federation, codes, base)
    if ending == "html":
        return stage.document(deck).encode()
    # Imported when somebody asks: slides are no part of the server's start.
    from fovdata.presentation import slides

    return slides.document(deck)
