"""Who has been exposed to what, and how does witnessing violence as a child go with it?"""

import streamlit as st

from fovdata import published
from fovdata import questionnaire as form
from fovdata.charts import exposure
from fovdata.dashboard import show
from fovdata.figures import shares, together
from fovdata.selection import Selection

view = show.view(sections=True)
whole, rules = Selection(), view.release.rules
st.title("Utsatthet")
st.markdown("Vem har utsatts för vad, och hur hör det ihop med att ha bevittnat våld som barn?")
show.selection_line(view)

st.header("De sju frågorna", anchor=False)
selected = shares.shares(view.release, view.selection) if view.selection.chosen else ()
show.answers_card(
    "fragor",
    exposure.questions(shares.shares(view.release, whole), view.theme, selected, view.name),
    view,
    view.selection,
    "Andelen Ja på varje fråga, hela livet hittills.",
)

st.header("Bevittnat våld under uppväxten", anchor=False)
st.markdown(
    "De som svarat Ja på fråga 6 jämförs med dem som svarat Nej. Det är ett **samband**, "
    "inte orsak: svaren är minnen, och andra skillnader i uppväxten kan ligga bakom båda."
)
found = together.witnessed(view.release, view.selection)
show.answers_card(
    "bevittnat",
    exposure.witnessed(found, view.theme, rules, published.association(), view.name),
    view,
    view.selection,
    f"Visas när minst {rules.association} har svarat på båda frågorna. "
    ":gray-badge[Publicerad] av NNS, romb: hela landet, 1 260 formulär våren 2022; "
    "talen ser ut att vara avrundade till tiotal.",
)
by_gender = together.witnessed(view.release, whole, by_gender=True)
for column, gender in zip(st.columns(2), (form.WOMEN.code, form.MEN.code), strict=True):
    found = [one for one in by_gender if one.gender == gender]
    exhibit = exposure.witnessed(found, view.theme, rules)
    with column:
        show.answers_card(f"bevittnat-{gender}", exhibit, view, Selection(gender=(gender,)))

st.header("Flera slag av våld", anchor=False)
show.answers_card(
    "minst-ett-ja",
    exposure.any_experience(together.any_experience(view.release, by_gender=True), view.theme),
    view,
    note="Av dem som svarat på alla frågor i raden. :gray-badge[Publicerad] av NNS: 70–90 % "
    "i varje förbund svarar Ja på minst en fråga.",
)
show.answers_card(
    "slag",
    exposure.kinds(together.kinds(view.release, by_gender=True), view.theme),
    view,
    note="Fråga 1–4: psykiskt, fysiskt och sexuellt våld och sexuella kränkningar av närstående.",
)
show.answers_card("par", exposure.pairs(together.pairs(view.release), view.theme, rules), view)

st.header("Första och upprepade formulär", anchor=False)
show.answers_card(
    "ifyllnad",
    exposure.first_and_repeat(shares.first_and_repeat(view.release), view.theme),
    view,
    forms="första gången och senare gånger",
    note="Alla andra kort räknar unika personer: formulär som fyllts i för första gången. "
    "Jämförelsen säger inget om förändring hos någon enskild.",
)
show.standing_note()
