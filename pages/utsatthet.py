"""Who has been exposed to what, and how does witnessing violence as a child go with it?"""

from functools import partial

import streamlit as st

from fovdata import api, published, wording
from fovdata import questionnaire as form
from fovdata.charts import exposure, hundred, ratios, times
from fovdata.dashboard import forms, show
from fovdata.figures import explanations, shares, together
from fovdata.selection import Selection

view = show.view(sections=True)
whole, rules = Selection(), view.release.rules
st.title("Utsatthet")
st.markdown("Vem har utsatts för vad, och hur hör det ihop med att ha bevittnat våld som barn?")
show.selection_line(view)

st.header("De sju frågorna", anchor=False)
selected = shares.shares(view.release, view.selection) if view.selection.chosen else ()
exhibit = exposure.questions(shares.shares(view.release, whole), view.theme, selected, view.name)
followed = view.selection if exhibit.beside else whole
call = api.address("shares", followed)
show.answers_card("fragor", exhibit, view, followed, exposure.QUESTIONS_NOTE, call=call)
if federation := view.one_federation:
    of_years = shares.latest_and_earlier(view.release, federation)
    years, why = view.release.categories["period"], explanations.latest_year(view.release)
    exhibit = times.latest_and_earlier(of_years, years, view.theme, view.name, why)
    show.answers_card("senaste-aret", exhibit, view, view.selection, times.YEARS_NOTE)

st.header("Bevittnat våld under uppväxten", anchor=False)
st.markdown(exposure.WITNESSED_LEAD)
followed, found = together.witnessed_where_shown(view.release, view.selection)
if followed != view.selection:
    show.too_few_together(view)
name, call = followed.short(view.registry), api.address("association", followed)
card = partial(show.answers_card, view=view, selection=followed, call=call)
by_gender = together.witnessed(view.release, whole, by_gender=True)
women, men = ([one for one in by_gender if one.gender == g.code] for g in (form.WOMEN, form.MEN))
exhibit = exposure.witnessed(found, view.theme, rules, published.association(), name)
card("bevittnat", exhibit, note=exposure.witnessed_note(rules))

of_question = {one.question: one for one in found}
asked = [*of_question]
show.asked(
    lambda: st.selectbox(hundred.CHOOSE, asked, 0, wording.question, "fraga", bind="query-params"),
    lambda question: card(
        "hundra",
        hundred.witnessed(of_question[question], view.theme, rules, name),
        note=hundred.note(of_question[question]),
    ),
)
exhibit = exposure.difference(found, view.theme, rules, name)
card("skillnad-bevittnat", exhibit, note=exposure.DIFFERENCE_NOTE)

country, own = together.adjusted(view.release), found if followed.chosen else ()
exhibit = ratios.witnessed(country, women, men, view.theme, rules, own, name)
followed = followed if exhibit.beside else whole
note = ratios.note(country, followed.short(view.registry))
card("kvot", exhibit, selection=followed, note=note, call=api.address("association", followed))
for column, of_gender in zip(st.columns(2), (women, men), strict=True):
    gender = str(of_gender[0].gender)
    exhibit = exposure.witnessed(of_gender, view.theme, rules)
    with column:
        show.answers_card(f"bevittnat-{gender}", exhibit, view, Selection(gender=(gender,)))

st.header("Flera slag av våld", anchor=False)
exhibit = exposure.any_experience(together.any_experience(view.release, by_gender=True), view.theme)
show.answers_card("minst-ett-ja", exhibit, view, note=exposure.ANY_NOTE)
exhibit = exposure.kinds(together.kinds(view.release, by_gender=True), view.theme)
show.answers_card("slag", exhibit, view, note=exposure.KINDS_NOTE)
show.answers_card("par", exposure.pairs(together.pairs(view.release), view.theme, rules), view)

forms.first_and_repeat(view)
show.workbook_button(view, "Utsatthet", "utsatthet")
show.standing_note()
