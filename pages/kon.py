"""How do women's and men's answers differ?"""

from functools import partial

import streamlit as st

from fovdata import api, published
from fovdata import questionnaire as form
from fovdata.charts import gender
from fovdata.dashboard import show, taking_away, views
from fovdata.figures import shares
from fovdata.selection import Selection

country = views.country()
st.title("Kön")
st.markdown("Hur skiljer sig kvinnors och mäns svar?")


def selected(view: views.View) -> None:
    """What follows the filters."""
    show.selection_line(view)
    found = shares.women_and_men(view.release, view.selection)
    call = api.address("women-and-men", view.selection)
    card = partial(show.answers_card, view=view, selection=view.selection, call=call)
    card(
        "kon",
        gender.dumbbells(found, view.theme, published.shares(), view.name),
        note="Punkt: andelen Ja. Streck: 95 % intervall. :gray-badge[Publicerad] av NNS för hela "
        "landet: romb 2022, triangel 2021; för fråga 5–7 finns inget publicerat efter kön.",
    )
    card(
        "skillnad",
        gender.difference(found, view.theme, view.name),
        note="Kvinnors andel minus mäns. Ring: intervallet rymmer noll, så skillnaden kan vara "
        "slump. Skillnaden räknas på oavrundade tal och kan avvika med en enhet.",
    )


views.followed(selected, country)
by_age = shares.shares(country.release, Selection(), ("gender", "age"))
show.of_question(
    "Fråga att visa efter ålder",
    "aldersfraga",
    lambda question: show.answers_card(
        "alder",
        gender.by_age(by_age, question, country.theme),
        country,
        note=f"”{form.BY_CODE[question].wording}”",
        call=api.address("shares", Selection(), ("gender", "age")),
    ),
)

third = shares.shares(country.release, Selection(), ("gender",))
other = Selection(gender=(form.OTHER_GENDER.code,))
show.answers_card(
    "tredje-svaret",
    gender.third_answer(third, country.theme),
    country,
    other,
    "Det tredje svaret på frågan om kön visas bara för hela landet. "
    "Det räknas alltid med i totaler.",
    call=api.address("shares", other),
)
taking_away.workbook_button(country, "Kön", "kon")
show.standing_note()
