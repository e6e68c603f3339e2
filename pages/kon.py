"""How do women's and men's answers differ?"""

import streamlit as st

from fovdata import api, published
from fovdata import questionnaire as form
from fovdata.charts import gender
from fovdata.dashboard import show
from fovdata.figures import shares
from fovdata.selection import Selection

view = show.view()
st.title("Kön")
st.markdown("Hur skiljer sig kvinnors och mäns svar?")
show.selection_line(view)

found = shares.women_and_men(view.release, view.selection)
call = api.address("women-and-men", view.selection)
show.answers_card(
    "kon",
    gender.dumbbells(found, view.theme, published.shares(), view.name),
    view,
    view.selection,
    "Punkt: andelen Ja. Streck: 95 % intervall. :gray-badge[Publicerad] av NNS för hela landet: "
    "romb 2022, triangel 2021; för fråga 5–7 finns inget publicerat efter kön.",
    call=call,
)
show.answers_card(
    "skillnad",
    gender.difference(found, view.theme, view.name),
    view,
    view.selection,
    "Kvinnors andel minus mäns. Ring: intervallet rymmer noll, så skillnaden kan vara slump. "
    "Skillnaden räknas på oavrundade tal och kan avvika med en enhet.",
    call=call,
)

by_age = shares.shares(view.release, Selection(), ("gender", "age"))
show.asked(
    lambda: st.selectbox(
        "Fråga att visa efter ålder",
        [question.code for question in form.QUESTIONS],
        format_func=lambda code: form.BY_CODE[code].short,
        key="aldersfraga",
        bind="query-params",
    ),
    lambda question: show.answers_card(
        "alder",
        gender.by_age(by_age, question, view.theme),
        view,
        note=f"”{form.BY_CODE[question].wording}”",
        call=api.address("shares", Selection(), ("gender", "age")),
    ),
)

third = shares.shares(view.release, Selection(), ("gender",))
other = Selection(gender=(form.OTHER_GENDER.code,))
show.answers_card(
    "tredje-svaret",
    gender.third_answer(third, view.theme),
    view,
    other,
    "Det tredje svaret på frågan om kön visas bara för hela landet. "
    "Det räknas alltid med i totaler.",
    call=api.address("shares", other),
)
show.workbook_button(view, "Kön", "kon")
show.standing_note()
